package io.marsad.agent.collect;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One entry of a log; read here as a line of {@code journalctl -o json}.
 *
 * @param cursor where it is in the journal
 * @param found its record
 */
public record JournalEntry(String cursor, ObjectNode found) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int TEXT = 64 << 10;
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("MESSAGE", "message"),
            Map.entry("PRIORITY", "priority"),
            Map.entry("SYSLOG_IDENTIFIER", "identifier"),
            Map.entry("_SYSTEMD_UNIT", "unit"),
            Map.entry("_PID", "pid"),
            Map.entry("_UID", "uid"),
            Map.entry("_COMM", "name"),
            Map.entry("_EXE", "path"),
            Map.entry("_CMDLINE", "cmd_line"),
            Map.entry("_HOSTNAME", "hostname"),
            Map.entry("_TRANSPORT", "transport"),
            Map.entry("_BOOT_ID", "boot_id"));

    /** Null when it is no such line. */
    static @Nullable JournalEntry parse(byte[] line) {
        JsonNode entry;
        try {
            entry = JSON.readTree(line);
        } catch (JacksonException e) {
            return null;
        }
        var cursor = entry.path("__CURSOR");
        long micros = Found.number(entry.path("__REALTIME_TIMESTAMP").asString(""), 10);
        if (!entry.isObject() || !cursor.isString() || cursor.stringValue().length() > 1000 || micros < 0) {
            return null;
        }
        var found = Found.of("journal", "Log", micros / 1000);
        for (var name : NAMES.entrySet()) {
            var value = text(entry.get(name.getKey()));
            if (value != null) {
                found.put(name.getValue(), Found.cut(value, TEXT));
            }
        }
        return new JournalEntry(cursor.stringValue(), found);
    }

    /** A text; bytes come as numbers, a field that is there twice as a list of either: the first counts. */
    private static @Nullable String text(@Nullable JsonNode value) {
        if (value == null || value.isNull() || value.isObject()) {
            return null;
        }
        if (!value.isArray()) {
            return value.asString("");
        }
        if (value.isEmpty()) {
            return "";
        }
        var first = value.get(0);
        if (!first.isNumber()) {
            return first.isString()
                    ? first.stringValue()
                    : first.isArray() && first.path(0).isNumber() ? bytes(first) : null;
        }
        return bytes(value);
    }

    private static String bytes(JsonNode numbers) {
        var bytes = new byte[Math.min(TEXT, numbers.size())];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) numbers.get(i).asInt(0);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
