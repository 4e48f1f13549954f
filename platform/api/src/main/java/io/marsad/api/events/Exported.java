package io.marsad.api.events;

import io.marsad.api.http.Json;
import io.marsad.store.query.run.Answer;
import io.marsad.store.query.run.Column;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers as files. */
final class Exported {
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?");

    private Exported() {}

    static int rows(Answer answer) {
        return switch (answer.rows()) {
            case Answer.Events events -> events.events().rows();
            case Answer.Table(var rows) -> rows.size();
        };
    }

    // ---- NDJSON

    static byte[] lines(Answer answer, EventLines lines) {
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < rows(answer); i++) {
            int row = i;
            out.writeBytes(Json.bytes(to -> {
                switch (answer.rows()) {
                    case Answer.Events(var events, var computed) ->
                        lines.event(to, events, row, answer.columns(), computed.get(row));
                    case Answer.Table(var rows) -> {
                        to.writeStartObject();
                        for (int c = 0; c < answer.columns().size(); c++) {
                            var column = answer.columns().get(c);
                            to.writeName(column.name());
                            EventLines.value(to, column, rows.get(row).get(c));
                        }
                        to.writeEndObject();
                    }
                }
            }));
            out.write('\n');
        }
        return out.toByteArray();
    }

    // ---- CSV (RFC 4180)

    static byte[] csv(Answer answer, EventLines lines) {
        var text = new StringBuilder();
        switch (answer.rows()) {
            case Answer.Events events -> csv(events, answer.columns(), lines, text);
            case Answer.Table(var rows) -> {
                line(text, answer.columns().stream().map(Column::name).toList());
                for (var row : rows) {
                    line(text, cells(row, answer.columns()));
                }
            }
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void csv(Answer.Events answer, List<Column> computed, EventLines lines, StringBuilder text) {
        var events = answer.events();
        var all = new ArrayList<Map<String, @Nullable Object>>(events.rows());
        var fields = new TreeSet<String>();
        for (int row = 0; row < events.rows(); row++) {
            var flat = lines.flat(events, row);
            all.add(flat);
            fields.addAll(flat.keySet());
        }
        var header = new ArrayList<>(List.of("time", "id", "origin", "log_source"));
        computed.forEach(column -> header.add(column.name()));
        header.addAll(fields);
        line(text, header);
        for (int row = 0; row < events.rows(); row++) {
            var cells = new ArrayList<String>(header.size());
            cells.add(Json.time(events.time(row)));
            cells.add(events.id(row).toString());
            cells.add(events.origin(row));
            cells.add(events.source(row).toString());
            cells.addAll(cells(answer.computed().get(row), computed));
            for (var field : fields) {
                cells.add(plain(all.get(row).get(field)));
            }
            line(text, cells);
        }
    }

    private static List<String> cells(List<@Nullable Object> row, List<Column> columns) {
        var cells = new ArrayList<String>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            var value = row.get(i);
            boolean time = columns.get(i).type() == Column.Type.TIME;
            cells.add(
                    time && value instanceof Number number && EventLines.isTime(number)
                            ? Json.time(number.longValue())
                            : plain(value));
        }
        return cells;
    }

    static String plain(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Double number
            when number == Math.rint(number) && Math.abs(number) < 1e15 -> Long.toString(number.longValue());
            case List<?> list -> list.stream().map(Exported::plain).collect(Collectors.joining("; "));
            default -> value.toString();
        };
    }

    private static void line(StringBuilder text, List<String> cells) {
        for (int i = 0; i < cells.size(); i++) {
            text.append(i == 0 ? "" : ",").append(cell(cells.get(i)));
        }
        text.append("\r\n");
    }

    /** What attackers write must not become a formula when the file is opened in a spreadsheet. */
    static String cell(String value) {
        var text = value;
        if (!text.isEmpty()
                && "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0
                && !NUMBER.matcher(text).matches()) {
            text = "'" + text;
        }
        boolean quote =
                text.indexOf(',') >= 0 || text.indexOf('"') >= 0 || text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
        return quote ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
