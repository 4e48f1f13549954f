package io.marsad.respond.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.Examples;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.durable.Turn;
import io.marsad.respond.trial.PlaybookFolder;
import io.marsad.respond.variable.Variable;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.cases.CaseWork;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an alert or a case tells a playbook. */
class GivenTest {
    private static final Path SHIPPED =
            Path.of(System.getProperty("marsad.root", "../..")).resolve("content/playbooks");

    private final TestClock clock = new TestClock("2026-11-22T08:00:00Z");
    private final Database database = SharedDatabase.database();
    private final TenantId tenant = SharedDatabase.newTenant();
    private final Alarms alarms = new Alarms(database, tenant, clock);

    private @Nullable Given about(TenantId who, String about) {
        return database.<@Nullable Given>inTenant(
                who, connection -> Given.of(new Turn(connection, who, clock.instant()), about));
    }

    private Given alert(UUID id) {
        return Objects.requireNonNull(about(tenant, "alert:" + id));
    }

    @Test
    void everyNameThatShippedPlaybooksAreGivenHasASource() throws Exception {
        for (var entry : PlaybookFolder.read(SHIPPED, new PlaybookReader(Catalogue.standard()))) {
            var external = Objects.requireNonNull(entry.playbook()).variables().values().stream()
                    .filter(Variable::external)
                    .map(Variable::name)
                    .toList();
            assertThat(Given.NAMES).as(entry.file() + "").containsAll(external);
        }
    }

    @Test
    void anAlertTellsEverythingThatHasAName() {
        var id = alarms.raise("high", "T1204.002");
        var given = alert(id);
        assertThat(given.title()).isEqualTo("Something of T1204.002");
        assertThat(given.values().keySet()).containsExactlyInAnyOrderElementsOf(without("__case_id__"));
        Map<String, String> first = new LinkedHashMap<>();
        given.values().forEach((name, values) -> first.put(name, values.getFirst()));
        assertThat(first)
                .containsEntry("__alert_id__", id.toString())
                .containsEntry("__severity__", "high")
                .containsEntry("__host__", "ws-1")
                .containsEntry("__user__", "alice")
                .containsEntry("__destination_ip__", "198.51.100.9")
                .containsEntry("__process__", "powershell.exe")
                .containsEntry("__pid__", "4711")
                .containsEntry("__file_hash__", "ab".repeat(32))
                .containsEntry("__email__", "mallory@bad.example");
    }

    private static List<String> without(String name) {
        return Given.NAMES.stream().filter(one -> !one.equals(name)).toList();
    }

    @Test
    void aVariableTakesTheFirstValueOfItsTypeAndWhatIsGivenByHandGoesBefore() throws Exception {
        var playbook = Examples.playbook("""
                playbook_variables:
                  __source_ip__: {type: ipv4-addr, external: true}
                  __address__: {type: ipv6-addr, external: true}
                  __host__: {type: string, external: true}
                  __user__: {type: string, external: true}
                  __url__: {type: integer, external: true}
                  __title__: {type: string, value: mine}
                workflow:
                  start--1: {type: start, on_completion: end--1}
                  end--1: {type: end}
                """);
        Map<String, @Nullable String> byHand = new LinkedHashMap<>();
        byHand.put("__host__", "other");
        byHand.put("__user__", null);
        var with = alert(alarms.raise("high", "T1110")).with(playbook, byHand);
        assertThat(with)
                .containsEntry("__source_ip__", "192.0.2.7")
                .containsEntry("__address__", "2001:db8::7")
                .containsEntry("__host__", "other")
                .containsEntry("__user__", null)
                .doesNotContainKeys("__url__", "__title__");
    }

    @Test
    void aCaseTellsOfItsWorstAlertAndAnAlertOfItsCase() throws Exception {
        var low = alarms.raise("low", "T1110");
        var high = alarms.raise("high", "T1486");
        var work = new CaseWork(database, clock, new Random(1));
        var kase = CallerScope.callAs(
                Caller.system(tenant, "ann"),
                () -> work.open("Two things", Severity.MEDIUM, List.of(id(low), id(high))));
        var given = Objects.requireNonNull(about(tenant, "case:" + kase.uuid()));
        assertThat(given.title()).isEqualTo("Two things");
        assertThat(given.values())
                .containsEntry("__alert_id__", List.of(high.toString()))
                .containsEntry("__case_id__", List.of(kase.uuid().toString()))
                .containsEntry("__severity__", List.of("medium"))
                .containsEntry("__host__", List.of("ws-2", "ws-1"));
        assertThat(alert(low).values())
                .containsEntry("__case_id__", List.of(kase.uuid().toString()));
    }

    @Test
    void nothingIsToldOfWhatIsNotThereOrSomebodyElses() {
        var id = alarms.raise("high", "T1110");
        assertThat(about(tenant, "alert:" + new UUID(1, 1))).isNull();
        assertThat(about(tenant, "case:" + id)).isNull();
        assertThat(about(tenant, "host:ws-1")).isNull();
        assertThat(about(tenant, "alert:1-1-1-1-1")).isNull();
        assertThat(about(SharedDatabase.newTenant(), "alert:" + id)).isNull();
    }

    private static EventId id(UUID id) {
        return new EventId(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
}
