package io.marsad.normalize.format;

import io.marsad.kernel.event.EventBatch;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One event of Linux' audit: all its lines (see {@link AuditdFramer}), joined by newlines.
 *
 * <p>Values: {@code node}, {@code time} (RFC 3339), {@code serial}, {@code type} for each line; each line's fields under
 * its type ({@code SYSCALL.exe}, {@code PATH.name} once for each path); what a program reports in {@code msg='…'} as
 * {@code msg.acct}, {@code msg.res}. Encoded values are decoded. Also {@code EXECVE.argv}, the arguments joined by
 * blanks, beside {@code EXECVE.a0}…; and for socket addresses {@code SOCKADDR.family}, {@code .addr}, {@code .port},
 * {@code .path}. {@code (null)} is null.
 */
final class AuditdParser implements RecordParser {
    /** Fields whose bare value is hexadecimal when the program chose it and it held odd characters. */
    private static final Set<String> ENCODED = Set.of(
            "name",
            "comm",
            "exe",
            "cwd",
            "acct",
            "proctitle",
            "cmd",
            "path",
            "dir",
            "ocomm",
            "data",
            "key",
            "vm",
            "grp",
            "watch",
            "sw",
            "device",
            "old_name",
            "new_name",
            "file");

    private final TextRecord in = new TextRecord();
    private final AuditdArguments arguments = new AuditdArguments(in);
    private @Nullable PathTable known;
    private int node;
    private int time;
    private int serial;
    private int type;
    private int msg;
    private int proctitle;
    private int execve;
    private int saddr;
    private int other;
    private int key;
    private int keyEnd;
    private boolean[] encoded = new boolean[0];
    private boolean[] seen = new boolean[0];

    @Override
    public @Nullable String parse(byte[] bytes, int offset, int length, long received, Tape out) {
        in.begin(bytes, offset, length, out);
        names(out.paths());
        arguments.clear();
        int end = in.end();
        boolean first = true;
        for (int i = in.start(); i < end; ) {
            int stop = in.find('\n', i, end);
            stop = stop < 0 ? end : stop;
            int text = stop > i && in.bytes()[stop - 1] == '\r' ? stop - 1 : stop;
            if (!line(i, text, first, out)) {
                if (first) {
                    return "not an audit line: type=… msg=audit(…): is expected";
                }
                if (text > i) {
                    in.add(other, i, text, out);
                }
            }
            first = false;
            i = stop + 1;
        }
        if (first) {
            return "an empty record";
        }
        boolean room = arguments.add(execve, out);
        return room && in.complete() ? null : "too many or too long values";
    }

    private void names(PathTable paths) {
        if (known == paths) {
            return;
        }
        known = paths;
        node = paths.intern("node");
        time = paths.intern("time");
        serial = paths.intern("serial");
        type = paths.intern("type");
        msg = paths.intern("msg");
        proctitle = paths.intern("PROCTITLE.proctitle");
        execve = paths.intern("EXECVE");
        saddr = paths.intern("SOCKADDR.saddr");
        other = paths.intern("other");
        encoded = new boolean[0];
        seen = new boolean[0];
    }

    private boolean line(int from, int end, boolean first, Tape out) {
        int i = from;
        while (i < end && (in.bytes()[i] == ' ' || in.bytes()[i] == '\t')) {
            i++; // quoted from elsewhere, indented
        }
        if (in.startsWith("node=", i, end)) {
            int space = in.find(' ', i, end);
            if (space < 0) {
                return false;
            }
            if (first) {
                in.add(node, i + 5, space, out);
            }
            i = space + 1;
        }
        int typeEnd = in.startsWith("type=", i, end) ? in.find(' ', i, end) : -1;
        if (typeEnd < 0 || !in.startsWith("msg=audit(", typeEnd + 1, end)) {
            return false;
        }
        int stamp = typeEnd + 11;
        int dot = in.find('.', stamp, end);
        int colon = in.find(':', stamp, end);
        int close = in.find(')', stamp, end);
        long seconds = dot < 0 ? -1 : seconds(stamp, dot);
        int millis = dot < 0 || colon < dot ? -1 : in.number(dot + 1, colon);
        if (seconds < 0 || millis < 0 || millis > 999 || close < colon || in.digits(colon + 1, close) != close) {
            return false;
        }
        if (first) {
            out.add(time, Instant.ofEpochMilli(seconds * 1000 + millis).toString(), EventBatch.TEXT);
            in.add(serial, colon + 1, close, EventBatch.NUMBER, out);
        }
        in.add(type, i + 5, typeEnd, out);
        int prefix = out.paths().child(PathTable.ROOT, in.bytes(), i + 5, typeEnd - i - 5);
        fields(prefix, close + 1 < end && in.bytes()[close + 1] == ':' ? close + 2 : close + 1, end, out);
        return true;
    }

