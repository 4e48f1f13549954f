package io.marsad.bench.grouping;

import io.marsad.soc.correlate.AlertFact;
import io.marsad.soc.correlate.Correlator;
import io.marsad.soc.correlate.Parameters;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** How fast alerts are grouped, one at a time. */
final class Speed {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final long seed;

    Speed(long seed) {
        this.seed = seed;
    }

    /** Feeds the alerts one at a time and asks each time for the alert's group and why it is there, as a case service does. */
    String run(int count) {
        var facts = new MadeUp(seed).alerts(count, BEGIN, Duration.ofDays(30));
        var correlator = new Correlator(Parameters.usual());
        var threads = ManagementFactory.getThreadMXBean();
        long began = threads.getCurrentThreadCpuTime();
        long edges = 0;
        int largest = 0;
        for (AlertFact fact : facts) {
            correlator.add(fact);
            largest = Math.max(
                    largest,
                    correlator.groupOf(fact.id()).map(g -> g.alerts().size()).orElse(0));
            edges += correlator.edgesOf(fact.id()).size();
        }
        long took = threads.getCurrentThreadCpuTime() - began;
        return String.format(
                Locale.ROOT,
                "%d alerts in 30 days, one at a time: %.0f alerts/s, %.0f us CPU each; groups %d, largest %d, edges asked %d",
                count,
                count / (took / 1e9),
                took / 1e3 / count,
                correlator.groups().size(),
                largest,
                edges);
    }
}
