package io.marsad.wire;

import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Predicate;

/**
 * Says whether what came is to be done here and now. Whoever passes an action on verifies it, and so does whoever does it:
 * each with keys, clock and memory of its own. Thread-safe.
 */
public final class Verifier {
    /** The longest that an action may be good for. */
    public static final Duration LONGEST_LIFE = Duration.ofHours(24);

    /** So far clocks may be apart. */
    public static final Duration SKEW = Duration.ofMinutes(2);

    private final String tenant;
    private final Predicate<String> targets;
    private final Trust trust;
    private final Seen seen;
    private final InstantSource clock;

    /**
     * A key with the time in which what it signs is good.
     *
     * @param notAfter from when on nothing that it signed is done any more
     */
    public record TrustedKey(PublicKey key, Instant notBefore, Instant notAfter) {}

    /** Remembers what was here. */
    @FunctionalInterface
    public interface Seen {
        /**
         * Keeps it, durably, before it answers.
         *
         * @param until when it may be forgotten
         * @return false when it was here before
         */
        boolean first(SignedAction action, Instant until);
    }

    /** @param target who asks: what is for others is refused */
    public Verifier(String tenant, String target, Iterable<TrustedKey> trusted, Seen seen, InstantSource clock) {
        this(tenant, target::equals, trusted, seen, clock);
    }

    /** @param targets whose actions are passed on: what is for others is refused */
    public Verifier(
            String tenant, Predicate<String> targets, Iterable<TrustedKey> trusted, Seen seen, InstantSource clock) {
        this.tenant = tenant;
        this.targets = targets;
        this.trust = new Trust(trusted);
        this.seen = seen;
        this.clock = clock;
    }

    /**
     * The action of an envelope, once.
     *
     * @throws EnvelopeRefused when it is not to be done
     */
    public SignedAction accept(String envelope) throws EnvelopeRefused {
        var read = Envelope.read(envelope);
        var now = clock.instant();
        if (!SignedAction.TYPE.equals(read.type())) {
            throw new EnvelopeRefused(EnvelopeRefused.Reason.MALFORMED, "it holds something else than an action");
        }
        trust.require(read, now);
        var action = ActionCodec.read(read.payload());
        if (!action.tenant().equals(tenant)) {
            throw new EnvelopeRefused(EnvelopeRefused.Reason.OTHER_TENANT, "it is another tenant's");
        }
        if (!targets.test(action.target())) {
            throw new EnvelopeRefused(EnvelopeRefused.Reason.OTHER_TARGET, "somebody else is to do it");
        }
        requireTime(action.issuedAt(), action.expiresAt(), LONGEST_LIFE, now);
        if (!seen.first(action, action.expiresAt().plus(SKEW))) {
            throw new EnvelopeRefused(EnvelopeRefused.Reason.REPLAYED, "it was here before");
        }
        return action;
    }

    static void requireTime(Instant issued, Instant expires, Duration longest, Instant now) throws EnvelopeRefused {
        var life = Duration.between(issued, expires);
        if (life.isNegative() || life.isZero() || life.compareTo(longest) > 0) {
            throw new EnvelopeRefused(EnvelopeRefused.Reason.EXPIRED, "it is good for longer than anything may be");
        }
        if (!now.isBefore(expires) || now.isBefore(issued.minus(SKEW))) {
            throw new EnvelopeRefused(EnvelopeRefused.Reason.EXPIRED, "its time is over, or has not come");
        }
    }
}
