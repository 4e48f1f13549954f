package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Tenant;
import io.marsad.api.http.Json;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.decision.Judge;
import io.marsad.soc.decision.JudgeReply;
import io.marsad.soc.decision.Thresholds;
import io.marsad.soc.decision.service.DecisionSettings;
import io.marsad.soc.decision.service.DecisionWorker;
import io.marsad.soc.decision.service.LedgerJudges;
import io.marsad.soc.decision.service.Submissions;
import io.marsad.soc.intel.IntelAnswer;
import io.marsad.soc.intel.IntelResult;
import io.marsad.soc.intel.Signal;
import io.marsad.soc.record.RuleRecord;
import io.marsad.soc.report.Week;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A week in which each decision is known, and what its report says over HTTP: every number was computed by hand. */
class DecisionReportTest {
    private static final String PATH = "/v1/decisions/report";
    private static final Judge JUDGE = question -> new JudgeReply.Said(
            "model-1",
            question.hash(),
            "{\"decision\": \"escalate\", \"confidence\": 0.9, \"summary\": \"x\", \"injection_suspected\": false}",
            120);
    private static TestNode node;
    private static Tenant tenant;
    private static Calls calls;
    private static final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-02-25T10:00:00Z"));
    private static final InstantSource clock = now::get;
    private static int address;

    @BeforeAll
    static void script() throws Exception {
        node = TestNode.shared();
        tenant = node.tenant("reporting");
        calls = new Calls(node, tenant.byToken());
        closing(0, 0);
        decide("loud", "high", "0.9", null, 0);
        decide("middle", "medium", "0.5", null, 0);
        until("2026-03-01T23:59:59.999Z");
        decide("quiet", "low", "0.05", null, 0); // the last moment of week 9
        until("2026-03-02T00:00:00Z");
        decide("quiet", "low", "0.05", null, 0); // the first of week 10
        until("2026-03-03T08:00:00Z");
        for (int i = 0; i < 2; i++) {
            override(decide("loud", "high", "0.9", null, 2_000), "auto_close", ",\"verdict\":\"false_positive\"");
        }
        var attack = decide("loud", "high", "0.9", null, 2_000);
        override(decide("quiet", "low", "0.05", null, 2_000), "escalate", "");
        for (int i = 0; i < 3; i++) {
            decide("quiet", "low", "0.05", null, 2_000);
        }
        closing(100, 1);
        var missed = decide("quiet", "low", "0.05", null, 2_000);
        decide("quiet", "low", "0.05", null, 2_000);
        override(decide("middle", "medium", "0.5", null, 2_000), "auto_close", ",\"verdict\":\"benign\"");
        decide("middle", "medium", "0.5", null, 2_000);
        override(decide("middle", "medium", "0.3", JUDGE, 60_000), "human_review", "");
        for (String id : List.of(attack, missed)) {
            var body = "{\"to\":\"resolved\",\"verdict\":\"true_positive\"}";
            calls.tree("transitionAlert", "/v1/alerts/" + id + "/transition", body, 200);
        }
        follow("0.5", null); // verdicts come into the ledger behind it
    }

    private static void until(String time) {
        now.set(Instant.parse(time));
    }

    private static void closing(int samplePercent, int version) {
        var on = new Thresholds(new BigDecimal("0.85"), new BigDecimal("0.15"), new BigDecimal("0.6"), true);
        CallerScope.callAs(
                Caller.system(tenant.id(), "ann"),
                () -> new DecisionSettings(node.database, clock).change(on, samplePercent, "why", version));
    }

    /** Hands one in, and has it decided about so many milliseconds later. */
    private static String decide(String rule, String severity, String norm, @Nullable Judge judge, int millis) {
        var ip = "203.0.113." + ++address;
        var body = "{\"source\":\"edr\",\"rule_id\":\"" + rule + "\",\"rule_name\":\"The *" + rule
                + "* one\",\"severity\":\"" + severity + "\",\"indicator\":{\"type\":\"ip\",\"value\":\"" + ip
                + "\"},\"context\":{},\"raw_log\":\"connection\"}";
        var submissions = new Submissions(node.database, clock, node.random);
        var id = CallerScope.callAs(
                Caller.system(tenant.id(), "edr"),
                () -> submissions.take(Json.tree(body.getBytes(StandardCharsets.UTF_8)), null));
        now.set(clock.instant().plusMillis(millis));
        follow(norm, judge);
        return id.toString();
    }

