package io.marsad.store.segment;

import io.marsad.kernel.store.EventSummary;
import io.marsad.match.Decimal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One measure of all groups. Groups are numbers; what is kept of each grows as they come. One thread. */
abstract sealed class Measuring
        permits Measuring.Counting,
                Measuring.Numbers,
                Measuring.Extreme,
                Samples,
                FrequentValues,
                OrderedValues,
                Distinct {
    /** Where an event stands in time: its time, then its id. */
    record Moment(long time, long high, long low) implements Comparable<Moment> {
        @Override
        public int compareTo(Moment other) {
            return Search.compare(time, high, low, other.time, other.high, other.low);
        }
    }

    /** The same for whatever row is being read. */
    interface Clock {
        Moment moment() throws IOException;
    }

    static Measuring of(EventSummary.Measure measure) {
        return switch (measure.function()) {
            case COUNT -> new Counting();
            case DISTINCT -> new Distinct();
            case SUM -> new Numbers(false);
            case AVG -> new Numbers(true);
            case MIN -> new Extreme(-1);
            case MAX -> new Extreme(1);
            case PERCENTILE -> new Samples(measure.percentile());
            case VALUES -> new FrequentValues(measure.most());
            case LIST -> new OrderedValues(measure.most(), true, true);
            case FIRST -> new OrderedValues(1, true, false);
            case LAST -> new OrderedValues(1, false, false);
        };
    }

    /** An event of the group has {@code n} values, at least one. */
    abstract void add(int group, RowValues values, int n, Clock clock) throws IOException;

    /** What {@code SummaryTable} has for the group. */
    abstract @Nullable Object result(int group);

    /** What it takes in memory, roughly. */
    abstract long weight();

    static double number(RowValues values) {
        return Decimal.parse(values.bytes(), values.offset(), values.length());
    }

    static int room(int group, int length) {
        return group < length ? length : Math.max(group + 1, length * 2);
    }

    /** Events that have the field. */
    static final class Counting extends Measuring {
        private long[] counts = new long[64];

        @Override
        void add(int group, RowValues values, int n, Clock clock) {
            counts = Arrays.copyOf(counts, room(group, counts.length));
            counts[group]++;
        }

        @Override
        Object result(int group) {
            return group < counts.length ? counts[group] : 0L;
        }

        @Override
        long weight() {
            return counts.length * 8L;
        }
    }

    /** Sum or mean. */
    static final class Numbers extends Measuring {
        private final boolean mean;
        private double[] sums = new double[64];
        private long[] counts = new long[64];

        Numbers(boolean mean) {
            this.mean = mean;
        }

        @Override
        void add(int group, RowValues values, int n, Clock clock) throws IOException {
            if (group >= sums.length) {
                sums = Arrays.copyOf(sums, room(group, sums.length));
                counts = Arrays.copyOf(counts, sums.length);
            }
            for (int k = 0; k < n; k++) {
                values.at(k);
                double number = number(values);
                if (!Double.isNaN(number)) {
                    sums[group] += number;
                    counts[group]++;
                }
            }
        }

        @Override
        @Nullable
        Object result(int group) {
            if (group >= sums.length || counts[group] == 0) {
                return null;
            }
            return mean ? sums[group] / counts[group] : sums[group];
        }

        @Override
        long weight() {
            return sums.length * 16L;
        }
    }

    /** The least or greatest number, or text where there is no number. */
    static final class Extreme extends Measuring {
        private final int sign;
        private double[] numbers = new double[0];
        private byte[] @Nullable [] texts = new byte[0][];
        private long textBytes;

        Extreme(int sign) {
            this.sign = sign;
        }

        @Override
        void add(int group, RowValues values, int n, Clock clock) throws IOException {
            if (group >= numbers.length) {
                int before = numbers.length;
                numbers = Arrays.copyOf(numbers, room(group, Math.max(64, before)));
                Arrays.fill(numbers, before, numbers.length, Double.NaN);
                texts = Arrays.copyOf(texts, numbers.length);
            }
            for (int k = 0; k < n; k++) {
                values.at(k);
                double number = number(values);
                if (!Double.isNaN(number)) {
                    if (Double.isNaN(numbers[group]) || sign * Double.compare(number, numbers[group]) > 0) {
                        numbers[group] = number;
                    }
                } else if (Double.isNaN(numbers[group])) {
                    text(group, values);
                }
            }
        }

        private void text(int group, RowValues values) {
            int from = values.offset();
            int to = from + values.length();
            var known = texts[group];
            if (known == null || sign * Arrays.compareUnsigned(values.bytes(), from, to, known, 0, known.length) > 0) {
                textBytes += values.length() + 24L - (known == null ? 0 : known.length + 24L);
                texts[group] = Arrays.copyOfRange(values.bytes(), from, to);
            }
        }

        @Override
        @Nullable
        Object result(int group) {
            if (group >= numbers.length) {
                return null;
            }
            if (!Double.isNaN(numbers[group])) {
                return numbers[group];
            }
            var text = texts[group];
            return text == null ? null : new String(text, StandardCharsets.UTF_8);
        }

        @Override
        long weight() {
            return numbers.length * 12L + textBytes;
        }
    }
}
