package io.marsad.soc.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.soc.intel.IntelAnswer.State;
import io.marsad.soc.intel.Signal.Scale;
import io.marsad.testkit.Seed;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** One confidence out of many signals, as anybody can compute it. */
class FusionTest {
    private static Signal signal(String source, String field, String norm, String weight) {
        return new Signal(source, field, "1", Scale.SHARE, new BigDecimal(norm), new BigDecimal(weight), "1");
    }

    private static IntelAnswer found(String source, Signal... signals) {
        return new IntelAnswer(source, State.FOUND, List.of(signals), List.of(), List.of(), "{}", null);
    }

    @Test
    void theSumDividedByTheWeights() {
        var result = IntelResult.of(
                Recorded.BAD,
                List.of(
                        Recorded.read("virustotal-ip.json"),
                        Recorded.read("abuseipdb-bad.json"),
                        Recorded.read("greynoise-malicious.json")));
        // 0.92 × 0.6 + 1 × 0.4 + 0.8 × 0.5 + 0.25 × 0.2 = 1.402, divided by 1.7
        assertThat(result.confidence()).isEqualTo("0.8248");
        assertThat(result.level()).isEqualTo(RiskLevel.CRITICAL);
        assertThat(result.sourcesQueried()).containsExactly("abuseipdb", "greynoise", "virustotal");
        assertThat(result.sourcesAt(RiskLevel.HIGH)).containsExactly("abuseipdb", "greynoise", "virustotal");
        assertThat(result.reasons()).contains("abuseipdb: abuse_confidence is 92, 0.9200 × 0.6");
    }

    @Test
    void aCleanAnswerLowersAndAnUnknownOneDoesNot() {
        var alone = IntelResult.of(Recorded.BAD, List.of(Recorded.read("abuseipdb-bad.json")));
        var clean = IntelResult.of(
                Recorded.BAD,
                List.of(
                        Recorded.read("abuseipdb-bad.json"),
                        found("greynoise", signal("greynoise", "riot", "0", "0.6"))));
        var unknown = IntelResult.of(
                Recorded.BAD, List.of(Recorded.read("abuseipdb-bad.json"), Recorded.read("virustotal-not-found.json")));
        assertThat(clean.confidence()).isEqualTo("0.4600").isLessThan(alone.confidence());
        assertThat(unknown.confidence()).isEqualTo(alone.confidence());
    }

