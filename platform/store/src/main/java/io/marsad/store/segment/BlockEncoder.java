package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows into a block, see docs/reference/segment-format.md. The raw record is kept as its skeleton: what is left of
 * it once the values that stand in it are taken out; skeletons repeat where records do not.
 *
 * <p>Reused from block to block; one thread.
 */
final class BlockEncoder implements AutoCloseable {
    static final long MAGIC = 0x31_42_44_41_53_52_41_4DL; // "MARSADB1"
    static final int HEADER = 64;
    static final int META_PAGES = 7;
    /** From 1 on a skeleton's entries have a bit that says whether the value is escaped; 2 has filters by column. */
    static final int FORMAT = 2;

    private static final int ESCAPED = 1 << 30;
    /** What there is one of only may keep as much as blocks of common rows need. */
    static final int KEPT_BYTES = 4 << 20;
    /** With builders for more fields than this none is kept for the next block. */
    private static final int POOL = 2048;

    private final Pages pages = new Pages();
    private final Filter filter = new Filter();
    private final Sink directory = new Sink(16 << 10);
    private final Sink row = new Sink(4 << 10);
    private final Interner shapes = new Interner();
    private final ColumnBuilder skeleton = new ColumnBuilder(new byte[0], KEPT_BYTES);
    private final CRC32C crc = new CRC32C();
    private int columns;
    private int kept;
    private @Nullable ColumnBuilder[] byField = new ColumnBuilder[1024];
    private @Nullable ColumnBuilder[] used = new ColumnBuilder[256];
    private int[] shapeOf = new int[4096];
    /** Where in the record a row's values stand, and which: place, {@link #ESCAPED}, entry. */
    private long[] inRaw = new long[256];
    /** For each entry how long it is there. */
    private int[] lengthInRaw = new int[256];

    private int[] outside = new int[256];
    private final Escaped escaped = new Escaped();

    /**
     * @param firstSeq the first row's number among all rows of its tenant in this partition
     * @param filtered whether the block gets a filter; without one it is never passed over
     * @return the block; the array is the encoder's own and good until the next call
     */
    Sink encode(List<EventBatch> chunks, long firstSeq, boolean filtered) {
        pages.clear();
        directory.clear();
        filter.clear();
        shapes.clear();
        skeleton.begin(0);
        for (int c = 0; c < columns; c++) {
            used(c).number = -1; // of the block before
        }
        columns = 0;
        int rows = 0;
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        for (var chunk : chunks) {
            if (shapeOf.length < rows + chunk.rows()) {
                shapeOf = Arrays.copyOf(shapeOf, Math.max(rows + chunk.rows(), shapeOf.length * 2));
            }
            for (int r = 0; r < chunk.rows(); r++) {
                min = Math.min(min, chunk.time(r));
                max = Math.max(max, chunk.time(r));
                shapeOf[rows++] = add(chunk, r, filtered);
            }
        }
        pages.out.ensure(HEADER);
        pages.out.size = HEADER;
        writeFilter(chunks, filtered);
        writeMeta(chunks);
        writeShapes(rows);
        skeleton.write(directory, pages);
        directory.putVar(columns);
        for (int c = 0; c < columns; c++) {
            used(c).write(directory, pages);
        }
        if (kept > POOL) {
            Arrays.fill(byField, null);
            Arrays.fill(used, null);
            kept = 0;
            columns = 0;
        }
        finish(rows, firstSeq, min, max);
        return pages.out;
    }

    private int add(EventBatch batch, int r, boolean filtered) {
        var arena = batch.arena();
        int rawStart = batch.rawOffset(r);
        int rawEnd = rawStart + batch.rawLength(r);
        row.clear();
        int first = batch.first(r);
        int inside = 0;
        int copied = 0;
        boolean ordered = true;
        int before = rawStart;
        room(batch.end(r) - first);
        for (int e = first, end = batch.end(r); e < end; e++) {
            int at = batch.offset(e);
            int length = batch.length(e);
            var column = column(batch.field(e));
            column.add(arena, at, length);
            row.putVar((long) column.number << 2 | batch.type(e) - 1);
            if (at >= rawStart && at + length <= rawEnd && length > 0) {
                inRaw[inside++] = (long) (at - rawStart) << 32 | e - first;
                lengthInRaw[e - first] = length;
                ordered &= at >= before;
                before = at + length;
            } else {
                outside[copied] = e - first;
                copied += length > 0 ? 1 : 0;
            }
        }
        if (!ordered) {
            Arrays.sort(inRaw, 0, inside);
        }
        escaped.find(batch, r, outside, copied);
        inside = merge(inside);
        row.ensure(16);
        int shape = shapes.intern(row.bytes, 0, row.size);
        addSkeleton(batch, r, inside, filtered);
        return shape;
    }

