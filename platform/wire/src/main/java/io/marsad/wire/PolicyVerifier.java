package io.marsad.wire;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a policy that came may be put into force. Whoever passes one on verifies it, and so does the endpoint: each
 * with keys and clock of its own. Thread-safe.
 */
public final class PolicyVerifier {
    /** The longest that a policy may wait to be put into force. */
    public static final Duration LONGEST_LIFE = Duration.ofDays(30);

    private final String tenant;
    private final Predicate<String> groups;
    private final Trust trust;
    private final InstantSource clock;

    /** @param groups whose policies are taken: what is for others is refused */
    public PolicyVerifier(
            String tenant, Predicate<String> groups, Iterable<Verifier.TrustedKey> trusted, InstantSource clock) {
        this.tenant = tenant;
        this.groups = groups;
        this.trust = new Trust(trusted);
        this.clock = clock;
    }

    /**
     * The policy of an envelope.
     *
     * @param held what is in force, or was passed on last, for the group; null: nothing. The same once more is accepted
     * @throws EnvelopeRefused when it is not to be put into force
     */
    public SignedPolicy accept(String envelope, @Nullable SignedPolicy held) throws EnvelopeRefused {
        var read = Envelope.read(envelope);
        var now = clock.instant();
        if (!SignedPolicy.TYPE.equals(read.type())) {
            throw Fields.malformed("it holds something else than a policy");
        }
        trust.require(read, now);
        var policy = PolicyCodec.read(read.payload());
        if (!policy.tenant().equals(tenant)) {
            throw new EnvelopeRefused(EnvelopeRefused.Reason.OTHER_TENANT, "it is another tenant's");
        }
        if (!groups.test(policy.group())) {
            throw new EnvelopeRefused(EnvelopeRefused.Reason.OTHER_TARGET, "it is for another group");
        }
        Verifier.requireTime(policy.issuedAt(), policy.expiresAt(), LONGEST_LIFE, now);
        boolean newer = held == null || policy.version() > held.version();
        if (policy.version() < 1 || !newer && !policy.equals(held)) {
            throw new EnvelopeRefused(EnvelopeRefused.Reason.ROLLED_BACK, "one that is as new or newer is in force");
        }
        return policy;
    }
}
