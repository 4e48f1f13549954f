package io.marsad.kernel.tenant;

/**
 * The caller of the running piece of work. Bound only at the doors (HTTP filter, log worker, job worker); where nothing
 * is bound, asking for the caller is refused, so that forgotten binding shows as an error and never as another tenant's
 * data. Not inherited by threads: never fork inside a scope without binding again.
 */
public final class CallerScope {
    private static final ScopedValue<Caller> CALLER = ScopedValue.newInstance();
    private static final ScopedValue<Origin> ORIGIN = ScopedValue.newInstance();

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

    /** Where the running call came from; {@link Origin#NONE} for what the platform does by itself. */
    public static Origin origin() {
        return ORIGIN.isBound() ? ORIGIN.get() : Origin.NONE;
    }

    /** Runs the work as the caller, who called from there, and returns its result. */
    public static <R, X extends Throwable> R callAs(
            Caller caller, Origin origin, ScopedValue.CallableOp<? extends R, X> work) throws X {
        return ScopedValue.where(CALLER, caller).where(ORIGIN, origin).call(work);
    }

    /** Runs the work for somebody who is not known yet, such as who signs in, and returns its result. */
    public static <R, X extends Throwable> R callFrom(Origin origin, ScopedValue.CallableOp<? extends R, X> work)
            throws X {
        return ScopedValue.where(ORIGIN, origin).call(work);
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
