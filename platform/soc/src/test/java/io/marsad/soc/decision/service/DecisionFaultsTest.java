package io.marsad.soc.decision.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.Database;
import io.marsad.db.DatabaseException;
import io.marsad.db.PostgresAccess;
import io.marsad.db.outbox.OutboxRunner;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.decision.Thresholds;
import io.marsad.soc.intel.IntelResult;
import io.marsad.soc.record.RuleRecord;
import io.marsad.testkit.CutDatabase;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whatever kills the worker: one decision per alert, none without its audit entry, and what it does is done once. */
class DecisionFaultsTest {
    /** {@code -Dmarsad.cuts=1000} is what was shown when the worker was written. */
    private static final int CUTS = Integer.getInteger("marsad.cuts", 300);

    private static final int KILLS = 12;
    private static final String ESCALATED = "203.0.113.1";
    private static final String CLOSED = "203.0.113.2";
    private static final String OPEN = "203.0.113.3";

    private final TestClock clock = new TestClock("2026-03-02T00:00:00Z");
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final Work work = new Work();
    private final Submissions submissions = new Submissions(work.database, clock, random);

    private boolean failing = true;

    private void prepare() throws Exception {
        work.intel.put(ESCALATED, "0.95");
        work.intel.put(CLOSED, "0.05");
        work.intel.put(OPEN, "0.5");
        var settings = new DecisionSettings(work.database, clock);
        var thresholds = new Thresholds(new BigDecimal("0.85"), new BigDecimal("0.15"), new BigDecimal("0.6"), true);
        work.as("ann", () -> settings.change(thresholds, 20, "tried out", 0));
    }

    private DecisionWorker worker(Database database, Enrichment enrichment) {
        return new DecisionWorker(
                database, enrichment, Judges.NONE, _ -> RuleRecord.Proof.UNKNOWN, clock, new Random(seed));
    }

    private static String kind(int n) {
        return List.of(ESCALATED, CLOSED, OPEN).get(n % 3);
    }

    private EventId submit(String address) throws Exception {
        return work.submit(submissions, address.equals(ESCALATED) ? "critical" : "low", address);
    }

    /** The connection ends before and after every single thing that the worker says to the database, in turn. */
    @Test
    void killedAtEveryPoint() throws Exception {
        prepare();
        int points = 0;
        int cuts = 0;
        int alerts = 0;
        try (var faulty = new CutDatabase()) {
            var worker = worker(faulty.database(), (_, indicator) -> failsAtTimes(work.ask(indicator)));
            for (int point = 1; cuts < CUTS; point++) {
                boolean reached = false;
                for (int kind = 0; kind < 3; kind++) {
                    for (boolean after : new boolean[] {false, true}) {
                        submit(kind(kind));
                        alerts++;
                        faulty.arm(point, after);
                        attempt(worker);
                        if (faulty.disarm()) {
                            reached = true;
                            cuts++;
                        }
                        finish(worker);
                    }
                }
                points = reached ? Math.max(points, point) : points;
                if (!reached) {
                    point = 0; // every point was tried: from the first again
                }
            }
        }
        System.out.println("seed " + seed + ": cut " + cuts + " times at " + points + " points, " + alerts + " alerts");
        assertThat(points).as("points of the path").isGreaterThan(15);
        assertWhole(alerts);
    }

    /** The next worker goes on; that it takes what there is of it twice may take two tries. */
    private void finish(DecisionWorker worker) {
        failing = false;
        for (int i = 0; !work.claim(work.database).items().isEmpty(); i++) {
            assertThat(i).as("tries until all is done").isLessThan(10);
            attempt(worker);
        }
        failing = true;
    }

    /** Now and then the source itself is what fails, at a time when nothing was written. */
    private IntelResult failsAtTimes(IntelResult result) {
        if (failing && random.nextInt(50) == 0) {
            throw new IllegalStateException("killed while somebody else was asked");
        }
        return result;
    }

    private void attempt(DecisionWorker worker) {
        var claim = work.claim(work.database);
        if (claim.items().isEmpty()) {
            return;
        }
        try {
            worker.follow(claim);
        } catch (DatabaseException | IllegalStateException e) {
            // that is what it is about
        }
    }

