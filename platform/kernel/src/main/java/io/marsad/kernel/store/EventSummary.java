package io.marsad.kernel.store;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.tenant.TenantId;
import java.time.Duration;
import java.util.List;

/**
 * Events that fit, put into groups and measured.
 *
 * <p>An event with several values of a key counts once for each of them; an event without the key is in the group whose
 * key is null. Values group as they are written, with regard to case.
 *
 * @param from event time, epoch milliseconds, inclusive
 * @param to event time, exclusive
 * @param keys none: all events are one group
 * @param maxGroups 1 to 100,000; the groups with the most events are kept, see {@link SummaryTable#droppedGroups}
 * @param timeout after which what was counted so far is given, marked partial
 */
public record EventSummary(
        TenantId tenant,
        long from,
        long to,
        Predicate where,
        List<Key> keys,
        List<Measure> measures,
        int maxGroups,
        Duration timeout) {
    public EventSummary {
        keys = List.copyOf(keys);
        measures = List.copyOf(measures);
        if (maxGroups < 1 || maxGroups > 100_000) {
            throw new IllegalArgumentException("a summary has 1 to 100,000 groups");
        }
    }

    /** What groups events. */
    public sealed interface Key {}

    /** By the values of the first of these fields that the event has. */
    public record OfField(List<Field> fields) implements Key {
        public OfField {
            fields = List.copyOf(fields);
        }
    }

    /** By event time, in spans of this many milliseconds counted from the epoch; the key is the span's begin. */
    public record OfTime(long spanMillis) implements Key {
        public OfTime {
            if (spanMillis < 1) {
                throw new IllegalArgumentException("a span has at least a millisecond");
            }
        }
    }

    /**
     * What is measured in a group, over all values of the first of these fields that an event has; values that are no
     * number are left out where numbers are wanted.
     *
     * @param fields empty for {@link Function#COUNT} of events
     * @param percentile above 0 and below 100 for {@link Function#PERCENTILE}, else 0
     * @param most for {@link Function#VALUES} and {@link Function#LIST}: how many are kept, else 0
     */
    public record Measure(Function function, List<Field> fields, double percentile, int most) {
        public Measure {
            fields = List.copyOf(fields);
        }
    }

    /** The kinds of measures. */
    public enum Function {
        /** Events; with a field: events that have it. */
        COUNT,
        /** Different values; exact up to 10,000 in a group, then an estimate (about 2 %). */
        DISTINCT,
        SUM,
        AVG,
        /** The least number; where no value is one, the least text (by its UTF-8 bytes). */
        MIN,
        /** The greatest number; where no value is one, the greatest text. */
        MAX,
        /** Of the numbers: exact up to 10,000 in a group, then an estimate (about 1 % of rank). */
        PERCENTILE,
        /** The different values, most frequent first; beyond 10,000 in a group new ones are left out. */
        VALUES,
        /** Values as they come, oldest event first. */
        LIST,
        /** The value in the oldest event that has it. */
        FIRST,
        /** The value in the newest event that has it. */
        LAST
    }
}
