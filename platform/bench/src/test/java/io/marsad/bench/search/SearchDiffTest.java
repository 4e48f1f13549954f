package io.marsad.bench.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.marsad.bench.diff.RealData;
import io.marsad.testkit.Seed;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Searches find what a naive filter finds. {@code marsad bench search-diff} asks more. */
class SearchDiffTest {
    /** One log in so many. */
    private static final int FILES_EVERY = 60;

    @Test
    void onPublicRulesAndRealLogs() throws Exception {
        var data = RealData.here();
        assumeTrue(data.isThere(), () -> "skipped: no real data at " + data.folder());
        var seed = Seed.of("SearchDiffTest").value();
        var result = SearchDiffCommand.small(data, data.rules().resolve("rules-threat-hunting"), seed, FILES_EVERY, 60);
        var report = result.report();
        System.out.println("SearchDiffTest " + report);
        assertThat(result.differences()).isEmpty();
        assertThat((Integer) report.get("rules")).isGreaterThan(100);
        assertThat((Integer) report.get("events")).isGreaterThan(1_000);
        assertThat((Map<?, ?>) report.get("operators")).hasSizeGreaterThan(20);
    }
}
