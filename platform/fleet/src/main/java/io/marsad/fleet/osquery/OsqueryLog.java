package io.marsad.fleet.osquery;

import io.marsad.fleet.Enrollment.Node;
import io.marsad.fleet.live.HostAnswer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes apart what osquery logs: a record for each row and each status line, with a key that is the same when osquery
 * sends it again. Stateless.
 */
public final class OsqueryLog {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> FACTS = List.of("name", "hostIdentifier", "calendarTime", "unixTime", "version");
    private static final List<String> OF_STATUS = List.of("severity", "filename", "line", "message");

    private OsqueryLog() {}

    /** Takes what was found. */
    @FunctionalInterface
    public interface To {
        /** @param key of this row and no other of the tenant */
        void record(byte[] record, String key);
    }

    /**
     * Every row of {@code data}. What cannot be read is a record as it came: whoever takes records says what is wrong with it,
     * and keeps it.
     *
     * @param data an array of entries, or one entry; entries may be texts in which JSON stands
     * @param status whether these are lines about osquery itself
     * @return how many entries could not be read
     */
    public static int read(Node node, JsonNode data, boolean status, To to) {
        int unread = 0;
        for (var one : data.isArray() ? data : List.of(data)) {
            var entry = unpacked(one);
            if (entry == null || !(status ? status(node, entry, to) : result(node, entry, to))) {
                unread++;
                var bytes = one.isString()
                        ? one.stringValue().getBytes(StandardCharsets.UTF_8)
                        : JSON.writeValueAsBytes(one);
                to.record(bytes, key(node, bytes, 1));
            }
        }
        return unread;
    }

    /** Every row that a host answered to a query that was put to it once, as a record; the same again when it is sent again. */
    public static void live(Node node, HostAnswer answer, To to) {
        var seen = new HashMap<String, Integer>();
        var name = "live_query:" + answer.query();
        for (var columns : answer.rows()) {
            var record = JSON.createObjectNode();
            record.put("name", name);
            record.put("hostname", node.hostname());
            record.put("endpoint_id", node.id().toString());
            record.put("endpoint_group", node.group());
            record.put("log_type", "result");
            record.put("action", "snapshot");
            record.put("initial", false);
            record.put("live_query_id", answer.query().toString());
            record.set("columns", columns);
            put(node, record, seen, to);
        }
    }

    private static @Nullable ObjectNode unpacked(JsonNode one) {
        if (one.isString()) {
            try {
                return JSON.readTree(one.stringValue()) instanceof ObjectNode object ? object : null;
            } catch (JacksonException e) {
                return null; // kept as it came
            }
        }
        return one instanceof ObjectNode object ? object : null;
    }

    private static boolean status(Node node, ObjectNode entry, To to) {
        if (!entry.has("message")) {
            return false;
        }
        var record = begun(node, entry);
        copy(entry, record, OF_STATUS);
        record.put("log_type", "status");
        put(node, record, new HashMap<>(), to);
        return true;
    }

    /** The three shapes: a row with its action, the added and removed ones together, and a snapshot of all. */
    private static boolean result(Node node, ObjectNode entry, To to) {
        if (!entry.path("name").isString()) {
            return false;
        }
        var seen = new HashMap<String, Integer>();
        boolean any = false;
        if (entry.get("columns") instanceof ObjectNode columns) {
            row(node, entry, columns, text(entry, "action"), seen, to);
            any = true;
        }
        if (entry.get("diffResults") instanceof ObjectNode both) {
            rows(node, entry, both.path("removed"), "removed", seen, to);
            rows(node, entry, both.path("added"), "added", seen, to);
            any = true;
        }
        if (entry.path("snapshot").isArray()) {
            rows(node, entry, entry.path("snapshot"), "snapshot", seen, to);
            any = true;
        }
        return any;
    }

    private static void rows(
            Node node, ObjectNode entry, JsonNode rows, String action, Map<String, Integer> seen, To to) {
        for (var row : rows) {
            if (row instanceof ObjectNode columns) {
                row(node, entry, columns, action, seen, to);
            }
        }
    }

    private static void row(
            Node node, ObjectNode entry, ObjectNode columns, String action, Map<String, Integer> seen, To to) {
        var record = begun(node, entry);
        record.put("log_type", "result");
        record.put("action", action);
        number(entry, record, "epoch");
        number(entry, record, "counter");
        // The first answer of an epoch is all there is, and nothing of it has just happened.
        boolean initial = action.equals("added") && text(entry, "counter").equals("0");
        record.put("initial", initial);
        record.set("columns", columns);
        if (entry.get("decorations") instanceof ObjectNode decorations) {
            record.set("decorations", decorations);
        }
        put(node, record, seen, to);
    }

    private static ObjectNode begun(Node node, ObjectNode entry) {
        var record = JSON.createObjectNode();
        copy(entry, record, FACTS);
        if (!record.has("hostIdentifier")) {
            record.put("hostIdentifier", text(entry, "hostname"));
        }
        number(entry, record, "unixTime");
        record.put("hostname", node.hostname());
        record.put("endpoint_id", node.id().toString());
        record.put("endpoint_group", node.group());
        return record;
    }

    private static void copy(ObjectNode from, ObjectNode to, List<String> names) {
        for (String name : names) {
            var value = from.get(name);
            if (value != null && value.isValueNode() && !value.isNull()) {
                to.set(name, value);
            }
        }
    }

    /** Numbers come as texts where {@code numerics} is off. */
    private static void number(ObjectNode from, ObjectNode to, String name) {
        var text = text(from, name);
        if (text.length() <= 18 && text.matches("-?[0-9]+")) {
            to.put(name, Long.parseLong(text));
        } else if (!text.isEmpty()) {
            to.put(name, text);
        }
    }

    private static String text(ObjectNode from, String name) {
        var value = from.get(name);
        return value == null || !value.isValueNode() || value.isNull() ? "" : value.asString();
    }

    /** The key is of the whole record: node, name, epoch, counter, time, action and row; and of which of its equals it is. */
    private static void put(Node node, ObjectNode record, Map<String, Integer> seen, To to) {
        var bytes = JSON.writeValueAsBytes(record);
        int nth = seen.merge(sha256(bytes), 1, Integer::sum);
        to.record(bytes, key(node, bytes, nth));
    }

    private static String key(Node node, byte[] bytes, int nth) {
        return "osquery:" + node.id() + ":" + sha256(bytes) + ":" + nth;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
