package io.marsad.normalize.mapping;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.normalize.format.PathTable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Fields for names that no mapping moves. Records may bring {@value #MAX_NEW} names that content does not speak of; values
 * under further names are kept under one field as {@code name=value}, since fields are never forgotten.
 */
final class Unmapped {
    static final int MAX_NEW = 4096;

    /** There is no field of its own for the name. */
    static final int OTHER = -1;

    private static final Field OTHERS = Field.unmapped("unmapped_other");

    private int[] fields = new int[256]; // by path id; the field's number + 1, 0 when not yet met
    private int learnt;
    private int contentPaths = Integer.MAX_VALUE;

    /** From here on, new names are the records'. */
    void contentIsRead(PathTable paths) {
        contentPaths = paths.size();
    }

    int field(int path, PathTable paths) {
        if (path == PathTable.OVERFLOW) {
            return OTHERS.id(); // the tape made it name=value already
        }
        if (path >= fields.length) {
            fields = Arrays.copyOf(fields, Math.max(path + 1, fields.length * 2));
        }
        if (fields[path] == 0) {
            boolean own = path >= contentPaths;
            if (own && learnt == MAX_NEW) {
                return OTHER;
            }
            var field = Field.ofUntrusted(Field.UNMAPPED + paths.path(path));
            if (field == null) {
                return OTHER;
            }
            learnt += own ? 1 : 0;
            fields[path] = field.id() + 1;
        }
        return fields[path] - 1;
    }

    void addOther(Row row, Leaves leaves, int leaf) {
        var name = leaves.paths().path(leaves.path(leaf)).getBytes(StandardCharsets.UTF_8);
        int length = leaves.length(leaf);
        var both = row.scratch(name.length + 1 + length);
        System.arraycopy(name, 0, both, 0, name.length);
        both[name.length] = '=';
        System.arraycopy(leaves.bytes(leaf), leaves.offset(leaf), both, name.length + 1, length);
        row.addBytes(OTHERS.id(), both, 0, name.length + 1 + length, EventBatch.TEXT);
    }
}
