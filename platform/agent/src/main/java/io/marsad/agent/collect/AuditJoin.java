package io.marsad.agent.collect;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Joins the lines of one audit event by their serial. Bounded: what waits too long, or too many, is given as it is. */
final class AuditJoin {
    private static final int WAITING = 256;
    private static final int PATHS = 32;
    private static final int TEXT = 8192;

    private static final class Event {
        final ObjectNode found;
        final TreeMap<Integer, String> arguments = new TreeMap<>();
        final long since;

        Event(AuditLine line, long now) {
            found = Found.of("audit", line.type(), line.millis()).put("serial", line.serial());
            since = now;
        }
    }

    private final Map<Long, Event> waiting = new LinkedHashMap<>();
    private final long windowMillis;

    AuditJoin(long windowMillis) {
        this.windowMillis = windowMillis;
    }

    void add(AuditLine line, long now, Sink sink) {
        if ("EOE".equals(line.type()) && !waiting.containsKey(line.serial())) {
            return; // the end of an event that was given
        }
        var event = waiting.computeIfAbsent(line.serial(), s -> new Event(line, now));
        switch (line.type()) {
            case "EOE", "PROCTITLE" -> {
                Found.put(event.found, "proctitle", line.fields().get("proctitle"));
                give(line.serial(), sink);
            }
            case "EXECVE" ->
                line.fields().forEach((name, value) -> {
                    long index = name.startsWith("a") ? Found.number(name.substring(1), 10) : -1;
                    if (index >= 0 && index < 256) {
                        event.arguments.putIfAbsent((int) index, value);
                    }
                });
            case "PATH" -> {
                var paths = event.found.withArray("paths");
                if (paths.size() < PATHS) {
                    paths.add(object(line.fields()));
                }
            }
            case "CWD" -> Found.put(event.found, "cwd", line.fields().get("cwd"));
            case "SOCKADDR" -> address(event.found, line.fields().getOrDefault("saddr", ""));
            default ->
                line.fields().forEach((name, value) -> {
                    if (!event.found.has(name)) {
                        event.found.put(name, Found.cut(value, TEXT));
                    }
                });
        }
        if (waiting.size() > WAITING) {
            give(waiting.keySet().iterator().next(), sink);
        }
    }

    /** Gives what has waited for the window or longer. */
    void expire(long now, Sink sink) {
        while (!waiting.isEmpty()) {
            var oldest = waiting.entrySet().iterator().next();
            if (now - oldest.getValue().since < windowMillis) {
                return;
            }
            give(oldest.getKey(), sink);
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    private void give(long serial, Sink sink) {
        var event = waiting.remove(serial);
        if (event != null) {
            if (!event.arguments.isEmpty()) {
                event.found.put("cmd_line", Found.cut(String.join(" ", event.arguments.values()), TEXT));
            }
            sink.accept(event.found);
        }
    }

    private static ObjectNode object(Map<String, String> fields) {
        var object = JsonNodeFactory.instance.objectNode();
        fields.forEach((name, value) -> object.put(name, Found.cut(value, TEXT)));
        return object;
    }

    private static void address(ObjectNode to, String hex) {
        byte[] bytes = bytes(hex);
        if (bytes == null || bytes.length < 2) {
            return;
        }
        int family = bytes[0] & 255 | (bytes[1] & 255) << 8;
        if (family == 2 && bytes.length >= 8) {
            to.put("dst_port", (bytes[2] & 255) << 8 | bytes[3] & 255);
            to.put(
                    "dst_ip",
                    (bytes[4] & 255) + "." + (bytes[5] & 255) + "." + (bytes[6] & 255) + "." + (bytes[7] & 255));
        } else if (family == 10 && bytes.length >= 24) {
            to.put("dst_port", (bytes[2] & 255) << 8 | bytes[3] & 255);
            var ip = new StringBuilder();
            for (int i = 8; i < 24; i += 2) {
                ip.append(i == 8 ? "" : ":").append(Integer.toHexString((bytes[i] & 255) << 8 | bytes[i + 1] & 255));
            }
            to.put("dst_ip", ip.toString());
        }
    }

    private static byte @Nullable [] bytes(String hex) {
        try {
            return HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
