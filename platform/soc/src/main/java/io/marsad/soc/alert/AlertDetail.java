package io.marsad.soc.alert;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One alert with all there is to it.
 *
 * @param rule as it was when it fired
 * @param narrative what happened, in words; the same for the same evidence
 * @param history oldest first
 * @param confidence how sure it is, as it was decided by; null while it waits for its decision
 */
public record AlertDetail(
        Alert alert,
        RuleSnapshot rule,
        String narrative,
        List<Evidence> evidence,
        List<HistoryEntry> history,
        RuleRecord ruleRecord,
        @Nullable Confidence confidence) {
    /** Of the narrative: changes with anything that changes what is told of the same evidence. */
    public static final int NARRATIVE_VERSION = Narrative.VERSION;

    public AlertDetail {
        evidence = List.copyOf(evidence);
        history = List.copyOf(history);
    }

    /**
     * One thing that was done.
     *
     * @param actor the name of the user or token, or {@code system:NAME}
     */
    public record HistoryEntry(
            Instant at,
            String actor,
            String action,
            @Nullable String detail) {}

    /** What became of the rule's alerts so far, this one included. */
    public record RuleRecord(long fired, long closed, long falsePositives) {}
}
