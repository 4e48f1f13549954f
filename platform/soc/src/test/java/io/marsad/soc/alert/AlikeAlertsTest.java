package io.marsad.soc.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What a verdict on one alert may say of others, and saying it. */
class AlikeAlertsTest {
    private final Database database = SharedDatabase.database();
    private final TenantId tenant = SharedDatabase.newTenant();
    private final TestClock clock = new TestClock("2026-03-02T00:00:00Z");
    private final Alerts alerts = new Alerts(database, clock, Duration.ofMillis(1));
    private final Triage triage = new Triage(database, clock);
    private final BulkActs bulk = new BulkActs(database, clock, new Random(1));
    private final AlikeAlerts alike = new AlikeAlerts(database);

    private <T> T as(Callable<T> work) throws Exception {
        return CallerScope.callAs(Caller.system(tenant, "ann"), work::call);
    }

    private EventId raise(String rule, int number) {
        var detection = Detections.detection(tenant, rule, "high", number);
        return database.inTenant(tenant, c -> alerts.raise(c, tenant, List.of(detection), List.of()))
                .created()
                .getFirst()
                .id();
    }

    private void move(EventId id, Act.Move move) throws Exception {
        as(() -> triage.act(id, move, null, null));
    }

    private String now(EventId id) throws Exception {
        var alert = as(() -> alerts.get(id));
        var verdict = alert.verdict();
        return alert.status().word() + (verdict == null ? "" : " " + verdict.word());
    }

    @Test
    void aVerdictIsSaidOfAllThatWereTheSameAndTakenBack() throws Exception {
        var open = raise("r1", 1); // of ten hosts: these four are of one
        var benign = raise("r1", 11);
        var dismissed = raise("r1", 21);
        var judged = raise("r1", 31);
        raise("r1", 2);
        raise("r2", 41);
        move(benign, new Act.Move(AlertStatus.RESOLVED, Verdict.BENIGN, null, null));
        move(dismissed, new Act.Move(AlertStatus.DISMISSED, null, null, null));
        move(judged, new Act.Move(AlertStatus.RESOLVED, Verdict.TRUE_POSITIVE, null, null));
        var found = as(() -> alike.of(judged));
        assertThat(found.signature()).hasSize(64);
        assertThat(found.total()).isEqualTo(3);
        var ids = found.alerts().stream().map(Alert::id).toList();
        assertThat(ids).as("the newest first").containsExactly(dismissed, benign, open);
        var which = new BulkActs.Which.Named(ids);
        var act = new Act.Judge(Verdict.TRUE_POSITIVE);
        assertThat(as(() -> bulk.act(which, act, null, true)).changed()).isEqualTo(3);
        var result = as(() -> bulk.act(which, act, "the same campaign", false));
        for (EventId id : ids) {
            assertThat(now(id)).isEqualTo("resolved true_positive");
        }
        assertThat(as(() -> alerts.detail(benign)).history().getLast().detail())
                .isEqualTo("was resolved as benign; verdict true_positive; the same campaign");
        assertThat(as(() -> bulk.act(which, act, null, false)).skipped()).containsEntry("unchanged", 3);
        as(() -> bulk.undo(Objects.requireNonNull(result.undo())));
        assertThat(now(open)).isEqualTo("new");
        assertThat(now(benign)).isEqualTo("resolved benign");
        assertThat(now(dismissed)).isEqualTo("dismissed");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThatThrownBy(() -> as(() -> alike.of(new EventId(1, 1))))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().status()).isEqualTo(404));
    }
}
