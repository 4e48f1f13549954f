package io.marsad.server.demo;

import io.marsad.server.demo.Records.Record;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The intrusion woven into the noise, in the order of its time. The same seed and start give the same bytes.
 *
 * @param steps what was planted
 * @param records everything, to be sent in this order
 */
record Scenario(List<Intrusion.Step> steps, List<Record> records) {
    static final Duration SPAN = Duration.ofMinutes(10);

    static Scenario of(long seed, Instant start, int noise) {
        var random = new SplittableRandom(seed);
        var factory = new Records(random.split());
        var steps = Intrusion.steps(factory, start);
        var all = new ArrayList<>(new Noise(random.split(), factory).records(noise, start, SPAN));
        steps.forEach(step -> all.addAll(step.records()));
        all.sort(Comparator.comparing(Record::at));
        return new Scenario(steps, List.copyOf(all));
    }
}
