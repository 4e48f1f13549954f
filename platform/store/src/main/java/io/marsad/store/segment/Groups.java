package io.marsad.store.segment;

import io.marsad.kernel.store.EventSummary;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers groups: each key's values are numbered, and so is each pair of a group of the first keys and a value of the
 * next. One thread.
 */
final class Groups {
    private final List<EventSummary.Key> keys;
    private final ValueTable[] values;
    private final LongTable[] times;
    private final LongTable[] pairs;

    Groups(List<EventSummary.Key> keys) {
        this.keys = keys;
        values = new ValueTable[keys.size()];
        times = new LongTable[keys.size()];
        pairs = new LongTable[keys.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = new ValueTable();
            times[i] = new LongTable();
            pairs[i] = new LongTable();
        }
    }

    ValueTable values(int key) {
        return values[key];
    }

    /** The number of the span that a time is in. */
    int time(int key, long time, long span) {
        return times[key].id(Math.floorDiv(time, span) * span);
    }

    /** The group of a value (by its number, 0 for none) of this key within a group of the keys before. */
    int group(int before, int key, int value) {
        return key == 0 ? value : pairs[key].id((long) before << 32 | value);
    }

    long weight() {
        long sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i].weight() + times[i].weight() + pairs[i].weight();
        }
        return sum;
    }

    /** The values' numbers of a group, by key. */
    private int[] numbers(int group) {
        var numbers = new int[values.length];
        int at = group;
        for (int key = values.length - 1; key > 0; key--) {
            long pair = pairs[key].key(at);
            numbers[key] = (int) pair;
            at = (int) (pair >>> 32);
        }
        if (numbers.length > 0) {
            numbers[0] = at;
        }
        return numbers;
    }

    /** By keys: none first, then text by its bytes and times as they come. */
    int compare(int a, int b) {
        var first = numbers(a);
        var second = numbers(b);
        for (int key = 0; key < first.length; key++) {
            int c = compare(key, first[key], second[key]);
            if (c != 0) {
                return c;
            }
        }
        return 0;
    }

    private int compare(int key, int a, int b) {
        if (a == b || a == 0 || b == 0) {
            return Integer.compare(a, b);
        }
        return switch (keys.get(key)) {
            case EventSummary.OfField _ -> values[key].compare(a, b);
            case EventSummary.OfTime _ -> Long.compare(times[key].key(a), times[key].key(b));
        };
    }

    /** The group's keys as {@code SummaryTable} has them. */
    List<@Nullable Object> keys(int group) {
        var all = new ArrayList<@Nullable Object>();
        var numbers = numbers(group);
        for (int key = 0; key < numbers.length; key++) {
            int number = numbers[key];
            all.add(
                    switch (keys.get(key)) {
                        case EventSummary.OfField _ -> number == 0 ? null : values[key].text(number);
                        case EventSummary.OfTime _ -> (Object) times[key].key(number);
                    });
        }
        return all;
    }
}
