package io.marsad.normalize.format;

import io.marsad.kernel.event.EventBatch;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * One syslog message: RFC 5424, RFC 3164, and what devices and files have instead (no priority, ISO times, Cisco's
 * sequence numbers and stars, no host). Only an empty one is refused: at the least, all of it is the {@code message}.
 *
 * <p>Values: {@code facility}, {@code facility_name}, {@code severity}, {@code severity_name} (only where a priority is
 * given), {@code timestamp} (RFC 3339), {@code hostname}, {@code app_name}, {@code procid}, {@code msgid},
 * {@code sd.ID.NAME}, {@code message}. JSON, CEF or LEEF inside the message stay text.
 */
final class SyslogParser implements RecordParser {
    private static final String[] FACILITIES = {
        "kern",
        "user",
        "mail",
        "daemon",
        "auth",
        "syslog",
        "lpr",
        "news",
        "uucp",
        "cron",
        "authpriv",
        "ftp",
        "ntp",
        "audit",
        "alert",
        "clock",
        "local0",
        "local1",
        "local2",
        "local3",
        "local4",
        "local5",
        "local6",
        "local7"
    };
    private static final String[] SEVERITIES = {"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"};
    private static final int MAX_HOST = 255;
    private static final int MAX_TAG = 128;

    private final TextRecord in = new TextRecord();
    private final SyslogTime time;
    private @Nullable PathTable known;
    private int facility;
    private int facilityName;
    private int severity;
    private int severityName;
    private int timestamp;
    private int hostname;
    private int appName;
    private int procid;
    private int msgid;
    private int sd;
    private int message;

    /** @param zone of times that come without */
    SyslogParser(ZoneId zone) {
        time = new SyslogTime(in, zone);
    }

    @Override
    public @Nullable String parse(byte[] bytes, int offset, int length, long received, Tape out) {
        in.begin(bytes, offset, length, out);
        names(out.paths());
        int i = in.start();
        int end = in.end();
        while (i < end && in.bytes()[i] == ' ') {
            i++;
        }
        if (i == end) {
            return "an empty line";
        }
        int after = priority(i, end, out);
        boolean modern = after > i && in.startsWith("1 ", after, end) && header(after + 2, end, out);
        if (!modern) {
            old(after, end, after > i, received, out);
        }
        return in.complete() ? null : "too many or too long values";
    }

    private void names(PathTable paths) {
        if (known == paths) {
            return;
        }
        known = paths;
        facility = paths.intern("facility");
        facilityName = paths.intern("facility_name");
        severity = paths.intern("severity");
        severityName = paths.intern("severity_name");
        timestamp = paths.intern("timestamp");
        hostname = paths.intern("hostname");
        appName = paths.intern("app_name");
        procid = paths.intern("procid");
        msgid = paths.intern("msgid");
        sd = paths.intern("sd");
        message = paths.intern("message");
    }

    /** Reads {@code <n>} and returns where it ends; the start when there is none. */
    private int priority(int from, int end, Tape out) {
        if (in.bytes()[from] != '<') {
            return from;
        }
        int close = in.digits(from + 1, Math.min(end, from + 4));
        int value = in.number(from + 1, close);
        if (value < 0 || value > 191 || close >= end || in.bytes()[close] != '>') {
            return from;
        }
        out.add(facility, Integer.toString(value >> 3), EventBatch.NUMBER);
        out.add(facilityName, FACILITIES[value >> 3], EventBatch.TEXT);
        out.add(severity, Integer.toString(value & 7), EventBatch.NUMBER);
        out.add(severityName, SEVERITIES[value & 7], EventBatch.TEXT);
        return close + 1;
    }

    // ---- RFC 5424

    private boolean header(int from, int end, Tape out) {
        int size = out.size();
        int[] paths = {timestamp, hostname, appName, procid, msgid};
        int i = from;
        for (int path : paths) {
            int space = in.find(' ', i, end);
            if (space <= i) {
                out.truncate(size);
                return false;
            }
            if (space - i > 1 || in.bytes()[i] != '-') {
                if (path == timestamp && !time.readIso(i, space)) {
                    out.truncate(size);
                    return false;
                }
                if (path == timestamp) {
                    out.add(path, time.iso(), EventBatch.TEXT);
                } else {
                    in.add(path, i, space, out);
                }
            }
            i = space + 1;
        }
        i = structured(i, end, out);
        if (i < end && in.bytes()[i] == ' ') {
            i++;
        }
        if (isBom(i, end)) {
            i += 3;
        }
        if (i < end) {
            in.add(message, i, end, out);
        }
        return true;
    }

    private boolean isBom(int i, int end) {
        var b = in.bytes();
        return end - i >= 3 && b[i] == (byte) 0xEF && b[i + 1] == (byte) 0xBB && b[i + 2] == (byte) 0xBF;
    }

    /** Reads {@code -} or {@code [id k="v" …]…} and returns where it ends; what is malformed is left to the message. */
    private int structured(int from, int end, Tape out) {
        var b = in.bytes();
        int i = from;
        if (i < end && b[i] == '-') {
            return i + 1;
        }
        while (i < end && b[i] == '[') {
            int idEnd = i + 1;
            while (idEnd < end && b[idEnd] != ' ' && b[idEnd] != ']') {
                idEnd++;
            }
            int id = out.paths().child(sd, b, i + 1, idEnd - i - 1);
            int at = idEnd;
            while (at < end && b[at] == ' ') {
                int equals = in.find('=', at, end);
                if (equals < 0 || equals + 1 >= end || b[equals + 1] != '"') {
                    return i;
                }
                int key = out.paths().child(id, b, at + 1, equals - at - 1);
                int close = quoted(key, at + 1, equals + 2, end, out);
                if (close < 0) {
                    return i;
                }
                at = close + 1;
            }
            if (at >= end || b[at] != ']') {
                return i;
            }
            i = at + 1;
        }
        return i;
    }

