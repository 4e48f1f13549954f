package io.marsad.soc.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditCheck;
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
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class TriageTest {
    private final Database database = SharedDatabase.database();
    private final TestClock clock = new TestClock("2026-03-02T00:00:00Z");
    private final TenantId tenant = SharedDatabase.newTenant();
    private final Alerts alerts = new Alerts(database, clock, Duration.ZERO);
    private final Triage triage = new Triage(database, clock);
    private int raised;

    @Test
    void everyTransitionIsLegalOrRefusedWithWhatWouldBe() throws Exception {
        var later = clock.instant().plus(Duration.ofHours(1));
        for (AlertStatus from : AlertStatus.values()) {
            for (AlertStatus to : AlertStatus.values()) {
                var id = raise();
                if (from != AlertStatus.NEW) {
                    act(id, to(from, later));
                }
                if (from == to || !from.next().contains(to)) {
                    refused(422, "illegal-transition", () -> act(id, to(to, later)))
                            .hasMessageContaining("may become: " + from.nextWords());
                } else {
                    assertThat(act(id, to(to, later)).status()).isEqualTo(to);
                }
            }
        }
    }

    @Test
    void anActIsRecordedEverywhereOrNowhere() throws Exception {
        var id = raise();
        clock.advance(Duration.ofMinutes(5));
        var taken = as("ann", () -> triage.act(id, to(AlertStatus.IN_PROGRESS), "mine", 1));
        assertThat(taken.assignee()).isEqualTo("system:ann");
        assertThat(taken.version()).isEqualTo(2);
        assertThat(taken.updatedAt()).isEqualTo(clock.instant());
        refused(409, "version-conflict", () -> as("ann", () -> triage.act(id, to(AlertStatus.RESOLVED), null, 1)))
                .hasMessageContaining("version 2, in_progress of system:ann");
        refused(400, "verdict-required", () -> act(id, new Act.Move(AlertStatus.RESOLVED, null, null, null)));
        refused(400, "verdict-refused", () -> act(id, new Act.Move(AlertStatus.NEW, Verdict.TEST, null, null)));
        refused(400, "until-required", () -> act(id, new Act.Move(AlertStatus.SNOOZED, null, null, null)));
        refused(400, "snooze-time", () -> act(id, to(AlertStatus.SNOOZED, clock.instant())));
        var closed = as(
                "ann",
                () -> triage.act(
                        id,
                        new Act.Move(AlertStatus.RESOLVED, Verdict.FALSE_POSITIVE, null, null),
                        "known \0 tool",
                        2));
        assertThat(closed.verdict()).isEqualTo(Verdict.FALSE_POSITIVE);
        assertThat(closed.assignee()).isEqualTo("system:ann");

        var detail = as("ann", () -> alerts.detail(id));
        assertThat(detail.history())
                .extracting(AlertDetail.HistoryEntry::action)
                .containsExactly("raised", "in_progress", "resolved");
        assertThat(detail.history().getLast().detail())
                .isEqualTo("was in_progress; verdict false_positive; known \uFFFD tool");
        assertThat(detail.ruleRecord()).isEqualTo(new AlertDetail.RuleRecord(1, 1, 1));
        assertThat(database.<AuditCheck.Verification>inTenant(tenant, c -> AuditCheck.verifyChain(c, tenant)))
                .isEqualTo(new AuditCheck.Verification(2, 0, "", 0));
        try (var feed = new LiveFeed(database);
                var listener = feed.listen(tenant, 0L)) {
            var events = listener.poll(Duration.ofSeconds(5));
            assertThat(events)
                    .extracting(LiveEvent::kind)
                    .containsExactly("alert.created", "alert.updated", "alert.updated");
            assertThat(events.getLast().payload()).contains("\"verdict\": \"false_positive\"");
        }
    }

    @Test
    void ofManyWhoClaimAnAlertOneWinsAndTheOthersAreToldWho() throws Exception {
        var id = raise();
        var won = new AtomicInteger();
        var refused = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                var me = "analyst-" + i;
                threads.submit(() -> {
                    try {
                        as(me, () -> triage.act(id, to(AlertStatus.IN_PROGRESS), null, null));
                        won.incrementAndGet();
                    } catch (ProblemException e) {
                        assertThat(e.problem().type()).isEqualTo("claimed");
                        assertThat(e.problem().detail()).startsWith("system:analyst-");
                        refused.incrementAndGet();
                    }
                    return null;
                });
            }
        }
        assertThat(won).hasValue(1);
        assertThat(refused).hasValue(3);
        var holder = as("any", () -> alerts.get(id)).assignee();
        refused(409, "claimed", () -> act(id, to(AlertStatus.IN_PROGRESS))).hasMessageContaining(holder + " has it");
        var over = new Act.Move(AlertStatus.IN_PROGRESS, null, "system:boss", null);
        var taken = as("boss", () -> triage.act(id, over, null, null));
        assertThat(taken.assignee()).as("taken over, deliberately").isEqualTo("system:boss");
        assertThat(act(id, to(AlertStatus.NEW)).assignee()).isNull();
        refused(422, "no-such-user", () -> act(id, new Act.Move(AlertStatus.IN_PROGRESS, null, "nobody", null)));
    }

    @Test
    void aSnoozedAlertComesBackByItself() throws Exception {
        var id = raise();
        var other = raise();
        var until = clock.instant().plus(Duration.ofHours(2));
        assertThat(act(id, to(AlertStatus.SNOOZED, until)).snoozedUntil()).isEqualTo(until);
        act(other, to(AlertStatus.SNOOZED, until.plusSeconds(1)));
        new Triage(database, clock).wakeDue();
        assertThat(as("any", () -> alerts.get(id)).status()).isEqualTo(AlertStatus.SNOOZED);

        clock.advance(Duration.ofHours(2));
        new Triage(database, clock).wakeDue(); // after a restart
        var back = as("any", () -> alerts.detail(id));
        assertThat(back.alert().status()).isEqualTo(AlertStatus.NEW);
        assertThat(back.alert().snoozedUntil()).isNull();
        assertThat(back.history().getLast().actor()).isEqualTo("system:snooze");
        assertThat(as("any", () -> alerts.get(other)).status()).isEqualTo(AlertStatus.SNOOZED);

        act(other, to(AlertStatus.SNOOZED, until.plusSeconds(600)));
        clock.advance(Duration.ofSeconds(2));
        triage.wakeDue();
        assertThat(as("any", () -> alerts.get(other)).status())
                .as("snoozed anew")
                .isEqualTo(AlertStatus.SNOOZED);
        act(other, to(AlertStatus.DISMISSED));
        clock.advance(Duration.ofHours(1));
        triage.wakeDue();
        assertThat(as("any", () -> alerts.get(other)).status()).isEqualTo(AlertStatus.DISMISSED);
    }

    @Test
    void anAlertIsEscalatedOnceAndWhileItIsOpen() throws Exception {
        var id = raise();
        assertThat(act(id, new Act.Escalate(true)).escalated()).isTrue();
        refused(422, "illegal-transition", () -> act(id, new Act.Escalate(true)));
        assertThat(act(id, to(AlertStatus.RESOLVED)).escalated()).isTrue();
        refused(422, "illegal-transition", () -> act(id, new Act.Escalate(false)));
        assertThat(as("any", () -> alerts.detail(id)).history())
                .extracting(AlertDetail.HistoryEntry::action)
                .containsExactly("raised", "escalated", "resolved");
    }

    @Test
    void tagsAreAddedRemovedAndFound() throws Exception {
        var id = raise();
        raise();
        var tagged = act(id, new Act.Tag(Set.of("Phishing", " red team "), Set.of()));
        assertThat(tagged.tags()).containsExactly("phishing", "red team");
        assertThat(act(id, new Act.Tag(Set.of("phishing"), Set.of())).version())
                .as("nothing has changed")
                .isEqualTo(tagged.version());
        assertThat(tagged("PHISHING")).isEqualTo(1);
        act(id, new Act.Tag(Set.of("x"), Set.of("phishing")));
        assertThat(tagged("phishing")).isZero();
        assertThat(tagged("x")).isEqualTo(1);
        assertThat(as("any", () -> alerts.detail(id)).history().getLast().detail())
                .isEqualTo("+x, -phishing");
        for (var bad : List.of("", " ", "-x", "a\nb", "x".repeat(65))) {
            refused(400, "invalid-tag", () -> new Act.Tag(Set.of(bad), Set.of()));
        }
        for (int i = 0; i < Act.MOST_TAGS - 2; i++) {
            act(id, new Act.Tag(Set.of("t" + i), Set.of()));
        }
        refused(422, "too-many-tags", () -> act(id, new Act.Tag(Set.of("one more"), Set.of())));
    }

    private long tagged(String tag) throws Exception {
        var filter = new AlertFilter(Set.of(), Set.of(), null, null, tag, null, null, null);
        return as("any", () -> alerts.list(filter, 10, null)).total();
    }

    private EventId raise() {
        var detection = Detections.detection(tenant, "m", "low", ++raised);
        return database.inTenant(tenant, c -> alerts.raise(c, tenant, List.of(detection), List.of()))
                .created()
                .getFirst()
                .id();
    }

    private Alert act(EventId id, Act act) throws Exception {
        return as("test", () -> triage.act(id, act, null, null));
    }

    private <R> R as(String name, Callable<R> work) throws Exception {
        return CallerScope.<R, Exception>callAs(Caller.system(tenant, name), work::call);
    }

    private static Act to(AlertStatus status) {
        return to(status, Instant.EPOCH);
    }

    private static Act to(AlertStatus status, Instant until) {
        var verdict = status == AlertStatus.RESOLVED ? Verdict.TRUE_POSITIVE : null;
        return new Act.Move(status, verdict, null, status == AlertStatus.SNOOZED ? until : null);
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(
            int status, String type, ThrowingCallable call) {
        return assertThatThrownBy(call).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().type()).isEqualTo(type);
            assertThat(e.problem().status()).isEqualTo(status);
        });
    }
}
