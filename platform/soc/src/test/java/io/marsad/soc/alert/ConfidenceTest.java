package io.marsad.soc.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.soc.alert.Confidence.Label;
import io.marsad.soc.intel.Fusion;
import io.marsad.soc.intel.Signal;
import io.marsad.soc.record.Outcomes;
import io.marsad.soc.record.RuleRecord;
import io.marsad.soc.record.RuleRecord.Proof;
import io.marsad.testkit.Seed;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The confidence of an alert, whose evidence sums to it. */
class ConfidenceTest {
    private static Signal signal(String source, String norm, String weight) {
        return new Signal(source, "f", "1", Signal.Scale.SHARE, new BigDecimal(norm), new BigDecimal(weight), "1");
    }

    private static RuleRecord rule(Proof proof, int truePositives, int falsePositives) {
        return new RuleRecord("r", "1", proof, new Outcomes(truePositives, 0, falsePositives));
    }

    private static List<BigDecimal> contributions(Confidence confidence) {
        return confidence.chain().stream().map(Confidence.Step::contribution).toList();
    }

    @Test
    void withoutARecordIntelligenceAloneSpeaks() {
        var signals = List.of(signal("a", "0.92", "0.6"), signal("b", "1", "0.4"), signal("c", "0", "0.5"));
        var confidence = Confidence.of(Severity.HIGH, rule(Proof.TESTED, 0, 0), signals);
        assertThat(confidence.fraction()).isEqualTo(Fusion.confidence(signals)).isEqualTo("0.6347");
        assertThat(confidence.score()).isEqualTo("63.47");
        assertThat(confidence.label()).isEqualTo(Label.MEDIUM);
        // 0.552 / 1.5 is 36.80, 0.952 / 1.5 is 63.47 rounded up
        assertThat(contributions(confidence))
                .containsExactly(
                        new BigDecimal("0.00"),
                        new BigDecimal("36.80"),
                        new BigDecimal("26.67"),
                        new BigDecimal("0.00"));
        assertThat(confidence.chain().getFirst().claim()).isEqualTo("the rule's precision is not measured");
    }

    @Test
    void aRecordSpeaksTheLouderTheLongerItIs() {
        var signals = List.of(signal("a", "0.9", "0.6"));
        // (0 + 3) / (20 + 5) is 0.12, weight 0.5 × 20 / 40; (0.12 × 0.25 + 0.54) / 0.85
        var some = Confidence.of(Severity.HIGH, rule(Proof.TESTED, 0, 20), signals);
        assertThat(some.fraction()).isEqualTo("0.6706");
        assertThat(some.chain().getFirst().claim())
                .isEqualTo("of 20 alerts of the rule 0 were attacks: 0.00 of 20 (0.00 to 0.16)");
        var many = Confidence.of(Severity.HIGH, rule(Proof.TESTED, 0, 2_000), signals);
        assertThat(many.fraction()).isLessThan(some.fraction());
        assertThat(Confidence.of(Severity.HIGH, rule(Proof.TESTED, 2_000, 0), signals)
                        .fraction())
                .isGreaterThan(new BigDecimal("0.9"));
    }

    @Test
    void anUntestedRuleIsLessSure() {
        var signals = List.of(signal("a", "0.9", "0.6"));
        var tested = Confidence.of(Severity.HIGH, rule(Proof.TESTED, 0, 0), signals);
        var untested = Confidence.of(Severity.HIGH, rule(Proof.UNTESTED, 0, 0), signals);
        assertThat(tested.score()).isEqualTo("90.00");
        assertThat(untested.score()).isEqualTo("72.00");
        assertThat(untested.chain().getLast().contribution()).isEqualTo("-18.00");
        assertThat(untested.chain().getLast().claim()).isEqualTo("the rule is untested: times 0.8");
        assertThat(Confidence.of(Severity.HIGH, RuleRecord.unknown("r"), signals)
                        .score())
                .as("a rule of another product")
                .isEqualTo("90.00");
    }

