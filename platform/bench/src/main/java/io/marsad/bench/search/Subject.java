package io.marsad.bench.search;

import io.marsad.testkit.sigma.ReferenceEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a naive filter looks at: an event's fields as text, and its raw record.
 *
 * @param time of the event, epoch milliseconds
 */
record Subject(ReferenceEvent event, ReferenceEvent.Value raw, long time) {
    boolean any(List<String> fields, Predicate<ReferenceEvent.Value> test) {
        for (String field : fields) {
            for (var value : event.values(field)) {
                if (value.text() != null && test.test(value)) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean has(List<String> fields) {
        return fields.stream().anyMatch(field -> !event.values(field).isEmpty());
    }

    /** Absent, or null where it is there. */
    boolean isNull(String field) {
        var values = event.values(field);
        return values.isEmpty() || values.stream().anyMatch(value -> value.text() == null);
    }

    boolean anyValue(Predicate<ReferenceEvent.Value> test) {
        return event.all().stream().anyMatch(test);
    }

    boolean anywhere(Predicate<ReferenceEvent.Value> test) {
        if (test.test(raw)) {
            return true;
        }
        for (var values : event.byField()) {
            for (var value : values) {
                if (test.test(value)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Different values of a field as they are written, in order; one null when there is none. */
    List<String> keys(String field) {
        var keys = new ArrayList<String>();
        for (var value : event.values(field)) {
            if (value.text() != null && !keys.contains(value.text())) {
                keys.add(value.text());
            }
        }
        return keys;
    }
}
