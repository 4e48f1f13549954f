package io.marsad.sigma;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What conditions of the time before Sigma 2 ask behind a pipe, and the correlation that says the same today. */
final class Aggregation {
    private static final Pattern CALL = Pattern.compile(
            "(?i)\\s*(count|sum|avg|min|max)\\s*\\(\\s*([^)]{0,100}?)\\s*\\)(?:\\s+by\\s+([^<>=]{1,200}?))?"
                    + "\\s*(>=|<=|>|<|==?)\\s*(\\d{1,12})\\s*");
    private static final Map<String, String> OPERATORS =
            Map.of(">=", "gte", "<=", "lte", ">", "gt", "<", "lt", "=", "eq", "==", "eq");

    private Aggregation() {}

    /**
     * Why the condition is refused, with the correlation to write instead as far as it can be told.
     *
     * @param pipe what stands behind the first pipe
     * @param timeframe the rule's, if it has one
     */
    static String reason(String pipe, @Nullable String timeframe) {
        return "aggregations in conditions ('| " + shortened(pipe.strip())
                + "') are obsolete since Sigma 2: write a correlation rule over this rule instead"
                + hint(pipe, timeframe);
    }

    /** Why a timeframe alone is refused. */
    static String reasonOfTimeframe(String timeframe) {
        return "'timeframe' is obsolete since Sigma 2: write a correlation rule over this rule instead (timespan: "
                + shortened(timeframe) + ")";
    }

    private static String hint(String pipe, @Nullable String timeframe) {
        if (pipe.strip().toLowerCase(Locale.ROOT).startsWith("near")) {
            return " (type: temporal over the rules that are to be near each other" + span(timeframe) + ")";
        }
        var call = CALL.matcher(pipe);
        if (!call.matches()) {
            return " (event_count, value_count, value_sum, value_avg or temporal)";
        }
        var function = call.group(1).toLowerCase(Locale.ROOT);
        var field = call.group(2);
        var type = switch (function) {
            case "count" -> field.isEmpty() ? "event_count" : "value_count";
            case "sum", "avg" -> "value_" + function;
            default -> "value_percentile";
        };
        var hint = new StringBuilder(" (type: ").append(type);
        if (call.group(3) != null) {
            hint.append(", group-by: ").append(groups(call.group(3)));
        }
        hint.append(span(timeframe)).append(", condition: {");
        if (!field.isEmpty()) {
            hint.append("field: ").append(field).append(", ");
        }
        if (type.equals("value_percentile")) {
            hint.append("percentile: ").append(function.equals("min") ? 0 : 100).append(", ");
        }
        return hint.append(OPERATORS.get(call.group(4)))
                .append(": ")
                .append(call.group(5))
                .append("})")
                .toString();
    }

    private static List<String> groups(String by) {
        var groups = new ArrayList<String>();
        for (String group : by.split("[,\\s]+", -1)) {
            if (!group.isBlank()) {
                groups.add(group);
            }
        }
        return groups;
    }

    private static String span(@Nullable String timeframe) {
        return timeframe == null ? "" : ", timespan: " + shortened(timeframe);
    }

    private static String shortened(String text) {
        return text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }
}
