package io.marsad.fleet.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.Database;
import io.marsad.fleet.Endpoint;
import io.marsad.fleet.Endpoints;
import io.marsad.fleet.EnrollSecret.Purpose;
import io.marsad.fleet.EnrollSecrets;
import io.marsad.fleet.Enrollment;
import io.marsad.fleet.control.Admissions.Admitted;
import io.marsad.fleet.control.Admissions.Asking;
import io.marsad.fleet.identity.Authorities;
import io.marsad.fleet.identity.Authority;
import io.marsad.fleet.identity.Fingerprint;
import io.marsad.fleet.identity.KeyLists;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import io.marsad.wire.TrustedKeys;
import io.marsad.wire.Verifier.TrustedKey;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Who is let in, by what it is known, and until when, on a real database. */
class AdmissionsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");

    private final SecureRandom random = new SecureRandom();
    private final TestClock clock = new TestClock(NOW.toString());
    private final Database database = SharedDatabase.database();
    private final TenantId tenant = SharedDatabase.newTenant();
    private final Authorities authorities = new Authorities(SharedDatabase.vault(), random);
    private final List<TrustedKey> signers = new CopyOnWriteArrayList<>(List.of(signer()));
    private final KeyLists lists = new KeyLists(authorities, (_, _, _) -> List.copyOf(signers));
    private final Rosters rosters = new Rosters(database, clock);
    private final Admissions admissions =
            new Admissions(new Enrollment(database, clock, random), authorities, lists, rosters);

    private static TrustedKey signer() {
        try {
            var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return new TrustedKey(pair.getPublic(), NOW.minusSeconds(60), NOW.plus(Duration.ofDays(31)));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String secret(Purpose purpose) {
        var secrets = new EnrollSecrets(database, clock, random);
        return CallerScope.callAs(
                Caller.system(tenant, "test"),
                () -> secrets.create(new EnrollSecrets.Wanted("one", purpose, "servers", false, null))
                        .secret());
    }

    private Admitted enroll(String secret, PeerId.Kind kind, String hardware, String name) {
        return Objects.requireNonNull(ask(secret, kind, hardware, name), "it was not let in");
    }

    private @org.jspecify.annotations.Nullable Admitted ask(
            String secret, PeerId.Kind kind, String hardware, String name) {
        var host = new Endpoint.Host(hardware, hardware, name, "linux", "Debian 12", "0.1.0");
        return admissions.enroll(
                new Asking(secret, kind, host, Authority.keys(random).getPublic(), "192.0.2.7"));
    }

    private boolean isGood(Admitted one) {
        return rosters.isGood(
                tenant, one.peer().id(), Admissions.purpose(one.peer().kind()), Fingerprint.bytes(one.certificate()));
    }

    @Test
    void theSameHostIsTheSameEndpointAndWhatItHadBeforeIsGoodNoMoreAtOnce() throws Exception {
        var secret = secret(Purpose.AGENT);
        var first = enroll(secret, PeerId.Kind.ENDPOINT, "board-1", "ws-1");
        assertThat(isGood(first)).isTrue();
        var again = enroll(secret(Purpose.AGENT), PeerId.Kind.ENDPOINT, "board-1", "renamed");
        assertThat(again.peer()).isEqualTo(first.peer());
        assertThat(isGood(again)).isTrue();
        assertThat(isGood(first)).isFalse();
        var other = enroll(secret, PeerId.Kind.ENDPOINT, "board-2", "ws-1");
        assertThat(other.peer()).isNotEqualTo(first.peer());
        var trust = new PeerTrust(tenant.value(), again.authorities(), _ -> false, clock);
        assertThat(trust.check(again.certificate(), PeerId.Kind.ENDPOINT, PeerTrust.Use.CLIENT))
                .isEqualTo(again.peer());
        var keys = new TrustedKeys(tenant.value(), again.authorities(), clock);
        assertThat(keys.accept(again.keys())).isTrue();
        assertThat(keys).hasSize(1);
    }

    @Test
    void aSecretLetsInWhatItIsForAndNothingElse() {
        var forAgents = secret(Purpose.AGENT);
        var forRelays = secret(Purpose.RELAY);
        assertThat(ask(forAgents, PeerId.Kind.RELAY, "board-1", "r")).isNull();
        assertThat(ask(forRelays, PeerId.Kind.ENDPOINT, "board-1", "e")).isNull();
        assertThat(ask(secret(Purpose.OSQUERY), PeerId.Kind.ENDPOINT, "board-1", "e"))
                .isNull();
        assertThat(new Enrollment(database, clock, random)
                        .enroll(forAgents, new Endpoint.Host("h", "", "h", "", "", ""), ""))
                .isNull();
        var relay = enroll(forRelays, PeerId.Kind.RELAY, "board-1", "r");
        var host = enroll(forAgents, PeerId.Kind.ENDPOINT, "board-1", "r");
        assertThat(relay.peer().id()).isNotEqualTo(host.peer().id());
        assertThat(rosters.isGood(tenant, relay.peer().id(), Purpose.AGENT, Fingerprint.bytes(relay.certificate())))
                .isFalse();
        var listed = CallerScope.callAs(
                Caller.system(tenant, "test"),
                () -> new Endpoints(database, clock).list(new Endpoints.Wanted("", "", null, 10)));
        assertThat(listed).extracting(Endpoint::kind).containsExactly("agent");
    }

    @Test
    void aRenewedCertificateMayGetLostOnItsWay() {
        var first = enroll(secret(Purpose.AGENT), PeerId.Kind.ENDPOINT, "board-1", "ws-1");
        var key = Authority.keys(random).getPublic();
        var lost = Objects.requireNonNull(admissions.renew(first.peer(), key));
        assertThat(isGood(first)).isTrue();
        var next = Objects.requireNonNull(admissions.renew(first.peer(), key));
        assertThat(isGood(first)).as("it may have been lost again").isTrue();
        assertThat(isGood(lost)).isFalse();
        clock.advance(Duration.ofDays(1));
        assertThat(isGood(first)).isFalse();
        assertThat(isGood(next)).isTrue();
    }

    @Test
    void whoIsRevokedIsOutAndStaysOut() {
        var secret = secret(Purpose.AGENT);
        var one = enroll(secret, PeerId.Kind.ENDPOINT, "board-1", "ws-1");
        CallerScope.callAs(
                Caller.system(tenant, "test"),
                () -> new Endpoints(database, clock).revoke(one.peer().id()));
        rosters.refresh();
        assertThat(isGood(one)).isFalse();
        assertThat(admissions.renew(one.peer(), Authority.keys(random).getPublic()))
                .isNull();
        assertThat(ask(secret, PeerId.Kind.ENDPOINT, "board-1", "ws-1")).isNull();
        CallerScope.callAs(
                Caller.system(tenant, "test"),
                () -> new Endpoints(database, clock).delete(one.peer().id()));
        rosters.refresh();
        assertThat(isGood(one)).isFalse();
    }

    @Test
    void theListOfKeysGrowsWhenTheKeysChangeAndOnlyThen() throws Exception {
        var first = newest();
        assertThat(newest()).isEqualTo(first);
        signers.add(signer());
        var second = newest();
        assertThat(second.version()).isEqualTo(first.version() + 1);
        var trusted = database.inTenant(tenant, connection -> authorities.trusted(connection, tenant));
        assertThat(trusted).hasSize(1);
        var keys = new TrustedKeys(tenant.value(), trusted, clock);
        assertThat(keys.accept(first.envelope())).isTrue();
        assertThat(keys.accept(second.envelope())).isTrue();
        assertThat(keys).hasSize(2);
        clock.advance(Duration.ofDays(40));
        assertThat(newest().version()).as("those that are good no more are out").isEqualTo(second.version() + 1);
    }

    private KeyLists.Newest newest() {
        return database.inTenant(tenant, connection -> lists.newest(connection, tenant, clock.instant()));
    }
}
