package io.marsad.normalize.mapping;

import io.marsad.normalize.format.Words;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A compiled test of a value. */
final class Check {
    private final int[] registers;
    private final Mapping.Test.Relation relation;
    private final ByteTable table;
    private final byte[][] values;

    Check(Mapping.Test test, Leaves leaves) {
        registers = test.names().stream().mapToInt(leaves::register).toArray();
        relation = test.relation();
        table = new ByteTable(test.values());
        values = bytes(test.values());
    }

    static Check[] all(List<Mapping.Test> tests, Leaves leaves) {
        return tests.stream().map(test -> new Check(test, leaves)).toArray(Check[]::new);
    }

    static boolean all(Check[] checks, Leaves leaves) {
        for (Check check : checks) {
            if (!check.holds(leaves)) {
                return false;
            }
        }
        return true;
    }

    private boolean holds(Leaves leaves) {
        for (int register : registers) {
            int leaf = leaves.first(register);
            if (leaf == Leaves.NONE) {
                continue;
            }
            while (leaf != Leaves.NONE && !holds(leaf, leaves)) {
                leaf = leaves.next(register, leaf);
            }
            return leaf != Leaves.NONE;
        }
        return relation == Mapping.Test.Relation.ABSENT;
    }

    private boolean holds(int leaf, Leaves leaves) {
        var bytes = leaves.bytes(leaf);
        int offset = leaves.offset(leaf);
        int length = leaves.length(leaf);
        return switch (relation) {
            case PRESENT -> true;
            case ABSENT -> false;
            case EQUALS -> table.contains(bytes, offset, length);
            case STARTS -> starts(bytes, offset, length);
            case ENDS -> ends(bytes, offset, length);
            case CONTAINS -> anyIn(values, bytes, offset, length);
        };
    }

    private boolean starts(byte[] bytes, int offset, int length) {
        for (byte[] value : values) {
            if (value.length <= length && at(value, bytes, offset)) {
                return true;
            }
        }
        return false;
    }

    private boolean ends(byte[] bytes, int offset, int length) {
        for (byte[] value : values) {
            if (value.length <= length && at(value, bytes, offset + length - value.length)) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of the values is found in the bytes, as it stands. */
    static boolean anyIn(byte[][] values, byte[] bytes, int offset, int length) {
        for (byte[] value : values) {
            if (find(value, bytes, offset, offset + length) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Where a value is first found, or -1; an empty one is nowhere but at the start. */
    static int find(byte[] value, byte[] bytes, int from, int to) {
        if (value.length == 0) {
            return from;
        }
        int last = to - value.length + 1;
        for (int i = Words.indexOf(value[0], bytes, from, last);
                i >= 0;
                i = Words.indexOf(value[0], bytes, i + 1, last)) {
            if (at(value, bytes, i)) {
                return i;
            }
        }
        return -1;
    }

    static byte[][] bytes(List<String> texts) {
        return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }

    private static boolean at(byte[] value, byte[] bytes, int offset) {
        for (int i = 0; i < value.length; i++) {
            if (value[i] != bytes[offset + i]) {
                return false;
            }
        }
        return true;
    }
}
