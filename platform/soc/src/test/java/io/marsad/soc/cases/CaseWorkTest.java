package io.marsad.soc.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditCheck;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.cases.CaseFilter.View;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What people do to cases, through the real tables. */
class CaseWorkTest {
    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00Z");

    private final Database database = SharedDatabase.database();
    private final TestClock clock = new TestClock("2026-03-01T12:00:00Z");
    private final TenantId tenant = SharedDatabase.newTenant();
    private final Raising raising = new Raising(database, tenant, clock);
    private final CaseGrouping grouping = new CaseGrouping(clock, new Random(1));
    private final CaseWork work = new CaseWork(database, clock, new Random(2));
    private final Cases cases = new Cases(database, clock);

    @Test
    void everyTransitionIsLegalOrRefusedWithWhatWouldBe() throws Exception {
        for (CaseStatus from : CaseStatus.values()) {
            for (CaseStatus to : CaseStatus.values()) {
                var kase = open("one", Severity.LOW);
                if (from != CaseStatus.OPEN) {
                    as(() -> work.move(kase, from, "", null));
                }
                if (from.next().contains(to)) {
                    as(() -> work.move(kase, to, "", null));
                    assertThat(find(kase).status()).isEqualTo(to);
                } else {
                    refused(422, "illegal-transition", () -> work.move(kase, to, "", null))
                            .hasMessageContaining("may become: " + from.nextWords());
                }
            }
        }
    }

    @Test
    void anActIsInTheHistoryTheAuditAndTheLiveFeed() throws Exception {
        var alert = raising.raise("r1", "medium", TIME, "ws-1", "");
        var kase = as(() -> work.open("Look at ws-1", Severity.HIGH, List.of(alert)));
        as(() -> work.edit(kase, new CaseWork.Edit("Look at it", null, "system:ann"), 1));
        refused(409, "version-conflict", () -> work.move(kase, CaseStatus.CLOSED, "", 1));
        as(() -> work.comment(kase, "the user says it was her"));
        var task = as(() -> work.addTask(kase, "Ask the user", null));
        as(() -> work.finishTask(kase, task, true));
        as(() -> work.addObservable(kase, Entity.Kind.IP, "192.0.2.7", "seen in the proxy"));
        as(() -> work.move(kase, CaseStatus.FALSE_POSITIVE, "an exercise", null));
        var detail = as(() -> cases.detail(kase));
        assertThat(detail.history())
                .extracting(Case.Entry::action)
                .containsExactly(
                        "opened",
                        "renamed",
                        "assigned",
                        "commented",
                        "task_added",
                        "task_done",
                        "observable_added",
                        "false_positive");
        assertThat(detail.history()).extracting(Case.Entry::actor).containsOnly("system:ann");
        assertThat(detail.history().getLast().detail()).isEqualTo("from open to false_positive: an exercise");
        assertThat(detail.kase().title()).isEqualTo("Look at it");
        assertThat(detail.kase().severity()).isEqualTo(Severity.HIGH);
        assertThat(detail.kase().number()).isEqualTo(1);
        assertThat(detail.alerts()).hasSize(1);
        assertThat(detail.tasks().getFirst().doneBy()).isEqualTo("system:ann");
        assertThat(raising.count("SELECT count(*) FROM audit_log WHERE action LIKE 'case.%'"))
                .isEqualTo(8);
        assertThat(raising.count("SELECT count(*) FROM live_events WHERE kind = 'case.updated'"))
                .isEqualTo(7);
        database.inTenant(tenant, c -> {
            assertThat(AuditCheck.verifyChain(c, tenant).ok()).isTrue();
            return true;
        });
        refused(404, "not-found", () -> cases.detail(new EventId(1, 1)));
        refused(404, "not-found", () -> work.link(kase, Set.of(new EventId(1, 1)), ""));
    }

