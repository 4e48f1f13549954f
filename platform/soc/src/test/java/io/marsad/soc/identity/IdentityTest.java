package io.marsad.soc.identity;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditCheck;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class IdentityTest {
    private static final String PASSWORD = "correct horse battery";

    private static final Sessions.Device DEVICE = new Sessions.Device("127.0.0.1", "Browser");
    private final Database database = SharedDatabase.database();
    private final TestClock clock = new TestClock("2026-03-01T00:00:00Z");
    private final SecureRandom random = new SecureRandom();
    private final SecondFactors factors = new SecondFactors(database, SharedDatabase.vault(), clock, random);
    private final Accounts accounts = new Accounts(database, factors, clock, random);
    private final Tokens tokens = new Tokens(database, clock, random);
    private final Installation installation = new Installation(database, accounts, clock);
    private final TenantId tenant = SharedDatabase.newTenant();

    @Test
    void theInstallationIsMadeOnce() {
        var id = new TenantId("fresh-" + tenant);
        assertThat(installation.ensureTenant(id, "Fresh")).isTrue();
        assertThat(installation.ensureTenant(id, "Other")).isFalse();
        assertThat(installation.tenants()).contains(new Installation.Tenant(id, "Fresh"));
        var password = requireNonNull(installation.ensureAccount(id, "admin", Role.PLATFORM_ADMIN));
        assertThat(password).matches("([a-z2-9]{5}-){3}[a-z2-9]{5}");
        assertThat(installation.ensureAccount(id, "Admin", Role.PLATFORM_ADMIN)).isNull();
        var session = signedIn(id, " ADMIN ", password).session();
        assertThat(session.tenantName()).isEqualTo("Fresh");
        assertThat(session.permissions()).isEqualTo(Permission.ALL);
    }

    @Test
    void aSessionLivesAndEnds() {
        var success = someoneSignedIn();
        assertThat(success.toString()).doesNotContain(success.cookie());
        var session = requireNonNull(accounts.sessions().find(success.cookie()));
        assertThat(session).isEqualTo(success.session());
        assertThat(session.caller().subject()).isEqualTo("user:" + session.userId());
        assertThat(session.caller().may(Permission.ALERTS_WRITE)).isTrue();
        assertThat(session.caller().may(Permission.TOKENS_WRITE)).isFalse();
        assertThat(session.csrf()).hasSize(43);
        assertThat(success.cookie()).doesNotContain(session.csrf());
        accounts.sessions().end(session, session.id());
        assertThat(accounts.sessions().find(success.cookie())).isNull();
    }

    @Test
    void idleSessionsEndAndSoDoOldOnes() {
        var idle = someoneSignedIn();
        clock.advance(Duration.ofHours(8));
        assertThat(accounts.sessions().find(idle.cookie())).isNull();
        var busy = signedIn(tenant, "someone", PASSWORD);
        for (int hour = 0; hour < 7 * 24 - 1; hour++) {
            clock.advance(Duration.ofHours(1));
            assertThat(accounts.sessions().find(busy.cookie()))
                    .as("after %d hours", hour + 1)
                    .isNotNull();
        }
        clock.advance(Duration.ofHours(1));
        assertThat(accounts.sessions().find(busy.cookie())).isNull();
    }

    @Test
    void onlyTheWholeCookieIsASession() {
        var cookie = someoneSignedIn().cookie();
        var other = SharedDatabase.newTenant();
        for (int i = 0; i < cookie.length(); i++) {
            char changed = cookie.charAt(i) == 'a' ? 'b' : 'a';
            assertThat(accounts.sessions().find(cookie.substring(0, i) + changed + cookie.substring(i + 1)))
                    .isNull();
        }
        assertThat(accounts.sessions().find(cookie.replace(tenant.value() + ".", other + ".")))
                .isNull();
        assertThat(accounts.sessions().find("")).isNull();
        assertThat(accounts.sessions().find("x".repeat(10_000))).isNull();
        assertThat(accounts.sessions().find(cookie)).isNotNull();
    }

    @Test
    void aDisabledUserIsOutAtOnce() {
        var cookie = someoneSignedIn().cookie();
        database.inTenant(tenant, c -> c.createStatement().executeUpdate("UPDATE users SET disabled = true"));
        assertThat(accounts.sessions().find(cookie)).isNull();
        assertThat(accounts.signIn(tenant, new Accounts.Typed("someone", PASSWORD, null), DEVICE))
                .isInstanceOf(SignIn.Refused.class);
    }

    @Test
    void failuresSlowDownWhetherTheNameExistsOrNot() {
        accounts.create(tenant, "someone", PASSWORD, Role.AUDITOR, "system:test");
        var nowhere = new TenantId("not-a-tenant-of-ours");
        var waits = List.of(0L, 0L, 0L, 0L, 0L, 1L, 2L, 4L, 8L, 16L);
        assertThat(guesses(tenant, "nobody")).isEqualTo(waits);
        assertThat(guesses(nowhere, "someone")).isEqualTo(waits);
        assertThat(guesses(tenant, "someone")).isEqualTo(waits);
        assertThat(accounts.signIn(tenant, new Accounts.Typed("someone", PASSWORD, null), DEVICE))
                .isInstanceOf(SignIn.TooMany.class);
        clock.advance(Duration.ofSeconds(300));
        signedIn(tenant, "someone", PASSWORD);
        assertThat(accounts.signIn(tenant, new Accounts.Typed("someone", "wrong", null), DEVICE))
                .isInstanceOf(SignIn.Refused.class);
        assertThat(accounts.signIn(tenant, new Accounts.Typed("someone", "wrong", null), DEVICE))
                .isInstanceOf(SignIn.Refused.class);
    }

    /** Ten wrong guesses, each as soon as it is looked at: how many seconds each had to wait. */
    private List<Long> guesses(TenantId where, String name) {
        return java.util.stream.IntStream.range(0, 10)
                .mapToObj(i -> {
                    long waited = 0;
                    while (accounts.signIn(where, new Accounts.Typed(name, "wrong", null), DEVICE)
                            instanceof SignIn.TooMany(Duration wait)) {
                        waited += wait.toSeconds();
                        clock.advance(wait);
                    }
                    return waited;
                })
                .toList();
    }

    @Test
    void passwordsAreKeptAsArgon2Only() {
        accounts.create(tenant, "someone", PASSWORD, Role.AUDITOR, "system:test");
        var kept = database.<String>inTenant(tenant, c -> {
            try (var rows = c.createStatement().executeQuery("SELECT password_hash FROM users")) {
                rows.next();
                return rows.getString(1);
            }
        });
        assertThat(kept).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").doesNotContain(PASSWORD);
        assertThatThrownBy(() -> accounts.create(tenant, "other", "short", Role.AUDITOR, "system:test"))
                .hasMessageContaining("weak-password");
        assertThat(accounts.create(tenant, "SOMEONE", PASSWORD, Role.AUDITOR, "system:test"))
                .isNull();
    }

    @Test
    void aTokenWorksUntilRevoked() throws Exception {
        var created = as(() -> tokens.create("edge", Set.of(Permission.INGEST_WRITE), null));
        assertThat(created.secret()).startsWith("mst_" + tenant + ".");
        assertThat(created.toString()).doesNotContain(created.secret().substring(50));
        var grant = requireNonNull(tokens.authenticate(created.secret()));
        assertThat(grant.token().name()).isEqualTo("edge");
        assertThat(grant.caller())
                .isEqualTo(new Caller(tenant, "token:" + created.token().id(), Set.of(Permission.INGEST_WRITE)));
        assertThat(tokens.authenticate(created.secret())).isEqualTo(grant);
        assertThat(as(tokens::list))
                .singleElement()
                .satisfies(token -> assertThat(token.lastUsedAt()).isEqualTo(clock.instant()));
        revoke(Caller.system(tenant, "test"), created);
        assertThat(tokens.authenticate(created.secret())).isNull();
        assertThatThrownBy(() -> revoke(Caller.system(tenant, "test"), created)).hasMessageContaining("not-found");
        assertThat(as(tokens::list)).isEmpty();
        assertThat(verify()).isEqualTo(new AuditCheck.Verification(2, 0, "", 0));
    }

    @Test
    void aTokenExpiresOnTime() throws Exception {
        var created = as(() -> tokens.create(
                "edge", Set.of(Permission.INGEST_WRITE), clock.instant().plusSeconds(1)));
        assertThat(tokens.authenticate(created.secret())).isNotNull();
        clock.advance(Duration.ofSeconds(1));
        assertThat(tokens.authenticate(created.secret())).isNull();
    }

    @Test
    void aNewSecretTakesThePlaceOfTheOldOneAtOnceOrLater() throws Exception {
        var first = as(() -> tokens.create(
                "edge", Set.of(Permission.INGEST_WRITE), clock.instant().plusSeconds(1_000)));
        var id = first.token().id();
        assertThat(tokens.authenticate(first.secret())).isNotNull();
        var second = as(() -> tokens.rotate(id, Duration.ofSeconds(60)));
        assertThat(tokens.authenticate(second.secret())).isEqualTo(tokens.authenticate(first.secret()));
        clock.advance(Duration.ofSeconds(59));
        assertThat(tokens.authenticate(first.secret())).isNotNull();
        clock.advance(Duration.ofSeconds(1));
        assertThat(tokens.authenticate(first.secret())).isNull();
        assertThat(tokens.authenticate(second.secret())).isNotNull();
        var third = as(() -> tokens.rotate(id, Duration.ZERO));
        assertThat(tokens.authenticate(second.secret())).isNull();
        assertThat(tokens.authenticate(third.secret())).isNotNull();
        clock.advance(Duration.ofSeconds(940));
        assertThat(tokens.authenticate(third.secret())).as("its end stays").isNull();
        var lesser = new Caller(tenant, "user:" + UUID.randomUUID(), Set.of(Permission.TOKENS_WRITE));
        assertThatThrownBy(() ->
                        CallerScope.<Tokens.Created, Exception>callAs(lesser, () -> tokens.rotate(id, Duration.ZERO)))
                .hasMessageContaining("forbidden");
    }

    @Test
    void onlyTheWholeTokenIsAToken() throws Exception {
        var secret = as(() -> tokens.create("edge", Set.of(Permission.INGEST_WRITE), null))
                .secret();
        for (int i = 0; i < secret.length(); i++) {
            char changed = secret.charAt(i) == 'a' ? 'b' : 'a';
            assertThat(tokens.authenticate(secret.substring(0, i) + changed + secret.substring(i + 1)))
                    .isNull();
        }
    }

    @Test
    void lastUseIsWrittenOnceAMinute() throws Exception {
        var secret = as(() -> tokens.create("edge", Set.of(Permission.INGEST_WRITE), null))
                .secret();
        var start = clock.instant();
        for (int second = 0; second <= 60; second += 3) {
            tokens.authenticate(secret);
            assertThat(as(tokens::list).getFirst().lastUsedAt()).isEqualTo(start);
            clock.advance(Duration.ofSeconds(3));
        }
        tokens.authenticate(secret);
        assertThat(as(tokens::list).getFirst().lastUsedAt()).isEqualTo(clock.instant());
    }

    @Test
    void onlyWhoHasJustSignedInAddsAWayIn() {
        var session = someoneSignedIn().session();
        clock.advance(Sessions.FRESH);
        assertThat(factors.begin(session).secret()).hasSize(32);
        clock.advance(Duration.ofSeconds(1));
        assertThatThrownBy(() -> factors.begin(session)).hasMessageContaining("sign-in-again");
        assertThat(factors.begin(signedIn(tenant, "someone", PASSWORD).session())
                        .secret())
                .hasSize(32);
    }

    @Test
    void nobodyGivesWhatTheyHaveNot() throws Exception {
        var analyst = new Caller(tenant, "user:" + UUID.randomUUID(), Role.SOC_ANALYST.permissions());
        assertThatThrownBy(() -> CallerScope.<Tokens.Created, Exception>callAs(
                        analyst, () -> tokens.create("x", Set.of(Permission.TOKENS_WRITE), null)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().status()).isEqualTo(403));
        assertThatThrownBy(() -> as(() -> tokens.create("x", Set.of("everything:write"), null)))
                .hasMessageContaining("invalid-token");
        assertThatThrownBy(() -> as(() -> tokens.create("", Set.of(Permission.INGEST_WRITE), null)))
                .hasMessageContaining("invalid-token");
    }

    @Test
    void anotherTenantsTokenIsNotThere() throws Exception {
        var created = as(() -> tokens.create("edge", Set.of(Permission.INGEST_WRITE), null));
        var other = Caller.system(SharedDatabase.newTenant(), "test");
        assertThat(CallerScope.<List<ApiToken>, Exception>callAs(other, tokens::list))
                .isEmpty();
        assertThatThrownBy(() -> revoke(other, created)).hasMessageContaining("not-found");
        assertThat(tokens.authenticate(created.secret())).isNotNull();
    }

    private void revoke(Caller caller, Tokens.Created created) {
        CallerScope.runAs(caller, () -> tokens.revoke(created.token().id()));
    }

    private SignIn.Success someoneSignedIn() {
        accounts.create(tenant, "someone", PASSWORD, Role.SOC_ANALYST, "system:test");
        return signedIn(tenant, "someone", PASSWORD);
    }

    private SignIn.Success signedIn(TenantId where, String name, String password) {
        var result = accounts.signIn(where, new Accounts.Typed(name, password, null), DEVICE);
        assertThat(result).isInstanceOf(SignIn.Success.class);
        return (SignIn.Success) result;
    }

    private AuditCheck.Verification verify() {
        return database.inTenant(tenant, c -> AuditCheck.verifyChain(c, tenant));
    }

    private <R> R as(Callable<R> work) throws Exception {
        return CallerScope.<R, Exception>callAs(Caller.system(tenant, "test"), work::call);
    }
}
