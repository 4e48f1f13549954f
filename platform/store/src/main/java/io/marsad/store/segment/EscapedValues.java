package io.marsad.store.segment;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which records of a block have a value that is escaped there and has one of some texts in it. One thread. */
final class EscapedValues {
    private final BlockReader block;
    private final List<Needle> needles;
    private final boolean any;
    /** By the skeleton's code. */
    private @Nullable Places[] places = new Places[0];

    private final @Nullable BitSet[] passing;

    /** Of a skeleton the entries that it has escaped. */
    static final class Places {
        private int[] entries = new int[4];
        private int count;

        void add(int entry) {
            entries = count < entries.length ? entries : Arrays.copyOf(entries, count * 2);
            entries[count++] = entry;
        }
    }

    /** @param any every value that is escaped counts */
    EscapedValues(BlockReader block, List<Needle> needles, boolean any) {
        this.block = block;
        this.needles = needles;
        this.any = any || !needles.isEmpty() && !block.plainAscii;
        passing = new BitSet[block.directory.columns.length];
    }

    /** Where a skeleton's escaped entries are to be put; null when they do not matter. */
    @Nullable
    Places of(int code) {
        if (block.directory.block.format == 0 || needles.isEmpty() && !any) {
            return null;
        }
        if (code >= places.length) {
            places = Arrays.copyOf(places, Math.max(code + 1, places.length * 2));
        }
        var fresh = new Places();
        places[code] = fresh;
        return fresh;
    }

    /** Has the row such a value? Its skeleton's places are known. */
    boolean touch(int row, int code) throws IOException {
        var known = code < places.length ? places[code] : null;
        if (known == null || known.count == 0) {
            return false;
        }
        if (any) {
            return true;
        }
        var shape = block.shapes()[block.shapeOf()[row]];
        for (int i = 0; i < known.count; i++) {
            int entry = known.entries[i];
            if (entry >= shape.length) {
                throw new DamagedException("a skeleton has more values than its row");
            }
            int c = shape[entry] >>> 2;
            int value = block.positions(c)[row];
            for (int before = 0; before < entry; before++) {
                value += shape[before] >>> 2 == c ? 1 : 0;
            }
            if (passing(c).get(block.column(c).code(value))) {
                return true;
            }
        }
        return false;
    }

    private BitSet passing(int c) throws IOException {
        var known = passing[c];
        if (known == null) {
            known = new BitSet();
            for (var needle : needles) {
                known.or(having(needle, block.column(c)));
            }
            passing[c] = known;
        }
        return known;
    }

    /** The codes whose value has the text. */
    private static BitSet having(Needle needle, Column column) throws IOException {
        var codes = new BitSet();
        for (int page = 0; page < column.pages(); page++) {
            var data = column.data(page);
            int n = column.values(page);
            var starts = column.starts(page);
            int i = 0;
            for (int at = needle.find(data, starts[0], starts[n]);
                    at >= 0;
                    at = needle.find(data, starts[++i], starts[n])) {
                while (starts[i + 1] <= at) {
                    i++;
                }
                codes.set(column.info.firstValue()[page] + i);
            }
        }
        return codes;
    }
}
