package io.marsad.normalize.mapping;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;

/** A mapping, compiled for the values of one thread. */
final class MappingPlan {
    /** Events before this are taken for a wrong clock: 2000-01-01. */
    private static final long EARLIEST = 946_684_800_000L;

    private static final long LATEST_AHEAD = 86_400_000L;
    private static final Field LABELS = Field.of("metadata.labels");
    private static final Field ORIGINAL_TIME = Field.of("metadata.original_time");

    private final Check[] select;
    private final KindPlan[] kinds;
    private final int[] time;

    // Kinds by the value that most of them test for; all others are tried for every record.
    private final int switchRegister;
    private final ByteTable switchValues;
    private final int[][] candidates;
    private final int[] others;
    private final int[] all;

    MappingPlan(Mapping mapping, Leaves leaves, Unmapped unmapped) {
        select = Check.all(mapping.select(), leaves);
        kinds = mapping.kinds().stream()
                .map(kind -> new KindPlan(mapping, kind, leaves, unmapped))
                .toArray(KindPlan[]::new);
        time = mapping.time().stream().mapToInt(leaves::register).toArray();
        var by = switchName(mapping);
        switchRegister = by.isEmpty() ? 0 : leaves.register(by);
        var lists = new LinkedHashMap<String, List<Integer>>();
        for (var kind : mapping.kinds()) {
            values(kind, by).forEach(value -> lists.put(value, new ArrayList<>()));
        }
        var rest = new ArrayList<Integer>();
        for (int i = 0; i < kinds.length; i++) {
            var values = values(mapping.kinds().get(i), by);
            int index = i;
            if (values.isEmpty()) {
                rest.add(i);
                lists.values().forEach(list -> list.add(index));
            }
            values.forEach(value -> lists.getOrDefault(value, rest).add(index));
        }
        switchValues = new ByteTable(lists.keySet());
        candidates = lists.values().stream().map(MappingPlan::ints).toArray(int[][]::new);
        others = ints(rest);
        all = java.util.stream.IntStream.range(0, kinds.length).toArray();
    }

    private static int[] ints(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    private static List<String> values(Mapping.Kind kind, String name) {
        for (var test : kind.when()) {
            if (test.names().equals(List.of(name)) && test.relation() == Mapping.Test.Relation.EQUALS) {
                return test.values();
            }
        }
        return List.of();
    }

    private static String switchName(Mapping mapping) {
        var counts = new HashMap<String, Integer>();
        for (var kind : mapping.kinds()) {
            for (var test : kind.when()) {
                if (test.relation() == Mapping.Test.Relation.EQUALS
                        && test.names().size() == 1) {
                    counts.merge(test.names().getFirst(), 1, Integer::sum);
                }
            }
        }
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() > 3)
                .max(java.util.Map.Entry.comparingByValue())
                .map(java.util.Map.Entry::getKey)
                .orElse("");
    }

    boolean takes(Leaves leaves) {
        return Check.all(select, leaves);
    }

    /** Writes the record's event into the row that was begun. */
    void run(Leaves leaves, Row row, EventBatch out) {
        var kind = kind(leaves);
        out.source(kind.source());
        int firstEntry = out.end(out.rows());
        kind.run(leaves, row);
        time(leaves, row, out, firstEntry);
    }

    private KindPlan kind(Leaves leaves) {
        for (int candidate : candidates(leaves)) {
            if (kinds[candidate].takes(leaves)) {
                return kinds[candidate];
            }
        }
        return kinds[kinds.length - 1]; // the mapping's own, which has no tests
    }

    private int[] candidates(Leaves leaves) {
        int leaf = switchRegister == 0 ? Leaves.NONE : leaves.first(switchRegister);
        if (leaf == Leaves.NONE) {
            return others;
        }
        if (!leaves.single(switchRegister)) {
            return all; // each of the values may be the one that a kind is after
        }
        int index = switchValues.find(leaves.bytes(leaf), leaves.offset(leaf), leaves.length(leaf));
        return index < 0 ? others : candidates[index];
    }

    private void time(Leaves leaves, Row row, EventBatch out, int firstEntry) {
        for (int register : time) {
            int leaf = leaves.first(register);
            if (leaf == Leaves.NONE) {
                continue;
            }
            long parsed = TimeText.parse(leaves.bytes(leaf), leaves.offset(leaf), leaves.length(leaf), row.received());
            if (parsed == TimeText.NONE) {
                continue;
            }
            if (parsed >= EARLIEST && parsed <= row.received() + LATEST_AHEAD) {
                out.time(parsed);
                return;
            }
            label(row, "ts-clamped");
            boolean kept = false;
            for (int e = firstEntry; e < out.end(out.rows()); e++) {
                kept |= out.field(e) == ORIGINAL_TIME.id();
            }
            if (!kept) {
                row.addLeaf(ORIGINAL_TIME.id(), leaf, EventBatch.TEXT);
            }
            return;
        }
    }

    static void label(Row row, String label) {
        var bytes = label.getBytes(StandardCharsets.UTF_8);
        row.addBytes(LABELS.id(), bytes, 0, bytes.length, EventBatch.TEXT);
    }
}
