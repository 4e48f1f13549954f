package io.marsad.store.segment;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A percentile: of all numbers of a group, or of an even sample where there are very many. */
final class Samples extends Measuring {
    private static final int MOST = 10_000;

    private final double percentile;
    private final Map<Integer, Sample> groups = new HashMap<>();
    private final SplittableRandom random = new SplittableRandom(1); // the same question gets the same answer
    private long weight;

    private static final class Sample {
        private double[] numbers = new double[4];
        private long seen;
    }

    Samples(double percentile) {
        this.percentile = percentile;
    }

    @Override
    void add(int group, RowValues values, int n, Clock clock) throws IOException {
        for (int k = 0; k < n; k++) {
            values.at(k);
            double number = number(values);
            if (!Double.isNaN(number)) {
                var sample = groups.get(group);
                if (sample == null) {
                    sample = new Sample();
                    groups.put(group, sample);
                    weight += 150;
                }
                add(sample, number);
            }
        }
    }

    private void add(Sample to, double number) {
        long at = to.seen++;
        if (at >= MOST) {
            at = random.nextLong(to.seen);
            if (at >= MOST) {
                return;
            }
        } else if (at == to.numbers.length) {
            weight += 8L * to.numbers.length;
            to.numbers = Arrays.copyOf(to.numbers, Math.min(MOST, to.numbers.length * 2));
        }
        to.numbers[(int) at] = number;
    }

    /** The smallest number that so many per cent are not above. */
    @Override
    @Nullable
    Object result(int group) {
        var sample = groups.get(group);
        if (sample == null) {
            return null;
        }
        int n = (int) Math.min(MOST, sample.seen);
        var sorted = Arrays.copyOf(sample.numbers, n);
        Arrays.sort(sorted);
        return sorted[Math.clamp((int) Math.ceil(percentile / 100 * n) - 1, 0, n - 1)];
    }

    @Override
    long weight() {
        return weight;
    }
}
