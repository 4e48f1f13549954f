package io.marsad.fleet.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.marsad.testkit.Seed;
import io.marsad.testkit.TestClock;
import io.marsad.wire.EnvelopeRefused;
import io.marsad.wire.EnvelopeRefused.Reason;
import io.marsad.wire.PolicyVerifier;
import io.marsad.wire.SignedKeys;
import io.marsad.wire.SignedPolicy;
import io.marsad.wire.Signer;
import io.marsad.wire.TrustedKeys;
import io.marsad.wire.Verifier;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose signatures count is said by the tenant's authority, and never less than was said before. */
class TrustedKeysTest {
    private static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");
    private static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    private final TestClock clock = new TestClock(NOW.toString());
    private final Authority authority = Authority.create("acme", NOW, new SecureRandom());
    private final TrustedKeys trusted = trusting(authority);

    private TrustedKeys trusting(Authority one) {
        return new TrustedKeys("acme", List.of(one.certificate()), clock);
    }

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static SignedKeys list(long version, KeyPair... pairs) {
        return new SignedKeys(
                "acme",
                version,
                Arrays.stream(pairs)
                        .map(pair -> new Verifier.TrustedKey(pair.getPublic(), NOW, NOW.plus(Duration.ofDays(30))))
                        .toList());
    }

    private @Nullable Reason refused(TrustedKeys by, String envelope) {
        var refused = catchThrowableOfType(EnvelopeRefused.class, () -> by.accept(envelope));
        return refused == null ? null : refused.reason();
    }

    @Test
    void aKeyCountsFromTheListThatNamesItUntilTheListThatDoesNot() throws EnvelopeRefused {
        var first = pair();
        var second = pair();
        var policies = new PolicyVerifier("acme", _ -> true, trusted, clock);
        var policy = new SignedPolicy("acme", "servers", 1, "{}", "dana", NOW, NOW.plusSeconds(60));
        var byFirst = new Signer(first).sign(policy);
        var bySecond = new Signer(second).sign(policy);
        assertThatThrownBy(() -> policies.accept(byFirst, null)).isInstanceOf(EnvelopeRefused.class);

        assertThat(trusted.accept(authority.sign(list(1, first)))).isTrue();
        assertThat(policies.accept(byFirst, null)).isEqualTo(policy);
        assertThatThrownBy(() -> policies.accept(bySecond, null)).isInstanceOf(EnvelopeRefused.class);

        var both = authority.sign(list(2, first, second));
        assertThat(trusted.accept(both)).isTrue();
        assertThat(trusted.accept(both)).as("the same once more").isFalse();
        assertThat(trusted.version()).isEqualTo(2);
        assertThat(trusted.envelope()).isEqualTo(both);
        assertThat(policies.accept(bySecond, null)).isEqualTo(policy);

        assertThat(trusted.accept(authority.sign(list(3, second)))).isTrue();
        assertThatThrownBy(() -> policies.accept(byFirst, null)).isInstanceOf(EnvelopeRefused.class);
        assertThat(refused(trusted, both)).isEqualTo(Reason.ROLLED_BACK);
        assertThat(refused(trusted, authority.sign(list(3, first))))
                .as("another of the same version")
                .isEqualTo(Reason.ROLLED_BACK);
    }

    @Test
    void whatNoAuthorityOfTheTenantSignedIsRefused() {
        var list = list(1, pair());
        var stranger = Authority.create("acme", NOW, new SecureRandom());
        assertThat(refused(trusted, stranger.sign(list))).isEqualTo(Reason.UNTRUSTED);
        var other = Authority.create("other", NOW, new SecureRandom());
        var others = new SignedKeys("other", 1, list.keys());
        assertThat(refused(trusting(other), other.sign(others)))
                .as("an authority that is trusted, for another tenant")
                .isEqualTo(Reason.OTHER_TENANT);
        assertThatThrownBy(() -> authority.sign(others)).isInstanceOf(IllegalArgumentException.class);
        var mine = authority.sign(list);
        clock.advance(Authority.LIFE.plusDays(1));
        assertThat(refused(trusted, mine)).as("an authority whose time is over").isEqualTo(Reason.UNTRUSTED);
    }

    /** One bit, one byte, cut short, other keys under the old signature, the signature's twin: refused. */
    @Test
    void tenThousandMutationsAreAllRefused() {
        var random = Seed.of("TrustedKeysTest").random();
        var envelope = authority.sign(list(1, pair(), pair()));
        var payload = part(envelope, "payload");
        var signature = part(envelope, "sig");
        for (int i = 0; i < 10_000; i++) {
            var mutated = switch (random.nextInt(5)) {
                case 0 -> {
                    int at = random.nextInt(envelope.length());
                    yield envelope.substring(0, at)
                            + (char) (envelope.charAt(at) ^ 1 << random.nextInt(7))
                            + envelope.substring(at + 1);
                }
                case 1 -> envelope.substring(0, random.nextInt(envelope.length()));
                case 2 -> with(envelope, payload, flipped(payload, random.nextInt(payload.length * 8)));
                case 3 -> with(envelope, signature, flipped(signature, random.nextInt(signature.length * 8)));
                default -> with(envelope, signature, twin(signature));
            };
            assertThat(refused(trusted, mutated)).as(mutated).isNotNull();
        }
        assertThat(trusted.version()).isZero();
    }

    private static byte[] part(String envelope, String name) {
        return Base64.getDecoder().decode(envelope.replaceAll(".*\"" + name + "\":\"([^\"]+)\".*", "$1"));
    }

    private static String with(String envelope, byte[] part, byte[] instead) {
        return envelope.replace(text(part), text(instead));
    }

    private static String text(byte[] bytes) {
        return new String(Base64.getEncoder().encode(bytes), StandardCharsets.US_ASCII);
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        var other = bytes.clone();
        other[bit / 8] ^= (byte) (1 << bit % 8);
        return other;
    }

    /** What is as good by the equation of ECDSA. */
    private static byte[] twin(byte[] signature) {
        var other = ORDER.subtract(new BigInteger(1, signature, 32, 32)).toByteArray();
        var both = signature.clone();
        Arrays.fill(both, 32, 64, (byte) 0);
        int length = Math.min(32, other.length);
        System.arraycopy(other, other.length - length, both, 64 - length, length);
        return both;
    }
}
