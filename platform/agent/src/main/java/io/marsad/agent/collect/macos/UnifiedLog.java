package io.marsad.agent.collect.macos;

import io.marsad.agent.collect.Found;
import io.marsad.agent.collect.JournalCollector;
import io.marsad.agent.collect.JournalEntry;
import io.marsad.agent.collect.Origin;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The unified log, as {@code log} writes it: JSON, a line for each entry. */
record UnifiedLog(Origin origin) implements JournalCollector.Journal {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int TEXT = 64 << 10;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss[.SSSSSS][.SSSSSSSSS]xx", Locale.ROOT);
    private static final Map<String, String> NAMES = Map.of(
            "eventMessage", "message",
            "subsystem", "subsystem",
            "category", "log_category",
            "messageType", "level",
            "eventType", "event_type",
            "processImagePath", "path",
            "bootUUID", "boot_id");

    /** What is new: the log cannot be followed from a place in the past. */
    @Override
    public List<String> command(@Nullable String cursor) {
        return List.of("/usr/bin/log", "stream", "--style", "ndjson", "--level", "default");
    }

    @Override
    public boolean isHeading(byte[] line) {
        return new String(line, 0, Math.min(line.length, 22), StandardCharsets.UTF_8).equals("Filtering the log data");
    }

    @Override
    public @Nullable JournalEntry parse(byte[] line) {
        JsonNode entry;
        OffsetDateTime time;
        try {
            entry = JSON.readTree(line);
            time = OffsetDateTime.parse(entry.path("timestamp").asString(""), TIME);
        } catch (JacksonException | DateTimeException e) {
            return null;
        }
        var found = origin.record("journal", "Log", time.toInstant().toEpochMilli());
        NAMES.forEach((name, as) -> {
            var text = entry.path(name).asString("");
            if (!text.isEmpty()) {
                found.put(as, Found.cut(text, TEXT));
            }
        });
        number(entry, "processID").ifPresent(pid -> found.put("pid", pid));
        number(entry, "userID").ifPresent(uid -> found.put("uid", uid));
        var path = entry.path("processImagePath").asString("");
        if (!path.isEmpty()) {
            found.put("name", Found.cut(path.substring(path.lastIndexOf('/') + 1), 500));
        }
        return new JournalEntry(time.toString(), found);
    }

    private static OptionalLong number(JsonNode entry, String name) {
        var value = entry.path(name);
        return value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0
                ? OptionalLong.of(value.longValue())
                : OptionalLong.empty();
    }
}
