package io.marsad.ingest.follow;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An entry of the journal as {@code journalctl -o json} prints it: one flat object a line. */
final class JournalEntry {
    private final String json;
    private int at;

    private JournalEntry(String json) {
        this.json = json;
    }

    /** The members that are texts; what is not one (binary values, repeated fields) is left out. */
    static Map<String, String> members(String json) {
        var members = new HashMap<String, String>();
        var entry = new JournalEntry(json);
        entry.at = json.indexOf('{') + 1;
        while (entry.find('"')) {
            var name = entry.text();
            if (!entry.find(':')) {
                break;
            }
            entry.at++;
            entry.space();
            if (entry.at < json.length() && json.charAt(entry.at) == '"') {
                members.put(name, entry.text());
            } else {
                entry.skip();
            }
        }
        return members;
    }

    /** {@code <PRI>TIME HOST TAG[PID]: MESSAGE}, or null when it has no message or time. */
    static @Nullable String syslogLine(Map<String, String> entry) {
        var message = entry.get("MESSAGE");
        var micros = entry.get("_SOURCE_REALTIME_TIMESTAMP");
        if (micros == null) {
            micros = entry.get("__REALTIME_TIMESTAMP");
        }
        if (message == null || micros == null || !micros.matches("\\d{1,18}")) {
            return null;
        }
        long time = Long.parseLong(micros);
        var tag = entry.getOrDefault("SYSLOG_IDENTIFIER", entry.getOrDefault("_COMM", "journal"));
        var pid = entry.getOrDefault("SYSLOG_PID", entry.getOrDefault("_PID", ""));
        long priority = number(entry, "SYSLOG_FACILITY", 4, 23) * 8 + number(entry, "PRIORITY", 6, 7);
        return "<" + priority + ">" + Instant.ofEpochSecond(time / 1_000_000, time % 1_000_000 * 1000) + " "
                + entry.getOrDefault("_HOSTNAME", "localhost") + " " + tag + (pid.isEmpty() ? "" : "[" + pid + "]")
                + ": " + message;
    }

    private static long number(Map<String, String> entry, String name, int otherwise, int most) {
        var text = entry.getOrDefault(name, "");
        return text.matches("\\d{1,2}") ? Math.min(most, Long.parseLong(text)) : otherwise;
    }

    private boolean find(char c) {
        int found = json.indexOf(c, at);
        at = found < 0 ? json.length() : found;
        return found >= 0;
    }

    private void space() {
        while (at < json.length() && json.charAt(at) == ' ') {
            at++;
        }
    }

    /** Passes over a number, null or an array, to the comma or brace after it. */
    private void skip() {
        int depth = 0;
        for (; at < json.length(); at++) {
            char c = json.charAt(at);
            if (c == '"') {
                text();
                at--;
            } else if (c == '[' || c == '{') {
                depth++;
            } else if (c == ']' || c == '}') {
                depth--;
            } else if (c == ',' && depth == 0) {
                return;
            }
            if (depth < 0) {
                return;
            }
        }
    }

    /** The text that starts at this quote; stands behind it afterwards. */
    private String text() {
        var text = new StringBuilder();
        at++;
        while (at < json.length() && json.charAt(at) != '"') {
            char c = json.charAt(at++);
            if (c == '\\' && at < json.length()) {
                c = json.charAt(at++);
                switch (c) {
                    case 'n' -> c = '\n';
                    case 't' -> c = '\t';
                    case 'r' -> c = '\r';
                    case 'b' -> c = '\b';
                    case 'f' -> c = '\f';
                    case 'u' -> {
                        c = hex();
                    }
                    default -> {}
                }
            }
            text.append(c);
        }
        at = Math.min(at + 1, json.length());
        return text.toString();
    }

    private char hex() {
        int code = 0;
        for (int i = 0; i < 4 && at < json.length(); i++) {
            code = code * 16 + Math.max(0, Character.digit(json.charAt(at++), 16));
        }
        return (char) code;
    }
}
