package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * For each row of a part the values, null aside, of the first of some fields that the row has. One thread.
 */
sealed interface RowValues {
    /** Turns to a row and returns how many values there are. */
    int read(int row) throws IOException;

    /** Where the row's value number {@code k} is: {@link #bytes}, {@link #offset}, {@link #length} tell from now on. */
    void at(int k) throws IOException;

    /** Eight bytes after the value may be read. */
    byte[] bytes();

    int offset();

    int length();

    /** The number that the row's value {@code k} has in the table, which gets it when it is new. */
    int id(int k, ValueTable table) throws IOException;

    /** Of rows in memory. */
    final class Open implements RowValues {
        private final EventBatch batch;
        private final int[] fields;
        private int[] entries = new int[4];
        private int entry;

        Open(EventBatch batch, List<Field> fields) {
            this.batch = batch;
            this.fields = fields.stream().mapToInt(Field::id).toArray();
        }

        @Override
        public int read(int row) {
            int n = 0;
            for (int f = 0; f < fields.length && n == 0; f++) {
                for (int e = batch.first(row), end = batch.end(row); e < end; e++) {
                    if (batch.field(e) == fields[f] && batch.type(e) != EventBatch.NULL) {
                        if (n == entries.length) {
                            entries = Arrays.copyOf(entries, n * 2);
                        }
                        entries[n++] = e;
                    }
                }
            }
            return n;
        }

        @Override
        public void at(int k) {
            entry = entries[k];
        }

        @Override
        public byte[] bytes() {
            return batch.arena();
        }

        @Override
        public int offset() {
            return batch.offset(entry);
        }

        @Override
        public int length() {
            return batch.length(entry);
        }

        @Override
        public int id(int k, ValueTable table) {
            at(k);
            return table.id(bytes(), offset(), length());
        }
    }

    /** Of a block. */
    final class Stored implements RowValues {
        private final int[] shapeOf;
        /** For each shape which of the columns it uses, or -1. */
        private final int[] use;
        /** For each shape the places, among its values of the column, of those that are not null. */
        private final int[][] places;

        private final Column[] columns;
        private final int[][] first;
        private final int[] @Nullable [] ids;
        private int column;
        private int[] place = {};
        private int base;
        private byte[] bytes = {};
        private int offset;
        private int length;
        /** The page that was read last: neighbours are on it. */
        private @Nullable Column pageOf;

        private int pageFirst;
        private int[] starts = {};

        Stored(BlockReader block, List<Field> fields) throws IOException {
            var shapes = block.shapes();
            shapeOf = block.shapeOf();
            var there = fields.stream()
                    .mapToInt(f -> block.directory.column(f.id()))
                    .filter(c -> c >= 0)
                    .toArray();
            columns = new Column[there.length];
            first = new int[there.length][];
            ids = new int[there.length][];
            for (int i = 0; i < there.length; i++) {
                columns[i] = block.column(there[i]);
                first[i] = block.positions(there[i]);
            }
            use = new int[shapes.length];
            places = new int[shapes.length][];
            for (int s = 0; s < shapes.length; s++) {
                use[s] = -1;
                for (int i = 0; i < there.length && use[s] < 0; i++) {
                    places[s] = places(shapes[s], there[i]);
                    use[s] = places[s].length > 0 ? i : -1;
                }
            }
        }

        private static int[] places(int[] shape, int column) {
            var places = new int[shape.length];
            int n = 0;
            int at = 0;
            for (int entry : shape) {
                if (entry >>> 2 == column) {
                    if ((entry & 3) + 1 != EventBatch.NULL) {
                        places[n++] = at;
                    }
                    at++;
                }
            }
            return Arrays.copyOf(places, n);
        }

        @Override
        public int read(int row) {
            int s = shapeOf[row];
            column = use[s];
            if (column < 0) {
                return 0;
            }
            place = places[s];
            base = first[column][row];
            return place.length;
        }

        private int code(int k) throws IOException {
            return columns[column].code(base + place[k]);
        }

        @Override
        public void at(int k) throws IOException {
            at(columns[column], code(k));
        }

        private void at(Column of, int code) throws IOException {
            if (of != pageOf || code < pageFirst || code - pageFirst >= starts.length - 1) {
                int page = of.page(code);
                starts = of.starts(page);
                bytes = of.data(page);
                pageFirst = of.info.firstValue()[page];
                pageOf = of;
            }
            offset = starts[code - pageFirst];
            length = starts[code - pageFirst + 1] - offset;
        }

        @Override
        public byte[] bytes() {
            return bytes;
        }

        @Override
        public int offset() {
            return offset;
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public int id(int k, ValueTable table) throws IOException {
            var of = columns[column];
            int code = code(k);
            if (!of.info.dictionary()) {
                at(of, code);
                return table.id(bytes, offset, length);
            }
            var known = ids[column];
            if (known == null) {
                known = new int[of.info.distinct()];
                ids[column] = known;
            }
            if (known[code] == 0) {
                at(of, code);
                known[code] = table.id(bytes, offset, length);
            }
            return known[code];
        }
    }
}
