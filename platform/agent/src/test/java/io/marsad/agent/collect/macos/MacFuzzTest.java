package io.marsad.agent.collect.macos;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.agent.collect.Fuzz;
import io.marsad.agent.collect.Origin;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever programs of macOS say, no parser throws. */
final class MacFuzzTest {
    private final Fuzz fuzz = new Fuzz();

    @Test
    void tables() {
        fuzz.fuzz(List.of(MacTest.PS), b -> assertThat(Ps.parse(b)).isNotNull());
        fuzz.fuzz(
                List.of(MacTest.LAUNCHCTL), b -> assertThat(Launchctl.parse(b)).isNotNull());
        fuzz.fuzz(List.of(MacTest.WHO), b -> assertThat(Who.parse(b)).isNotNull());
        fuzz.fuzz(
                List.of(MacTest.APPLICATIONS),
                b -> assertThat(Applications.parse(b)).isNotNull());
    }

    @Test
    void lsof() {
        fuzz.fuzz(
                List.of(MacTest.LSOF),
                b -> Lsof.parse(b)
                        .rows()
                        .keySet()
                        .forEach(one -> assertThat(one.remotePort()).isBetween(0, 65_535)));
    }

    @Test
    void unifiedLog() {
        var journal = new UnifiedLog(new Origin("macOS", InstantSource.system()));
        fuzz.fuzz(List.of(MacTest.LOG.lines().toList().getLast()), b -> {
            var entry = journal.parse(b);
            assertThat(entry == null || entry.found().has("time")).isTrue();
        });
    }
}
