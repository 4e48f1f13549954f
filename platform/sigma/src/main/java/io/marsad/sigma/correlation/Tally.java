package io.marsad.sigma.correlation;

import io.marsad.sigma.Condition;
import io.marsad.sigma.SigmaCorrelation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;

/** The events of a window that slides over a group's entries, counted. */
final class Tally {
    private static final double WHOLE = 1L << 46;

    private final Plan plan;
    private int count;
    private final int[] seen;
    private int distinct;
    /** For each step of an order: where the run that has come so far began, at the latest; the entry's number. */
    private final long[] began;

    private final HashMap<Long, Integer> values = new HashMap<>(0);
    private long whole;
    private int fractions;

    Tally(Plan plan) {
        this.plan = plan;
        seen = new int[plan.members];
        began = new long[plan.members];
        clear();
    }

    /** What is compared of the entries from one index to another. */
    static double valueOf(Plan plan, Entries entries, int from, int to) {
        if (plan.rule.type() == SigmaCorrelation.Type.EVENT_COUNT) {
            return to - from + 1;
        }
        var tally = new Tally(plan);
        for (int i = from; i <= to; i++) {
            tally.add(entries, i, i);
        }
        return tally.value(entries, from, to, from);
    }

    void clear() {
        count = 0;
        distinct = 0;
        whole = 0;
        fractions = 0;
        values.clear();
        Arrays.fill(seen, 0);
        Arrays.fill(began, Long.MIN_VALUE);
    }

    long bytes() {
        return 160 + 12L * plan.members + 80L * values.size();
    }

    /** @param number of the entry, one more for each */
    void add(Entries entries, int i, long number) {
        count++;
        switch (plan.rule.type()) {
            case EVENT_COUNT -> {}
            case VALUE_COUNT -> values.merge(entries.value(i), 1, Integer::sum);
            case TEMPORAL -> {
                if (seen[entries.member(i)]++ == 0) {
                    distinct++;
                }
            }
            case TEMPORAL_ORDERED -> {
                int member = entries.member(i);
                began[member] = member == 0 ? number : began[member - 1];
            }
            case VALUE_SUM, VALUE_AVG, VALUE_PERCENTILE -> addNumber(entries.number(i), 1);
        }
    }

    /** Takes the oldest out. */
    void remove(Entries entries, int i) {
        count--;
        switch (plan.rule.type()) {
            case EVENT_COUNT, TEMPORAL_ORDERED -> {}
            case VALUE_COUNT -> values.computeIfPresent(entries.value(i), (v, n) -> n == 1 ? null : n - 1);
            case TEMPORAL -> {
                if (--seen[entries.member(i)] == 0) {
                    distinct--;
                }
            }
            case VALUE_SUM, VALUE_AVG, VALUE_PERCENTILE -> addNumber(entries.number(i), -1);
        }
    }

    private void addNumber(double number, int sign) {
        if (number == Math.rint(number) && Math.abs(number) < WHOLE) {
            whole += sign * (long) number;
        } else {
            fractions += sign;
        }
    }

    /**
     * What is compared.
     *
     * @param from the oldest entry of the window
     * @param to the newest
     * @param first the number of the oldest
     */
    double value(Entries entries, int from, int to, long first) {
        return switch (plan.rule.type()) {
            case EVENT_COUNT -> count;
            case VALUE_COUNT -> values.size();
            case TEMPORAL -> {
                var words = plan.rule.words();
                yield words == null ? distinct : holds(words) ? distinct : 0;
            }
            case TEMPORAL_ORDERED -> {
                int steps = 0;
                for (int m = 0; m < began.length; m++) {
                    steps = began[m] >= first ? m + 1 : steps;
                }
                yield steps;
            }
            case VALUE_SUM -> fractions == 0 ? whole : sum(entries, from, to);
            case VALUE_AVG -> sum(entries, from, to) / count;
            case VALUE_PERCENTILE -> percentile(entries, from, to);
        };
    }

    private boolean holds(Condition words) {
        return switch (words) {
            case Condition.All(List<Condition> of) -> of.stream().allMatch(this::holds);
            case Condition.Any(List<Condition> of) -> of.stream().anyMatch(this::holds);
            case Condition.Not(Condition of) -> !holds(of);
            case Condition.Named(String name) -> seen[plan.rule.rules().indexOf(name)] > 0;
            case Condition.Several(boolean all, String pattern, List<String> names) -> {
                int n = 0;
                for (String name : names) {
                    n += seen[plan.rule.rules().indexOf(name)] > 0 ? 1 : 0;
                }
                yield all ? n == names.size() : n > 0;
            }
        };
    }

    /** From the oldest to the newest, so that rounding is always the same. */
    private static double sum(Entries entries, int from, int to) {
        double sum = 0;
        for (int i = from; i <= to; i++) {
            sum += entries.number(i);
        }
        return sum;
    }

    /** The least value that so many percent of the values do not exceed (nearest rank). */
    private double percentile(Entries entries, int from, int to) {
        var numbers = new double[to - from + 1];
        for (int i = from; i <= to; i++) {
            numbers[i - from] = entries.number(i);
        }
        Arrays.sort(numbers);
        var wanted = plan.rule.percentile();
        int rank = (int) Math.ceil((wanted == null ? 50 : wanted) / 100 * numbers.length);
        return numbers[Math.clamp(rank, 1, numbers.length) - 1];
    }
}
