package io.marsad.normalize.format;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which key came after which: a source's records repeat their keys in the same order, so that the next one need
 * not be searched for but only compared. A key that was not foreseen costs one comparison more.
 *
 * <p>Bounded like the paths that it knows, and by {@value #MAX_KEY_BYTES} bytes of keys. One thread.
 */
final class KeyOrder {
    private static final int MAX_KEY_BYTES = 256 << 10;

    private @Nullable PathTable paths;
    /** By path: the one whose key came next, or 0. */
    private int[] next = new int[512];
    /** By path: how it was first reached, from which path and by which key; 0 bytes is not at all. */
    private int[] parent = new int[512];

    private int[] keyAt = new int[512];
    private int[] keyBytes = new int[512];
    /** Each with the quote behind it. */
    private byte[] keys = new byte[4 << 10];

    private int used;
    private int before;

    /** Begins a record whose paths are of this table. */
    void begin(PathTable table) {
        if (table != paths) {
            paths = table;
            Arrays.fill(next, 0);
            Arrays.fill(keyBytes, 0);
            used = 0;
        }
        before = PathTable.ROOT;
    }

    /** The path under the parent that the key which is foreseen leads to, if it stands here with its quote; else 0. */
    int foreseen(int of, byte[] record, int at, int end) {
        int path = before < next.length ? next[before] : 0;
        if (path == 0 || parent[path] != of) {
            return 0;
        }
        int n = keyBytes[path];
        if (n > end - at || !Words.equal(keys, keyAt[path], record, at, n)) {
            return 0;
        }
        before = path;
        return path;
    }

    /** How many bytes the key has that was foreseen, with its quote. */
    int length(int path) {
        return keyBytes[path];
    }

    /** Takes note of a key that means just its bytes and has a quote behind it. */
    void came(int of, byte[] record, int at, int length, int path) {
        int most = Math.max(before, path);
        if (most >= next.length) {
            int n = Math.max(next.length * 2, most + 1);
            next = Arrays.copyOf(next, n);
            parent = Arrays.copyOf(parent, n);
            keyAt = Arrays.copyOf(keyAt, n);
            keyBytes = Arrays.copyOf(keyBytes, n);
        }
        if (keyBytes[path] == 0) {
            if (used + length + 1 > MAX_KEY_BYTES) {
                return;
            }
            if (used + length + 9 > keys.length) {
                keys = Arrays.copyOf(keys, keys.length * 2 + length);
            }
            System.arraycopy(record, at, keys, used, length + 1);
            parent[path] = of;
            keyAt[path] = used;
            keyBytes[path] = length + 1;
            used += length + 1;
        }
        next[before] = path;
        before = path;
    }
}
