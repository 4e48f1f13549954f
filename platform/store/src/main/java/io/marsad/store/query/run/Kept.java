package io.marsad.store.query.run;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.store.EventSearch.Position;
import io.marsad.kernel.tenant.TenantId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last step: keeps the rows of the answer. */
final class Kept implements Step {
    private final int most;
    private final Budget budget;
    private final List<Row> rows = new ArrayList<>();
    private boolean more;

    Kept(int most, Budget budget) {
        this.most = most;
        this.budget = budget;
    }

    @Override
    public boolean take(Row row) {
        if (rows.size() == most) {
            more = true;
            return false;
        }
        row.keep();
        rows.add(row);
        return budget.take(row.weight());
    }

    @Override
    public void end() {}

    /** Were there more rows than are kept? */
    boolean more() {
        return more;
    }

    /** Where the next page starts, or null when there is none. */
    @Nullable
    Position next() {
        if (!more || rows.isEmpty()) {
            return null;
        }
        var last = rows.getLast();
        var id = last.events().id(last.index());
        return new Position(last.events().time(last.index()), id.high(), id.low());
    }

    Answer.Table table(Shape shape) {
        if (more) {
            budget.cut("the table has more than " + most + " rows");
        }
        int width = shape.columns().size();
        var cells = new ArrayList<List<@Nullable Object>>(rows.size());
        for (var row : rows) {
            var line = new ArrayList<@Nullable Object>(width);
            for (int i = 0; i < width; i++) {
                line.add(row.get(i));
            }
            cells.add(line);
        }
        return new Answer.Table(cells);
    }

    Answer.Events events(TenantId tenant, Shape shape) {
        var dropped = new HashSet<Integer>();
        for (Field field : shape.dropped()) {
            dropped.add(field.id());
        }
        var batch = new EventBatch(tenant);
        var computed = new ArrayList<List<@Nullable Object>>(rows.size());
        for (var row : rows) {
            copy(row, dropped, batch);
            var line = new ArrayList<@Nullable Object>();
            for (int i = 0; i < shape.columns().size(); i++) {
                if (!shape.columns().get(i).name().isEmpty()) {
                    line.add(row.get(i));
                }
            }
            computed.add(line);
        }
        return new Answer.Events(batch, computed);
    }

    private static void copy(Row row, HashSet<Integer> dropped, EventBatch to) {
        var from = row.events();
        int index = row.index();
        if (dropped.isEmpty()) {
            to.copyRow(from, index);
            return;
        }
        to.beginRow(from.id(index), from.received(index), from.logOffset(index), from.origin(index));
        to.time(from.time(index));
        to.source(from.source(index));
        for (int e = from.first(index), end = from.end(index); e < end; e++) {
            if (!dropped.contains(from.field(e))) {
                int at = to.put(from.arena(), from.offset(e), from.length(e));
                to.add(from.field(e), at, from.length(e), from.type(e));
            }
        }
        to.endRow();
    }
}