    @Test
    void aDeadSourceIsNamedAndTolerated() {
        var result = IntelResult.of(
                Recorded.BAD,
                List.of(Recorded.read("abuseipdb-bad.json"), IntelAnswer.failed("virustotal", "timeout", null)));
        assertThat(result.confidence()).isEqualTo("0.9200");
        assertThat(result.sourcesFailed()).containsExactly("virustotal");
        assertThat(result.reasons()).contains("virustotal failed: timeout");
        assertThat(result.allFailed()).isFalse();
        assertThat(IntelResult.of(Recorded.BAD, List.of(IntelAnswer.failed("virustotal", "timeout", null)))
                        .allFailed())
                .isTrue();
        assertThat(IntelResult.of(Recorded.BAD, List.of()).allFailed()).isFalse();
        var feed = new LocalFeed("x", List.of(), List.of()).lookup(Recorded.BAD, java.time.Instant.EPOCH);
        assertThat(IntelResult.of(Recorded.BAD, List.of(feed)).allFailed()).isFalse();
        assertThat(IntelResult.of(Recorded.BAD, List.of(feed, IntelAnswer.failed("virustotal", "timeout", null)))
                        .allFailed())
                .as("a list that does not have it is no answer")
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0, UNKNOWN",
        "0.0001, LOW",
        "0.3499, LOW",
        "0.35, MEDIUM",
        "0.5999, MEDIUM",
        "0.60, HIGH",
        "0.7999, HIGH",
        "0.80, CRITICAL",
        "1, CRITICAL"
    })
    void levels(BigDecimal confidence, RiskLevel level) {
        assertThat(RiskLevel.of(confidence)).isEqualTo(level);
    }

    @Test
    void noRoundingMakesAnythingLookBetter() {
        assertThat(signal("a", "b", "0.00001", "1").norm()).isEqualTo("0.0001");
        assertThat(Fusion.confidence(List.of(signal("a", "b", "0.0001", "0.0001"), signal("a", "c", "0", "9"))))
                .isEqualTo("0.0001");
    }

    @Test
    void signalsAndAnswersHoldWhatTheyShould() {
        assertThatThrownBy(() -> signal("a", "b", "1.0001", "1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> signal("a", "b", "-0.1", "1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> signal("a", "b", "1", "0")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> found("a", signal("b", "f", "1", "1"))).isInstanceOf(IllegalArgumentException.class);
        var answer = found("a", signal("a", "f", "1", "1"));
        assertThatThrownBy(() -> IntelResult.of(Recorded.BAD, List.of(answer, answer)))
                .hasMessage("a answers twice");
    }

    @Test
    void orderIsIrrelevantWorseIsNeverLowerAndWhoReadsItCanRecompute() {
        var seed = Seed.of("FusionTest");
        var random = seed.random();
        for (int i = 0; i < 2_000; i++) {
            var answers = answers(random);
            var result = IntelResult.of(Recorded.BAD, answers);
            var shuffled = new ArrayList<>(answers);
            Collections.shuffle(shuffled, new Random(seed.value() + i));
            assertThat(IntelFacts.json(IntelResult.of(Recorded.BAD, shuffled))).isEqualTo(IntelFacts.json(result));
            assertThat(recomputed(IntelFacts.json(result))).isEqualByComparingTo(result.confidence());
            assertThat(IntelResult.of(Recorded.BAD, worse(answers, random)).confidence())
                    .isGreaterThanOrEqualTo(result.confidence());
        }
    }

    private static List<IntelAnswer> answers(SplittableRandom random) {
        var answers = new ArrayList<IntelAnswer>();
        for (int s = random.nextInt(5); s >= 0; s--) {
            var source = "source" + s;
            var signals = new ArrayList<Signal>();
            for (int f = random.nextInt(4); f > 0; f--) {
                signals.add(signal(
                        source,
                        "field" + f,
                        BigDecimal.valueOf(random.nextInt(10_001), 4).toString(),
                        BigDecimal.valueOf(random.nextInt(1, 200), 2).toString()));
            }
            answers.add(
                    switch (random.nextInt(6)) {
                        case 0 -> IntelAnswer.failed(source, "down", null);
                        case 1 -> IntelAnswer.notFound(source, "{}");
                        default -> found(source, signals.toArray(Signal[]::new));
                    });
        }
        return answers;
    }

    /** With one signal worse than it was. */
    private static List<IntelAnswer> worse(List<IntelAnswer> answers, SplittableRandom random) {
        var changed = new ArrayList<>(answers);
        int at = random.nextInt(answers.size());
        var signals = new ArrayList<>(answers.get(at).signals());
        if (!signals.isEmpty()) {
            var old = signals.removeLast();
            int norm = old.norm().movePointRight(4).intValueExact();
            signals.add(signal(
                    old.source(),
                    old.field(),
                    BigDecimal.valueOf(norm + random.nextInt(10_001 - norm), 4).toString(),
                    old.weight().toPlainString()));
            changed.set(at, found(old.source(), signals.toArray(Signal[]::new)));
        }
        return changed;
    }

    /** As the documentation says it, from what was printed alone. */
    private static BigDecimal recomputed(String json) {
        var sum = BigDecimal.ZERO;
        var weights = BigDecimal.ZERO;
        for (var signal : JsonMapper.shared().readTree(json).get("signals")) {
            var weight = new BigDecimal(signal.get("weight").asString());
            sum = sum.add(new BigDecimal(signal.get("norm").asString()).multiply(weight));
            weights = weights.add(weight);
        }
        return weights.signum() == 0 ? BigDecimal.ZERO : sum.divide(weights, 4, RoundingMode.CEILING);
    }
}
