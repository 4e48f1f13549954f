package io.marsad.soc.suppression;

import io.marsad.kernel.event.EventId;
import java.time.Instant;
import java.util.List;

/**
 * What a suppression would have hidden of stored alerts.
 *
 * @param days that were looked at
 * @param candidates alerts of these days that fit its rules and entity
 * @param looked the newest of them, whose first event was held against the query
 * @param hidden how many of these it would have hidden
 * @param gone how many of these have no event any more
 * @param byRule most first
 * @param examples newest first, at most 20
 */
public record Preview(
        int days, long candidates, int looked, int hidden, int gone, List<OfRule> byRule, List<Example> examples) {
    public Preview {
        byRule = List.copyOf(byRule);
        examples = List.copyOf(examples);
    }

    /**
     * @param firings of these alerts
     * @param truePositives how many of them somebody closed as such: what one would have missed
     */
    public record OfRule(String ruleId, String title, int alerts, long firings, int truePositives) {}

    /** An alert that would not have been. */
    public record Example(EventId id, Instant time, String title, String severity, String status) {}
}
