package io.marsad.match;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Unicode simple case folding, one code point to one code point: what "without regard to case" means everywhere in the
 * platform. Thread-safe.
 */
public final class CaseFolding {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH = 0x8080_8080_8080_8080L;

    private CaseFolding() {}

    /** The text folded. */
    public static String fold(String text) {
        var folded = new StringBuilder(text.length());
        text.codePoints().forEach(c -> folded.appendCodePoint(fold(c)));
        return folded.toString();
    }

    /** The text folded, as UTF-8. */
    static byte[] folded(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b < 0) {
                return fold(text).getBytes(StandardCharsets.UTF_8);
            }
            if (b >= 'A' && b <= 'Z') {
                bytes[i] = (byte) (b + 0x20);
            }
        }
        return bytes;
    }

    /** The code point folded. The dotted and dotless i of Turkish stay what they are, as in CaseFolding.txt. */
    public static int fold(int codePoint) {
        if (codePoint < 0x80) {
            return codePoint >= 'A' && codePoint <= 'Z' ? codePoint + 0x20 : codePoint;
        }
        if (codePoint == 0x130 || codePoint == 0x131) {
            return codePoint;
        }
        return Character.toLowerCase(Character.toUpperCase(codePoint));
    }

    /**
     * Folds UTF-8 into another array; what is not UTF-8 is copied as it is. Eight bytes after the source's end may be
     * read.
     *
     * @param to has room for {@code 2 * length + 8} bytes from {@code at}
     * @return how many bytes were written
     */
    static int fold(byte[] from, int offset, int length, byte[] to, int at) {
        long seen = 0;
        for (int i = 0; i < length; i += 8) {
            long word = (long) LONG.get(from, offset + i);
            long high = word & HIGH;
            int left = length - i;
            seen |= left >= 8 ? high : high & ((1L << (left << 3)) - 1);
            long low = word & ~HIGH;
            long upper = ((low + 0x3f3f_3f3f_3f3f_3f3fL) ^ (low + 0x2525_2525_2525_2525L)) & HIGH & ~high;
            LONG.set(to, at + i, word | (upper >>> 2));
        }
        return seen == 0 ? length : foldUnicode(from, offset, length, to, at);
    }

    private static int foldUnicode(byte[] from, int offset, int length, byte[] to, int at) {
        int out = at;
        int end = offset + length;
        for (int i = offset; i < end; ) {
            int b = from[i];
            if (b >= 0) {
                to[out++] = (byte) (b >= 'A' && b <= 'Z' ? b + 0x20 : b);
                i++;
                continue;
            }
            int c = decode(from, i, end);
            if (c < 0) {
                to[out++] = (byte) b;
                i++;
            } else {
                out = encode(fold(c), to, out);
                i += c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            }
        }
        return out - at;
    }

    /** The code point of two bytes or more that begins here, or -1 when it is not one, well formed. */
    static int decode(byte[] b, int i, int end) {
        int lead = b[i] & 0xff;
        int size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (lead < 0xC2 || lead > 0xF4 || i + size > end) {
            return -1;
        }
        int c = lead & (0x7f >> size);
        for (int k = 1; k < size; k++) {
            if ((b[i + k] & 0xC0) != 0x80) {
                return -1;
            }
            c = c << 6 | (b[i + k] & 0x3f);
        }
        boolean wrong =
                size == 3 && (c < 0x800 || (c >= 0xD800 && c <= 0xDFFF)) || size == 4 && (c < 0x10000 || c > 0x10FFFF);
        return wrong ? -1 : c;
    }

    private static int encode(int c, byte[] to, int at) {
        int out = at;
        if (c < 0x80) {
            to[out++] = (byte) c;
        } else if (c < 0x800) {
            to[out++] = (byte) (0xC0 | c >> 6);
            to[out++] = (byte) (0x80 | c & 0x3f);
        } else if (c < 0x10000) {
            to[out++] = (byte) (0xE0 | c >> 12);
            to[out++] = (byte) (0x80 | c >> 6 & 0x3f);
            to[out++] = (byte) (0x80 | c & 0x3f);
        } else {
            to[out++] = (byte) (0xF0 | c >> 18);
            to[out++] = (byte) (0x80 | c >> 12 & 0x3f);
            to[out++] = (byte) (0x80 | c >> 6 & 0x3f);
            to[out++] = (byte) (0x80 | c & 0x3f);
        }
        return out;
    }
}
