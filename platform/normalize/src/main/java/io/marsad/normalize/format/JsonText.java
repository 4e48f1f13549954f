package io.marsad.normalize.format;

import java.nio.charset.StandardCharsets;

/** The strings of JSON: where they end, whether they stand for themselves, and what they mean where not. */
final class JsonText {
    private byte[] b = new byte[0];
    private int end;
    private boolean escaped;
    private boolean broken;
    private int stopped;
    private String why = "";

    void start(byte[] bytes, int recordEnd) {
        b = bytes;
        end = recordEnd;
    }

    /** Finds the closing quote of the string whose first byte is given; -1 when it is not a string, see {@link #why()}. */
    int end(int from) {
        escaped = false;
        broken = false;
        int i = from;
        for (; ; ) {
            while (i + 8 <= end) {
                long stops = Words.stringStops(Words.at(b, i));
                if (stops != 0) {
                    i += Long.numberOfTrailingZeros(stops) >>> 3;
                    break;
                }
                i += 8;
            }
            if (i >= end) {
                return stop(i, "a string has no end");
            }
            byte c = b[i];
            if (c == '"') {
                return i;
            } else if (c == '\\') {
                escaped = true;
                i = escape(i);
                if (i < 0) {
                    return -1;
                }
            } else if (c < 0) {
                int length = Utf8.sequence(b, i, end);
                broken |= length < 0;
                i += Math.abs(length);
            } else if (c < ' ') {
                return stop(i, "a control character in a string");
            } else {
                i++;
            }
        }
    }

    private int escape(int at) {
        if (at + 1 >= end) {
            return stop(at, "a string has no end");
        }
        return switch (b[at + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at + 2;
            case 'u' -> end - at < 6 || hex(at + 2) < 0 ? stop(at, "an escape is malformed") : at + 6;
            default -> stop(at, "an escape is malformed");
        };
    }

    private int stop(int at, String reason) {
        stopped = at;
        why = reason;
        return -1;
    }

    /** What was wrong, after {@link #end} gave -1. */
    String why() {
        return why;
    }

    int stopped() {
        return stopped;
    }

    /** Whether the string last found means just its bytes. */
    boolean plain() {
        return !escaped && !broken;
    }

    /** Puts what the string means at the end of the side memory and returns its length. */
    int undo(int from, int close, Tape out) {
        // The meaning is never longer than its escape: six bytes for at most three, twelve for four. Eight more are for
        // copying whole words.
        var to = out.sideRoom(close - from + 8);
        int at = out.sideUsed();
        int o = at;
        int i = from;
        while (i < close) {
            while (i + 8 <= close) {
                long word = Words.at(b, i);
                long stops = Words.backslashes(word);
                Words.put(to, o, word);
                int plain = stops == 0 ? 8 : Long.numberOfTrailingZeros(stops) >>> 3;
                i += plain;
                o += plain;
                if (plain < 8) {
                    break;
                }
            }
            if (i == close) {
                break;
            }
            byte c = b[i++];
            if (c != '\\') {
                to[o++] = c;
                continue;
            }
            c = b[i++];
            switch (c) {
                case 'b' -> to[o++] = '\b';
                case 'f' -> to[o++] = '\f';
                case 'n' -> to[o++] = '\n';
                case 'r' -> to[o++] = '\r';
                case 't' -> to[o++] = '\t';
                case 'u' -> {
                    int code = hex(i);
                    i += 4;
                    if (Character.isHighSurrogate((char) code)
                            && close - i >= 6
                            && b[i] == '\\'
                            && b[i + 1] == 'u'
                            && Character.isLowSurrogate((char) hex(i + 2))) {
                        code = Character.toCodePoint((char) code, (char) hex(i + 2));
                        i += 6;
                    }
                    o = Utf8.put(code, to, o);
                }
                default -> to[o++] = c;
            }
        }
        out.sideUsed(o);
        return broken ? mend(at, o - at, out) : o - at;
    }

    private static int mend(int at, int length, Tape out) {
        var mended = new String(out.side(), at, length, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
        out.sideUsed(at);
        out.side(mended, 0, mended.length);
        return mended.length;
    }

    /** Four hexadecimal digits, or -1. */
    private int hex(int at) {
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            int digit = Utf8.hexDigit(b[i]);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