    private static void follow(String norm, @Nullable Judge judge) {
        new DecisionWorker(
                        node.database,
                        (_, indicator) -> {
                            var share = new BigDecimal(norm);
                            var signal = new Signal(
                                    "one", "score", norm, Signal.Scale.SHARE, share, new BigDecimal("0.5"), norm);
                            return IntelResult.of(
                                    indicator,
                                    List.of(new IntelAnswer(
                                            "one",
                                            IntelAnswer.State.FOUND,
                                            List.of(signal),
                                            List.of(),
                                            List.of(),
                                            "{}",
                                            null)));
                        },
                        new LedgerJudges(_ -> judge, "7", node.database, clock, node.random),
                        _ -> RuleRecord.Proof.UNKNOWN,
                        clock,
                        node.random)
                .follow(OwnDecisions.claim(node, tenant.id()));
    }

    private static void override(String id, String decision, String more) throws Exception {
        var body = "{\"decision\":\"" + decision + "\",\"reason\":\"I know\"" + more + "}";
        calls.tree("overrideDecision", "/v1/alerts/" + id + "/decision/override", body, 200);
    }

    private static JsonNode report(String week) throws Exception {
        return calls.tree("getDecisionReport", PATH + "?week=" + week, "", 200);
    }

    @Test
    void decisionsBesideTheWeekBefore() throws Exception {
        var report = report("2026-W10");
        assertThat(report.get("from").stringValue()).isEqualTo("2026-03-02T00:00:00.000Z");
        assertThat(report.get("to").stringValue()).isEqualTo("2026-03-09T00:00:00.000Z");
        assertThat(report.get("complete").booleanValue()).isTrue();
        var decisions = report.get("decisions");
        assertThat(numbers(decisions)).isEqualTo("13 3 7 5");
        assertThat(decisions.get("overridden").get("text").stringValue()).isEqualTo("0.71 of 7 (0.36 to 0.92)");
        assertThat(decisions.get("kinds").valueStream().map(DecisionReportTest::numbers))
                .containsExactly("4 1 4 3", "7 1 2 1", "2 1 1 1");
        assertThat(decisions
                        .get("lanes")
                        .valueStream()
                        .map(one -> one.get("lane").stringValue() + " "
                                + one.get("decision").stringValue() + " " + numbers(one)))
                .containsExactly(
                        "high_confidence_high_severity escalate 3 1 3 2",
                        "model escalate 1 0 1 1",
                        "low_confidence_low_severity auto_close 7 1 2 1",
                        "no_judge human_review 2 1 1 1");
        var time = decisions.get("time");
        assertThat(time.get("median_ms").intValue()).isEqualTo(2_000);
        assertThat(time.get("p95_ms").intValue()).isEqualTo(60_000);
        assertThat(time.get("most_ms").intValue()).isEqualTo(60_000);
        assertThat(decisions.get("time_before").get("most_ms").intValue()).isZero();
        assertThat(numbers(report("2026-W09").get("decisions"))).isEqualTo("3 0 0 0");
        assertThat(numbers(report("2026-W11").get("decisions"))).isEqualTo("0 13 0 0");
    }

    private static String numbers(JsonNode of) {
        return of.get("count") + " " + of.get("before") + " " + of.get("looked_at") + " " + of.get("changed");
    }

    @Test
    void whatChecksSayOfAllThatWasClosed() throws Exception {
        var closed = report("2026-W10").get("closed");
        assertThat(closed.get("closed").intValue()).isEqualTo(5);
        assertThat(closed.get("closed_attacks").intValue()).isZero();
        assertThat(closed.get("sampled").intValue()).isEqualTo(2);
        assertThat(closed.get("judged").intValue()).isEqualTo(1);
        assertThat(closed.get("missed").get("text").stringValue()).isEqualTo("1.00 of 1 (0.21 to 1.00)");
        assertThat(closed.get("at_most").intValue()).isEqualTo(5);
    }

    @Test
    void rulesByWhatTheyCost() throws Exception {
        var rules = report("2026-W10").get("rules");
        assertThat(rules.get("count").intValue()).isEqualTo(3);
        assertThat(rules.get("shown")
                        .valueStream()
                        .map(one -> one.get("rule_id").stringValue() + " "
                                + one.get("week").get("fired") + " "
                                + one.get("record").get("fired") + " " + one.get("false_alerts") + " "
                                + one.get("record")
                                        .get("false_positive_rate")
                                        .get("text")
                                        .stringValue()
                                + " " + one.get("lane").stringValue()))
                .containsExactly(
                        "edr:loud 3 4 2 0.67 of 3 (0.21 to 0.94) tune",
                        "edr:quiet 7 8 0 0.00 of 1 (0.00 to 0.79) healthy",
                        "edr:middle 3 4 0 0.00 of 1 (0.00 to 0.79) healthy");
        assertThat(rules.get("all").get("week").get("fired").intValue()).isEqualTo(13);
        assertThat(rules.get("others").get("record").get("fired").intValue()).isZero();
        var unmeasured = report("2026-W09").get("rules").get("shown");
        assertThat(unmeasured.get(0).get("week").get("fired").intValue()).isEqualTo(1);
        assertThat(unmeasured.get(0).get("false_alerts").isNull()).isTrue();
    }

