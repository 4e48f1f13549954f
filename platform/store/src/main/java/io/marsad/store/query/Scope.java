package io.marsad.store.query;

import io.marsad.kernel.content.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which names a stage may use: behind a stage that makes a table only its columns, before that any field. */
final class Scope {
    static final int MAX_COLUMNS = 200;

    /** Null: any name. */
    private @Nullable List<String> columns;

    /** Names that were made by {@code eval}, {@code rename} or {@code lookup} on events. */
    private final Set<String> made = new TreeSet<>();

    boolean isTable() {
        return columns != null || open;
    }

    /** A table whose columns are known only when it is there. */
    private boolean open;

    /** A list adds columns that only it knows. */
    void unknownFrom() {
        if (isTable()) {
            openTable();
        }
    }

    void openTable() {
        columns = null;
        open = true;
    }

    void table(List<String> names) {
        columns = new ArrayList<>(names);
        open = false;
    }

    void add(String name) {
        if (columns != null && !columns.contains(name)) {
            columns.add(name);
        } else if (columns == null) {
            made.add(name);
        }
    }

    void rename(String from, String to) {
        if (columns == null) {
            made.add(to);
            return;
        }
        columns.remove(to);
        int at = columns.indexOf(from);
        if (at >= 0) {
            columns.set(at, to);
        }
    }

    void drop(String name) {
        if (columns != null) {
            columns.remove(name);
        }
    }

    boolean has(String name) {
        return columns == null || columns.contains(name);
    }

    /** What may be named; empty when anything may. */
    List<String> names() {
        return columns == null ? List.copyOf(made) : List.copyOf(columns);
    }

    /** Why the name cannot be used here, or null. */
    @Nullable
    String fault(String name) {
        if (columns == null || columns.contains(name)) {
            return null;
        }
        return "there is no column '" + name + "' here" + Suggestion.among(name, columns.toArray(String[]::new))
                + "; there " + (columns.size() == 1 ? "is " : "are ")
                + String.join(", ", columns.subList(0, Math.min(12, columns.size())))
                + (columns.size() > 12 ? ", …" : "");
    }
}
