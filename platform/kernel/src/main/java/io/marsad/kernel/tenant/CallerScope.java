package io.marsad.kernel.tenant;

/**
 * The caller of the running piece of work. Bound only at the doors (HTTP filter, log worker, job worker); where nothing
 * is bound, asking for the caller is refused, so that forgotten binding shows as an error and never as another tenant's
 * data. Not inherited by threads: never fork inside a scope without binding again.
 */
public final class CallerScope {
    private static final ScopedValue<Caller> CALLER = ScopedValue.newInstance();

    private CallerScope() {}

    /** @throws IllegalStateException when no caller is bound */
    public static Caller current() {
        if (!CALLER.isBound()) {
            throw new IllegalStateException("no caller is bound to this scope");
        }
        return CALLER.get();
    }

    public static TenantId tenant() {
        return current().tenant();
    }

    /** Runs the work as the caller and returns its result. */
    public static <R, X extends Throwable> R callAs(Caller caller, ScopedValue.CallableOp<? extends R, X> work)
            throws X {
        return ScopedValue.where(CALLER, caller).call(work);
    }

    public static void runAs(Caller caller, Runnable work) {
        ScopedValue.where(CALLER, caller).run(work);
    }
}
