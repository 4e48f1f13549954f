package io.marsad.connect.run;

import io.marsad.connect.manifest.Manifest;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What is remembered of a connection between calls. Thread-safe. */
final class Account {
    private final AtomicReference<Limiter> limiter;
    private final AtomicReference<@Nullable Token> token = new AtomicReference<>();

    /**
     * A token that a vendor gave.
     *
     * @param of the credentials and settings that it was given for
     */
    record Token(String value, Instant until, String of) {
        @Override
        public String toString() {
            return "Token until " + until;
        }
    }

    Account(Manifest.Limits limits, Instant now) {
        limiter = new AtomicReference<>(new Limiter(limits, now));
    }

    Limiter limiter(Manifest.Limits limits, Instant now) {
        var known = limiter.get();
        if (!known.limits().equals(limits)) {
            limiter.compareAndSet(known, new Limiter(limits, now));
        }
        return limiter.get();
    }

    /** @return null when there is none, or it is over, or of other credentials */
    @Nullable
    String token(String of, Instant now) {
        var known = token.get();
        return known == null || !known.of.equals(of) || !now.isBefore(known.until) ? null : known.value;
    }

    void keep(Token given) {
        token.set(given);
    }

    void forgetToken() {
        token.set(null);
    }
}
