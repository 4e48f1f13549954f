package io.marsad.store.segment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Values by the time of their events: the oldest ones, or the newest. */
final class OrderedValues extends Measuring {
    private final int most;
    private final boolean list;
    private final Comparator<Value> order;
    private final Map<Integer, PriorityQueue<Value>> groups = new HashMap<>();
    private long weight;

    private record Value(Moment moment, int place, byte[] bytes) {}

    /** @param list whether the answer is a list, even of one */
    OrderedValues(int most, boolean oldest, boolean list) {
        this.most = most;
        this.list = list;
        Comparator<Value> byTime = Comparator.comparing(Value::moment);
        order = (oldest ? byTime : byTime.reversed()).thenComparingInt(Value::place);
    }

    @Override
    void add(int group, RowValues values, int n, Clock clock) throws IOException {
        var kept = groups.get(group);
        if (kept == null) {
            kept = new PriorityQueue<>(4, order.reversed());
            groups.put(group, kept);
            weight += 200;
        }
        var moment = clock.moment();
        for (int k = 0; k < n && (list || k == 0); k++) {
            var worst = kept.size() < most ? null : kept.peek();
            var place = new Value(moment, k, new byte[0]);
            if (most < 1 || worst != null && order.compare(place, worst) >= 0) {
                return;
            }
            if (worst != null) {
                kept.remove();
                weight -= 120L + worst.bytes.length;
            }
            values.at(k);
            var bytes = Arrays.copyOfRange(values.bytes(), values.offset(), values.offset() + values.length());
            kept.add(new Value(moment, k, bytes));
            weight += 120L + bytes.length;
        }
    }

    @Override
    @Nullable
    Object result(int group) {
        var kept = groups.get(group);
        var texts = kept == null
                ? java.util.List.<String>of()
                : kept.stream()
                        .sorted(order)
                        .map(value -> new String(value.bytes, StandardCharsets.UTF_8))
                        .toList();
        if (list) {
            return texts;
        }
        return texts.isEmpty() ? null : texts.getFirst();
    }

    @Override
    long weight() {
        return weight;
    }
}
