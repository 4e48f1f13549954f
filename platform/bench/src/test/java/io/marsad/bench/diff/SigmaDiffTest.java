package io.marsad.bench.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.marsad.server.node.Content;
import io.marsad.testkit.Seed;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The engine agrees with the matcher that was written from the specification. {@code marsad bench sigma-diff} asks more. */
class SigmaDiffTest {
    /** One log in so many. */
    private static final int FILES_EVERY = 60;

    @Test
    void onGeneratedRulesAndEvents() {
        var seed = Seed.of("SigmaDiffTest");
        var result = new GeneratedDiff(seed.value()).run(8_000);
        System.out.printf(
                "SigmaDiffTest %d rules, %d pairs, %d crossed, %d hits%n",
                result.rules(), result.pairs(), result.crossed(), result.hits());
        assertThat(result.differences()).isEmpty();
        assertThat(result.hits()).isBetween(result.pairs() / 4, result.pairs() * 3 / 4);
        assertThat(result.refused()).isLessThan(result.rules() / 10);
    }

    @Test
    void onPublicRulesAndRealLogs() throws Exception {
        var data = RealData.here();
        assumeTrue(data.isThere(), () -> "skipped: no real data at " + data.folder());
        var rules = data.rules().resolve("rules-threat-hunting");
        var content = Content.load(Path.of(System.getProperty("marsad.root", "."), "content"), List.of(rules));
        var diff = new RealDiff(content, rules, 20);
        var logs = data.logs();
        for (int i = 0; i < logs.size(); i += FILES_EVERY) {
            diff.read(logs.get(i));
        }
        var result = diff.result();
        System.out.printf(
                "SigmaDiffTest %d rules, %d events, %d evaluated, %d unrouted, %d hits%n",
                result.rules(), result.events(), result.evaluated(), result.unrouted(), result.hits());
        assertThat(result.differences()).isEmpty();
        assertThat(result.rules()).isGreaterThan(100);
        assertThat(result.events()).isGreaterThan(100);
    }
}
