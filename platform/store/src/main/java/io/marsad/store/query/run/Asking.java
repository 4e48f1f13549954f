package io.marsad.store.query.run;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.CompiledPredicate;
import io.marsad.store.query.Expression;
import io.marsad.store.query.Lowering;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code where} over rows that have computed columns: the row is made an event whose further fields are the columns, and
 * the matcher is asked, so that conditions mean the same everywhere.
 */
final class Asking {
    private final Shape shape;
    private final EventBatch scratch;
    private final CompiledPredicate predicate;
    private final int columns;
    private final boolean table;

    /** @throws io.marsad.kernel.problem.ProblemException when more names of fields cannot be looked for */
    Asking(Expression condition, Shape shape, TenantId tenant) {
        this.shape = shape;
        table = shape.isTable();
        columns = shape.columns().size();
        scratch = new EventBatch(tenant, 1, 64, 4096);
        var lowered = new Lowering(this::slots).lower(condition);
        if (!table && anywhere(lowered)) {
            shape.wantWhole();
        }
        predicate = CompiledPredicate.of(lowered);
    }

    /** A name that no event has, for the column with this number. */
    private static Field field(int column) {
        return Field.of("*" + column);
    }

    private List<Field> slots(String name) {
        int at = shape.find(name);
        return at >= 0 ? List.of(field(at)) : table ? List.of() : shape.slots(name);
    }

    private static boolean anywhere(Predicate predicate) {
        return switch (predicate) {
            case Predicate.And(List<Predicate> all) -> all.stream().anyMatch(Asking::anywhere);
            case Predicate.Or(List<Predicate> any) -> any.stream().anyMatch(Asking::anywhere);
            case Predicate.Not(Predicate of) -> anywhere(of);
            case Predicate.Text text -> text.field() == Predicate.ANYWHERE;
            case Predicate.Regex _, Predicate.Cidr _, Predicate.Number _, Predicate.DatePart _ -> false;
            case Predicate.Exists _, Predicate.IsNull _, Predicate.FieldRef _ -> false;
            case Predicate.OfSource _ -> false;
        };
    }

    boolean test(Row row) {
        scratch.clear();
        if (table) {
            scratch.beginRow(new EventId(0, 0), 0, -1, "");
        } else {
            begin(row.events(), row.index());
        }
        for (int i = 0; i < columns; i++) {
            for (var item : Values.items(row.get(i))) {
                add(field(i), Values.text(item));
            }
        }
        scratch.endRow();
        return predicate.test(scratch, 0);
    }

    private void begin(EventBatch from, int row) {
        scratch.beginRow(from.id(row), from.received(row), from.logOffset(row), from.origin(row));
        scratch.raw(from.arena(), from.rawOffset(row), from.rawLength(row));
        scratch.source(from.source(row));
        for (int e = from.first(row), end = from.end(row); e < end; e++) {
            int at = scratch.put(from.arena(), from.offset(e), from.length(e));
            scratch.add(from.field(e), at, from.length(e), from.type(e));
        }
    }

    private void add(Field field, @Nullable String text) {
        if (text != null) {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            scratch.add(field.id(), scratch.put(bytes, 0, bytes.length), bytes.length, EventBatch.TEXT);
        }
    }
}