    private void room(int entries) {
        if (outside.length < entries) {
            outside = new int[entries * 2];
            lengthInRaw = new int[entries * 2];
            inRaw = new long[entries * 2];
        }
    }

    /** Puts the values that were found escaped between the others, all by their places. */
    private int merge(int inside) {
        int n = inside + escaped.count;
        if (n > inRaw.length) {
            inRaw = Arrays.copyOf(inRaw, n * 2);
        }
        for (int to = n, i = inside, e = escaped.count; e > 0; ) {
            long found = (long) escaped.start[e - 1] << 32 | ESCAPED | escaped.entry[e - 1];
            if (i > 0 && inRaw[i - 1] > found) {
                inRaw[--to] = inRaw[--i];
            } else {
                inRaw[--to] = found;
                lengthInRaw[escaped.entry[--e]] = escaped.length[e];
            }
        }
        return n;
    }

    /** Number of values in it, for each the gap before it and which entry it is, then the bytes of the gaps. */
    private void addSkeleton(EventBatch batch, int r, int inside, boolean filtered) {
        var arena = batch.arena();
        int rawStart = batch.rawOffset(r);
        int kept = 0;
        int at = 0;
        for (int i = 0; i < inside; i++) { // a value that overlaps the one before stays in the gap
            int offset = (int) (inRaw[i] >>> 32);
            if (offset >= at) {
                inRaw[kept++] = inRaw[i];
                at = offset + lengthInRaw[(int) inRaw[i] & ESCAPED - 1];
            }
        }
        row.clear();
        row.putVar(kept);
        at = 0;
        for (int i = 0; i < kept; i++) {
            int offset = (int) (inRaw[i] >>> 32);
            int entry = (int) inRaw[i] & ESCAPED - 1;
            row.putVar(offset - at);
            row.putVar(entry << 1 | (int) inRaw[i] >>> 30);
            at = offset + lengthInRaw[entry];
        }
        at = 0;
        for (int i = 0; i < kept; i++) {
            int offset = (int) (inRaw[i] >>> 32);
            row.put(arena, rawStart + at, offset - at);
            at = offset + lengthInRaw[(int) inRaw[i] & ESCAPED - 1];
        }
        row.put(arena, rawStart + at, batch.rawLength(r) - at);
        row.ensure(16);
        if (skeleton.add(row.bytes, 0, row.size) && filtered) {
            filterGaps(arena, rawStart, batch.rawLength(r), kept);
        }
    }

    private void filterGaps(byte[] arena, int rawStart, int length, int kept) {
        int at = 0;
        for (int i = 0; i < kept; i++) {
            int offset = (int) (inRaw[i] >>> 32);
            filter.addGap(arena, rawStart + at, offset - at, i > 0, true);
            at = offset + lengthInRaw[(int) inRaw[i] & ESCAPED - 1];
        }
        filter.addGap(arena, rawStart + at, length - at, kept > 0, false);
    }

    private ColumnBuilder column(int field) {
        if (field >= byField.length) {
            byField = Arrays.copyOf(byField, Math.max(field + 1, byField.length * 2));
        }
        var column = byField[field];
        if (column == null) {
            column = new ColumnBuilder(Field.byId(field).path().getBytes(StandardCharsets.UTF_8));
            byField[field] = column;
            kept++;
        }
        if (column.number < 0) {
            column.begin(columns);
            if (columns == used.length) {
                used = Arrays.copyOf(used, columns * 2);
            }
            used[columns++] = column;
        }
        return column;
    }

    /** The block's columns, in their order. */
    private ColumnBuilder used(int c) {
        var column = used[c];
        if (column == null) {
            throw new IllegalStateException("fewer columns than were counted");
        }
        return column;
    }

