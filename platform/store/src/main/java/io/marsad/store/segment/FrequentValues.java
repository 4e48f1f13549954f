package io.marsad.store.segment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The different values of a group, most frequent first. */
final class FrequentValues extends Measuring {
    /** Different values that are kept of a group; others are left out. */
    private static final int MOST = 10_000;

    private final int most;
    private final ValueTable values = new ValueTable();
    private final LongTable pairs = new LongTable();
    private long[] counts = new long[64];
    private int[] different = new int[64];
    private @Nullable Map<Integer, List<Integer>> byGroup;

    FrequentValues(int most) {
        this.most = most;
    }

    @Override
    void add(int group, RowValues from, int n, Clock clock) throws IOException {
        different = group < different.length ? different : Arrays.copyOf(different, room(group, different.length));
        for (int k = 0; k < n; k++) {
            long pair = (long) group << 32 | from.id(k, values);
            int at = pairs.find(pair);
            if (at == 0) {
                if (different[group] == MOST) {
                    continue;
                }
                different[group]++;
                at = pairs.id(pair);
                counts = at < counts.length ? counts : Arrays.copyOf(counts, room(at, counts.length));
            }
            counts[at]++;
        }
    }

    @Override
    Object result(int group) {
        var groups = byGroup;
        if (groups == null) {
            groups = new HashMap<>();
            for (int pair = 1; pair <= pairs.count(); pair++) {
                groups.computeIfAbsent((int) (pairs.key(pair) >>> 32), g -> new ArrayList<>())
                        .add(pair);
            }
            byGroup = groups;
        }
        var own = groups.getOrDefault(group, List.of());
        return own.stream()
                .sorted((a, b) -> counts[a] != counts[b]
                        ? Long.compare(counts[b], counts[a])
                        : values.compare((int) pairs.key(a), (int) pairs.key(b)))
                .limit(most)
                .map(pair -> values.text((int) pairs.key(pair)))
                .toList();
    }

    @Override
    long weight() {
        return values.weight() + pairs.weight() + counts.length * 8L + different.length * 4L;
    }
}
