package io.marsad.normalize.format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Zeek's own log files: lines that start with {@code #} say what the columns are, the others are rows. A row becomes the
 * JSON object that Zeek itself would have written, with the log's name as {@code _path}; columns that are not set are left
 * out.
 */
final class ZeekTable {
    private static final int MOST_COLUMNS = 1024;

    private final RecordSource in;
    private final RecordFiles.Sink sink;
    private final RecordFiles.Counts counts;

    private byte separator = '\t';
    private String setSeparator = ",";
    private String empty = "(empty)";
    private String unset = "-";
    private String path = "";
    private List<String> names = List.of();
    private List<String> types = List.of();
    private final StringBuilder json = new StringBuilder();

    ZeekTable(RecordSource in, RecordFiles.Sink sink, RecordFiles.Counts counts) {
        this.in = in;
        this.sink = sink;
        this.counts = counts;
    }

    static boolean isOne(String start) {
        return start.startsWith("#separator ") || start.startsWith("#fields\t");
    }

    void read() throws IOException {
        for (int length = in.line(); length != -2; length = in.line()) {
            if (length < 0) {
                counts.refuse("a record longer than " + RecordFiles.MAX_RECORD_BYTES + " bytes");
            } else if (length > 0 && in.bytes()[in.start()] == '#') {
                header(new String(in.bytes(), in.start(), length, StandardCharsets.UTF_8));
            } else if (length > 0) {
                row(new String(in.bytes(), in.start(), length, StandardCharsets.UTF_8));
            }
        }
    }

    private void header(String line) {
        if (line.startsWith("#separator ")) {
            var text = unescape(line.substring("#separator ".length()).strip());
            separator = text.isEmpty() ? (byte) '\t' : (byte) text.charAt(0);
            return;
        }
        var parts = split(line, (char) separator);
        var rest = parts.subList(1, parts.size());
        var first = rest.isEmpty() ? "" : rest.getFirst();
        switch (parts.getFirst()) {
            case "#set_separator" -> setSeparator = first.isEmpty() ? "," : first;
            case "#empty_field" -> empty = first;
            case "#unset_field" -> unset = first;
            case "#path" -> path = first;
            case "#fields" -> names = List.copyOf(rest);
            case "#types" -> types = List.copyOf(rest);
            default -> {}
        }
    }

    private void row(String line) throws IOException {
        var values = split(line, (char) separator);
        if (names.isEmpty() || values.size() != names.size()) {
            counts.refuse("a row that has not the columns of its table");
            return;
        }
        json.setLength(0);
        json.append('{');
        if (!path.isEmpty()) {
            quote("_path").append(':');
            quote(path);
        }
        for (int i = 0; i < names.size(); i++) {
            var value = values.get(i);
            if (value.equals(unset)) {
                continue;
            }
            if (json.length() > 1) {
                json.append(',');
            }
            quote(names.get(i)).append(':');
            value(value, i < types.size() ? types.get(i) : "string");
        }
        var bytes = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        counts.record();
        sink.record(RecordFormat.JSON, bytes, 0, bytes.length);
    }

    private void value(String value, String type) {
        if (type.startsWith("set[") || type.startsWith("vector[")) {
            var one = type.substring(type.indexOf('[') + 1, type.length() - 1);
            json.append('[');
            if (!value.equals(empty)) {
                var parts = split(value, setSeparator.charAt(0));
                for (int i = 0; i < parts.size(); i++) {
                    json.append(i == 0 ? "" : ",");
                    scalar(parts.get(i), one);
                }
            }
            json.append(']');
        } else {
            scalar(value.equals(empty) ? "" : value, type);
        }
    }

    private void scalar(String value, String type) {
        switch (type) {
            case "bool" -> {
                if (value.equals("T") || value.equals("F")) {
                    json.append(value.equals("T"));
                } else {
                    quote(value);
                }
            }
            case "count", "int", "port", "double", "time", "interval" -> {
                if (isNumber(value)) {
                    json.append(value);
                } else {
                    quote(value);
                }
            }
            default -> quote(unescape(value));
        }
    }

    private static boolean isNumber(String text) {
        int digits = 0;
        boolean dot = false;
        for (int i = text.startsWith("-") ? 1 : 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' && !dot && digits > 0) {
                dot = true;
            } else if (c >= '0' && c <= '9') {
                digits++;
            } else {
                return false;
            }
        }
        int first = text.startsWith("-") ? 1 : 0;
        boolean zeroAhead = digits > 1 && text.charAt(first) == '0' && text.charAt(first + 1) != '.';
        return digits > 0 && digits < 40 && !zeroAhead && !text.endsWith(".");
    }

    private static List<String> split(String line, char at) {
        var parts = line.split(java.util.regex.Pattern.quote(String.valueOf(at)), MOST_COLUMNS);
        return Arrays.asList(parts);
    }

    /** {@code \xHH}: a byte, as Zeek writes those that are not printable; bytes in a row may be UTF-8. */
    private static String unescape(String text) {
        if (!text.contains("\\x")) {
            return text;
        }
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var out = new byte[bytes.length];
        int used = 0;
        for (int i = 0; i < bytes.length; i++) {
            int high = i + 3 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
            int low = i + 3 < bytes.length ? Character.digit(bytes[i + 3], 16) : -1;
            if (bytes[i] == '\\' && high >= 0 && low >= 0 && bytes[i + 1] == 'x') {
                out[used++] = (byte) (high << 4 | low);
                i += 3;
            } else {
                out[used++] = bytes[i];
            }
        }
        return new String(out, 0, used, StandardCharsets.UTF_8);
    }

    private StringBuilder quote(String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                json.append(c);
            }
        }
        return json.append('"');
    }
}
