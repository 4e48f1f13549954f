package io.marsad.kernel.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an {@link EventSummary}.
 *
 * @param groups most events first, then by keys
 * @param events how many events fit in all
 * @param droppedGroups groups beyond the limit, whose events are counted in {@code events} only
 * @param partial the time limit or the limit of memory came first, or the watch ended it
 */
public record SummaryTable(
        List<Group> groups, long events, long droppedGroups, boolean partial, long scannedEvents, long tookNanos) {
    public SummaryTable {
        groups = List.copyOf(groups);
    }

    /**
     * @param keys in the order of {@link EventSummary#keys}: text, or a Long for time; null where the event has none
     * @param measures in the order of {@link EventSummary#measures}: Long for counts, Double for sums and percentiles,
     *     Double or text for the least and greatest, text for the first and last, a list of text for values, null where
     *     there is nothing
     */
    public record Group(List<@Nullable Object> keys, long events, List<@Nullable Object> measures) {}
}