    @Test
    void thresholdsAndModel() throws Exception {
        var report = report("2026-W10");
        var thresholds = report.get("thresholds");
        assertThat(thresholds.get("looked_at").intValue()).isEqualTo(16);
        assertThat(thresholds.get("judged").intValue()).isEqualTo(5);
        assertThat(thresholds.get("suggested")).isEmpty();
        assertThat(thresholds.get("not_suggested").findValuesAsString("why"))
                .hasSize(3)
                .allSatisfy(why -> assertThat(why).endsWith("at least 20 have to be judged"));
        var model = report.get("model");
        assertThat(model).hasSize(1);
        assertThat(model.get(0).get("model").stringValue()).isEqualTo("model-1");
        assertThat(model.get(0).get("prompt_version").stringValue()).isEqualTo("7");
        assertThat(model.get(0).get("tokens").intValue()).isEqualTo(120);
        assertThat(model.get(0).get("decided").intValue()).isEqualTo(1);
        assertThat(model.get(0).get("overridden").get("hits").intValue()).isEqualTo(1);
        assertThat(report("2026-W09").get("model")).isEmpty();
    }

    private static HttpResponse<byte[]> markdown(Tenant of, String query) throws Exception {
        HttpRequest request = node.request(of.byToken(), "GET", PATH + query, "");
        var asked = HttpRequest.newBuilder(request, (_, _) -> true)
                .header("Accept", "text/markdown")
                .build();
        var answer = node.client.send(asked, HttpResponse.BodyHandlers.ofByteArray());
        Calls.check("getDecisionReport", answer);
        return answer;
    }

    @Test
    void theDocumentIsTheSameEachTime() throws Exception {
        var once = markdown(tenant, "?week=2026-W10");
        assertThat(once.headers().firstValue("Content-Disposition"))
                .hasValueSatisfying(name -> assertThat(name).contains("decisions-2026-W10.md"));
        assertThat(markdown(tenant, "?week=2026-W10").body()).isEqualTo(once.body());
        var text = new String(once.body(), StandardCharsets.UTF_8);
        assertThat(text)
                .contains("# Decisions in week 2026-W10\n")
                .contains("From 2026-03-02T00:00:00Z to 2026-03-09T00:00:00Z (UTC, the end exclusive)")
                .contains("| all | 13 | 3 | 7 | 5 | 0.71 of 7 (0.36 to 0.92) |\n")
                .contains("median 2.000 s, 95 of 100 within 60.000 s, at most 60.000 s")
                .contains("So at most 5 of the 5 closed were attacks")
                .contains("The \\*loud\\* one")
                .contains("| model-1 | 7 | 1 | 1 | 0 | 0 | 120 | 1 | 1.00 of 1 (0.21 to 1.00) |");
    }

    @Test
    void anotherTenantSeesWhatWouldBeThere() throws Exception {
        var other = node.tenant("reporting-nothing");
        var empty = new Calls(node, other.byToken()).tree("getDecisionReport", PATH + "?week=2026-W10", "", 200);
        assertThat(numbers(empty.get("decisions"))).isEqualTo("0 0 0 0");
        assertThat(empty.get("rules").get("shown")).isEmpty();
        assertThat(empty.get("decisions").get("time").isNull()).isTrue();
        assertThat(new String(markdown(other, "?week=2026-W10").body(), StandardCharsets.UTF_8))
                .contains("Here would stand how many alerts were escalated")
                .doesNotContain("loud");
    }

    @Test
    void theLastWholeWeekUnlessAnotherIsNamed() throws Exception {
        var current = Week.of(node.clock.instant());
        var last = calls.tree("getDecisionReport", PATH, "", 200);
        assertThat(last.get("week").stringValue()).isEqualTo(current.before().toString());
        assertThat(report(current.toString()).get("complete").booleanValue()).isFalse();
        for (var week : List.of("2026-W54", "2026-W00", "2025-W53", "last", "2026-W1", "1999-W01", "2999-W01")) {
            assertThat(calls.problem("getDecisionReport", PATH + "?week=" + week, "", 400))
                    .as(week)
                    .isEqualTo("invalid-week");
        }
        assertThat(report("2020-W53").get("to").stringValue()).isEqualTo("2021-01-04T00:00:00.000Z");
    }
}
