package io.marsad.fleet.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.testkit.Seed;
import io.marsad.testkit.TestClock;
import io.marsad.wire.CertificateRequests;
import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import io.marsad.wire.PeerTrust.Use;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is at the other end: nobody but whom the tenant's authority signed for, for now and for this. */
class AuthorityTest {
    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Authority ACME = Authority.create("acme", NOW.minus(Duration.ofDays(100)), RANDOM);
    private static final Authority OTHER = Authority.create("other", NOW.minus(Duration.ofDays(100)), RANDOM);
    private static final KeyPair KEYS = Authority.keys(RANDOM);

    private final TestClock clock = new TestClock(NOW.toString());
    private final Set<BigInteger> revoked = new HashSet<>();
    private final PeerTrust trust =
            new PeerTrust("acme", List.of(ACME.certificate()), one -> revoked.contains(one.getSerialNumber()), clock);

    private static PeerId endpoint(String tenant) {
        return new PeerId(tenant, PeerId.Kind.ENDPOINT, UUID.randomUUID());
    }

    private static X509Certificate issued(PeerId peer, Instant when) {
        return ACME.issue(peer, KEYS.getPublic(), List.of(), when);
    }

    private @Nullable String refused(X509Certificate certificate, PeerId.Kind kind, Use use) {
        try {
            trust.check(certificate, kind, use);
            return null;
        } catch (PeerTrust.Refused e) {
            return e.getMessage();
        }
    }

    @Test
    void whomTheAuthoritySignedForIsKnown() throws Exception {
        var peer = endpoint("acme");
        var certificate = issued(peer, NOW);
        assertThat(trust.check(certificate, PeerId.Kind.ENDPOINT, Use.CLIENT)).isEqualTo(peer);
        var relay = new PeerId("acme", PeerId.Kind.RELAY, UUID.randomUUID());
        var called = ACME.issue(relay, KEYS.getPublic(), List.of("relay.acme.example"), NOW);
        assertThat(trust.check(called, PeerId.Kind.RELAY, Use.SERVER)).isEqualTo(relay);
        assertThat(trust.check(called, PeerId.Kind.RELAY, Use.CLIENT)).isEqualTo(relay);
    }

    @Test
    void whatIsForAnotherUseKindTimeOrTenantIsRefused() {
        var certificate = issued(endpoint("acme"), NOW);
        assertThat(refused(certificate, PeerId.Kind.ENDPOINT, Use.SERVER)).contains("use");
        assertThat(refused(certificate, PeerId.Kind.RELAY, Use.CLIENT)).contains("kind");
        assertThat(refused(ACME.certificate(), PeerId.Kind.ENDPOINT, Use.CLIENT))
                .isNotNull();
        var foreign = OTHER.issue(endpoint("other"), KEYS.getPublic(), List.of(), NOW);
        assertThat(refused(foreign, PeerId.Kind.ENDPOINT, Use.CLIENT)).contains("not good");
        var both = new PeerTrust("acme", List.of(ACME.certificate(), OTHER.certificate()), one -> false, clock);
        assertThatThrownBy(() -> both.check(foreign, PeerId.Kind.ENDPOINT, Use.CLIENT))
                .as("even where its authority is trusted")
                .hasMessageContaining("another tenant's");
        assertThatThrownBy(() -> ACME.issue(endpoint("other"), KEYS.getPublic(), List.of(), NOW))
                .isInstanceOf(IllegalArgumentException.class);
        clock.advance(Authority.CERTIFICATE_LIFE);
        assertThat(refused(certificate, PeerId.Kind.ENDPOINT, Use.CLIENT)).contains("not for now");
        assertThat(refused(
                        issued(endpoint("acme"), clock.instant().plus(Duration.ofHours(1))),
                        PeerId.Kind.ENDPOINT,
                        Use.CLIENT))
                .contains("not for now");
    }

    @Test
    void whatIsRevokedIsRefused() {
        var certificate = issued(endpoint("acme"), NOW);
        revoked.add(certificate.getSerialNumber());
        assertThat(refused(certificate, PeerId.Kind.ENDPOINT, Use.CLIENT)).contains("revoked");
        assertThat(refused(issued(endpoint("acme"), NOW), PeerId.Kind.ENDPOINT, Use.CLIENT))
                .isNull();
    }

    @Test
    void aRequestIsTakenOnlyFromWhoHasTheKey() throws Exception {
        var request = CertificateRequests.of(KEYS);
        assertThat(CertificateRequests.key(request)).isEqualTo(KEYS.getPublic());
        var rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        assertThatThrownBy(() -> CertificateRequests.of(rsa)).isInstanceOf(IllegalArgumentException.class);
        var random = Seed.of("AuthorityTest.requests").random();
        for (int i = 0; i < 500; i++) {
            var mutated = request.clone();
            int at = random.nextInt(mutated.length);
            mutated[at] ^= (byte) (1 << random.nextInt(8));
            assertThat(taken(mutated))
                    .as("byte %s of %s", at, HexFormat.of().formatHex(mutated))
                    .isFalse();
        }
        assertThatThrownBy(() -> CertificateRequests.key(new byte[5_000])).isInstanceOf(IllegalArgumentException.class);
    }

    private static boolean taken(byte[] request) {
        try {
            CertificateRequests.key(request);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** A bit, another tenant's authority, one's own authority, out of time, revoked: all are refused. */
    @Test
    void tenThousandMutationsAreAllRefused() throws Exception {
        var random = Seed.of("AuthorityTest").random();
        var peer = endpoint("acme");
        var good = issued(peer, NOW).getEncoded();
        var stranger = Authority.create("acme", NOW.minusSeconds(60), RANDOM);
        var bad = List.of(
                stranger.issue(peer, KEYS.getPublic(), List.of(), NOW),
                OTHER.issue(new PeerId("other", peer.kind(), peer.id()), KEYS.getPublic(), List.of(), NOW),
                issued(peer, NOW.minus(Duration.ofDays(31))),
                issued(peer, NOW.plus(Duration.ofDays(1))),
                ACME.issue(new PeerId("acme", PeerId.Kind.RELAY, peer.id()), KEYS.getPublic(), List.of(), NOW),
                issued(peer, NOW));
        revoked.add(bad.getLast().getSerialNumber());
        var counted = new TreeMap<String, Integer>();
        for (int i = 0; i < 10_000; i++) {
            String why;
            if (i % 3 == 0) {
                why = refused(bad.get(random.nextInt(bad.size())), PeerId.Kind.ENDPOINT, Use.CLIENT);
            } else {
                var mutated = good.clone();
                int at = random.nextInt(mutated.length);
                mutated[at] ^= (byte) (1 << random.nextInt(8));
                why = parsed(mutated);
                assertThat(why)
                        .as("byte %s of %s", at, HexFormat.of().formatHex(mutated))
                        .isNotNull();
            }
            assertThat(why).isNotNull();
            counted.merge(String.valueOf(why), 1, Integer::sum);
        }
        assertThat(counted).containsKey("the certificate is revoked").hasSizeGreaterThan(3);
    }

    private @Nullable String parsed(byte[] bytes) {
        try {
            var read = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
            return refused(read, PeerId.Kind.ENDPOINT, Use.CLIENT);
        } catch (CertificateException e) {
            return "it cannot be read";
        }
    }
}
