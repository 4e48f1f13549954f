package io.marsad.store.query.run;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.store.query.Query;
import io.marsad.store.query.run.Column.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What names stand for at one place between stages: fields of events and what was computed for them, or columns of a
 * table. Changes as stages are added, and notes which fields of events are wanted.
 */
final class Shape {
    static final String TIME = "time";
    static final String ID = "id";

    private boolean table;
    private final List<Column> columns = new ArrayList<>();
    private final Set<Field> wanted = new HashSet<>();
    private final Set<Field> dropped = new HashSet<>();
    private boolean whole;

    /** Are the rows a table's? */
    boolean isTable() {
        return table;
    }

    List<Column> columns() {
        return List.copyOf(columns);
    }

    /** The fields of events that stages look at. */
    Set<Field> wanted() {
        return Set.copyOf(wanted);
    }

    /** Fields that the answer shall not have. */
    Set<Field> dropped() {
        return Set.copyOf(dropped);
    }

    /** Whole events are wanted, raw records and all. */
    boolean wantsWhole() {
        return whole;
    }

    void wantWhole() {
        whole = true;
    }

    void table(List<Column> of) {
        table = true;
        columns.clear();
        columns.addAll(of);
    }

    /** The column's place, or -1. */
    int find(String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** The place of a column that is made or made anew. */
    int make(String name, Type type) {
        int at = find(name);
        if (at >= 0) {
            columns.set(at, new Column(name, type));
            return at;
        }
        columns.add(new Column(name, type));
        return columns.size() - 1;
    }

    /** Drops a field of events and, where it is one, the computed value of this name. */
    void drop(String name) {
        dropped.addAll(Query.fields(name));
        int at = find(name);
        if (at >= 0) {
            columns.set(at, new Column("", Type.ANY)); // its place stays, nobody finds it
        }
    }

    Type type(String name) {
        int at = find(name);
        return at >= 0 ? columns.get(at).type() : !table && name.equals(TIME) ? Type.TIME : Type.ANY;
    }

    /** The fields of events behind a name that nothing computed. */
    List<Field> slots(String name) {
        var slots = Query.fields(name);
        wanted.addAll(slots);
        return slots.stream().filter(slot -> !dropped.contains(slot)).toList();
    }

    Computed get(String name) {
        int at = find(name);
        if (at >= 0) {
            return row -> row.get(at);
        }
        if (table) {
            return row -> null;
        }
        if (name.equals(TIME)) {
            return row -> row.events().time(row.index());
        }
        if (name.equals(ID)) {
            return row -> row.events().id(row.index()).toString();
        }
        var slots = slots(name).toArray(Field[]::new);
        return row -> value(row.events(), row.index(), slots);
    }

    /** The values, null aside, of the first of the fields that the event has. */
    private static @Nullable Object value(EventBatch batch, int row, Field[] slots) {
        for (var slot : slots) {
            Object first = null;
            List<Object> more = null;
            for (int e = batch.first(row), end = batch.end(row); e < end; e++) {
                if (batch.field(e) != slot.id() || batch.type(e) == EventBatch.NULL) {
                    continue;
                }
                if (first == null) {
                    first = batch.text(e);
                } else {
                    more = more == null ? new ArrayList<>(List.of(first)) : more;
                    more.add(batch.text(e));
                }
            }
            if (first != null) {
                return more == null ? first : more;
            }
        }
        return null;
    }
}
