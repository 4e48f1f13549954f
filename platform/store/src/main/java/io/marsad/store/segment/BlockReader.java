package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.predicate.Predicate;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A block being read: what is asked for is loaded, checked and kept. One thread. */
final class BlockReader {
    final Directory directory;
    /** Null when the block has none, or is not asked for text. */
    final @Nullable BlockFilter filter;
    /** No letter outside ASCII in the block folds into ASCII. */
    final boolean plainAscii;

    private final Block block;
    private final PageReader pages;
    /** All pages of columns as they are in the file, once {@link #readAhead} was called. */
    private byte @Nullable [] ahead;

    private long aheadFrom;
    private final @Nullable Column[] columns;
    private final Column skeleton;
    private long @Nullable [] times;
    private byte @Nullable [] ids;
    private int @Nullable [][] shapes;
    private int[] shapeOf = {};
    private final int[] @Nullable [] positions;
    private @Nullable RowFacts facts;

    /** For who reads few blocks. */
    BlockReader(Directory directory, OpenFiles files) {
        this(directory, new PageReader(files, false), null);
    }

    BlockReader(Directory directory, PageReader pages, @Nullable BlockFilter filter) {
        this.directory = directory;
        this.block = directory.block;
        this.pages = pages;
        this.filter = filter;
        this.plainAscii = filter != null && !filter.foldsIntoAscii();
        columns = new @Nullable Column[directory.columns.length];
        positions = new int[directory.columns.length][];
        skeleton = new Column(directory.skeleton, this::load);
    }

    private byte[] load(Page page) throws IOException {
        var read = ahead;
        return read == null || page.offset() < aheadFrom ? pages.load(page, block) : pages.load(page, read, aheadFrom);
    }

    /** Reads all columns in one go, for who needs most of them. */
    void readAhead() throws IOException {
        if (ahead == null) {
            aheadFrom = directory.firstPage();
            int length = (int) (directory.end() - aheadFrom);
            ahead = pages.files.read(block.file, aheadFrom, length, Page.PADDING);
        }
    }

    long minTime() {
        return block.minTime;
    }

    long maxTime() {
        return block.maxTime;
    }

    int rows() {
        return block.rows;
    }

    /** The rows' event times. */
    long[] times() throws IOException {
        var all = times;
        if (all == null) {
            all = deltas(Directory.TIME);
            times = all;
        }
        return all;
    }

    long logOffset(int row) throws IOException {
        return facts().logOffset()[row];
    }

    long idHigh(int row) throws IOException {
        return Hash.word(ids(), row * 8);
    }

    long idLow(int row) throws IOException {
        return Hash.word(ids(), (block.rows + row) * 8);
    }

    private byte[] ids() throws IOException {
        var all = ids;
        if (all == null) {
            all = meta(Directory.ID);
            if (directory.meta[Directory.ID].raw() != block.rows * 16) {
                throw new DamagedException("not as many ids as rows");
            }
            ids = all;
        }
        return all;
    }

    /** For each shape its entries in order: column times four plus the type. */
    int[][] shapes() throws IOException {
        var all = shapes;
        if (all != null) {
            return all;
        }
        var bytes = meta(Directory.SHAPES);
        var in = new Source(bytes, 0, directory.meta[Directory.SHAPES].raw());
        int n = in.getCount(block.rows);
        var lengths = new int[n];
        for (int i = 0; i < n; i++) {
            lengths[i] = in.getCount(in.left());
        }
        all = new int[n][];
        for (int i = 0; i < n; i++) {
            int from = in.skip(lengths[i]);
            var one = new Source(bytes, from, from + lengths[i]);
            var shape = new int[lengths[i]];
            int size = 0;
            while (one.left() > 0) {
                shape[size++] = one.getCount(columns.length * 4 - 1);
            }
            all[i] = Arrays.copyOf(shape, size);
        }
        shapeOf = new int[block.rows];
        int r = 0;
        for (int at = in.position(), end = at + in.left(); r < block.rows && at + r < end; r++) {
            int one = bytes[at + r]; // most are one byte
            if (one < 0 || one >= n) {
                break;
            }
            shapeOf[r] = one;
        }
        in.skip(r);
        for (; r < block.rows; r++) {
            shapeOf[r] = in.getCount(n - 1);
        }
        shapes = all;
        return all;
    }

    /** The rows' shapes; good once {@link #shapes} was called. */
    int[] shapeOf() {
        return shapeOf;
    }

    /** For each row how many values of the column come before its own. */
    int[] positions(int c) throws IOException {
        var known = positions[c];
        if (known != null) {
            return known;
        }
        var all = shapes();
        var values = new int[all.length];
        for (int s = 0; s < all.length; s++) {
            for (int entry : all[s]) {
                values[s] += entry >>> 2 == c ? 1 : 0;
            }
        }
        known = new int[block.rows];
        for (int r = 0, at = 0; r < known.length; at += values[shapeOf[r++]]) {
            known[r] = at;
        }
        positions[c] = known;
        return known;
    }

    /** Has every row one value of the column at most, and none that is null? */
    boolean isSingle(int c) throws IOException {
        if (directory.single[c] == 0) {
            directory.single[c] = (byte) (hasSingle(c) ? 1 : 2);
        }
        return directory.single[c] == 1;
    }

    private boolean hasSingle(int c) throws IOException {
        for (var shape : shapes()) {
            int values = 0;
            for (int entry : shape) {
                if (entry >>> 2 == c && (++values > 1 || (entry & 3) + 1 == EventBatch.NULL)) {
                    return false;
                }
            }
        }
        return true;
    }

