package io.marsad.soc.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Entity.Kind;
import io.marsad.soc.live.LiveFeed;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class AlertsTest {
    private final Database database = SharedDatabase.database();
    private final TestClock clock = new TestClock("2026-03-02T00:00:00Z");
    private final Alerts alerts = new Alerts(database, clock, Duration.ZERO);
    private final Triage triage = new Triage(database, clock);
    private final TenantId tenant = SharedDatabase.newTenant();

    @Test
    void aRaisedAlertTellsAll() throws Exception {
        var raised = raise(Detections.detection(tenant, "rule-1", "high", 3)).getFirst();
        var detail = as(() -> alerts.detail(raised.id()));
        assertThat(detail.alert()).isEqualTo(raised);
        assertThat(raised.severity()).isEqualTo(Severity.HIGH);
        assertThat(raised.status()).isEqualTo(AlertStatus.NEW);
        assertThat(raised.time()).isEqualTo(Detections.TIME.plusSeconds(3));
        assertThat(raised.createdAt()).isEqualTo(clock.instant());
        assertThat(raised.attack()).containsExactly("T1059.001", "T1027");
        assertThat(raised.logSource()).isEqualTo("windows/process_creation/sysmon");
        assertThat(raised.entities())
                .containsExactly(
                        new Entity(Kind.HOST, "WS-3", "device.hostname"),
                        new Entity(Kind.USER, "CORP\\alice", "actor.user.name"),
                        new Entity(Kind.HASH, "d41d8cd98f00b204e9800998ecf8427e", "process.file.hashes.value"),
                        new Entity(Kind.PROCESS, "C:\\Windows\\powershell.exe", "process.file.path"));
        assertThat(detail.rule()).isEqualTo(Detections.rule("rule-1", "high"));
        assertThat(detail.evidence()).hasSize(1);
        assertThat(detail.evidence().getFirst().event()).isEqualTo(new EventId(7, 3));
        assertThat(detail.evidence().getFirst().matches().getFirst().pattern()).isEqualTo("*-enc*");
        assertThat(detail.history()).hasSize(1);
        assertThat(detail.ruleRecord()).isEqualTo(new AlertDetail.RuleRecord(1, 0, 0));
        assertThat(detail.narrative())
                .isEqualTo("At 2026-03-01 10:00:03 UTC on WS-3, C:\\Windows\\powershell.exe, started by"
                        + " C:\\Office\\winword.exe and run by CORP\\alice, as `powershell -enc SQBFAFgA` matched"
                        + " “Encoded PowerShell rule-1” because process.cmd_line is `powershell -enc SQBFAFgA` (the rule"
                        + " looks for `*-enc*`).");
    }

    @Test
    void raisedAgainItIsTheSameAlert() throws Exception {
        var one = Detections.detection(tenant, "rule-1", "high", 1);
        var two = Detections.detection(tenant, "rule-1", "high", 2);
        assertThat(raise(one, one)).hasSize(1);
        assertThat(raise(one, two)).extracting(Alert::id).containsExactly(two.alertId(tenant));
        assertThat(raise(one, two)).isEmpty();
        assertThat(as(() -> alerts.list(AlertFilter.ALL, 10, null)).total()).isEqualTo(2);
        assertThat(lastSeq()).isEqualTo(2);
    }

    @Test
    void revisedItRestsOnOtherEventsAndKeepsWhatPeopleMadeOfIt() throws Exception {
        var first = Detections.detection(tenant, "rule-1", "high", 1);
        var id = raise(first).getFirst().id();
        as(() -> triage.act(id, new Act.Move(AlertStatus.RESOLVED, Verdict.BENIGN, null, null), null, null));
        var moved = Detections.detection(tenant, "rule-1", "high", 2);
        var revision = new Detection(
                first.rule(), first.key(), moved.evidence(), 7, moved.entities(), moved.logSource(), false);
        assertThat(revise(revision)).extracting(Alert::version).containsExactly(3);
        assertThat(revise(revision)).isEmpty();
        var detail = as(() -> alerts.detail(id));
        assertThat(detail.alert().status()).isEqualTo(AlertStatus.RESOLVED);
        assertThat(detail.alert().eventCount()).isEqualTo(7);
        assertThat(detail.evidence()).isEqualTo(moved.evidence());
        assertThat(detail.history().getLast().action()).isEqualTo("revised");
        assertThat(revise(moved)).as("never raised").isEmpty();
    }

    @Test
    void raisedByManyAtOnceItIsOneAlert() throws Exception {
        var detections = IntStream.range(0, 40)
                .mapToObj(i -> Detections.detection(tenant, "rule-" + i % 4, "low", i))
                .toList();
        var raised = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                var mine = new ArrayList<>(detections);
                java.util.Collections.shuffle(mine, new Random(i));
                threads.submit(() ->
                        raised.addAndGet(raise(mine.toArray(Detection[]::new)).size()));
            }
        }
        assertThat(raised).hasValue(40);
        assertThat(as(() -> alerts.list(AlertFilter.ALL, 1, null)).total()).isEqualTo(40);
    }

    @Test
    void whatTheDatabaseCannotHoldDoesNotStopTheBatch() throws Exception {
        var odd = new Detection(
                Detections.rule("odd", ""),
                "key",
                List.of(new Evidence(
                        new EventId(1, 1),
                        Detections.TIME,
                        List.of(new Match("a", "x\0y\uD800z", "", "")),
                        java.util.Map.of())),
                1,
                List.of(),
                "",
                true);
        var raised = raise(odd).getFirst();
        assertThat(raised.severity()).isEqualTo(Severity.MEDIUM);
        var evidence = as(() -> alerts.detail(raised.id())).evidence();
        assertThat(evidence.getFirst().matches().getFirst().value()).isEqualTo("x\uFFFDy\uFFFDz");
    }

    @Test
    void pagesGiveEachAlertOnceInOrder() throws Exception {
        raise(IntStream.range(0, 25)
                .mapToObj(i -> Detections.detection(tenant, "rule-" + i % 2, "low", i / 5))
                .map(d -> new Detection(d.rule(), d.key() + Math.random(), d.evidence(), 1, d.entities(), "", false))
                .toArray(Detection[]::new));
        var seen = new ArrayList<Alert>();
        String cursor = null;
        do {
            var from = cursor;
            var page = as(() -> alerts.list(AlertFilter.ALL, 4, from));
            assertThat(page.total()).isEqualTo(25);
            assertThat(page.alerts()).hasSizeLessThanOrEqualTo(4);
            seen.addAll(page.alerts());
            cursor = page.next();
        } while (cursor != null);
        assertThat(seen).hasSize(25).doesNotHaveDuplicates();
        assertThat(seen).isSortedAccordingTo((a, b) -> b.time().compareTo(a.time()));
        refused(400, "invalid-cursor", () -> as(() -> alerts.list(AlertFilter.ALL, 4, "bm90IG9uZQ")));
    }

    @Test
    void filtersAndCounts() throws Exception {
        for (int i = 0; i < 10; i++) {
            raise(Detections.detection(tenant, "r-" + i % 2, i < 4 ? "high" : "low", i));
        }
        var first = Detections.detection(tenant, "r-0", "high", 0).alertId(tenant);
        as(() -> triage.act(first, new Act.Move(AlertStatus.RESOLVED, Verdict.BENIGN, null, null), null, null));

        var high = as(() -> alerts.list(filter(Set.of(AlertStatus.NEW), Set.of(Severity.HIGH)), 100, null));
        assertThat(high.alerts()).hasSize(3);
        assertThat(high.total()).isEqualTo(3);
        assertThat(high.bySeverity()).containsEntry(Severity.HIGH, 3L).containsEntry(Severity.LOW, 6L);
        assertThat(high.byStatus()).containsEntry(AlertStatus.NEW, 3L).containsEntry(AlertStatus.RESOLVED, 1L);
        assertThat(high.byStatus()).containsEntry(AlertStatus.IN_PROGRESS, 0L);

        assertThat(total(new AlertFilter(Set.of(), Set.of(), "r-1", null, null, null, null, null)))
                .isEqualTo(5);
        assertThat(total(new AlertFilter(Set.of(), Set.of(), null, "ws-3", null, null, null, null)))
                .isEqualTo(1);
        assertThat(total(new AlertFilter(Set.of(), Set.of(), null, "corp\\ALICE", null, null, null, null)))
                .isEqualTo(10);
        assertThat(total(new AlertFilter(Set.of(), Set.of(), null, null, null, "r-1  powershell", null, null)))
                .isEqualTo(5);
        assertThat(total(new AlertFilter(Set.of(), Set.of(), null, null, null, "%", null, null)))
                .isZero();
        var from = Detections.TIME.plusSeconds(2);
        assertThat(total(new AlertFilter(Set.of(), Set.of(), null, null, null, null, from, from.plusSeconds(3))))
                .isEqualTo(3);
    }

    @Test
    void anotherTenantFindsNothing() throws Exception {
        var id = raise(Detections.detection(tenant, "r", "low", 1)).getFirst().id();
        var other = Caller.system(SharedDatabase.newTenant(), "test");
        assertThat(CallerScope.<AlertPage, Exception>callAs(other, () -> alerts.list(AlertFilter.ALL, 10, null))
                        .total())
                .isZero();
        refused(404, "not-found", () -> CallerScope.<AlertDetail, Exception>callAs(other, () -> alerts.detail(id)));
        refused(
                404,
                "not-found",
                () -> CallerScope.<Alert, Exception>callAs(
                        other,
                        () -> triage.act(id, new Act.Move(AlertStatus.IN_PROGRESS, null, null, null), null, null)));
        assertThatThrownBy(() -> database.inTenant(
                        other.tenant(),
                        c -> alerts.raise(c, tenant, List.of(Detections.detection(tenant, "r", "low", 2)), List.of())))
                .hasMessageContaining("row-level security");
        assertThatThrownBy(() -> alerts.list(AlertFilter.ALL, 10, null)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anUndoneBatchRaisesNothing() throws Exception {
        assertThatThrownBy(() -> database.inTenant(tenant, c -> {
                    assertThat(alerts.raise(c, tenant, List.of(Detections.detection(tenant, "r", "low", 1)), List.of())
                                    .created())
                            .hasSize(1);
                    throw new IllegalStateException("the worker stops here");
                }))
                .hasMessageContaining("the worker stops here");
        assertThat(total(AlertFilter.ALL)).isZero();
        assertThat(raise(Detections.detection(tenant, "r", "low", 1))).hasSize(1);
    }

    private List<Alert> raise(Detection... detections) {
        return database.inTenant(
                tenant,
                c -> alerts.raise(c, tenant, List.of(detections), List.of()).created());
    }

    private List<Alert> revise(Detection... detections) {
        return database.inTenant(
                tenant,
                c -> alerts.raise(c, tenant, List.of(), List.of(detections)).revised());
    }

    private long lastSeq() {
        return database.<Long>inTenant(tenant, c -> LiveFeed.lastSeq(c, tenant));
    }

    private <R> R as(Callable<R> work) throws Exception {
        return CallerScope.<R, Exception>callAs(Caller.system(tenant, "test"), work::call);
    }

    private long total(AlertFilter filter) throws Exception {
        var page = as(() -> alerts.list(filter, 500, null));
        assertThat(new HashSet<>(page.alerts())).hasSize((int) page.total());
        return page.total();
    }

    private static AlertFilter filter(Set<AlertStatus> status, Set<Severity> severity) {
        return new AlertFilter(status, EnumSet.copyOf(severity), null, null, null, null, null, null);
    }

    private static void refused(int status, String type, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().type()).isEqualTo(type);
            assertThat(e.problem().status()).isEqualTo(status);
        });
    }
}
