package io.marsad.soc.decision.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.Confidence;
import io.marsad.soc.alert.Confidence.Label;
import io.marsad.soc.alert.Verdict;
import io.marsad.soc.decision.Ruling;
import io.marsad.soc.record.RuleRecord.Proof;
import io.marsad.testkit.Seed;
import io.marsad.testkit.TestClock;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What an alert says of its own confidence: read where people read it, after the real worker has decided. */
class AlertConfidenceTest {
    private static final BigDecimal HIGH = BigDecimal.valueOf(80);
    private static final BigDecimal MEDIUM = BigDecimal.valueOf(50);
    private static final List<String> SEVERITIES = List.of("informational", "low", "medium", "high", "critical");

    private final TestClock clock = new TestClock("2026-03-02T00:00:00Z");
    private final Work work = new Work();
    private final Random random = new Random(Seed.of("AlertConfidenceTest").value());
    private final Alerts alerts = new Alerts(work.database, clock, Duration.ZERO);
    private final Submissions submissions = new Submissions(work.database, clock, random);
    private final Decisions decisions = new Decisions(work.database, clock);

    /** As the description of the API derives it. */
    private static Label label(Confidence confidence) {
        if (confidence.chain().stream().allMatch(step -> step.weight().signum() == 0)) {
            return Label.UNKNOWN;
        }
        return confidence.score().compareTo(HIGH) >= 0
                ? Label.HIGH
                : confidence.score().compareTo(MEDIUM) >= 0 ? Label.MEDIUM : Label.LOW;
    }

    @Test
    void partsSumExactlyToTheScoreAndTheLabelFollowsFromIt() throws Exception {
        var labels = new HashSet<Label>();
        int address = 0;
        for (int round = 0; round < 15; round++) {
            var ids = new ArrayList<EventId>();
            for (int i = 0; i < 20; i++) {
                var ip = "203.0." + round + '.' + ++address % 256;
                if (random.nextInt(4) > 0) {
                    work.intel.put(
                            ip, BigDecimal.valueOf(random.nextInt(10_001), 4).toString());
                }
                ids.add(work.submit(submissions, SEVERITIES.get(random.nextInt(5)), ip));
            }
            assertThat(confidence(ids.getFirst())).as("nothing is decided yet").isNull();
            var proof = Proof.values()[round % 3];
            work.run(new DecisionWorker(
                    work.database, (_, indicator) -> work.ask(indicator), Judges.NONE, _ -> proof, clock, random));
            for (EventId id : ids) {
                var confidence = Objects.requireNonNull(confidence(id));
                var sum = confidence.chain().stream()
                        .map(Confidence.Step::contribution)
                        .reduce(BigDecimal.ZERO, BigDecimal::add);
                assertThat(sum).isEqualByComparingTo(confidence.score());
                assertThat(confidence.label()).isEqualTo(label(confidence));
                assertThat(Objects.requireNonNull(work.as("ann", () -> decisions.result(id))
                                        .decision())
                                .confidence())
                        .as("what it was decided by")
                        .isEqualByComparingTo(confidence.fraction());
                labels.add(confidence.label());
            }
            judge(ids);
        }
        assertThat(labels).containsExactlyInAnyOrder(Label.values());
    }

    /** So that the rule gets a record. */
    private void judge(List<EventId> ids) throws Exception {
        for (EventId id : ids.subList(0, 4)) {
            var verdict = random.nextBoolean() ? Verdict.TRUE_POSITIVE : Verdict.FALSE_POSITIVE;
            work.as("ann", () -> decisions.override(id, Ruling.AUTO_CLOSE, verdict, "looked at"));
        }
    }

    private @org.jspecify.annotations.Nullable Confidence confidence(EventId id) throws Exception {
        return work.as("ann", () -> alerts.detail(id)).confidence();
    }
}
