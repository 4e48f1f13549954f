package io.marsad.agent.collect;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code /var/log/audit/audit.log}.
 *
 * @param millis when, since 1970
 * @param serial with the time, the event that the line belongs to
 * @param fields as they are written, quotes taken off
 */
record AuditLine(String type, long millis, long serial, Map<String, String> fields) {
    private static final int FIELDS = 128;
    private static final Pattern HEX_FIELD =
            Pattern.compile("a[0-9]{1,4}|comm|exe|name|cwd|proctitle|cmd|key|data|acct");

    /** Null when it is no such line. */
    static @Nullable AuditLine parse(String line) {
        int at = line.indexOf("type=");
        int message = line.indexOf(" msg=audit(");
        int close = line.indexOf("):", Math.max(0, message));
        if (at < 0 || message < at + 5 || close < 0) {
            return null;
        }
        var stamp = line.substring(message + 11, close).split("[.:]", 4);
        if (stamp.length != 3) {
            return null;
        }
        long seconds = Found.number(stamp[0], 10);
        long millis = Found.number(stamp[1], 10);
        long serial = Found.number(stamp[2], 10);
        if (seconds < 0 || seconds > 1L << 40 || millis < 0 || millis > 999 || serial < 0) {
            return null;
        }
        var type = line.substring(at + 5, message);
        return new AuditLine(type, seconds * 1000 + millis, serial, fields(type, line, close + 2));
    }

    private static Map<String, String> fields(String type, String line, int from) {
        var fields = new LinkedHashMap<String, String>();
        int at = from;
        while (at < line.length() && fields.size() < FIELDS) {
            char c = line.charAt(at);
            int equals = line.indexOf('=', at);
            if (c == ' ' || c == '\u001d' || c == '\'') {
                at++;
                continue;
            }
            if (equals < 0) {
                break;
            }
            var name = line.substring(at, equals);
            int space = name.lastIndexOf(' ');
            name = name.substring(space + 1);
            boolean quoted = equals + 1 < line.length() && line.charAt(equals + 1) == '"';
            int end = quoted ? line.indexOf('"', equals + 2) : end(line, equals + 1);
            end = end < 0 ? line.length() : end;
            var value = line.substring(Math.min(end, quoted ? equals + 2 : equals + 1), end);
            boolean hex = !quoted
                    && HEX_FIELD.matcher(name).matches()
                    && (!name.startsWith("a")
                            || !Character.isDigit(name.charAt(name.length() - 1))
                            || "EXECVE".equals(type));
            // Where the kernel writes numbers under such a name (a0 of SYSCALL) they stay as they are.
            fields.putIfAbsent(name, hex ? unhex(value) : value);
            at = quoted ? end + 1 : end;
        }
        return fields;
    }

    private static int end(String line, int from) {
        for (int i = from; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == ' ' || c == '\u001d' || c == '\'') {
                return i;
            }
        }
        return -1;
    }

    /** Text that the kernel wrote in hex because of what is in it; anything else as it is. */
    private static String unhex(String value) {
        if (value.length() < 2 || value.length() % 2 != 0 || !value.equals(value.toUpperCase(Locale.ROOT))) {
            return value;
        }
        try {
            return new String(HexFormat.of().parseHex(value), StandardCharsets.UTF_8)
                    .replace('\0', ' ')
                    .strip();
        } catch (IllegalArgumentException e) {
            return value;
        }
    }
}
