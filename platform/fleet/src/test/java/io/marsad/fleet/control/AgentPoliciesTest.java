package io.marsad.fleet.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.Database;
import io.marsad.fleet.Endpoint;
import io.marsad.fleet.Endpoints;
import io.marsad.fleet.EnrollSecret.Purpose;
import io.marsad.fleet.EnrollSecrets;
import io.marsad.fleet.Enrollment;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import io.marsad.wire.PolicyShare;
import io.marsad.wire.SignedPolicy;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** How far versions have come, and how they are signed again, on a real database. */
class AgentPoliciesTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String GROUP = "servers";

    private final SecureRandom random = new SecureRandom();
    private final TestClock clock = new TestClock("2026-11-23T08:00:00Z");
    private final Database database = SharedDatabase.database();
    private final TenantId tenant = SharedDatabase.newTenant();
    private final List<SignedPolicy> signed = new ArrayList<>();
    private final AgentPolicies policies = new AgentPolicies(
            database,
            (_, _, policy, _) -> {
                signed.add(policy);
                return new AgentPolicies.Signed("envelope " + policy.version(), policy.expiresAt());
            },
            clock,
            random);
    private String secret = "";

    @BeforeEach
    void begin() {
        secret = secret(Purpose.AGENT);
    }

    private String secret(Purpose purpose) {
        var secrets = new EnrollSecrets(database, clock, random);
        return CallerScope.callAs(
                Caller.system(tenant, "test"),
                () -> secrets.create(new EnrollSecrets.Wanted("one", purpose, GROUP, false, null))
                        .secret());
    }

    private final PolicyReports reports = new PolicyReports(database);

    private UUID host(Purpose purpose, String by, int number) {
        var name = "ws-" + number;
        var host = new Endpoint.Host(name, name, name, "linux", "Debian 12", "0.1.0");
        var asking = new Enrollment.Asking(by, purpose, host, "192.0.2.7");
        var hash = new byte[32];
        random.nextBytes(hash);
        return Objects.requireNonNull(
                new Enrollment(database, clock, random).admit(asking, (_, _, _) -> new Enrollment.Known(hash, null)));
    }

    private AgentPolicy give(long base, int share) {
        var collectors = JSON.readTree("{\"processes\":{\"on\":true}}");
        var wanted = new AgentPolicies.Wanted(GROUP, base, collectors, JSON.createArrayNode(), List.of(), share, "");
        return CallerScope.callAs(Caller.system(tenant, "test"), () -> policies.create(wanted));
    }

    private PolicyReach reach(AgentPolicy policy) {
        var all = CallerScope.callAs(Caller.system(tenant, "test"), () -> policies.reach(List.of(policy)));
        return Objects.requireNonNull(all.get(policy.id()));
    }

    private AgentPolicy inForce() {
        return database.inTenant(tenant, connection -> policies.inForce(connection, tenant, GROUP));
    }

    @Test
    void whatIsSignedAgainKeepsItsShareAndItsContent() {
        give(0, 100);
        var narrow = give(1, 10);
        assertThat(inForce().version()).isEqualTo(narrow.version());
        clock.advance(Duration.ofDays(30).minusHours(13));
        assertThat(inForce().version()).as("not yet").isEqualTo(narrow.version());
        clock.advance(Duration.ofHours(2));
        var again = inForce();
        assertThat(again.version()).isEqualTo(narrow.version() + 1);
        assertThat(again.share()).isEqualTo(10);
        assertThat(signed).hasSize(3);
        assertThat(PolicyShare.of(signed.getLast())).as("in what is signed").isEqualTo(10);
        assertThat(signed.getLast().policy()).isEqualTo(signed.get(1).policy());
        assertThat(signed.getFirst().policy()).as("all is said by nothing").doesNotContain(PolicyShare.FIELD);
    }

    @Test
    void theStagesAreTheHostsThatDecideSoThemselves() {
        var hosts = new ArrayList<UUID>();
        for (int i = 0; i < 30; i++) {
            hosts.add(host(Purpose.AGENT, secret, i));
        }
        host(Purpose.OSQUERY, secret(Purpose.OSQUERY), 100);
        host(Purpose.RELAY, secret(Purpose.RELAY), 101);
        var gone = hosts.removeLast();
        var endpoints = new Endpoints(database, clock);
        CallerScope.callAs(Caller.system(tenant, "test"), () -> endpoints.revoke(gone));
        var reach = reach(give(0, 25));
        assertThat(reach.of()).as("agents that are not revoked").isEqualTo(29);
        assertThat(reach.stages()).extracting(PolicyReach.Stage::share).containsExactly(10, 25, 50, 100);
        for (var stage : reach.stages()) {
            long takers = hosts.stream()
                    .filter(one -> PolicyShare.includes(GROUP, one, stage.share()))
                    .count();
            assertThat(stage.hosts()).as("%s %%", stage.share()).isEqualTo((int) takers);
        }
        assertThat(reach.chosen()).isEqualTo(reach.stages().get(1).hosts());
    }

    @Test
    void refusalsCountWhereTheyBelong() {
        var one = host(Purpose.AGENT, secret, 1);
        var two = host(Purpose.AGENT, secret, 2);
        var three = host(Purpose.AGENT, secret, 3);
        var first = give(0, 100);
        var second = give(1, 100);
        for (var host : List.of(one, two, three)) {
            reports.keep(tenant, host, new PolicyReports.Reported(1, "", "", ""));
        }
        reports.keep(tenant, one, new PolicyReports.Reported(2, "", "", ""));
        reports.keep(tenant, two, new PolicyReports.Reported(2, "collectors.files: not known here", "", ""));
        reports.keep(tenant, three, new PolicyReports.Reported(0, "nobody who is trusted has signed it", "", ""));
        assertThat(reach(second))
                .extracting(PolicyReach::inForce, PolicyReach::refused)
                .containsExactly(1, 2);
        assertThat(reach(first))
                .as("it was taken before")
                .extracting(PolicyReach::inForce, PolicyReach::refused)
                .containsExactly(2, 0);
        reports.keep(tenant, three, new PolicyReports.Reported(2, "", "", ""));
        assertThat(reach(second))
                .extracting(PolicyReach::inForce, PolicyReach::refused)
                .containsExactly(2, 1);
    }
}
