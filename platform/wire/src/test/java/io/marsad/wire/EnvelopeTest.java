package io.marsad.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.marsad.testkit.Seed;
import io.marsad.testkit.TestClock;
import io.marsad.wire.EnvelopeRefused.Reason;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
    private static final KeyPair KEYS = keys();
    private static final Signer SIGNER = new Signer(KEYS);
    private final Set<UUID> seen = new HashSet<>();
    private final TestClock clock = new TestClock(NOW.toString());

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private Verifier verifier(String tenant, String target) {
        var trusted =
                new Verifier.TrustedKey(KEYS.getPublic(), NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(1)));
        return new Verifier(tenant, target, List.of(trusted), (action, until) -> seen.add(action.nonce()), clock);
    }

    private static SignedAction action() {
        return action("acme", "relay-1", NOW, NOW.plus(Duration.ofMinutes(10)));
    }

    private static SignedAction action(String tenant, String target, Instant issued, Instant expires) {
        return new SignedAction(
                UUID.randomUUID(),
                tenant,
                target,
                "isolate_host",
                "{\"host\":\"ws-7\"}",
                "dana",
                List.of("kim"),
                3,
                issued,
                expires,
                UUID.randomUUID());
    }

    private Reason refused(String envelope) {
        return catchThrowableOfType(
                        EnvelopeRefused.class, () -> verifier("acme", "relay-1").accept(envelope))
                .reason();
    }

    @Test
    void whatWasSignedIsAcceptedOnce() throws EnvelopeRefused {
        var action = action();
        var envelope = SIGNER.sign(action);
        assertThat(verifier("acme", "relay-1").accept(envelope)).isEqualTo(action);
        assertThat(refused(envelope)).isEqualTo(Reason.REPLAYED);
        assertThat(SignedAction.hash("abc")) // FIPS 180-2
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void whatIsForOthersOrOutOfTimeIsRefused() {
        assertThat(refused(SIGNER.sign(action("other", "relay-1", NOW, NOW.plusSeconds(60)))))
                .isEqualTo(Reason.OTHER_TENANT);
        assertThat(refused(SIGNER.sign(action("acme", "relay-2", NOW, NOW.plusSeconds(60)))))
                .isEqualTo(Reason.OTHER_TARGET);
        assertThat(refused(SIGNER.sign(action("acme", "relay-1", NOW.minusSeconds(60), NOW))))
                .isEqualTo(Reason.EXPIRED);
        assertThat(refused(SIGNER.sign(action("acme", "relay-1", NOW.plusSeconds(121), NOW.plusSeconds(600)))))
                .isEqualTo(Reason.EXPIRED);
        assertThat(refused(SIGNER.sign(action("acme", "relay-1", NOW, NOW.plus(Duration.ofHours(25))))))
                .isEqualTo(Reason.EXPIRED);
    }

    @Test
    void aKeyThatIsNotTrustedNowIsNot() {
        assertThat(refused(new Signer(keys()).sign(action()))).isEqualTo(Reason.UNTRUSTED);
        var envelope =
                SIGNER.sign(action("acme", "relay-1", NOW.plus(Duration.ofDays(1)), NOW.plus(Duration.ofHours(25))));
        clock.advance(Duration.ofDays(1));
        assertThat(refused(envelope)).isEqualTo(Reason.UNTRUSTED);
    }

    @Test
    void aSignatureForAnotherUseIsNoneForThis() throws Exception {
        var payload = ActionCodec.write(action());
        var signature = java.security.Signature.getInstance("Ed25519");
        signature.initSign(KEYS.getPrivate());
        signature.update(Envelope.signed("application/vnd.marsad.policy+json;version=1", payload));
        var value = new Envelope.Signature(SIGNER.id(), signature.sign());
        assertThat(refused(
                        new Envelope("application/vnd.marsad.policy+json;version=1", payload, List.of(value)).json()))
                .isEqualTo(Reason.MALFORMED);
        assertThat(refused(new Envelope(SignedAction.TYPE, payload, List.of(value)).json()))
                .isEqualTo(Reason.UNTRUSTED);
        assertThat(refused(new Envelope(SignedAction.TYPE, payload, List.of()).json()))
                .isEqualTo(Reason.UNTRUSTED);
    }

    @Test
    void onlyWhatHasOneFormIsSigned() {
        var odd = new SignedAction(
                UUID.randomUUID(),
                "acme",
                "relay-1",
                "x",
                "{\"b\":1, \"a\":2}",
                "dana",
                List.of(),
                1,
                NOW,
                NOW.plusSeconds(60),
                UUID.randomUUID());
        assertThatThrownBy(() -> SIGNER.sign(odd)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Whatever is changed about it, by a stranger or by somebody who signs with a key of their own: refused. */
    @Test
    void tenThousandMutationsAreAllRefused() throws EnvelopeRefused {
        var random = Seed.of("EnvelopeTest").random();
        var reasons = new EnumMap<Reason, Integer>(Reason.class);
        var stranger = new Signer(keys());
        var foreign = "";
        SignedAction action = action();
        var envelope = SIGNER.sign(action);
        for (int i = 0; i < 10_000; i++) {
            if (i % 200 == 0) { // signing takes most of the time
                action = action();
                envelope = SIGNER.sign(action);
                seen.add(action.nonce()); // it was accepted before
                foreign = stranger.sign(changed(random, action));
            }
            var mutated = mutated(random, action, envelope, foreign);
            var refused = catchThrowableOfType(
                    EnvelopeRefused.class, () -> verifier("acme", "relay-1").accept(mutated));
            assertThat(refused).as(mutated).isNotNull();
            reasons.merge(refused.reason(), 1, Integer::sum);
        }
        assertThat(reasons).containsKeys(Reason.MALFORMED, Reason.UNTRUSTED, Reason.REPLAYED);
    }

    private static String mutated(SplittableRandom random, SignedAction action, String envelope, String foreign) {
        return switch (random.nextInt(7)) {
            case 0 -> { // one character
                int at = random.nextInt(envelope.length());
                char other = (char) (envelope.charAt(at) ^ 1 << random.nextInt(7));
                yield envelope.substring(0, at) + other + envelope.substring(at + 1);
            }
            case 1 -> envelope.substring(0, random.nextInt(envelope.length()));
            case 2 -> withPayload(envelope, SIGNER, flipped(random, ActionCodec.write(action)));
            case 3 -> withPayload(envelope, SIGNER, ActionCodec.write(changed(random, action)));
            case 4 -> foreign;
            case 5 -> foreign.replaceAll("(\"keyid\":\")[^\"]+", "$1" + SIGNER.id());
            default -> envelope; // the same once more
        };
    }

    private static byte[] flipped(SplittableRandom random, byte[] bytes) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        return bytes;
    }

    private static SignedAction changed(SplittableRandom random, SignedAction of) {
        var parameters = random.nextBoolean() ? "{\"host\":\"dc-1\"}" : of.parameters();
        var approvers = random.nextBoolean() ? new ArrayList<>(List.of("kim", "lee")) : List.<String>of();
        return new SignedAction(
                of.id(),
                of.tenant(),
                of.target(),
                random.nextBoolean() ? "run_script" : of.action(),
                parameters,
                of.requestedBy(),
                approvers,
                of.policyVersion() + 1,
                of.issuedAt(),
                of.expiresAt().plusSeconds(1),
                UUID.randomUUID());
    }

    private static String withPayload(String envelope, Signer signer, byte[] payload) {
        var signature = envelope.replaceAll(".*\"sig\":\"([^\"]+)\".*", "$1");
        return new Envelope(
                        SignedAction.TYPE,
                        payload,
                        List.of(new Envelope.Signature(
                                signer.id(), Base64.getDecoder().decode(signature))))
                .json();
    }

    @Test
    void keysComeBackFromTheirBytes() {
        assertThat(Keys.id(Keys.read(KEYS.getPublic().getEncoded()))).isEqualTo(SIGNER.id());
        assertThatThrownBy(() -> Keys.read(new byte[44])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theJdkUnderstandsOurSignaturesAndWeTheJdks() throws Exception {
        var random = Seed.of("EnvelopeTest.signatures").random();
        for (int i = 0; i < 50; i++) {
            var bytes = new byte[random.nextInt(2_000)];
            random.nextBytes(bytes);
            var jdk = Signature.getInstance("Ed25519");
            jdk.initSign(KEYS.getPrivate());
            jdk.update(bytes);
            var signature = Keys.sign(Keys.signing(KEYS.getPrivate()), bytes);
            assertThat(signature).isEqualTo(jdk.sign());
            assertThat(Keys.verifies(KEYS.getPublic(), bytes, signature)).isTrue();
            signature[random.nextInt(signature.length)] ^= (byte) (1 << random.nextInt(8));
            assertThat(Keys.verifies(KEYS.getPublic(), bytes, signature)).isFalse();
        }
        for (int length : new int[] {0, 1, 63, 65}) {
            assertThat(Keys.verifies(KEYS.getPublic(), new byte[1], new byte[length]))
                    .isFalse();
        }
    }

    @Test
    void keysOfAnotherKindDoNotSign() throws Exception {
        var others = KeyPairGenerator.getInstance("X25519").generateKeyPair();
        assertThatThrownBy(() -> new Signer(others)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Keys.verifies(others.getPublic(), new byte[1], new byte[64])).isFalse();
    }
}
