package io.marsad.kernel.event;

import io.marsad.kernel.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Events of one tenant: rows of flat entries (field, text, type) over one byte arena, with the raw records beside them.
 * The only event type: the worker fills it, the matcher reads it, the store encodes it and gives it back.
 *
 * <p>An entry is a leaf: its field and the bytes of its value as UTF-8 text, whatever its {@link #TEXT type}. An array is
 * its elements one after the other under the same field; an array of objects is parallel lists. Entries of a row stand
 * together, in the order they were added.
 *
 * <p>Reused after {@link #clear()} without allocating. Not thread-safe: one thread at a time owns a batch.
 */
public final class EventBatch {
    /** Types of entries. Numbers are decimal text as the source wrote it; booleans are {@code true} or {@code false}. */
    public static final byte TEXT = 1, NUMBER = 2, BOOL = 3, NULL = 4;

    /** Bytes after the arena's end that may be read (never trusted), so that scanners can load whole words. */
    public static final int PADDING = 16;

    private final TenantId tenant;
    private byte[] arena;
    private int used;

    private int rows;
    private boolean open;
    private int[] rowEnd;
    private long[] time;
    private long[] received;
    private long[] idHigh;
    private long[] idLow;
    private long[] logOffset;
    private int[] rawOffset;
    private int[] rawLength;
    private int[] source;
    private @Nullable String[] origin;
    private int arenaBeforeRow;

    private int entries;
    private int[] entryField;
    private int[] entryOffset;
    private int[] entryLength;
    private byte[] entryType;

    public EventBatch(TenantId tenant) {
        this(tenant, 256, 8192, 64 << 10);
    }

    /** A batch that starts with room for so much, and grows when it has to; for those that hold many small ones. */
    public EventBatch(TenantId tenant, int expectedRows, int expectedEntries, int expectedBytes) {
        this.tenant = tenant;
        int n = Math.max(1, expectedRows);
        rowEnd = new int[n];
        time = new long[n];
        received = new long[n];
        idHigh = new long[n];
        idLow = new long[n];
        logOffset = new long[n];
        rawOffset = new int[n];
        rawLength = new int[n];
        source = new int[n];
        origin = new @Nullable String[n];
        int m = Math.max(1, expectedEntries);
        entryField = new int[m];
        entryOffset = new int[m];
        entryLength = new int[m];
        entryType = new byte[m];
        arena = new byte[Math.max(0, expectedBytes) + PADDING];
    }

    // ---- writing

    /** Forgets all rows; keeps the memory. */
    public void clear() {
        rows = 0;
        entries = 0;
        used = 0;
        open = false;
    }

    /**
     * Starts a row. It counts only once {@link #endRow} was called.
     *
     * @param received when the platform took the record, epoch milliseconds; also the event's time until it is set
     * @param logOffset where the record stands in the event log, or -1
     * @param origin the registered source that sent it
     */
    public void beginRow(EventId id, long received, long logOffset, String origin) {
        if (open) {
            throw new IllegalStateException("the row before was neither ended nor dropped");
        }
        if (rows == time.length) {
            growRows();
        }
        open = true;
        arenaBeforeRow = used;
        idHigh[rows] = id.high();
        idLow[rows] = id.low();
        time[rows] = received;
        this.received[rows] = received;
        this.logOffset[rows] = logOffset;
        this.origin[rows] = origin;
        rawOffset[rows] = used;
        rawLength[rows] = 0;
        source[rows] = LogSource.NONE.id();
    }

    /** Copies the record as it came into the arena; entries may then point into it. Returns its offset. */
    public int raw(byte[] bytes, int offset, int length) {
        int at = put(bytes, offset, length);
        rawOffset[rows] = at;
        rawLength[rows] = length;
        return at;
    }

    /** The event's own time, epoch milliseconds. */
    public void time(long epochMillis) {
        time[rows] = epochMillis;
    }

    public void source(LogSource logSource) {
        source[rows] = logSource.id();
    }

    /** Copies bytes into the arena and returns where they are. The arena may move: fetch {@link #arena()} again. */
    public int put(byte[] bytes, int offset, int length) {
        ensureArena(length);
        System.arraycopy(bytes, offset, arena, used, length);
        int at = used;
        used += length;
        return at;
    }

    /** Adds an entry whose bytes are in the arena already. */
    public void add(int field, int offset, int length, byte type) {
        if (entries == entryField.length) {
            growEntries();
        }
        entryField[entries] = field;
        entryOffset[entries] = offset;
        entryLength[entries] = length;
        entryType[entries++] = type;
    }

    public void add(Field field, String text) {
        add(field, text, TEXT);
    }

    public void add(Field field, long number) {
        add(field, Long.toString(number), NUMBER);
    }

    private void add(Field field, String text, byte type) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        add(field.id(), put(bytes, 0, bytes.length), bytes.length, type);
    }

    public void endRow() {
        rowEnd[rows++] = entries;
        open = false;
    }

    /** Undoes {@link #beginRow} and all since: for a record that turns out not to be an event. Nothing when no row is open. */
    public void dropRow() {
        if (!open) {
            return;
        }
        entries = rows == 0 ? 0 : rowEnd[rows - 1];
        used = arenaBeforeRow;
        open = false;
    }

    /** Appends a copy of another batch's row. */
    public void copyRow(EventBatch from, int row) {
        beginRow(from.id(row), from.received(row), from.logOffset(row), from.origin(row));
        raw(from.arena, from.rawOffset[row], from.rawLength[row]);
        time(from.time[row]);
        source[rows] = from.source[row];
        for (int e = from.first(row); e < from.end(row); e++) {
            int at = from.entryOffset[e];
            int length = from.entryLength[e];
            boolean inRaw = at >= from.rawOffset[row] && at + length <= from.rawOffset[row] + from.rawLength[row];
            int copy = inRaw ? rawOffset[rows] + at - from.rawOffset[row] : put(from.arena, at, length);
            add(from.entryField[e], copy, length, from.entryType[e]);
        }
        endRow();
    }

    /** A batch of its own with copies of the rows from one to before another, at once and with no memory to spare. */
    public EventBatch copy(int fromRow, int toRow) {
        Objects.checkFromToIndex(fromRow, toRow, rows);
        int firstEntry = first(fromRow);
        int entryCount = toRow == fromRow ? 0 : rowEnd[toRow - 1] - firstEntry;
        int low = used, high = 0;
        for (int r = fromRow; r < toRow; r++) {
            if (rawLength[r] > 0) {
                low = Math.min(low, rawOffset[r]);
                high = Math.max(high, rawOffset[r] + rawLength[r]);
            }
        }
        for (int e = firstEntry; e < firstEntry + entryCount; e++) {
            if (entryLength[e] > 0) { // what has no bytes is nowhere
                low = Math.min(low, entryOffset[e]);
                high = Math.max(high, entryOffset[e] + entryLength[e]);
            }
        }
        var copy = new EventBatch(this, fromRow, toRow, entryCount);
        copy.used = Math.max(0, high - low);
        copy.arena = Arrays.copyOfRange(arena, low, low + copy.used + PADDING);
        for (int r = 0; r < copy.rows; r++) {
            copy.rowEnd[r] -= firstEntry;
            copy.rawOffset[r] = Math.clamp(copy.rawOffset[r] - low, 0, copy.used);
        }
        for (int e = 0; e < entryCount; e++) {
            copy.entryOffset[e] = Math.clamp(copy.entryOffset[e] - low, 0, copy.used);
        }
        return copy;
    }

    /** A copy of all but the arena. */
    private EventBatch(EventBatch from, int fromRow, int toRow, int entryCount) {
        int firstEntry = from.first(fromRow);
        tenant = from.tenant;
        rows = toRow - fromRow;
        entries = entryCount;
        rowEnd = Arrays.copyOfRange(from.rowEnd, fromRow, toRow);
        time = Arrays.copyOfRange(from.time, fromRow, toRow);
        received = Arrays.copyOfRange(from.received, fromRow, toRow);
        idHigh = Arrays.copyOfRange(from.idHigh, fromRow, toRow);
        idLow = Arrays.copyOfRange(from.idLow, fromRow, toRow);
        logOffset = Arrays.copyOfRange(from.logOffset, fromRow, toRow);
        rawOffset = Arrays.copyOfRange(from.rawOffset, fromRow, toRow);
        rawLength = Arrays.copyOfRange(from.rawLength, fromRow, toRow);
        source = Arrays.copyOfRange(from.source, fromRow, toRow);
        origin = Arrays.copyOfRange(from.origin, fromRow, toRow);
        entryField = Arrays.copyOfRange(from.entryField, firstEntry, firstEntry + entryCount);
        entryOffset = Arrays.copyOfRange(from.entryOffset, firstEntry, firstEntry + entryCount);
        entryLength = Arrays.copyOfRange(from.entryLength, firstEntry, firstEntry + entryCount);
        entryType = Arrays.copyOfRange(from.entryType, firstEntry, firstEntry + entryCount);
        arena = from.arena;
    }

    // ---- reading

    public TenantId tenant() {
        return tenant;
    }

    public int rows() {
        return rows;
    }

    /** Bytes in use: what a queue counts. */
    public int bytes() {
        return used;
    }

    /** The bytes that offsets are into; at least {@link #PADDING} longer than what is in use. */
    public byte[] arena() {
        return arena;
    }

    /** Index of a row's first entry; of the row being written too. */
    public int first(int row) {
        return row == 0 ? 0 : rowEnd[row - 1];
    }

    /** Index after a row's last entry; of the row being written too. */
    public int end(int row) {
        return row == rows ? entries : rowEnd[row];
    }

    public int field(int entry) {
        return entryField[entry];
    }

    public int offset(int entry) {
        return entryOffset[entry];
    }

    public int length(int entry) {
        return entryLength[entry];
    }

    public byte type(int entry) {
        return entryType[entry];
    }

    public String text(int entry) {
        return new String(arena, entryOffset[entry], entryLength[entry], StandardCharsets.UTF_8);
    }

    /** The first entry of a field in a row, or -1. */
    public int find(int row, Field field) {
        int id = field.id();
        for (int e = first(row), end = end(row); e < end; e++) {
            if (entryField[e] == id) {
                return e;
            }
        }
        return -1;
    }

    /** The first value of a field in a row, or null when it is absent or null. */
    public @Nullable String text(int row, Field field) {
        int e = find(row, field);
        return e < 0 || entryType[e] == NULL ? null : text(e);
    }

    public EventId id(int row) {
        return new EventId(idHigh[row], idLow[row]);
    }

    public long idHigh(int row) {
        return idHigh[row];
    }

    public long idLow(int row) {
        return idLow[row];
    }

    /** The event's own time, epoch milliseconds. */
    public long time(int row) {
        return time[row];
    }

    public long received(int row) {
        return received[row];
    }

    public long logOffset(int row) {
        return logOffset[row];
    }

    public LogSource source(int row) {
        return LogSource.byId(source[row]);
    }

    public int sourceId(int row) {
        return source[row];
    }

    public String origin(int row) {
        var name = origin[row];
        return name == null ? "" : name;
    }

    public int rawOffset(int row) {
        return rawOffset[row];
    }

    public int rawLength(int row) {
        return rawLength[row];
    }

    /** The record as it came. */
    public byte[] raw(int row) {
        return Arrays.copyOfRange(arena, rawOffset[row], rawOffset[row] + rawLength[row]);
    }

    // ---- growing

    private void ensureArena(int more) {
        long need = (long) used + more + PADDING;
        if (need > arena.length) {
            if (need > Integer.MAX_VALUE - 64) {
                throw new IllegalStateException("a batch holds less than 2 GiB");
            }
            arena = Arrays.copyOf(arena, (int) Math.min(Integer.MAX_VALUE - 64L, Math.max(need, arena.length * 2L)));
        }
    }

    private void growRows() {
        int n = time.length * 2 + 1;
        rowEnd = Arrays.copyOf(rowEnd, n);
        time = Arrays.copyOf(time, n);
        received = Arrays.copyOf(received, n);
        idHigh = Arrays.copyOf(idHigh, n);
        idLow = Arrays.copyOf(idLow, n);
        logOffset = Arrays.copyOf(logOffset, n);
        rawOffset = Arrays.copyOf(rawOffset, n);
        rawLength = Arrays.copyOf(rawLength, n);
        source = Arrays.copyOf(source, n);
        origin = Arrays.copyOf(origin, n);
    }

    private void growEntries() {
        int n = entryField.length * 2 + 1;
        entryField = Arrays.copyOf(entryField, n);
        entryOffset = Arrays.copyOf(entryOffset, n);
        entryLength = Arrays.copyOf(entryLength, n);
        entryType = Arrays.copyOf(entryType, n);
    }
}