    @Test
    void clocksRunOnWhateverStopsAndABreachIsRecordedOnce() throws Exception {
        var late = open("late", Severity.CRITICAL);
        var seen = open("seen", Severity.CRITICAL);
        as(() -> work.move(seen, CaseStatus.INVESTIGATING, "", null));
        clock.advance(Duration.ofMinutes(6));
        assertThat(find(late).sla(clock.instant())).isEqualTo(Case.Sla.WARNING);
        assertThat(find(seen).sla(clock.instant())).isEqualTo(Case.Sla.OK);
        assertThat(breaches()).isZero();
        clock.advance(Duration.ofMinutes(10));
        CaseClocks.breachDue(database, clock.instant());
        CaseClocks.breachDue(database, clock.instant()); // another platform on the same database, or the same again
        assertThat(breaches()).isEqualTo(1);
        assertThat(find(late).sla(clock.instant())).isEqualTo(Case.Sla.BREACHED);
        as(() -> work.move(late, CaseStatus.INVESTIGATING, "", null));
        assertThat(find(late).sla(clock.instant()))
                .as("the next goal is still ahead")
                .isEqualTo(Case.Sla.OK);
        clock.advance(Duration.ofHours(5)); // nobody looked meanwhile: whoever acts first records it
        as(() -> work.move(seen, CaseStatus.RESOLVED, "", null));
        assertThat(breaches()).isEqualTo(3);
        CaseClocks.breachDue(database, clock.instant());
        assertThat(breaches()).as("contain and resolve of the other, too").isEqualTo(5);
        assertThat(find(seen).sla(clock.instant())).isEqualTo(Case.Sla.NONE);
        var page = as(() -> cases.list(new CaseFilter(View.ALL, Set.of(), Set.of(), null, null), 10, 0));
        assertThat(page.cases())
                .extracting(Case::id)
                .as("what is late comes first")
                .startsWith(late);
        assertThat(page.breached()).isEqualTo(1);
    }

    @Test
    void aReopenedCaseHasItsTimeAnew() throws Exception {
        var kase = open("again", Severity.HIGH);
        clock.advance(Duration.ofMinutes(10));
        as(() -> work.move(kase, CaseStatus.CLOSED, "", null));
        clock.advance(Duration.ofDays(2));
        as(() -> work.move(kase, CaseStatus.OPEN, "it came back", null));
        assertThat(find(kase).due())
                .isEqualTo(clock.instant().plus(CaseClocks.usual(Severity.HIGH, CaseClocks.Goal.CONTAIN)));
        assertThat(as(() -> cases.detail(kase)).history().getLast().action()).isEqualTo("reopened");
    }

    @Test
    void similarCasesAreThoseThatShareWhatFewHave() throws Exception {
        var first = raising.raise("r1", "high", TIME, "ws-1", "corp\\alice");
        raising.follow(grouping, first);
        var one = raising.cases().keySet().iterator().next();
        as(() -> work.move(one, CaseStatus.CLOSED, "", null));
        var second = raising.raise("r2", "high", TIME.plus(Duration.ofHours(1)), "ws-1", "corp\\bob");
        raising.follow(grouping, second);
        var related = as(() -> cases.related(cases.ofAlert(second).getFirst().id()));
        assertThat(related).hasSize(1);
        assertThat(related.getFirst().kase().id()).isEqualTo(one);
        assertThat(related.getFirst().shared()).contains("host/name:ws-1");
    }

    @Test
    void hundredsOfSequencesThroughTheTablesLoseNothing() throws Exception {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        System.out.println("CaseWorkTest seed " + seed);
        var random = new Random(seed);
        var done = new TreeMap<String, Integer>();
        for (int sequence = 0; sequence < 200; sequence++) {
            var other = new Raising(database, SharedDatabase.newTenant(), clock);
            var alerts = new ArrayList<EventId>();
            for (int i = 0; i < 5; i++) {
                alerts.add(other.raise("r" + i, "high", TIME.plusSeconds(i), "ws-" + i / 2, ""));
            }
            for (int step = 0; step < 14; step++) {
                step(other, alerts, random, done);
            }
            check(other);
        }
        System.out.println("CaseWorkTest 200 sequences: " + done);
        assertThat(done).containsKeys("follow", "merge", "split", "undo", "close", "reopen", "link", "unlink");
    }

