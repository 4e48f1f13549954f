package io.marsad.normalize.format;

/** Characters as bytes. */
public final class Utf8 {
    private Utf8() {}

    /** The length of the character that starts here, 1 to 4; where there is none, minus how many bytes to pass. */
    static int sequence(byte[] b, int i, int end) {
        int c = b[i] & 0xFF;
        if (c < 0x80) {
            return 1;
        }
        if (c < 0xC2 || c > 0xF4) {
            return -1;
        }
        int need = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
        if (end - i <= need) {
            return -1;
        }
        int second = b[i + 1] & 0xFF;
        int low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
        int high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
        if (second < low || second > high) {
            return -1;
        }
        for (int k = 2; k <= need; k++) {
            if ((b[i + k] & 0xC0) != 0x80) {
                return -1;
            }
        }
        return need + 1;
    }

    /**
     * A copy of the same length that regular expressions over bytes can read: what is not UTF-8, and U+FFFD that stands
     * for it, they take for the text's beginning. Where there is any, bytes beyond ASCII become question marks.
     */
    public static byte[] readable(byte[] bytes, int offset, int length) {
        var text = java.util.Arrays.copyOfRange(bytes, offset, offset + length);
        if (!valid(text, 0, length) || hasReplacement(text)) {
            for (int i = 0; i < length; i++) {
                text[i] = text[i] < 0 ? (byte) '?' : text[i];
            }
        }
        return text;
    }

    private static boolean hasReplacement(byte[] text) {
        for (int i = 2; i < text.length; i++) {
            if (text[i] == (byte) 0xBD && text[i - 1] == (byte) 0xBF && text[i - 2] == (byte) 0xEF) {
                return true;
            }
        }
        return false;
    }

    /** Whether all of it is ASCII. */
    public static boolean ascii(byte[] b, int from, int to) {
        int i = from;
        long seen = 0;
        for (; i + 8 <= to; i += 8) {
            seen |= Words.at(b, i);
        }
        for (; i < to; i++) {
            seen |= b[i];
        }
        return (seen & Words.HIGHS) == 0;
    }

    /** Whether all of it is UTF-8. */
    static boolean valid(byte[] b, int from, int to) {
        int i = from;
        while (i < to) {
            if (i + 8 <= to && (Words.at(b, i) & Words.HIGHS) == 0) {
                i += 8;
                continue;
            }
            int length = sequence(b, i, to);
            if (length < 0) {
                return false;
            }
            i += length;
        }
        return true;
    }

    /** Writes a code point, at most four bytes; half a surrogate pair becomes U+FFFD. Returns the index after it. */
    static int put(int code, byte[] to, int at) {
        int o = at;
        if (code < 0x80) {
            to[o++] = (byte) code;
        } else if (code < 0x800) {
            to[o++] = (byte) (0xC0 | code >> 6);
            to[o++] = (byte) (0x80 | code & 0x3F);
        } else if (code < 0x10000) {
            int whole = code >= 0xD800 && code < 0xE000 ? 0xFFFD : code;
            to[o++] = (byte) (0xE0 | whole >> 12);
            to[o++] = (byte) (0x80 | whole >> 6 & 0x3F);
            to[o++] = (byte) (0x80 | whole & 0x3F);
        } else {
            to[o++] = (byte) (0xF0 | code >> 18);
            to[o++] = (byte) (0x80 | code >> 12 & 0x3F);
            to[o++] = (byte) (0x80 | code >> 6 & 0x3F);
            to[o++] = (byte) (0x80 | code & 0x3F);
        }
        return o;
    }

    /** 0 to 15, or -1. */
    static int hexDigit(byte c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = c | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }
}
