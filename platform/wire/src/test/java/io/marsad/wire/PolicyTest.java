package io.marsad.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.marsad.testkit.Seed;
import io.marsad.testkit.TestClock;
import io.marsad.wire.EnvelopeRefused.Reason;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is put into force on endpoints: signed for them, newer than what they have, in time. */
class PolicyTest {
    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
    private static final KeyPair KEYS = keys();
    private static final Signer SIGNER = new Signer(KEYS);
    private final TestClock clock = new TestClock(NOW.toString());

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private PolicyVerifier verifier() {
        var trusted = new Verifier.TrustedKey(
                KEYS.getPublic(), NOW.minus(Duration.ofDays(90)), NOW.plus(Duration.ofDays(90)));
        return new PolicyVerifier("acme", "servers"::equals, List.of(trusted), clock);
    }

    private static SignedPolicy policy(String tenant, String group, long version, Instant issued, Duration life) {
        return new SignedPolicy(
                tenant, group, version, "{\"processes\":{\"on\":true}}", "dana", issued, issued.plus(life));
    }

    private static SignedPolicy policy(long version) {
        return policy("acme", "servers", version, NOW, Duration.ofDays(1));
    }

    private @Nullable Reason refused(String envelope, @Nullable SignedPolicy held) {
        var refused =
                catchThrowableOfType(EnvelopeRefused.class, () -> verifier().accept(envelope, held));
        return refused == null ? null : refused.reason();
    }

    @Test
    void onlyWhatIsNewerOrTheSameComesIntoForce() throws EnvelopeRefused {
        var second = policy(2);
        assertThat(verifier().accept(SIGNER.sign(second), null)).isEqualTo(second);
        assertThat(verifier().accept(SIGNER.sign(second), second))
                .as("the same once more")
                .isEqualTo(second);
        assertThat(verifier().accept(SIGNER.sign(policy(3)), second).version()).isEqualTo(3);
        assertThat(refused(SIGNER.sign(policy(1)), second)).isEqualTo(Reason.ROLLED_BACK);
        var other = policy("acme", "servers", 2, NOW, Duration.ofDays(2));
        assertThat(refused(SIGNER.sign(other), second))
                .as("another of the same version")
                .isEqualTo(Reason.ROLLED_BACK);
        assertThat(refused(SIGNER.sign(policy(0)), null)).isEqualTo(Reason.ROLLED_BACK);
    }

    @Test
    void whatIsForOthersOrOutOfTimeIsRefused() {
        assertThat(refused(SIGNER.sign(policy("other", "servers", 1, NOW, Duration.ofDays(1))), null))
                .isEqualTo(Reason.OTHER_TENANT);
        assertThat(refused(SIGNER.sign(policy("acme", "desktops", 1, NOW, Duration.ofDays(1))), null))
                .isEqualTo(Reason.OTHER_TARGET);
        assertThat(refused(
                        SIGNER.sign(policy("acme", "servers", 1, NOW.minusSeconds(60), Duration.ofMinutes(1))), null))
                .isEqualTo(Reason.EXPIRED);
        assertThat(refused(SIGNER.sign(policy("acme", "servers", 1, NOW.plusSeconds(121), Duration.ofDays(1))), null))
                .isEqualTo(Reason.EXPIRED);
        assertThat(refused(SIGNER.sign(policy("acme", "servers", 1, NOW, Duration.ofDays(31))), null))
                .isEqualTo(Reason.EXPIRED);
        assertThat(refused(new Signer(keys()).sign(policy(1)), null)).isEqualTo(Reason.UNTRUSTED);
    }

    @Test
    void anActionIsNoPolicyAndAPolicyNoAction() {
        var action = new SignedAction(
                new java.util.UUID(1, 2),
                "acme",
                "servers",
                "isolate_host",
                "{}",
                "dana",
                List.of(),
                1,
                NOW,
                NOW.plusSeconds(60),
                new java.util.UUID(3, 4));
        assertThat(refused(SIGNER.sign(action), null)).isEqualTo(Reason.MALFORMED);
        var trusted = new Verifier.TrustedKey(KEYS.getPublic(), NOW.minusSeconds(60), NOW.plusSeconds(60));
        var actions = new Verifier("acme", group -> true, List.of(trusted), (one, until) -> true, clock);
        assertThatThrownBy(() -> actions.accept(SIGNER.sign(policy(1)))).isInstanceOf(EnvelopeRefused.class);
    }

    /** One character, one byte, cut short, other content under the old signature, a stranger's signature: refused. */
    @Test
    void tenThousandMutationsAreAllRefused() {
        var random = Seed.of("PolicyTest").random();
        var reasons = new EnumMap<Reason, Integer>(Reason.class);
        var held = policy(4);
        var policy = policy(5);
        var envelope = SIGNER.sign(policy);
        var signature = Base64.getDecoder().decode(envelope.replaceAll(".*\"sig\":\"([^\"]+)\".*", "$1"));
        var mine = new Envelope.Signature(SIGNER.id(), signature);
        var foreign = new Signer(keys()).sign(policy);
        var olds = new ArrayList<String>();
        for (int version = 1; version <= 4; version++) {
            olds.add(SIGNER.sign(policy("acme", "servers", version, NOW, Duration.ofHours(10 + version))));
        }
        for (int i = 0; i < 10_000; i++) {
            var mutated = switch (random.nextInt(7)) {
                case 0 -> {
                    int at = random.nextInt(envelope.length());
                    yield envelope.substring(0, at)
                            + (char) (envelope.charAt(at) ^ 1 << random.nextInt(7))
                            + envelope.substring(at + 1);
                }
                case 1 -> envelope.substring(0, random.nextInt(envelope.length()));
                case 2 -> {
                    var bytes = PolicyCodec.write(policy);
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                    yield new Envelope(SignedPolicy.TYPE, bytes, List.of(mine)).json();
                }
                case 3 ->
                    new Envelope(SignedPolicy.TYPE, PolicyCodec.write(policy(6 + random.nextInt(9))), List.of(mine))
                            .json();
                case 4 -> foreign;
                case 5 -> foreign.replaceAll("(\"keyid\":\")[^\"]+", "$1" + SIGNER.id());
                default -> olds.get(random.nextInt(olds.size()));
            };
            var reason = refused(mutated, held);
            assertThat(reason).as(mutated).isNotNull();
            reasons.merge(java.util.Objects.requireNonNull(reason), 1, Integer::sum);
        }
        assertThat(reasons).containsKeys(Reason.MALFORMED, Reason.UNTRUSTED, Reason.ROLLED_BACK);
    }
}
