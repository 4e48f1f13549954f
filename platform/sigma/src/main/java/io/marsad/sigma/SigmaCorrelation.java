package io.marsad.sigma;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A rule about several events (correlation rules specification 2.1.0).
 *
 * @param rules ids or names of what is counted
 * @param groupBy field names or aliases; empty means one group for all
 * @param aliases for an alias, the field by rule id or name
 * @param bounds all have to hold
 * @param fields whose values are counted or computed; empty for types that count events or rules
 * @param percentile for value_percentile, 0 to 100; the median when it is not given
 * @param words for temporal: which of the rules have to match, over their names as in {@code rules}
 * @param generate the rules counted raise alerts on their own too
 */
public record SigmaCorrelation(
        About about,
        Type type,
        List<String> rules,
        List<String> groupBy,
        Duration timespan,
        Map<String, Map<String, String>> aliases,
        List<Bound> bounds,
        List<String> fields,
        @Nullable Double percentile,
        @Nullable Condition words,
        boolean generate)
        implements SigmaDocument {
    public SigmaCorrelation {
        rules = List.copyOf(rules);
        groupBy = List.copyOf(groupBy);
        aliases = Map.copyOf(aliases);
        bounds = List.copyOf(bounds);
        fields = List.copyOf(fields);
    }

    /** What is looked at in a window. */
    public enum Type {
        EVENT_COUNT,
        VALUE_COUNT,
        TEMPORAL,
        TEMPORAL_ORDERED,
        VALUE_SUM,
        VALUE_AVG,
        VALUE_PERCENTILE;

        /** As rules write it. */
        public String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** A comparison with a number. */
    public record Bound(Operator operator, double value) {
        /** How. */
        public enum Operator {
            GT,
            GTE,
            LT,
            LTE,
            EQ,
            NEQ
        }

        public boolean holds(double number) {
            return switch (operator) {
                case GT -> number > value;
                case GTE -> number >= value;
                case LT -> number < value;
                case LTE -> number <= value;
                case EQ -> number == value;
                case NEQ -> number != value;
            };
        }
    }

    /** All bounds hold. */
    public boolean holds(double number) {
        for (Bound bound : bounds) {
            if (!bound.holds(number)) {
                return false;
            }
        }
        return true;
    }
}