    @Test
    void whereNothingElseIsKnownTheLevelIsAllThereIs() {
        var scores = new ArrayList<String>();
        for (Severity severity : Severity.values()) {
            var confidence = Confidence.of(severity, rule(Proof.TESTED, 0, 0), List.of());
            scores.add(confidence.score() + " " + confidence.label().word());
        }
        assertThat(scores).containsExactly("20.00 low", "33.33 low", "50.00 medium", "60.00 medium", "80.00 high");
        for (Proof proof : Proof.values()) {
            var nothing = Confidence.measured(Severity.CRITICAL, rule(proof, 0, 0), List.of());
            assertThat(nothing.score()).as("a level is no measurement").isEqualTo("0.00");
            assertThat(nothing.label()).isEqualTo(Label.UNKNOWN);
        }
        var found = rule(Proof.TESTED, 3, 1);
        assertThat(Confidence.measured(Severity.LOW, found, List.of()))
                .isEqualTo(Confidence.of(Severity.LOW, found, List.of()));
    }

    @Test
    void labelsHaveOcsfNumbers() {
        assertThat(Label.values()).extracting(Label::ocsfId).containsExactly(0, 1, 2, 3);
        var clean = Confidence.of(Severity.LOW, rule(Proof.TESTED, 0, 0), List.of(signal("a", "0", "0.6")));
        assertThat(clean.label()).as("measured and low").isEqualTo(Label.LOW);
        assertThatThrownBy(() -> new Confidence(BigDecimal.ONE, Label.LOW, List.of()))
                .hasMessage("contributions sum to 0, not to 1");
    }

    @Test
    void contributionsSumExactlyInAnyOrderAndWorseIsNeverLower() {
        var seed = Seed.of("ConfidenceTest");
        var random = seed.random();
        var proofs = Proof.values();
        var severities = Severity.values();
        for (int i = 0; i < 3_000; i++) {
            var signals = new ArrayList<Signal>();
            for (int n = random.nextInt(6); n > 0; n--) {
                signals.add(signal(
                        "s" + n,
                        BigDecimal.valueOf(random.nextInt(10_001), 4).toString(),
                        BigDecimal.valueOf(random.nextInt(1, 20_000), 4).toString()));
            }
            int right = random.nextInt(60);
            int wrong = random.nextInt(60);
            var proof = proofs[random.nextInt(proofs.length)];
            var severity = severities[random.nextInt(severities.length)];
            var confidence = Confidence.of(severity, rule(proof, right, wrong), signals);
            assertThat(contributions(confidence).stream().reduce(BigDecimal.ZERO, BigDecimal::add))
                    .isEqualTo(confidence.score());
            assertThat(confidence.score()).isBetween(BigDecimal.ZERO, new BigDecimal("100.00"));
            Collections.shuffle(signals, new Random(seed.value() + i));
            assertThat(Confidence.of(severity, rule(proof, right, wrong), signals))
                    .isEqualTo(confidence);
            var better = Confidence.of(severity, rule(Proof.TESTED, right, wrong), signals);
            assertThat(better.score()).isGreaterThanOrEqualTo(confidence.score());
            if (!signals.isEmpty()) {
                var old = signals.removeLast();
                signals.add(signal(old.source(), "1", old.weight().toPlainString()));
                assertThat(Confidence.of(severity, rule(proof, right, wrong), signals)
                                .score())
                        .isGreaterThanOrEqualTo(confidence.score());
            }
            assertThat(Confidence.of(severity, rule(proof, right + 1, wrong), List.of())
                            .score())
                    .as("one more attack found")
                    .isGreaterThanOrEqualTo(
                            right + wrong == 0
                                    ? BigDecimal.ZERO
                                    : Confidence.of(severity, rule(proof, right, wrong), List.of())
                                            .score());
        }
    }
}