    private void writeFilter(List<EventBatch> chunks, boolean filtered) {
        int from = pages.out.size;
        if (filtered) {
            for (int c = 0; c < columns; c++) {
                used(c).filter(filter);
            }
            for (var chunk : chunks) {
                for (int r = 0; r < chunk.rows(); r++) {
                    filter.addHash(Hash.ofId(chunk.idHigh(r), chunk.idLow(r)));
                }
            }
            filter.write(pages.out);
        }
        directory.putVar(pages.out.size - from);
        directory.putInt(crc(from, pages.out.size - from));
    }

    private void writeMeta(List<EventBatch> chunks) {
        var page = pages.begin();
        long before = 0;
        for (var chunk : chunks) {
            for (int r = 0; r < chunk.rows(); r++) {
                page.putSigned(chunk.time(r) - before);
                before = chunk.time(r);
            }
        }
        pages.end(directory);
        page = pages.begin();
        before = 0;
        for (var chunk : chunks) {
            for (int r = 0; r < chunk.rows(); r++) {
                page.putSigned(chunk.received(r) - before);
                before = chunk.received(r);
            }
        }
        pages.end(directory);
        page = pages.begin();
        for (var chunk : chunks) {
            for (int r = 0; r < chunk.rows(); r++) {
                page.putLong(chunk.idHigh(r));
            }
        }
        for (var chunk : chunks) {
            for (int r = 0; r < chunk.rows(); r++) {
                page.putLong(chunk.idLow(r));
            }
        }
        pages.end(directory);
        page = pages.begin();
        before = 0;
        for (var chunk : chunks) {
            for (int r = 0; r < chunk.rows(); r++) {
                page.putSigned(chunk.logOffset(r) - before);
                before = chunk.logOffset(r);
            }
        }
        pages.end(directory);
        writeNames(chunks);
    }

    /** Where the rows are from: the origins, and the log sources, each a list of those there are and a number a row. */
    private void writeNames(List<EventBatch> chunks) {
        var origins = new ArrayList<String>();
        var sources = new ArrayList<Integer>();
        var codes = new Sink(4096);
        for (var chunk : chunks) {
            for (int r = 0; r < chunk.rows(); r++) {
                codes.putVar(number(origins, chunk.origin(r)));
                codes.putVar(number(sources, chunk.sourceId(r)));
            }
        }
        var page = pages.begin();
        page.putVar(origins.size());
        origins.forEach(page::putText);
        page.putVar(sources.size());
        for (int id : sources) {
            var source = LogSource.byId(id);
            putOptional(page, source.product());
            putOptional(page, source.category());
            putOptional(page, source.service());
        }
        pages.end(directory);
        page = pages.begin();
        page.put(codes.bytes, 0, codes.size);
        pages.end(directory);
    }

    private static <T> int number(List<T> known, T one) {
        int at = known.isEmpty() || !known.getLast().equals(one) ? known.indexOf(one) : known.size() - 1;
        if (at < 0) {
            known.add(one);
            at = known.size() - 1;
        }
        return at;
    }

    private static void putOptional(Sink page, @Nullable String text) {
        page.putByte(text == null ? 0 : 1);
        if (text != null) {
            page.putText(text);
        }
    }

    private void writeShapes(int rows) {
        var page = pages.begin();
        page.putVar(shapes.count);
        for (int s = 0; s < shapes.count; s++) {
            page.putVar(shapes.end[s] - shapes.start(s));
        }
        page.put(shapes.data, 0, shapes.used());
        for (int r = 0; r < rows; r++) {
            page.putVar(shapeOf[r]);
        }
        pages.end(directory);
    }

    /** The directory stands at the block's end, so that pages are written before their places are known. */
    private void finish(int rows, long firstSeq, long min, long max) {
        var out = pages.out;
        int from = out.size;
        var page = pages.begin();
        page.put(directory.bytes, 0, directory.size);
        var lengths = new Sink(32);
        pages.end(lengths);
        int size = out.size;
        out.size = 0;
        out.putLong(MAGIC);
        out.putInt(size);
        out.putInt(size - from);
        out.putInt(directory.size);
        out.putInt(rows);
        out.putLong(min);
        out.putLong(max);
        out.putLong(firstSeq);
        out.putInt(crc(from, size - from));
        out.putInt(FORMAT);
        out.putInt(0);
        out.putInt(crc(0, HEADER - 4));
        out.size = size;
    }

    private int crc(int from, int length) {
        crc.reset();
        crc.update(pages.out.bytes, from, length);
        return (int) crc.getValue();
    }

    @Override
    public void close() {
        pages.close();
    }
}