    /** A process that decides is killed with kill -9 again and again; the next one goes on. */
    @Test
    void killedAsAProcess() throws Exception {
        prepare();
        int alerts = 0;
        long done = 0;
        int unfinished = 0;
        for (int round = 0; round < KILLS; round++) {
            for (int i = 0; i < 40; i++) {
                submit(kind(alerts++));
            }
            var child = child();
            try (var said = child.inputReader()) {
                assertThat(said.readLine()).isEqualTo("begun");
                long before = done;
                long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
                while (work.count("SELECT count(*) FROM decisions WHERE tenant_id = ?")
                                < before + 1 + random.nextInt(20)
                        && System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
            } finally {
                child.destroyForcibly().waitFor();
            }
            done = work.count("SELECT count(*) FROM decisions WHERE tenant_id = ?");
            unfinished += done < alerts ? 1 : 0;
        }
        assertThat(unfinished)
                .as("seed " + seed + ": kills in the middle of work")
                .isPositive();
        work.run(worker(work.database, (_, indicator) -> work.ask(indicator)));
        System.out.println("seed " + seed + ": killed " + KILLS + " processes, " + unfinished + " in the middle");
        assertWhole(alerts);
    }

    private Process child() throws Exception {
        var access = SharedDatabase.server().access();
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        access.url(),
                        access.owner().user(),
                        access.owner().password(),
                        access.app().user(),
                        access.app().password(),
                        work.tenant.value())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private void assertWhole(int alerts) throws Exception {
        var about = "seed " + seed;
        assertThat(work.count("SELECT count(*) FROM alerts WHERE tenant_id = ?"))
                .as(about)
                .isEqualTo(alerts);
        assertThat(work.count("SELECT count(*) FROM decisions WHERE tenant_id = ?"))
                .as(about + ": one decision per alert")
                .isEqualTo(alerts);
        assertThat(work.count("SELECT count(*) FROM decisions d WHERE tenant_id = ? AND NOT EXISTS (SELECT FROM"
                        + " audit_log l WHERE l.tenant_id = d.tenant_id AND l.seq = d.audit_seq AND l.action = 'decision.make'"
                        + " AND l.object = 'alert:' || d.alert_id)"))
                .as(about + ": none without its audit entry")
                .isZero();
        assertThat(work.count("SELECT count(*) FROM audit_log WHERE tenant_id = ? AND action = 'decision.make'"))
                .as(about + ": no entry without its decision")
                .isEqualTo(alerts);
        assertThat(work.count("SELECT count(*) FROM alerts a JOIN decisions d USING (tenant_id, alert_id)"
                        + " WHERE a.tenant_id = ? AND (d.effect = 'closed') <> (a.status = 'dismissed')"))
                .as(about + ": closed exactly where it says so")
                .isZero();
        assertThat(work.count("SELECT count(*) FROM alerts a JOIN decisions d USING (tenant_id, alert_id)"
                        + " WHERE a.tenant_id = ? AND (d.effect = 'escalated') <> a.escalated"))
                .as(about)
                .isZero();
        assertThat(work.count("SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM alert_history"
                        + " WHERE tenant_id = ? AND action IN ('dismissed', 'escalated', 'tagged') GROUP BY alert_id)"))
                .as(about + ": each effect once")
                .isLessThanOrEqualTo(1);
        assertThat(work.count("SELECT count(*) FROM rule_outcomes WHERE tenant_id = ? AND auto_decision IS NOT NULL"))
                .as(about + ": all in the rules' record")
                .isEqualTo(alerts);
        assertThat(work.count("SELECT count(*) FROM outbox WHERE tenant_id = ? AND queue = 'decisions'"))
                .as(about)
                .isZero();
        assertThat(work.count("SELECT count(DISTINCT effect) FROM decisions WHERE tenant_id = ?"))
                .as(about + ": every effect was tried")
                .isEqualTo(4);
        var chain = work.database.<Boolean>inTenant(work.tenant, connection -> chained(connection, work.tenant));
        assertThat(chain).as(about + ": the audit log is a chain").isTrue();
    }

    /** Numbers without gaps, each entry with the hash of the one before. */
    private static boolean chained(java.sql.Connection connection, TenantId tenant) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT count(*) = max(seq) AND bool_and(linked) FROM (SELECT seq,"
                        + " seq = 1 OR prev_hash = lag(hash) OVER (ORDER BY seq) AS linked FROM audit_log WHERE tenant_id = ?)")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    /** Decides until it is killed. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws InterruptedException {
            var access = new PostgresAccess(
                    args[0], new PostgresAccess.Login(args[1], args[2]), new PostgresAccess.Login(args[3], args[4]));
            var database = Database.open(access);
            var random = new Random();
            var norms = Map.of(ESCALATED, "0.95", CLOSED, "0.05", OPEN, "0.5");
            Enrichment enrichment = (_, indicator) -> Work.said(indicator, norms.get(indicator.value()));
            var worker = new DecisionWorker(
                    database, enrichment, Judges.NONE, _ -> RuleRecord.Proof.UNKNOWN, InstantSource.system(), random);
            OutboxRunner.start(
                    database,
                    List.of(new OutboxRunner.Following("decisions", worker, 1, Duration.ofMillis(500), 4)),
                    Duration.ofMillis(100),
                    InstantSource.system());
            System.out.println("begun");
            Thread.sleep(Long.MAX_VALUE);
        }
    }
}
