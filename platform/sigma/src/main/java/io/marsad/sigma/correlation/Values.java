package io.marsad.sigma.correlation;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.match.CaseFolding;
import io.marsad.sigma.SigmaCorrelation.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values of events, as correlations count them. */
final class Values {
    private static final int MAX_LENGTH = 1024;
    private static final int MAX_NUMBER = 64;
    private static final int MOST_EACH = 8;
    private static final int MOST_TUPLES = 32;

    private Values() {}

    /**
     * The tuples of the fields' values in a row: one, or several when a field is an array. None when a field is absent,
     * null or empty.
     */
    static List<List<String>> tuples(List<List<Field>> fields, EventBatch batch, int row) {
        List<List<String>> tuples = List.of(List.of());
        for (List<Field> slots : fields) {
            var values = values(slots, batch, row);
            var longer = new ArrayList<List<String>>(values.size());
            for (List<String> tuple : tuples) {
                for (String value : values) {
                    if (longer.size() < MOST_TUPLES) {
                        var one = new ArrayList<String>(tuple.size() + 1);
                        one.addAll(tuple);
                        one.add(value);
                        longer.add(one);
                    }
                }
            }
            tuples = longer;
        }
        return tuples;
    }

    /** The values in the first slot that has any. */
    private static List<String> values(List<Field> slots, EventBatch batch, int row) {
        var values = new ArrayList<String>(1);
        for (Field slot : slots) {
            for (int e = batch.first(row), end = batch.end(row); e < end && values.size() < MOST_EACH; e++) {
                if (batch.field(e) == slot.id() && batch.type(e) != EventBatch.NULL && batch.length(e) > 0) {
                    var text = shortened(batch.text(e));
                    if (!values.contains(text)) {
                        values.add(text);
                    }
                }
            }
            if (!values.isEmpty()) {
                return values;
            }
        }
        return values;
    }

    /** The first value of each field, null where there is none; null when nothing is wanted. */
    static @Nullable String @Nullable [] first(List<List<Field>> fields, EventBatch batch, int row) {
        if (fields.isEmpty()) {
            return null;
        }
        var texts = new @Nullable String[fields.size()];
        for (int i = 0; i < texts.length; i++) {
            var values = values(fields.get(i), batch, row);
            if (!values.isEmpty()) {
                texts[i] = values.getFirst();
            }
        }
        return texts;
    }

    private static String shortened(String text) {
        return text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text;
    }

    /** What an entry has for the values that a correlation looks at; null when they do not count. */
    static @Nullable Long number(Plan plan, List<String> values) {
        return switch (plan.rule.type()) {
            case EVENT_COUNT, TEMPORAL, TEMPORAL_ORDERED -> 0L;
            case VALUE_COUNT ->
                EventId.derived("value", values.stream().map(CaseFolding::fold).toArray(String[]::new))
                        .low();
            case VALUE_SUM, VALUE_AVG, VALUE_PERCENTILE -> {
                var number = decimal(values.getFirst());
                boolean counts = number != null && !(plan.growing && plan.rule.type() == Type.VALUE_SUM && number < 0);
                yield counts && number != null ? Long.valueOf(Double.doubleToRawLongBits(number)) : null;
            }
        };
    }

    /** A decimal number; null when it is none or not a finite one. */
    private static @Nullable Double decimal(String text) {
        var trimmed = text.strip();
        if (trimmed.isEmpty() || trimmed.length() > MAX_NUMBER) {
            return null;
        }
        for (int i = 0; i < trimmed.length(); i++) {
            if ("0123456789+-.eE".indexOf(trimmed.charAt(i)) < 0) {
                return null;
            }
        }
        try {
            double number = Double.parseDouble(trimmed);
            return Double.isFinite(number) ? number + 0.0 : null; // no negative zero
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
