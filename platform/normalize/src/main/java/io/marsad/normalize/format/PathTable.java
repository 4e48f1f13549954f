package io.marsad.normalize.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Names of values as small dense numbers, so that a compiled mapping is an array indexed by them. A path is the keys on
 * the way to a value joined by {@code '.'}; a dot inside a key stays as it is, so that {@code {"a":{"b":1}}} and
 * {@code {"a.b":1}} have the same path. What is in an array has the array's path.
 *
 * <p>Bounded, as the names come from untrusted records: at most {@value #MAX_PATHS} paths are learnt while parsing;
 * after that an unknown path is {@link #OVERFLOW}. Paths that were given to {@link #intern} beforehand (those that
 * mappings and rules speak of) are always found, so that a flood of strange names cannot hide them.
 *
 * <p>Ids are never given back or changed. Not thread-safe: each tape has its own table, or shares one with the tapes of
 * the same thread.
 */
public final class PathTable {
    /** The path of values for whose names there was no room; such a value's text is {@code name=value}. */
    public static final int OVERFLOW = 0;

    /** The path of a record itself; never that of a value. */
    public static final int ROOT = 1;

    /** How many paths records may teach a table. */
    public static final int MAX_PATHS = 8192;

    /** Longer paths (bytes) overflow. */
    public static final int MAX_PATH_BYTES = 400;

    private static final int MAX_INTERNED = 1 << 20;
    private static final int EDGES = 4 * MAX_PATHS;
    private static final int MAX_PROBES = 32;

    private final Map<String, Integer> byName = new HashMap<>();
    private String[] names = new String[512];
    private int count;
    private int learnt;

    // From a path and a key to the longer path: open addressing, found without making an object. The four numbers of an
    // edge stand together, in one cache line: parent, child (0: none), key's offset, key's length.
    private final int[] edge = new int[4 * EDGES];
    private int edges;
    private byte[] keys = new byte[16 << 10];
    private int keysUsed;

    public PathTable() {
        names[count++] = "_overflow";
        names[count++] = "";
    }

    /** How many ids were given: every id is below it. */
    public int size() {
        return count;
    }

    /** Whether records can teach it no more: whoever can drop what it cached by id may go on with a new table. */
    public boolean full() {
        return learnt >= MAX_PATHS;
    }

    /** @throws ArrayIndexOutOfBoundsException when the id was never given */
    public String path(int id) {
        if (id >= count) {
            throw new ArrayIndexOutOfBoundsException(id);
        }
        return names[id];
    }

    /**
     * The id of a path, made when it is new, whether the table is full or not: for names out of content, not out of
     * records.
     *
     * @throws IllegalArgumentException when the path is longer than {@value #MAX_PATH_BYTES} bytes
     * @throws IllegalStateException when there are more than a million
     */
    public int intern(String path) {
        if (path.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            throw new IllegalArgumentException("a path has at most " + MAX_PATH_BYTES + " bytes: " + path);
        }
        // The way there must be known as well: an unknown parent's children overflow.
        for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
            add(path.substring(0, dot));
        }
        return add(path);
    }

    /** The id of a whole path; {@link #OVERFLOW} when it is new and there is no room. For names, not for each value. */
    int learn(String path) {
        var bytes = path.getBytes(StandardCharsets.UTF_8);
        return child(ROOT, bytes, 0, bytes.length);
    }

    /** The id of a key under a path: {@link #OVERFLOW} when the parent is, or when it is new and there is no room. */
    int child(int parent, byte[] from, int offset, int length) {
        if (parent == OVERFLOW) {
            return OVERFLOW;
        }
        int slot = (int) (hash(parent, from, offset, length) >>> 40) & (EDGES - 1);
        for (int probe = 0; probe < MAX_PROBES; probe++) {
            int at = slot << 2;
            int child = edge[at + 1];
            if (child == OVERFLOW) {
                return learn(parent, from, offset, length, slot);
            }
            if (edge[at] == parent && edge[at + 3] == length && Words.equal(keys, edge[at + 2], from, offset, length)) {
                return child;
            }
            slot = (slot + 1) & (EDGES - 1);
        }
        return learn(parent, from, offset, length, -1);
    }

    private int learn(int parent, byte[] from, int offset, int length, int slot) {
        if (length > MAX_PATH_BYTES) {
            return OVERFLOW;
        }
        var key = new String(from, offset, length, StandardCharsets.UTF_8);
        var path = parent == ROOT ? key : names[parent] + '.' + key;
        var known = byName.get(path);
        int child;
        if (known != null) {
            child = known;
        } else if (learnt < MAX_PATHS && path.getBytes(StandardCharsets.UTF_8).length <= MAX_PATH_BYTES) {
            learnt++;
            child = add(path);
        } else {
            return OVERFLOW;
        }
        if (slot >= 0 && edges < EDGES / 2) {
            edges++;
            int at = slot << 2;
            edge[at] = parent;
            edge[at + 1] = child;
            edge[at + 2] = keysUsed;
            edge[at + 3] = length;
            if (keysUsed + length > keys.length) {
                keys = Arrays.copyOf(keys, keys.length * 2 + length);
            }
            System.arraycopy(from, offset, keys, keysUsed, length);
            keysUsed += length;
        }
        return child;
    }

    private int add(String path) {
        var known = byName.get(path);
        if (known != null) {
            return known;
        }
        if (count == MAX_INTERNED) {
            throw new IllegalStateException("too many paths");
        }
        if (count == names.length) {
            names = Arrays.copyOf(names, count * 2);
        }
        names[count] = path;
        byName.put(path, count);
        return count++;
    }

    private static long hash(int parent, byte[] from, int offset, int length) {
        long h = parent * 0x9E3779B97F4A7C15L ^ length;
        int i = offset;
        int end = offset + length;
        for (; i + 8 <= end; i += 8) {
            h = Words.mix(h ^ Words.at(from, i));
        }
        if (i < end) {
            long rest = 0;
            if (i + 8 <= from.length) {
                rest = Words.at(from, i) & ((1L << ((end - i) << 3)) - 1);
            } else {
                for (int j = end - 1; j >= i; j--) {
                    rest = rest << 8 | from[j] & 0xFF;
                }
            }
            h = Words.mix(h ^ rest);
        }
        return h * 0x9E3779B97F4A7C15L;
    }
}