    Column column(int c) {
        var column = columns[c];
        if (column == null) {
            column = new Column(directory.columns[c], this::load);
            columns[c] = column;
        }
        return column;
    }

    Column skeleton() {
        return skeleton;
    }

    private byte[] meta(int which) throws IOException {
        return load(directory.meta[which]);
    }

    private Source source(int which) throws IOException {
        return new Source(meta(which), 0, directory.meta[which].raw());
    }

    private long[] deltas(int which) throws IOException {
        var in = source(which);
        var all = new long[block.rows];
        long before = 0;
        for (int r = 0; r < all.length; r++) {
            before += in.getSigned();
            all[r] = before;
        }
        return all;
    }

    private RowFacts facts() throws IOException {
        var all = facts;
        if (all == null) {
            all = RowFacts.read(
                    source(Directory.NAMES),
                    source(Directory.NAME_CODES),
                    deltas(Directory.RECEIVED),
                    deltas(Directory.LOG_OFFSET));
            facts = all;
        }
        return all;
    }

    /** The candidates that are from such a log. */
    BitSet ofSource(Predicate.OfSource wanted, BitSet candidates) throws IOException {
        return facts().ofSource(wanted, candidates);
    }

    /** A place in the block: how many values of each column come before it. */
    static final class Cursor {
        private int row;
        private final int[] counters;

        private Cursor(int columns) {
            counters = new int[columns];
        }
    }

    Cursor cursor() {
        return new Cursor(columns.length);
    }

    /** Adds the wanted rows, in the block's order, to the batch, and moves the cursor behind the last of them. */
    void fetch(Cursor cursor, BitSet wanted, EventBatch into) throws IOException {
        var all = shapes();
        var counters = cursor.counters;
        var raw = new Sink(4096);
        for (int last = wanted.length(); cursor.row < last; cursor.row++) {
            int r = cursor.row;
            var shape = all[shapeOf[r]];
            if (wanted.get(r)) {
                fetch(r, shape, counters, raw, into);
            } else {
                for (int entry : shape) {
                    counters[entry >>> 2]++;
                }
            }
        }
    }

    /** The same with some fields only, by their ids, and without the record. */
    void fetch(Cursor cursor, BitSet wanted, BitSet fields, EventBatch into) throws IOException {
        var all = shapes();
        var time = times();
        var known = facts();
        ids();
        for (int last = wanted.length(); cursor.row < last; cursor.row++) {
            int r = cursor.row;
            if (!wanted.get(r)) {
                continue;
            }
            into.beginRow(new EventId(idHigh(r), idLow(r)), time[r], -1, "");
            into.source(known.sources()[known.sourceOf()[r]]);
            try {
                add(all[shapeOf[r]], r, fields, into);
            } catch (DamagedException e) {
                into.dropRow();
                throw e;
            }
            into.endRow();
        }
    }

    private void add(int[] shape, int r, BitSet fields, EventBatch into) throws IOException {
        for (int i = 0; i < shape.length; i++) {
            int c = shape[i] >>> 2;
            int field = directory.columns[c].field();
            if (!fields.get(field)) {
                continue;
            }
            int value = positions(c)[r];
            for (int before = 0; before < i; before++) {
                value += shape[before] >>> 2 == c ? 1 : 0;
            }
            var column = column(c);
            int code = column.code(value);
            int page = column.page(code);
            int at = code - column.info.firstValue()[page];
            var starts = column.starts(page);
            int length = starts[at + 1] - starts[at];
            into.add(field, into.put(column.data(page), starts[at], length), length, (byte) ((shape[i] & 3) + 1));
        }
    }

    private void fetch(int r, int[] shape, int[] counters, Sink raw, EventBatch into) throws IOException {
        int n = shape.length;
        var data = new byte[n][];
        var start = new int[n];
        var length = new int[n];
        var inRaw = new int[n];
        for (int i = 0; i < n; i++) {
            int c = shape[i] >>> 2;
            var column = column(c);
            int code = column.code(counters[c]++);
            int page = column.page(code);
            int at = code - column.info.firstValue()[page];
            var starts = column.starts(page);
            data[i] = column.data(page);
            start[i] = starts[at];
            length[i] = starts[at + 1] - starts[at];
            inRaw[i] = -1;
        }
        rebuildRaw(r, data, start, length, inRaw, raw);
        var known = facts();
        long time = times()[r];
        into.beginRow(
                new EventId(idHigh(r), idLow(r)),
                known.received()[r],
                known.logOffset()[r],
                known.origins()[known.originOf()[r]]);
        int rawAt = into.raw(raw.bytes, 0, raw.size);
        into.time(time);
        into.source(known.sources()[known.sourceOf()[r]]);
        for (int i = 0; i < n; i++) {
            int at = inRaw[i] >= 0 ? rawAt + inRaw[i] : into.put(data[i], start[i], length[i]);
            into.add(directory.columns[shape[i] >>> 2].field(), at, length[i], (byte) ((shape[i] & 3) + 1));
        }
        into.endRow();
    }

    /** Puts the values back into the record's skeleton, and notes where in the record each is. */
    private void rebuildRaw(int r, byte[][] data, int[] start, int[] length, int[] inRaw, Sink raw) throws IOException {
        int code = skeleton.code(r);
        int page = skeleton.page(code);
        int at = code - directory.skeleton.firstValue()[page];
        var starts = skeleton.starts(page);
        var bytes = skeleton.data(page);
        var values = new Skeleton.Values(data, start, length, inRaw);
        Skeleton.rebuild(bytes, starts[at], starts[at + 1], block.format, values, raw);
    }
}
