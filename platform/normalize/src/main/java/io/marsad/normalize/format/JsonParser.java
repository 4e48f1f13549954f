package io.marsad.normalize.format;

import io.marsad.kernel.event.EventBatch;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * RFC 8259, strictly: one object in UTF-8, nothing behind it. Makes no objects per value.
 *
 * <p>Bounds: {@value #MAX_DEPTH} levels, {@value Tape#MAX_LEAVES} values, {@value Tape#MAX_VALUE_BYTES} bytes a value.
 * Repeated keys are all kept; empty objects and arrays leave nothing. Bytes of a string that are not UTF-8, and halves
 * of surrogate pairs, become U+FFFD: a sender must not be able to hide an event by breaking one character of it.
 */
final class JsonParser implements RecordParser {
    static final int MAX_DEPTH = 64;

    private static final byte[] NOTHING = new byte[0];

    private final int[] pathAt = new int[MAX_DEPTH + 1];
    private final boolean[] arrayAt = new boolean[MAX_DEPTH + 1];
    /** Where the key of each level stands, for the names of values that the path table has no room for. */
    private final String[] overflowNames = new String[MAX_DEPTH + 1];

    private final JsonText text = new JsonText();
    private byte[] b = NOTHING;
    private int i;
    private int end;
    private int depth;
    private @Nullable String overflowName;

    @Override
    public @Nullable String parse(byte[] bytes, int offset, int length, long received, Tape out) {
        out.begin(bytes, offset);
        b = bytes;
        i = offset;
        end = offset + length;
        text.start(bytes, end);
        if (length >= 3 && b[i] == (byte) 0xEF && b[i + 1] == (byte) 0xBB && b[i + 2] == (byte) 0xBF) {
            i += 3;
        }
        if (next() != '{') {
            return "not a JSON object";
        }
        i++;
        depth = 0;
        pathAt[0] = PathTable.ROOT;
        arrayAt[0] = false;
        overflowName = null;
        var why = members(out);
        if (why == null && (next() != 0 || i < end)) {
            why = "something follows the object";
        }
        b = NOTHING;
        return why == null ? null : "not JSON: " + why + " at byte " + (i - offset);
    }

    /** The next byte that is not white space, without passing it; 0 at the end. */
    private byte next() {
        while (i < end) {
            byte c = b[i];
            if (c > ' ' || c < 0) {
                return c;
            }
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return c;
            }
            i++;
        }
        return 0;
    }

    private @Nullable String members(Tape out) {
        boolean first = true;
        for (; ; ) {
            byte c = next();
            if (c == (arrayAt[depth] ? ']' : '}')) {
                i++;
                if (--depth < 0) {
                    return null;
                }
                first = false;
                continue;
            }
            if (!first) {
                if (c != ',') {
                    return i >= end ? "it ends early" : "a comma or the end is expected";
                }
                i++;
                c = next();
            }
            int path = pathAt[depth];
            if (!arrayAt[depth]) {
                if (c != '"') {
                    return i >= end ? "it ends early" : "a key is expected";
                }
                path = key(path, out);
                if (path < 0) {
                    return text.why();
                }
                if (next() != ':') {
                    return "a colon is expected";
                }
                i++;
                c = next();
            } else if (path == PathTable.OVERFLOW) {
                overflowName = overflowNames[depth];
            }
            if (c == '{' || c == '[') {
                i++;
                if (++depth == MAX_DEPTH) {
                    return "more than " + MAX_DEPTH + " levels";
                }
                pathAt[depth] = path;
                arrayAt[depth] = c == '[';
                if (path == PathTable.OVERFLOW) {
                    overflowNames[depth] = overflowName == null ? "" : overflowName;
                }
                first = true;
                continue;
            }
            var why = value(c, path, out);
            if (why != null) {
                return why;
            }
            first = false;
        }
    }

    /** Passes a key and returns the path that it leads to; -1 when it is no string. */
    private int key(int parent, Tape out) {
        int start = i + 1;
        int close = text.end(start);
        if (close < 0) {
            i = text.stopped();
            return -1;
        }
        i = close + 1;
        if (text.plain()) {
            int path = PathTable.OVERFLOW;
            if (parent != PathTable.OVERFLOW) {
                path = out.paths().child(parent, b, start, close - start);
            }
            if (path == PathTable.OVERFLOW) {
                overflow(parent, new String(b, start, close - start, StandardCharsets.UTF_8), out);
            }
            return path;
        }
        int used = out.sideUsed();
        int length = text.undo(start, close, out);
        int path = out.paths().child(parent, out.side(), used, length);
        if (path == PathTable.OVERFLOW) {
            overflow(parent, new String(out.side(), used, length, StandardCharsets.UTF_8), out);
        }
        out.sideUsed(used);
        return path;
    }

    private void overflow(int parent, String key, Tape out) {
        var before = parent == PathTable.OVERFLOW
                ? overflowNames[depth]
                : out.paths().path(parent);
        var name = parent == PathTable.ROOT ? key : before + '.' + key;
        overflowName = name.length() > PathTable.MAX_PATH_BYTES ? name.substring(0, PathTable.MAX_PATH_BYTES) : name;
    }

    private @Nullable String value(byte c, int path, Tape out) {
        int start = i;
        byte type;
        if (c == '"') {
            return string(path, out);
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            if (!number()) {
                return "a number is malformed";
            }
            type = EventBatch.NUMBER;
        } else if (c == 't' && word('r', 'u', 'e')) {
            type = EventBatch.BOOL;
        } else if (c == 'f' && i + 4 < end && b[i + 1] == 'a' && skip() && word('l', 's', 'e')) {
            type = EventBatch.BOOL;
        } else if (c == 'n' && word('u', 'l', 'l')) {
            type = EventBatch.NULL;
        } else {
            return i >= end ? "it ends early" : "a value is expected";
        }
        int length = type == EventBatch.NULL ? 0 : i - start;
        if (length > Tape.MAX_VALUE_BYTES) {
            return "a value is longer than " + Tape.MAX_VALUE_BYTES + " bytes";
        }
        boolean room = path == PathTable.OVERFLOW
                ? named(b, start, length, out)
                : out.addFromRecord(path, start, length, type);
        return room ? null : "more than " + Tape.MAX_LEAVES + " values";
    }

    private @Nullable String string(int path, Tape out) {
        int start = i + 1;
        int close = text.end(start);
        if (close < 0) {
            i = text.stopped();
            return text.why();
        }
        i = close + 1;
        boolean room;
        if (close - start > Tape.MAX_VALUE_BYTES) {
            return "a value is longer than " + Tape.MAX_VALUE_BYTES + " bytes";
        }
        if (text.plain()) {
            room = path == PathTable.OVERFLOW
                    ? named(b, start, close - start, out)
                    : out.addFromRecord(path, start, close - start, EventBatch.TEXT);
        } else {
            int at = out.sideUsed();
            int length = text.undo(start, close, out);
            room = path == PathTable.OVERFLOW
                    ? named(out.side(), at, length, out)
                    : out.addFromSide(path, at, length, EventBatch.TEXT);
        }
        return room ? null : "more than " + Tape.MAX_LEAVES + " values";
    }

    /** Adds {@code name=value} under the overflow path. */
    private boolean named(byte[] from, int start, int length, Tape out) {
        var name = ((overflowName == null ? "" : overflowName) + '=').getBytes(StandardCharsets.UTF_8);
        int at = out.side(name, 0, name.length);
        out.side(from, start, length);
        return out.addFromSide(PathTable.OVERFLOW, at, name.length + length, EventBatch.TEXT);
    }

    private boolean skip() {
        i++;
        return true;
    }

    /** Passes a letter and the three that must follow it. */
    private boolean word(char second, char third, char fourth) {
        if (end - i < 4 || b[i + 1] != second || b[i + 2] != third || b[i + 3] != fourth) {
            return false;
        }
        i += 4;
        return true;
    }

    private boolean number() {
        if (b[i] == '-') {
            i++;
        }
        if (i < end && b[i] == '0') {
            i++;
        } else if (!digits()) {
            return false;
        }
        if (i < end && b[i] == '.') {
            i++;
            if (!digits()) {
                return false;
            }
        }
        if (i < end && (b[i] | 0x20) == 'e') {
            i++;
            if (i < end && (b[i] == '+' || b[i] == '-')) {
                i++;
            }
            return digits();
        }
        return true;
    }

    private boolean digits() {
        int from = i;
        while (i < end && b[i] >= '0' && b[i] <= '9') {
            i++;
        }
        return i > from;
    }
}
