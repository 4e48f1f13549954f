package io.marsad.match;

/**
 * What one predicate of a {@link Matcher} has cost since the matcher was made, in this thread's copy of it.
 *
 * @param index the predicate's index
 * @param evaluations how often it had to be evaluated (the prefilter could not rule it out)
 * @param matches how often it was true
 * @param sampledNanos time spent in the evaluations that were measured
 * @param samples how many were measured
 */
public record RuleCost(int index, long evaluations, long matches, long sampledNanos, long samples) {
    /** The estimated time spent in all evaluations, nanoseconds. */
    public long estimatedNanos() {
        return samples == 0 ? 0 : (long) ((double) sampledNanos / samples * evaluations);
    }
}
