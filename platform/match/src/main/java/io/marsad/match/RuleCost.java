package io.marsad.match;

/**
 * What one predicate of a {@link Matcher} has cost since the matcher was made, in this thread's copy of it.
 *
 * @param index the predicate's index
 * @param rows how many rows the matcher was asked about for which there are predicates, this one or others
 * @param evaluations how often it had to be evaluated (the prefilter could not rule it out)
 * @param matches how often it was true
 * @param sampledNanos time spent in the evaluations that were measured
 * @param samples how many were measured
 */
public record RuleCost(int index, long rows, long evaluations, long matches, long sampledNanos, long samples) {
    /** The estimated time spent in all evaluations, nanoseconds. */
    public long estimatedNanos() {
        return samples == 0 ? 0 : (long) ((double) sampledNanos / samples * evaluations);
    }

    /** The estimated share in the time that one row takes, nanoseconds; the scan that all share is not in it. */
    public double nanosPerEvent() {
        return rows == 0 ? 0 : (double) estimatedNanos() / rows;
    }
}
