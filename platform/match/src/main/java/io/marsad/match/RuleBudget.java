package io.marsad.match;

/**
 * What one predicate may cost.
 *
 * @param nanosPerEvent on average over the rows that a {@link Matcher} sees; at least 1
 * @param quarantine a predicate that costs more is not evaluated any more, instead of only being reported
 */
public record RuleBudget(long nanosPerEvent, boolean quarantine) {
    public RuleBudget {
        if (nanosPerEvent < 1) {
            throw new IllegalArgumentException("a budget is at least 1 ns");
        }
    }

    /** Told once of each predicate that is over the budget. */
    @FunctionalInterface
    public interface Listener {
        /**
         * @param index the predicate's
         * @param nanosPerEvent what it cost of late
         * @param quarantined it is not evaluated any more
         */
        void overBudget(int index, long nanosPerEvent, boolean quarantined);
    }
}
