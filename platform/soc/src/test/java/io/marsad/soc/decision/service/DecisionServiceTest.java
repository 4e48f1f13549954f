package io.marsad.soc.decision.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.db.DatabaseException;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.soc.alert.AlertStatus;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.Detections;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.Verdict;
import io.marsad.soc.context.ContextFact;
import io.marsad.soc.context.Contexts;
import io.marsad.soc.decision.Judge;
import io.marsad.soc.decision.JudgeReply;
import io.marsad.soc.decision.Ruling;
import io.marsad.soc.decision.Thresholds;
import io.marsad.soc.record.RuleRecord;
import io.marsad.soc.record.RuleRecords;
import io.marsad.testkit.TestClock;
import java.math.BigDecimal;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DecisionServiceTest {
    private final TestClock clock = new TestClock("2026-03-02T00:00:00Z");
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final Work work = new Work();
    private final Submissions submissions = new Submissions(work.database, clock, random);
    private final Decisions decisions = new Decisions(work.database, clock);
    private final DecisionSettings settings = new DecisionSettings(work.database, clock);
    private int address;

    private DecisionWorker worker(@Nullable Judge judge) {
        return new DecisionWorker(
                work.database,
                (_, indicator) -> work.ask(indicator),
                _ -> judge,
                _ -> RuleRecord.Proof.UNKNOWN,
                clock,
                random);
    }

    private static Thresholds thresholds(String escalate, String close, String model, boolean autoClose) {
        return new Thresholds(new BigDecimal(escalate), new BigDecimal(close), new BigDecimal(model), autoClose);
    }

    private void closing(int samplePercent) throws Exception {
        var version = work.as("ann", () -> settings.shown().now().version());
        work.as(
                "ann",
                () -> settings.change(thresholds("0.85", "0.15", "0.6", true), samplePercent, "why not", version));
    }

    private EventId submit(String severity, String norm) throws Exception {
        var ip = "203.0.113." + ++address;
        work.intel.put(ip, norm);
        return work.submit(submissions, severity, ip);
    }

    private KeptDecision decided(EventId id) throws Exception {
        var found = work.as("ann", () -> decisions.result(id)).decision();
        assertThat(found).isNotNull();
        return java.util.Objects.requireNonNull(found);
    }

    private KeptDecision through(String severity, String norm, @Nullable Judge judge) throws Exception {
        var id = submit(severity, norm);
        work.run(worker(judge));
        return decided(id);
    }

    @Test
    void eachThresholdDecidesExactlyAtItsNumber() throws Exception {
        closing(0);
        assertThat(through("high", "0.85", null).ruling()).isEqualTo(Ruling.ESCALATE);
        assertThat(through("high", "0.8499", null).ruling()).isEqualTo(Ruling.HUMAN_REVIEW);
        assertThat(through("critical", "0.8", null).ruleTriggered()).isEqualTo("critical_risk");
        assertThat(through("critical", "0.7999", null).ruling()).isEqualTo(Ruling.HUMAN_REVIEW);
        var closed = through("low", "0.15", null);
        assertThat(closed.ruling()).isEqualTo(Ruling.AUTO_CLOSE);
        assertThat(closed.effect()).isEqualTo(Effect.CLOSED);
        assertThat(closed.alert().status()).isEqualTo("dismissed");
        assertThat(through("low", "0.1501", null).ruling()).isEqualTo(Ruling.HUMAN_REVIEW);
        assertThat(through("medium", "0.15", null).ruling()).isEqualTo(Ruling.HUMAN_REVIEW);
        assertThat(through("medium", "0.3", says("escalate", "0.60")).ruling()).isEqualTo(Ruling.ESCALATE);
        assertThat(through("medium", "0.3", says("escalate", "0.5999999")).reviewReason())
                .isEqualTo("llm_low_confidence");
        assertThat(through("low", "0.34", says("auto_close", "0.99")).effect()).isEqualTo(Effect.CLOSED);
        assertThat(through("low", "0.35", says("auto_close", "0.99")).reviewReason())
                .isEqualTo("guard_refused_close");
        assertThat(through("low", "failed", null).reviewReason()).isEqualTo("enrichment_failed");
    }

    private static Judge says(String decision, String confidence) {
        return question -> new JudgeReply.Said(
                "model-1",
                question.hash(),
                "{\"decision\": \"" + decision + "\", \"confidence\": " + confidence
                        + ", \"summary\": \"Because.\", \"injection_suspected\": false}");
    }

    @Test
    void nothingIsClosedUntilTheTenantWantsIt() throws Exception {
        assertThat(through("low", "0.05", null).reviewReason()).isEqualTo("guard_refused_close");
        closing(0);
        assertThat(through("low", "0.05", null).effect()).isEqualTo(Effect.CLOSED);
        work.as("ann", () -> settings.stop("it closed a real one"));
        var stopped = through("low", "0.05", null);
        assertThat(stopped.reviewReason()).isEqualTo("guard_refused_close");
        assertThat(stopped.explanation()).contains("closing without a person is switched off");
        work.as("ann", () -> settings.resume("looked at"));
        assertThat(through("low", "0.05", null).effect()).isEqualTo(Effect.CLOSED);
    }

    /** What a tenant must not lose is never closed about without a person, whatever the sender and the sources say. */
    @Test
    void nothingAboutACrownJewelIsClosed() throws Exception {
        closing(0);
        var contexts = new Contexts(work.database, clock, random);
        var now = clock.instant();
        for (var kind : List.of("crown_jewel", "maintenance")) {
            var ip = "203.0.113." + (address + 1);
            var fact = new ContextFact.Content(
                    "payments " + kind,
                    kind,
                    Entity.Kind.IP,
                    ip,
                    BigDecimal.ONE,
                    0,
                    "cards are kept there",
                    now.minusSeconds(3_600),
                    now.plusSeconds(3_600));
            work.as("ann", () -> contexts.create(fact));
            var about = through("low", "0.05", null);
            boolean jewel = kind.equals("crown_jewel");
            assertThat(about.effect()).as(kind).isEqualTo(jewel ? Effect.NONE : Effect.CLOSED);
            assertThat(String.valueOf(about.explanation()).contains("an important system or account is concerned"))
                    .as(kind)
                    .isEqualTo(jewel);
        }
        assertThat(through("low", "0.05", null).effect()).isEqualTo(Effect.CLOSED);
    }

    /** The switch is thrown while the worker asks others: what it had decided by then is decided anew. */
    @Test
    void theKillSwitchHoldsForWhatIsUnderWay() throws Exception {
        closing(0);
        var id = submit("low", "0.05");
        var worker = new DecisionWorker(
                work.database,
                (_, indicator) -> {
                    try {
                        work.as("ann", () -> settings.stop("now"));
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    return work.ask(indicator);
                },
                Judges.NONE,
                _ -> RuleRecord.Proof.UNKNOWN,
                clock,
                random);
        work.run(worker);
        assertThat(decided(id).effect()).isEqualTo(Effect.NONE);
        assertThat(decided(id).alert().status()).isEqualTo("new");
    }

    @Test
    void someOfWhatWouldBeClosedIsCheckedByPeople() throws Exception {
        closing(30);
        int all = 200;
        for (int i = 0; i < all; i++) {
            submit("low", "0.05");
        }
        work.run(worker(null));
        var overview = work.as("ann", () -> decisions.list(null, true));
        assertThat(overview.counts().get(Ruling.AUTO_CLOSE)).isEqualTo(all);
        assertThat(overview.sampled().all()).as("seed " + seed).isBetween(30L, 95L);
        assertThat(overview.newest()).allSatisfy(one -> {
            assertThat(one.effect()).isEqualTo(Effect.SAMPLED);
            assertThat(one.alert().status()).isEqualTo("new");
        });
        closing(100);
        assertThat(through("low", "0.05", null).effect()).isEqualTo(Effect.SAMPLED);
    }

    /** Where no audit entry can be written nothing is decided; when it can again, it is. */
    @Test
    void noAuditNoDecision() throws Exception {
        closing(0);
        var id = submit("low", "0.05");
        var access = io.marsad.testkit.SharedDatabase.server().access();
        try (var owner = DriverManager.getConnection(
                        access.url() + "?currentSchema=marsad",
                        access.owner().user(),
                        access.owner().password());
                var statement = owner.createStatement()) {
            statement.execute("ALTER TABLE audit_log ADD CONSTRAINT full_disk CHECK (tenant_id <> '" + work.tenant
                    + "' OR action <> 'decision.make') NOT VALID");
            try {
                var claim = work.claim(work.database);
                assertThatThrownBy(() -> worker(null).follow(claim)).isInstanceOf(DatabaseException.class);
                assertThat(work.as("ann", () -> decisions.result(id)).decision())
                        .isNull();
                assertThat(work.count("SELECT count(*) FROM alerts WHERE tenant_id = ? AND status <> 'new'"))
                        .isZero();
            } finally {
                statement.execute("ALTER TABLE audit_log DROP CONSTRAINT full_disk");
            }
        }
        work.run(worker(null));
        assertThat(decided(id).effect()).isEqualTo(Effect.CLOSED);
    }

    @Test
    void whoIsAskedForLongHoldsUpNoDecisionThatIsReady() throws Exception {
        var ids = new ArrayList<EventId>();
        for (int i = 0; i < 5; i++) {
            ids.add(submit("high", "0.9"));
        }
        var decided = new ArrayList<Long>();
        var slow = new DecisionWorker(
                work.database,
                (_, indicator) -> {
                    decided.addAll(
                            work.rows("SELECT count(*) FROM decisions WHERE tenant_id = ?", row -> row.getLong(1)));
                    clock.advance(Duration.ofMillis(1_500));
                    return work.ask(indicator);
                },
                _ -> null,
                _ -> RuleRecord.Proof.UNKNOWN,
                clock,
                random);
        slow.follow(work.claim(work.database));
        assertThat(decided).containsExactly(0L, 0L, 2L, 2L, 4L);
        for (EventId id : ids) {
            assertThat(decided(id).ruling()).isEqualTo(Ruling.ESCALATE);
        }
        var left = "SELECT count(*) FROM outbox WHERE tenant_id = ? AND claim IS NOT NULL";
        assertThat(work.rows(left, row -> row.getLong(1))).containsExactly(0L);
    }

    @Test
    void whatWasDecidedIsNeverRewritten() throws Exception {
        var id = submit("high", "0.9");
        work.run(worker(null));
        for (var sql : List.of(
                "UPDATE decisions SET decision = 'auto_close' WHERE tenant_id = ?",
                "DELETE FROM decisions WHERE tenant_id = ?")) {
            assertThatThrownBy(() -> work.database.inTenant(work.tenant, connection -> {
                        try (var change = connection.prepareStatement(sql)) {
                            change.setString(1, work.tenant.value());
                            return change.executeUpdate();
                        }
                    }))
                    .hasRootCauseMessage(
                            "ERROR: " + sql.substring(0, 6) + " of decisions is refused: what was decided stays\n"
                                    + "  Where: PL/pgSQL function refuse_rewriting() line 7 at RAISE");
        }
        var before = decided(id);
        assertThatThrownBy(() -> work.as("ann", () -> decisions.override(id, Ruling.AUTO_CLOSE, null, " ")))
                .isInstanceOf(ProblemException.class);
        var first = work.as(
                "ann", () -> decisions.override(id, Ruling.AUTO_CLOSE, Verdict.FALSE_POSITIVE, "a test of ours"));
        assertThat(first.alert().verdict()).isEqualTo(Verdict.FALSE_POSITIVE);
        var second = work.as("bob", () -> decisions.override(id, Ruling.ESCALATE, null, "it was none"));
        assertThat(second.ruling()).isEqualTo(Ruling.ESCALATE);
        assertThat(second.explanation()).isEqualTo(before.explanation());
        assertThat(second.overrides())
                .extracting(KeptDecision.Override::decision, KeptDecision.Override::by)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Ruling.AUTO_CLOSE, "system:ann"),
                        org.assertj.core.groups.Tuple.tuple(Ruling.ESCALATE, "system:bob"));
        assertThat(second.alert().status()).isEqualTo(AlertStatus.NEW.word());
        assertThat(work.count("SELECT count(*) FROM audit_log WHERE tenant_id = ? AND action = 'decision.override'"))
                .isEqualTo(2);
    }

    /** What a preview says of thresholds is what they then decide. */
    @Test
    void aPreviewIsWhatHappens() throws Exception {
        closing(0);
        var severities = List.of("informational", "low", "medium", "high", "critical");
        for (int i = 0; i < 300; i++) {
            var ip = "198.19.1." + (1 + i % 250) + (i / 250 == 0 ? "" : "");
            var norm = random.nextInt(15) == 0
                    ? "failed"
                    : new BigDecimal(random.nextInt(101)).movePointLeft(2).toPlainString();
            work.intel.putIfAbsent(ip, norm);
            work.submit(submissions, severities.get(random.nextInt(5)), ip);
        }
        work.run(worker(null));
        var other = thresholds("0.6", "0.3", "0.6", true);
        var preview = work.as("ann", () -> settings.preview(other));
        assertThat(preview.looked()).isEqualTo(300);
        var same = work.as("ann", () -> settings.preview(thresholds("0.85", "0.15", "0.6", true)));
        assertThat(same.changes()).as("seed " + seed).isEmpty();
        var counts = work.as("ann", () -> decisions.list(null, false)).counts();
        for (Ruling ruling : Ruling.values()) {
            assertThat((long) same.now().getOrDefault(ruling, 0)).isEqualTo(counts.get(ruling));
        }
        // the same alerts again, decided by the others
        work.as("ann", () -> settings.change(other, 0, "tried", 1));
        clock.advance(Duration.ofDays(40));
        var bodies = work.rows("SELECT body FROM submitted_alerts WHERE tenant_id = ?", row -> row.getString(1));
        for (String body : bodies) {
            work.as("sender", () -> submissions.take(Work.json(body), null));
        }
        work.run(worker(null));
        var after = work.as("ann", () -> decisions.list(null, false)).counts();
        for (Ruling ruling : Ruling.values()) {
            assertThat((long) preview.then().getOrDefault(ruling, 0))
                    .as("seed " + seed + " " + ruling)
                    .isEqualTo(after.get(ruling));
        }
    }

    @Test
    void anAlertThatComesAgainWithItsKeyIsTheSame() throws Exception {
        var body = Work.body("low", "not an address", "x\\u0000y");
        var id = work.as("sender", () -> submissions.take(Work.json(body), "k1"));
        assertThat(work.as("sender", () -> submissions.take(Work.json(body), "k1")))
                .isEqualTo(id);
        assertThatThrownBy(() ->
                        work.as("sender", () -> submissions.take(Work.json(body.replace("low", "high")), "k1")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("Another alert");
        assertThat(work.as("ann", () -> decisions.result(id)).decision()).isNull();
        work.run(worker(null));
        assertThat(decided(id).reviewReason()).isEqualTo("unknown_indicator");
        assertThatThrownBy(() -> work.as("ann", () -> decisions.result(new EventId(1, 1))))
                .isInstanceOf(ProblemException.class);
    }

    /** An alert of our own, whose rule's record grows with what people find. */
    @Test
    void verdictsMakeTheRecordThatTheNextDecisionRestsOn() throws Exception {
        var alerts = new Alerts(work.database, clock, Duration.ZERO);
        var records = new RuleRecords(work.database, clock);
        for (int n = 1; n <= 12; n++) {
            int number = n;
            clock.advance(Duration.ofSeconds(1));
            var made = work.database.inTenant(
                    work.tenant,
                    c -> alerts.raise(
                            c,
                            work.tenant,
                            List.of(Detections.detection(work.tenant, "rule-x", "high", number)),
                            List.of()));
            var id = made.created().getFirst().id();
            work.run(worker(null));
            // nothing but the record speaks: nine of nine attacks are enough for an alert of a high level
            assertThat(decided(id).ruling()).isEqualTo(n == 10 ? Ruling.ESCALATE : Ruling.HUMAN_REVIEW);
            var verdict = n <= 9 ? Verdict.TRUE_POSITIVE : Verdict.FALSE_POSITIVE;
            if (n < 12) {
                work.as(
                        "ann",
                        () -> new io.marsad.soc.alert.Triage(work.database, clock)
                                .act(
                                        id,
                                        new io.marsad.soc.alert.Act.Move(AlertStatus.RESOLVED, verdict, null, null),
                                        null,
                                        null));
                work.run(worker(null));
            }
        }
        var done = work.as("ann", () -> records.of("rule-x", null)).getFirst();
        assertThat(done.fired()).isEqualTo(12);
        assertThat(done.outcomes().truePositives()).isEqualTo(9);
        assertThat(done.outcomes().falsePositives()).isEqualTo(2);
        assertThat(work.as("ann", () -> records.of("rule-y", null))).isEmpty();
        var newest = work.as("ann", () -> decisions.list(null, false)).newest().getFirst();
        assertThat(decided(newest.alertId()).explanation()).contains("of 11 alerts of the rule 9 were attacks");
    }
}
