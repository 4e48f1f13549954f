package io.marsad.soc.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Act;
import io.marsad.soc.alert.AlertStatus;
import io.marsad.soc.alert.Triage;
import io.marsad.soc.alert.Verdict;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Cases whose alerts are all closed, through the real tables. */
class CaseEndingsTest {
    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00Z");

    private final Database database = SharedDatabase.database();
    private final TestClock clock = new TestClock("2026-03-01T12:00:00Z");
    private final TenantId tenant = SharedDatabase.newTenant();
    private final Raising raising = new Raising(database, tenant, clock);
    private final CaseGrouping grouping = new CaseGrouping(clock, new Random(1));
    private final CaseWork work = new CaseWork(database, clock, new Random(2));
    private final Cases cases = new Cases(database, clock);
    private final Triage triage = new Triage(database, clock);

    private EventId alert(String rule) {
        var alert = raising.raise(rule, "high", TIME, "ws-1", "corp\\alice");
        raising.follow(grouping, alert);
        return alert;
    }

    private void move(EventId alert, AlertStatus to, @Nullable Verdict verdict) throws Exception {
        raising.as("ann", () -> triage.act(alert, new Act.Move(to, verdict, null, null), null, null));
        raising.follow(grouping, alert);
    }

    private Case.Detail only() throws Exception {
        assertThat(raising.cases()).hasSize(1);
        var kase = raising.cases().keySet().iterator().next();
        return raising.as("ann", () -> cases.detail(kase));
    }

    private CaseStatus status() throws Exception {
        return only().kase().status();
    }

    @Test
    void itEndsWithItsLastAlertAndBeginsAgainWithOne() throws Exception {
        var first = alert("r1");
        var second = alert("r2");
        move(first, AlertStatus.RESOLVED, Verdict.FALSE_POSITIVE);
        assertThat(status()).as("one is open").isEqualTo(CaseStatus.OPEN);
        move(second, AlertStatus.RESOLVED, Verdict.FALSE_POSITIVE);
        assertThat(status()).isEqualTo(CaseStatus.FALSE_POSITIVE);
        assertThat(only().history().getLast().detail())
                .isEqualTo("from open to false_positive: all its alerts are false positives");
        assertThat(only().kase().sla(clock.instant())).isEqualTo(Case.Sla.NONE);
        int entries = only().history().size();
        raising.follow(grouping, first, second);
        assertThat(only().history()).as("followed again").hasSize(entries);
        move(second, AlertStatus.NEW, null); // as undoing does
        assertThat(status()).isEqualTo(CaseStatus.OPEN);
        move(second, AlertStatus.DISMISSED, null);
        assertThat(status()).as("not all were judged").isEqualTo(CaseStatus.CLOSED);
        assertThat(raising.count("SELECT count(*) FROM audit_log WHERE action = 'case.moved'"
                        + " AND actor = 'system:grouping'"))
                .isEqualTo(3);
    }

    @Test
    void whatAPersonHasTouchedIsTheirs() throws Exception {
        var alert = alert("r1");
        var kase = only().kase().id();
        raising.as("ann", () -> work.comment(kase, "I am looking at it"));
        move(alert, AlertStatus.RESOLVED, Verdict.BENIGN);
        assertThat(status()).isEqualTo(CaseStatus.OPEN);
    }

    @Test
    void whatAPersonBeginsAgainStaysSo() throws Exception {
        var alert = alert("r1");
        move(alert, AlertStatus.RESOLVED, Verdict.BENIGN);
        assertThat(status()).isEqualTo(CaseStatus.CLOSED);
        var kase = only().kase().id();
        raising.as("ann", () -> work.move(kase, CaseStatus.OPEN, "not yet", null));
        raising.follow(grouping, alert);
        assertThat(status()).isEqualTo(CaseStatus.OPEN);
    }
}
