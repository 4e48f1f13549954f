package io.marsad.kernel.event;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The name of an event's attribute: an OCSF path such as {@code process.cmd_line}, or {@code unmapped.NAME} for what the
 * source called it. Interned: equal paths are the same object, and {@link #id} is a small dense number, so that compiled
 * rules and columns are arrays.
 *
 * <p>Names are never forgotten, so whoever makes them from untrusted bytes bounds how many (see {@link #known()}), and
 * makes them by {@link #ofUntrusted}.
 */
public final class Field {
    /** Prefix of what has no home in OCSF, under its source's own name. */
    public static final String UNMAPPED = "unmapped.";

    /** With so many names, those from outside are no longer taken. */
    public static final int MOST_UNTRUSTED = 100_000;

    private static final int MAX_LENGTH = 512;

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

    /** The field of a name out of a record or a request; null when it is new and there are too many, or it is too long. */
    public static @Nullable Field ofUntrusted(String path) {
        var field = BY_PATH.get(path);
        if (field != null) {
            return field;
        }
        return path.isEmpty() || path.length() > MAX_LENGTH || known() >= MOST_UNTRUSTED ? null : intern(path);
    }

    private static synchronized Field intern(String path) {
        var field = BY_PATH.get(path);
        if (field != null) {
            return field;
        }
        if (path.isEmpty() || path.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a field path has 1 to " + MAX_LENGTH + " characters");
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
