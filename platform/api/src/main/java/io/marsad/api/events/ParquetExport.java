package io.marsad.api.events;

import io.marsad.api.parquet.ParquetColumn;
import io.marsad.api.parquet.ParquetColumn.Kind;
import io.marsad.api.parquet.ParquetWriter;
import io.marsad.store.query.run.Answer;
import io.marsad.store.query.run.Column;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers as Parquet files. A column is of the kind that all its values are; what has several kinds, or several values, is
 * text as CSV has it. A name that is taken already gets an underscore.
 */
final class ParquetExport {
    private final List<ParquetColumn> columns = new ArrayList<>();
    private final HashSet<String> names = new HashSet<>();

    private ParquetExport() {}

    static byte[] file(Answer answer, EventLines lines) throws IOException {
        var out = new ByteArrayOutputStream();
        switch (answer.rows()) {
            case Answer.Events events -> new ParquetExport().events(events, answer.columns(), lines, out);
            case Answer.Table(var rows) -> new ParquetExport().table(rows, answer.columns(), out);
        }
        return out.toByteArray();
    }

    private void column(String name, Kind kind) {
        var free = name;
        while (!names.add(free)) {
            free += "_";
        }
        columns.add(new ParquetColumn(free, kind));
    }

    private void table(List<List<@Nullable Object>> rows, List<Column> of, ByteArrayOutputStream out)
            throws IOException {
        for (int i = 0; i < of.size(); i++) {
            int at = i;
            column(
                    of.get(i).name(),
                    kind(of.get(i), rows.size(), row -> rows.get(row).get(at)));
        }
        var writer = new ParquetWriter(out, columns);
        for (var row : rows) {
            var cells = new ArrayList<@Nullable Object>(columns.size());
            for (int i = 0; i < columns.size(); i++) {
                cells.add(cell(columns.get(i).kind(), row.get(i)));
            }
            writer.row(cells);
        }
        writer.finish();
    }

    private void events(Answer.Events answer, List<Column> computed, EventLines lines, ByteArrayOutputStream out)
            throws IOException {
        var events = answer.events();
        var flat = new ArrayList<Map<String, @Nullable Object>>(events.rows());
        var fields = new TreeMap<String, Kind>();
        for (int row = 0; row < events.rows(); row++) {
            var one = lines.flat(events, row);
            flat.add(one);
            one.forEach((name, value) -> {
                if (value != null) {
                    fields.merge(name, kind(value), ParquetExport::both);
                }
            });
        }
        column("time", Kind.TIME);
        List.of("id", "origin", "log_source").forEach(name -> column(name, Kind.TEXT));
        for (int i = 0; i < computed.size(); i++) {
            int at = i;
            column(
                    computed.get(i).name(),
                    kind(
                            computed.get(i),
                            events.rows(),
                            row -> answer.computed().get(row).get(at)));
        }
        fields.forEach(this::column);
        var writer = new ParquetWriter(out, columns);
        for (int row = 0; row < events.rows(); row++) {
            var cells = new ArrayList<@Nullable Object>(columns.size());
            cells.add(events.time(row));
            cells.add(events.id(row).toString());
            cells.add(events.origin(row));
            cells.add(events.source(row).toString());
            for (var value : answer.computed().get(row)) {
                if (cells.size() < 4 + computed.size()) {
                    cells.add(cell(columns.get(cells.size()).kind(), value));
                }
            }
            for (var field : fields.entrySet()) {
                cells.add(cell(field.getValue(), flat.get(row).get(field.getKey())));
            }
            writer.row(cells);
        }
        writer.finish();
    }

    private static Kind kind(Column column, int rows, Function<Integer, @Nullable Object> values) {
        Kind kind = null;
        for (int row = 0; row < rows; row++) {
            var value = values.apply(row);
            if (value != null) {
                kind = kind == null ? kind(value) : both(kind, kind(value));
            }
        }
        boolean time = column.type() == Column.Type.TIME && (kind == null || kind == Kind.WHOLE || kind == Kind.NUMBER);
        return time ? Kind.TIME : kind == null ? Kind.TEXT : kind;
    }

    private static Kind kind(Object value) {
        return switch (value) {
            case Long _, Integer _ -> Kind.WHOLE;
            case Number _ -> Kind.NUMBER;
            case Boolean _ -> Kind.TRUTH;
            default -> Kind.TEXT;
        };
    }

    private static Kind both(Kind one, Kind other) {
        boolean numbers = (one == Kind.WHOLE || one == Kind.NUMBER) && (other == Kind.WHOLE || other == Kind.NUMBER);
        return one == other ? one : numbers ? Kind.NUMBER : Kind.TEXT;
    }

    private static @Nullable Object cell(Kind kind, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        return switch (kind) {
            case TEXT -> Exported.plain(value);
            case WHOLE, TIME -> ((Number) value).longValue();
            case NUMBER -> ((Number) value).doubleValue();
            case TRUTH -> value;
        };
    }
}
