package io.marsad.soc.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.live.LiveEvent;
import io.marsad.soc.live.LiveFeed;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class BulkActsTest {
    private static final Act CLOSE = new Act.Move(AlertStatus.RESOLVED, Verdict.BENIGN, null, null);

    private final Database database = SharedDatabase.database();
    private final TestClock clock = new TestClock("2026-03-02T00:00:00Z");
    private final TenantId tenant = SharedDatabase.newTenant();
    private final Alerts alerts = new Alerts(database, clock, Duration.ZERO);
    private final Triage triage = new Triage(database, clock);
    private final BulkActs bulk = new BulkActs(database, clock, new Random(7));

    @Test
    void allThatFitAreChangedAndPutBackUnlessSomebodyChangedThem() throws Exception {
        var ids = raise(0, 40);
        var mine = new Act.Move(AlertStatus.IN_PROGRESS, null, null, null);
        as("ann", () -> triage.act(ids.get(1), mine, null, null));
        as("ann", () -> triage.act(ids.get(2), CLOSE, null, null));
        as("ann", () -> triage.act(ids.get(3), new Act.Tag(Set.of("kept"), Set.of()), null, null));
        var before = all();

        var dry = as("ann", () -> bulk.act(fitting(AlertFilter.ALL), CLOSE, null, true));
        assertThat(dry.matched()).isEqualTo(40);
        assertThat(dry.changed()).isEqualTo(39);
        assertThat(dry.skipped()).isEqualTo(Map.of("illegal-transition", 1));
        assertThat(dry.undo()).isNull();
        assertThat(all()).isEqualTo(before);

        clock.advance(Duration.ofSeconds(1));
        raise(40, 41); // since then: not acted on
        var which = new BulkActs.Which.Fitting(AlertFilter.ALL, dry.at());
        var done = as("ann", () -> bulk.act(which, CLOSE, "a drill", false));
        assertThat(done.changed()).isEqualTo(39);
        assertThat(all().stream().filter(a -> a.status() == AlertStatus.RESOLVED))
                .hasSize(40);
        assertThat(as("ann", () -> alerts.detail(ids.getFirst()))
                        .history()
                        .getLast()
                        .detail())
                .isEqualTo("was new; verdict benign; a drill");

        as("eve", () -> triage.act(ids.get(5), new Act.Tag(Set.of("looked at"), Set.of()), null, null));
        var undo = java.util.Objects.requireNonNull(done.undo());
        refused(404, "not-found", () -> as("eve", () -> bulk.undo(undo)));
        var undone = as("ann", () -> bulk.undo(undo));
        assertThat(undone.restored()).isEqualTo(38);
        assertThat(undone.ids()).containsExactly(ids.get(5));
        for (var was : before) {
            var now = as("ann", () -> alerts.get(was.id()));
            if (!was.id().equals(ids.get(5))) {
                assertThat(AlertState.of(now)).isEqualTo(AlertState.of(was));
            }
        }
        refused(404, "not-found", () -> as("ann", () -> bulk.undo(undo)));
        assertThat(audited()).isEqualTo(2);
    }

    @Test
    void itCanBeUndoneForAWhile() throws Exception {
        var ids = raise(0, 2);
        var done = as("ann", () -> bulk.act(new BulkActs.Which.Named(ids), new Act.Escalate(true), null, false));
        clock.advance(BulkActs.UNDOABLE);
        refused(404, "not-found", () -> as("ann", () -> bulk.undo(java.util.Objects.requireNonNull(done.undo()))));
        assertThat(all()).allMatch(Alert::escalated);
    }

    @Test
    void manyChangesAreToldAsOne() throws Exception {
        raise(0, ActRows.MOST_TOLD + 1);
        long seq = database.<Long>inTenant(tenant, c -> LiveFeed.lastSeq(c, tenant));
        as("ann", () -> bulk.act(fitting(AlertFilter.ALL), new Act.Tag(Set.of("t"), Set.of()), null, false));
        try (var feed = new LiveFeed(database);
                var listener = feed.listen(tenant, seq)) {
            assertThat(listener.poll(Duration.ofSeconds(5)))
                    .extracting(LiveEvent::kind)
                    .containsExactly(LiveEvent.RESYNC);
        }
    }

    @Test
    void moreThanTheMostIsRefusedAndNothingDone() throws Exception {
        database.inTenant(tenant, c -> {
            alerts.raise(c, tenant, List.of(Detections.detection(tenant, "r", "low", 1)), List.of());
            try (var fill = c.createStatement()) {
                return fill.executeUpdate("INSERT INTO alerts (SELECT (jsonb_populate_record(a, jsonb_build_object("
                        + "'alert_id', gen_random_uuid()))).* FROM alerts a, generate_series(1, " + BulkActs.MOST
                        + "))");
            }
        });
        refused(422, "too-many", () -> as("ann", () -> bulk.act(fitting(AlertFilter.ALL), CLOSE, null, false)));
        var one = new AlertFilter(Set.of(AlertStatus.RESOLVED), Set.of(), null, null, null, null, null, null);
        assertThat(as("ann", () -> bulk.act(fitting(one), CLOSE, null, true)).matched())
                .isZero();
    }

    private static BulkActs.Which fitting(AlertFilter filter) {
        return new BulkActs.Which.Fitting(filter, null);
    }

    private List<EventId> raise(int from, int to) {
        var detections = IntStream.range(from, to)
                .mapToObj(i -> Detections.detection(tenant, "r", "low", i))
                .toList();
        return database.inTenant(tenant, c -> alerts.raise(c, tenant, detections, List.of())).created().stream()
                .map(Alert::id)
                .toList();
    }

    private List<Alert> all() throws Exception {
        return new ArrayList<>(
                as("ann", () -> alerts.list(AlertFilter.ALL, 500, null)).alerts());
    }

    private int audited() {
        return database.<Integer>inTenant(tenant, c -> {
            try (var select = c.createStatement();
                    var rows = select.executeQuery(
                            "SELECT count(*) FROM audit_log WHERE action IN ('alert.bulk', 'alert.undo')")) {
                rows.next();
                return rows.getInt(1);
            }
        });
    }

    private <R> R as(String name, Callable<R> work) throws Exception {
        return CallerScope.<R, Exception>callAs(Caller.system(tenant, name), work::call);
    }

    private static void refused(int status, String type, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().type()).isEqualTo(type);
            assertThat(e.problem().status()).isEqualTo(status);
        });
    }
}