    /** Adds the value up to its closing quote and returns where that is, or -1. */
    private int quoted(int path, int key, int from, int end, Tape out) {
        var b = in.bytes();
        boolean escaped = false;
        int close = from;
        while (close < end && b[close] != '"') {
            escaped |= b[close] == '\\';
            close += b[close] == '\\' ? 2 : 1;
        }
        if (close >= end) {
            return -1;
        }
        if (path == PathTable.OVERFLOW) {
            in.add(path, key, close + 1, out);
            return close;
        }
        if (!escaped) {
            in.add(path, from, close, out);
            return close;
        }
        var to = out.sideRoom(close - from);
        int start = out.sideUsed();
        int o = start;
        for (int i = from; i < close; i++) {
            if (b[i] == '\\' && (b[i + 1] == '"' || b[i + 1] == '\\' || b[i + 1] == ']')) {
                i++;
            }
            to[o++] = b[i];
        }
        out.sideUsed(o);
        out.addFromSide(path, start, o - start, EventBatch.TEXT);
        return close;
    }

    // ---- RFC 3164 and worse

    private void old(int from, int end, boolean priorityGiven, long received, Tape out) {
        int i = from;
        boolean timed = readTime(i, end, received);
        if (!timed) {
            // Cisco: "123: " and perhaps "host: " before the time.
            int cisco = priorityGiven ? ciscoPrefix(i, end, received, out) : -1;
            timed = cisco >= 0;
            if (timed) {
                out.add(timestamp, time.iso(), EventBatch.TEXT);
                tag(cisco, end, out);
                return;
            }
        }
        if (!timed) {
            if (priorityGiven) {
                tag(i, end, out);
            } else {
                in.add(message, i, end, out);
            }
            return;
        }
        out.add(timestamp, time.iso(), EventBatch.TEXT);
        i = skipSpaces(time.end(), end);
        int space = in.find(' ', i, end);
        if (space > i && space - i <= MAX_HOST && looksLikeHost(i, space)) {
            in.add(hostname, i, space, out);
            i = skipSpaces(space, end);
        } else if (i < end && in.bytes()[i] == ':') {
            i = skipSpaces(i + 1, end);
        }
        tag(i, end, out);
    }

    private boolean readTime(int from, int end, long received) {
        return time.readOld(from, end, received) || time.readIso(from, end);
    }

    /** Returns where the text after Cisco's time starts, or -1. */
    private int ciscoPrefix(int from, int end, long received, Tape out) {
        int i = from;
        int sequence = in.digits(i, end);
        if (sequence > i && in.startsWith(": ", sequence, end)) {
            i = sequence + 2;
        }
        int colon = in.find(':', i, Math.min(end, i + MAX_HOST));
        int hostStart = -1;
        int hostEnd = -1;
        if (!readTime(i, end, received) && colon > i && in.startsWith(": ", colon, end)) {
            hostStart = i;
            hostEnd = colon;
            i = colon + 2;
            int again = in.digits(i, end);
            if (again > i && in.startsWith(": ", again, end)) {
                i = again + 2;
            }
        }
        if (i == from || in.find(' ', Math.max(hostStart, from), Math.max(hostEnd, from)) >= 0) {
            return -1;
        }
        if (!readTime(i, end, received)) {
            return -1;
        }
        if (hostEnd > hostStart) {
            in.add(hostname, hostStart, hostEnd, out);
        }
        // An optional zone's name, then a colon.
        int close = in.find(':', time.end(), Math.min(end, time.end() + 8));
        return close < 0 ? skipSpaces(time.end(), end) : skipSpaces(close + 1, end);
    }

    /** A tag says so by its colon or bracket; anything else before a blank is taken for the host. */
    private boolean looksLikeHost(int from, int to) {
        byte last = in.bytes()[to - 1];
        return last != ':' && last != ']' && in.find('[', from, to) < 0 && in.find('=', from, to) < 0;
    }

    /** {@code name[pid]: message}; without a colon all is message. */
    private void tag(int from, int end, Tape out) {
        var b = in.bytes();
        int i = from;
        while (i < end && i - from < MAX_TAG && b[i] > ' ' && b[i] != ':' && b[i] != '[') {
            i++;
        }
        int nameEnd = i;
        int pidEnd = -1;
        if (i < end && b[i] == '[' && i > from) {
            pidEnd = in.find(']', i, Math.min(end, i + MAX_TAG));
            i = pidEnd < 0 ? end : pidEnd + 1;
        }
        boolean colon = i < end && b[i] == ':' && (i + 1 == end || b[i + 1] <= ' ');
        if (nameEnd == from || i >= end || (!colon && (pidEnd < 0 || b[i] != ' '))) {
            if (from < end) {
                in.add(message, from, end, out);
            }
            return;
        }
        in.add(appName, from, nameEnd, out);
        if (pidEnd > nameEnd + 1) {
            in.add(procid, nameEnd + 1, pidEnd, out);
        }
        i = skipSpaces(i + 1, end);
        if (i < end) {
            in.add(message, i, end, out);
        }
    }

    private int skipSpaces(int from, int end) {
        int i = from;
        while (i < end && in.bytes()[i] == ' ') {
            i++;
        }
        return i;
    }
}
