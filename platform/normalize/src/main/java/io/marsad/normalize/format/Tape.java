package io.marsad.normalize.format;

import io.marsad.kernel.event.EventBatch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The values of one record, flat and in order: path, bytes and type of each. The bytes stand in the record itself where
 * they are as it has them, else (escapes undone, hex decoded) in the tape's side memory. Values of an array follow each
 * other under one path.
 *
 * <p>Used again for each record without allocating. Not thread-safe. Valid until the next record is parsed, and only as
 * long as the record's bytes are not changed.
 */
public final class Tape {
    /** A record with more values is refused. */
    public static final int MAX_LEAVES = 4096;

    /** Values are shorter than this, in bytes. */
    public static final int MAX_VALUE_BYTES = 1 << 20;

    private final PathTable paths;
    private int size;
    private int[] path = new int[256];
    private int[] offset = new int[256];
    private int[] length = new int[256];
    private byte[] type = new byte[256];
    private boolean[] inRecord = new boolean[256];
    private byte[] record = new byte[0];
    private int recordOffset;
    private byte[] side = new byte[4096];
    private int sideUsed;

    public Tape(PathTable paths) {
        this.paths = paths;
    }

    public PathTable paths() {
        return paths;
    }

    // ---- reading

    /** How many values there are, 0 to {@value #MAX_LEAVES}. */
    public int size() {
        return size;
    }

    /** The value's path id, see {@link #paths()}. */
    public int path(int leaf) {
        return path[leaf];
    }

    public String pathName(int leaf) {
        return paths.path(path[leaf]);
    }

    /** Whether {@link #bytes} are the record's own. */
    public boolean inRecord(int leaf) {
        return inRecord[leaf];
    }

    /** The array that the value stands in. */
    public byte[] bytes(int leaf) {
        return inRecord[leaf] ? record : side;
    }

    /** Where in {@link #bytes} the value starts. */
    public int offset(int leaf) {
        return offset[leaf];
    }

    /** Bytes from the record's start to the value; only for values that are {@link #inRecord}. */
    public int offsetInRecord(int leaf) {
        return offset[leaf] - recordOffset;
    }

    public int length(int leaf) {
        return length[leaf];
    }

    /** One of {@link EventBatch#TEXT}, {@link EventBatch#NUMBER}, {@link EventBatch#BOOL}, {@link EventBatch#NULL} (no bytes). */
    public byte type(int leaf) {
        return type[leaf];
    }

    public String text(int leaf) {
        return new String(bytes(leaf), offset[leaf], length[leaf], StandardCharsets.UTF_8);
    }

    /** The first value of a path at or after an index, or -1. */
    public int find(int pathId, int from) {
        for (int i = from; i < size; i++) {
            if (path[i] == pathId) {
                return i;
            }
        }
        return -1;
    }

    // ---- writing

    public void clear() {
        size = 0;
        sideUsed = 0;
    }

    /** Forgets everything and says where the next values stand. */
    void begin(byte[] recordBytes, int start) {
        clear();
        record = recordBytes;
        recordOffset = start;
    }

    /** Takes the last values back. */
    void truncate(int toSize) {
        size = toSize;
    }

    /** Adds a value that stands in the record. Returns whether there was room. */
    boolean addFromRecord(int pathId, int start, int bytes, byte leafType) {
        return put(pathId, start, bytes, leafType, true);
    }

    /** Adds a value that stands in the side memory. */
    boolean addFromSide(int pathId, int start, int bytes, byte leafType) {
        return put(pathId, start, bytes, leafType, false);
    }

    /** Copies the bytes to the side memory and adds them as a value. */
    boolean add(int pathId, byte[] from, int start, int bytes, byte leafType) {
        return put(pathId, side(from, start, bytes), bytes, leafType, false);
    }

    boolean add(int pathId, String text, byte leafType) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return add(pathId, bytes, 0, bytes.length, leafType);
    }

    /** Adds the bytes that were just written behind the side memory's end, mended where they are not UTF-8. */
    boolean addDecoded(int pathId, int bytes) {
        int at = sideUsed;
        if (Utf8.valid(side, at, at + bytes)) {
            sideUsed += bytes;
            return addFromSide(pathId, at, bytes, EventBatch.TEXT);
        }
        return add(pathId, new String(side, at, bytes, StandardCharsets.UTF_8), EventBatch.TEXT);
    }

    /** Adds another tape's value under a path of this one; for a tape whose side memory this one {@link #takeSide took}. */
    boolean add(int pathId, Tape from, int leaf) {
        return put(pathId, from.offset[leaf], from.length[leaf], from.type[leaf], from.inRecord[leaf]);
    }

    /** Adds {@code name=value} under the overflow path, the value being another tape's whose side memory this one took. */
    boolean addOverflow(String name, Tape from, int leaf) {
        var start = (name + '=').getBytes(StandardCharsets.UTF_8);
        int at = side(start, 0, start.length);
        side(from.inRecord[leaf] ? record : side, from.offset[leaf], from.length[leaf]);
        return addFromSide(PathTable.OVERFLOW, at, start.length + from.length[leaf], EventBatch.TEXT);
    }

    /** Starts with another tape's record and side memory, which the other loses. */
    void takeSide(Tape from) {
        begin(from.record, from.recordOffset);
        var mine = side;
        side = from.side;
        sideUsed = from.sideUsed;
        from.side = mine;
        from.sideUsed = 0;
    }

    private boolean put(int pathId, int start, int bytes, byte leafType, boolean own) {
        if (size == path.length && !grow()) {
            return false;
        }
        path[size] = pathId;
        offset[size] = start;
        length[size] = bytes;
        type[size] = leafType;
        inRecord[size++] = own;
        return true;
    }

    private boolean grow() {
        if (size >= MAX_LEAVES) {
            return false;
        }
        int n = size * 2;
        path = Arrays.copyOf(path, n);
        offset = Arrays.copyOf(offset, n);
        length = Arrays.copyOf(length, n);
        type = Arrays.copyOf(type, n);
        inRecord = Arrays.copyOf(inRecord, n);
        return true;
    }

    /** Copies bytes to the side memory and returns where they start. */
    int side(byte[] from, int start, int bytes) {
        // When the side memory is copied to itself and grows, what is read from is its old array: the bytes are the
        // same.
        System.arraycopy(from, start, sideRoom(bytes), sideUsed, bytes);
        int at = sideUsed;
        sideUsed += bytes;
        return at;
    }

    /** The side memory, with room for so many more bytes; moves when it grows. */
    byte[] sideRoom(int bytes) {
        if (bytes > side.length - sideUsed) {
            side = Arrays.copyOf(side, Math.max(side.length * 2, Math.addExact(sideUsed, bytes)));
        }
        return side;
    }

    byte[] side() {
        return side;
    }

    int sideUsed() {
        return sideUsed;
    }

    void sideUsed(int used) {
        sideUsed = used;
    }
}