    private void step(Raising other, List<EventId> alerts, Random random, Map<String, Integer> done) throws Exception {
        var all = new ArrayList<>(other.cases().keySet());
        var alert = alerts.get(random.nextInt(alerts.size()));
        var home = other.cases().entrySet().stream()
                .filter(one -> one.getValue().contains(alert.toString()))
                .map(Map.Entry::getKey)
                .toList();
        var name = List.of("follow", "merge", "split", "undo", "close", "reopen", "link", "unlink")
                .get(all.isEmpty() ? 0 : random.nextInt(8));
        var kase = !home.isEmpty() && random.nextBoolean()
                ? home.getFirst()
                : all.isEmpty() ? new EventId(1, 1) : all.get(random.nextInt(all.size()));
        var second = all.isEmpty() ? kase : all.get(random.nextInt(all.size()));
        try {
            other.as("ann", () -> switch (name) {
                case "merge" -> work.merge(kase, Set.of(second), "");
                case "split" -> work.split(kase, Set.of(alert), "");
                case "undo" -> work.undo(kase, "");
                case "close" -> work.move(kase, CaseStatus.CLOSED, "", null);
                case "reopen" -> work.move(kase, CaseStatus.OPEN, "", null);
                case "link" -> work.link(kase, Set.of(alert), "");
                case "unlink" -> work.unlink(kase, Set.of(alert), "");
                default -> {
                    other.follow(grouping, alert);
                    yield true;
                }
            });
            done.merge(name, 1, Integer::sum);
        } catch (ProblemException refused) {
            done.merge("refused", 1, Integer::sum);
        }
    }

    /** The acts that are kept, in their order, say where every alert is and how every case stands. */
    private void check(Raising other) {
        var where = new HashMap<EventId, EventId>();
        var standing = new HashMap<EventId, CaseAct.Standing>();
        other.database.inTenant(other.tenant, connection -> {
            for (var act : Sql.list(
                    connection,
                    "SELECT act_id, act FROM case_acts ORDER BY seq",
                    row -> CaseJson.act(Sql.id(row, "act_id"), row.getString("act")))) {
                for (var shift : act.shifts()) {
                    assertThat(standing.put(shift.kase(), shift.after())).isEqualTo(shift.before());
                }
                for (var move : act.moves()) {
                    var from = move.to() == null ? where.remove(move.alert()) : where.put(move.alert(), move.to());
                    assertThat(from).isEqualTo(move.from());
                }
                assertThat(Sql.list(
                                connection,
                                "SELECT case_id FROM case_history WHERE act_id = ?",
                                row -> Sql.id(row, "case_id"),
                                act.id()))
                        .as("it is in the history of every case that it is about")
                        .hasSameElementsAs(act.cases());
            }
            var kept = new HashMap<EventId, CaseAct.Standing>();
            Sql.list(
                    connection,
                    "SELECT case_id, status, merged_into FROM cases",
                    row -> kept.put(Sql.id(row, "case_id"), CaseRows.standing(row)));
            assertThat(kept).isEqualTo(standing);
            return true;
        });
        var found = new HashMap<EventId, EventId>();
        other.cases()
                .forEach((kase, alerts) -> alerts.forEach(alert ->
                        assertThat(found.put(EventId.parse(alert), kase)).isNull()));
        assertThat(found).isEqualTo(where);
        assertThat(other.count("SELECT count(*) FROM cases c WHERE alert_count <> (SELECT count(*) FROM case_alerts a"
                        + " WHERE a.case_id = c.case_id)"))
                .isZero();
        assertThat(new HashSet<>(found.keySet())).hasSize(found.size());
    }

    private long breaches() {
        return raising.count("SELECT count(*) FROM case_history WHERE action = 'breached'");
    }

    private EventId open(String title, Severity severity) throws Exception {
        return as(() -> work.open(title, severity, List.of()));
    }

    private Case find(EventId kase) throws Exception {
        return as(() -> cases.find(kase));
    }

    private <T> T as(Callable<T> act) throws Exception {
        return raising.as("ann", act);
    }

    private org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(
            int status, String type, Callable<?> act) {
        return assertThatThrownBy(() -> as(act)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().status()).isEqualTo(status);
            assertThat(e.problem().type()).contains(type);
        });
    }
}