    private long seconds(int from, int to) {
        if (to - from < 1 || to - from > 11 || in.digits(from, to) != to) {
            return -1;
        }
        return Long.parseLong(in.text(from, to));
    }

    /** Reads {@code k=v} up to the end. The enriched part behind 0x1D is more of the same. */
    private void fields(int prefix, int from, int end, Tape out) {
        var b = in.bytes();
        int i = from;
        while (i < end) {
            while (i < end && (b[i] <= ' ' && b[i] >= 0 || b[i] == ',' || b[i] == '(')) {
                i++;
            }
            key = i;
            while (i < end && b[i] != '=' && b[i] != ' ' && b[i] != 0x1D) {
                i++;
            }
            if (i >= end || b[i] != '=') {
                // A word that is no field, as old programs write into their messages.
                continue;
            }
            keyEnd = i++;
            int value = i;
            byte quote = i < end ? b[i] : 0;
            if (quote == '\'' && prefix != msg && keyEnd - key == 3 && in.startsWith("msg", key, keyEnd)) {
                int close = lastQuote(i + 1, end);
                fields(msg, i + 1, close, out);
                i = close + 1;
            } else if (quote == '"') {
                int close = in.find('"', i + 1, end);
                close = close < 0 ? end : close;
                field(prefix, value + 1, close, true, out);
                i = close + 1;
            } else {
                while (i < end && b[i] != ' ' && b[i] != 0x1D && b[i] != '\'') {
                    i++;
                }
                int stop = i;
                while (prefix == msg && stop > value && (b[stop - 1] == ')' && b[value] != '(' || b[stop - 1] == ',')) {
                    stop--;
                }
                field(prefix, value, stop, false, out);
            }
        }
    }

    /** The quote that closes a message: before the enriched part, or the last there is. */
    private int lastQuote(int from, int end) {
        int stop = in.find((char) 0x1D, from, end);
        int close = stop < 0 ? end : stop;
        for (int i = close - 1; i >= from; i--) {
            if (in.bytes()[i] == '\'') {
                return i;
            }
        }
        return close;
    }

    private void field(int prefix, int value, int end, boolean quoted, Tape out) {
        if (prefix == execve && arguments.take(key, keyEnd, value, end, quoted)) {
            return;
        }
        int path = out.paths().child(prefix, in.bytes(), key, keyEnd - key);
        if (path == PathTable.OVERFLOW) {
            in.add(path, key, end, out);
        } else if (!quoted && in.startsWith("(null)", value, end) && end - value == 6) {
            in.add(path, value, value, EventBatch.NULL, out);
        } else if (!quoted && path == saddr) {
            in.add(path, value, end, out);
            AuditdSocket.add(in, value, end, out);
        } else if (!quoted && isEncoded(path) && AuditdArguments.isHex(in.bytes(), value, end)) {
            decoded(path, value, end, path == proctitle ? ' ' : 0, out);
        } else if (quoted || value + 1 != end || in.bytes()[value] != '{') {
            // Not "SADDR={ a=b … }": the fields inside come by themselves.
            in.add(path, value, end, out);
        }
    }

    /** Decodes; a NUL becomes the given byte, or stays when that is 0. */
    private void decoded(int path, int from, int to, int forNul, Tape out) {
        int length = (to - from) / 2;
        var side = out.sideRoom(length);
        int at = out.sideUsed();
        AuditdArguments.decode(in.bytes(), from, to, side, at);
        int used = length;
        if (forNul != 0) {
            while (used > 0 && side[at + used - 1] == 0) {
                used--;
            }
            for (int i = at; i < at + used; i++) {
                side[i] = side[i] == 0 ? (byte) forNul : side[i];
            }
        }
        out.addDecoded(path, used);
    }

    private boolean isEncoded(int path) {
        if (path >= seen.length) {
            int n = Math.max(1024, path * 2);
            seen = Arrays.copyOf(seen, n);
            encoded = Arrays.copyOf(encoded, n);
        }
        if (!seen[path]) {
            seen[path] = true;
            encoded[path] = ENCODED.contains(in.text(key, keyEnd));
        }
        return encoded[path];
    }
}
