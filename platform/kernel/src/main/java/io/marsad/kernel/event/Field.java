package io.marsad.kernel.event;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The name of an event's attribute: an OCSF path such as {@code process.cmd_line}, or {@code unmapped.NAME} for what the
 * source called it. Interned: equal paths are the same object, and {@link #id} is a small dense number, so that compiled
 * rules and columns are arrays.
 *
 * <p>Names are never forgotten, so whoever makes them from untrusted bytes bounds how many (see {@link #known()}).
 */
public final class Field {
    /** Prefix of what has no home in OCSF, under its source's own name. */
    public static final String UNMAPPED = "unmapped.";

    private static final ConcurrentMap<String, Field> BY_PATH = new ConcurrentHashMap<>();
    private static volatile Field[] byId = new Field[1024];
    private static int count;

    private final String path;
    private final int id;

    private Field(String path, int id) {
        this.path = path;
        this.id = id;
    }

    public static Field of(String path) {
        var field = BY_PATH.get(path);
        return field != null ? field : intern(path);
    }

    public static Field unmapped(String name) {
        return of(UNMAPPED + name);
    }

    private static synchronized Field intern(String path) {
        var field = BY_PATH.get(path);
        if (field != null) {
            return field;
        }
        if (path.isEmpty() || path.length() > 512) {
            throw new IllegalArgumentException("a field path has 1 to 512 characters");
        }
        field = new Field(path, count);
        var table = byId;
        if (count == table.length) {
            table = java.util.Arrays.copyOf(table, count * 2);
        }
        table[count++] = field;
        byId = table; // the volatile write publishes the slot
        BY_PATH.put(path, field);
        return field;
    }

    /** The field with this number. */
    public static Field byId(int id) {
        return byId[id];
    }

    /** How many names there are: ids run from 0 to this, exclusive. */
    public static int known() {
        synchronized (Field.class) {
            return count;
        }
    }

    public String path() {
        return path;
    }

    public int id() {
        return id;
    }

    public boolean isUnmapped() {
        return path.startsWith(UNMAPPED);
    }

    @Override
    public String toString() {
        return path;
    }
}
