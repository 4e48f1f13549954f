package io.marsad.ingest.intake;

import io.marsad.normalize.format.Words;
import org.jspecify.annotations.Nullable;

/**
 * Walks JSON text (RFC 8259) without making anything of it: checks that it is whole and tells where each value is.
 * Used by one thread, again and again.
 */
final class JsonWalk {
    static final int MAX_DEPTH = 64;

    /** What a value is. */
    enum Kind {
        OBJECT,
        ARRAY,
        TEXT,
        NUMBER,
        BOOL,
        NULL
    }

    /** Called for each value after its end, so inner values come before outer ones. */
    interface Visitor {
        /** @param depth how many objects and arrays are around it: 0 for the whole, 1 for its members */
        void value(int depth, Kind kind, int from, int to);
    }

    private final int[] keyFrom = new int[MAX_DEPTH + 1];
    private final int[] keyTo = new int[MAX_DEPTH + 1];
    private byte[] b = new byte[0];
    private int at;
    private int end;
    private int depth;
    private Visitor visitor = (d, k, f, t) -> {};
    private @Nullable String fault;

    /** Returns null, or what is wrong and where. The fault ends the walk; what was visited was right so far. */
    @Nullable
    String walk(byte[] bytes, int offset, int length, Visitor to) {
        b = bytes;
        at = offset;
        end = offset + length;
        depth = 0;
        visitor = to;
        fault = null;
        keyFrom[0] = -1;
        space();
        if (value()) {
            space();
            if (at < end) {
                fail("something follows the value");
            }
        }
        return fault == null ? null : "not JSON: " + fault + " at byte " + (at - offset);
    }

    /** Where the name of the member that is being walked at a depth starts, behind its quote; -1 for an array's item. */
    int keyFrom(int ofDepth) {
        return keyFrom[ofDepth];
    }

    int keyTo(int ofDepth) {
        return keyTo[ofDepth];
    }

    /** Whether the name of the member at a depth is this one; a name with escapes is none that we know. */
    boolean keyIs(int ofDepth, String name) {
        int from = keyFrom[ofDepth];
        if (from < 0 || keyTo[ofDepth] - from != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (b[from + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean fail(String reason) {
        if (fault == null) {
            fault = reason;
        }
        return false;
    }

    private void space() {
        while (at < end && (b[at] == ' ' || b[at] == '\n' || b[at] == '\r' || b[at] == '\t')) {
            at++;
        }
    }

    private boolean value() {
        if (at == end) {
            return fail("it ends early");
        }
        int from = at;
        Kind kind;
        boolean ok = switch (b[at]) {
            case '{' -> {
                kind = Kind.OBJECT;
                yield container('}');
            }
            case '[' -> {
                kind = Kind.ARRAY;
                yield container(']');
            }
            case '"' -> {
                kind = Kind.TEXT;
                yield text();
            }
            case 't' -> {
                kind = Kind.BOOL;
                yield word("true");
            }
            case 'f' -> {
                kind = Kind.BOOL;
                yield word("false");
            }
            case 'n' -> {
                kind = Kind.NULL;
                yield word("null");
            }
            default -> {
                kind = Kind.NUMBER;
                yield number();
            }
        };
        if (ok) {
            visitor.value(depth, kind, from, at);
        }
        return ok;
    }

    private boolean container(char close) {
        if (depth == MAX_DEPTH) {
            return fail("more than " + MAX_DEPTH + " levels");
        }
        at++;
        depth++;
        space();
        if (at < end && b[at] == close) {
            return closed();
        }
        while (true) {
            keyFrom[depth] = -1;
            if (close == '}' && !name()) {
                return false;
            }
            if (!value()) {
                return false;
            }
            space();
            if (at == end) {
                return fail("it ends early");
            }
            if (b[at] == close) {
                return closed();
            }
            if (b[at] != ',') {
                return fail("a comma or the end is expected");
            }
            at++;
            space();
        }
    }

    private boolean closed() {
        at++;
        depth--;
        return true;
    }

    private boolean name() {
        if (at == end || b[at] != '"') {
            return fail("a name in quotes is expected");
        }
        int from = at + 1;
        if (!text()) {
            return false;
        }
        keyFrom[depth] = from;
        keyTo[depth] = at - 1;
        space();
        if (at == end || b[at] != ':') {
            return fail("a colon is expected");
        }
        at++;
        space();
        return true;
    }

    private boolean text() {
        at++;
        while (at < end) {
            while (at + 8 <= end) {
                long stops = Words.asciiStringStops(Words.at(b, at));
                if (stops != 0) {
                    at += Long.numberOfTrailingZeros(stops) >>> 3;
                    break;
                }
                at += 8;
            }
            if (at == end) {
                break;
            }
            byte c = b[at];
            if (c == '"') {
                at++;
                return true;
            }
            if (c >= 0 && c < ' ') {
                return fail("a control character in a text");
            }
            if (c == '\\') {
                at++;
                if (at == end || "\"\\/bfnrtu".indexOf(b[at]) < 0) {
                    return fail("an unknown escape");
                }
                if (b[at] == 'u') {
                    for (int i = 1; i <= 4; i++) {
                        if (at + i >= end || Character.digit(b[at + i], 16) < 0) {
                            return fail("an unknown escape");
                        }
                    }
                    at += 4;
                }
            }
            at++;
        }
        return fail("a text without end");
    }

    private boolean word(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (at + i >= end || b[at + i] != word.charAt(i)) {
                return fail("a value is expected");
            }
        }
        at += word.length();
        return true;
    }

    private boolean number() {
        if (b[at] == '-') {
            at++;
        }
        int from = at;
        if (digits() == 0) {
            return fail("a value is expected");
        }
        if (b[from] == '0' && at - from > 1) {
            return fail("a number with leading zeros");
        }
        if (at < end && b[at] == '.') {
            at++;
            if (digits() == 0) {
                return fail("digits are expected");
            }
        }
        if (at < end && (b[at] == 'e' || b[at] == 'E')) {
            at++;
            if (at < end && (b[at] == '+' || b[at] == '-')) {
                at++;
            }
            if (digits() == 0) {
                return fail("digits are expected");
            }
        }
        return true;
    }

    private int digits() {
        int from = at;
        while (at < end && b[at] >= '0' && b[at] <= '9') {
            at++;
        }
        return at - from;
    }
}
