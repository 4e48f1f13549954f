package io.marsad.normalize.format;

import io.marsad.normalize.format.XmlElement.XmlValue;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.List;

/** The typed values of binary XML as the text that Windows shows for them. */
final class EvtxValue {
    static final int NULL = 0;
    static final int BINARY_XML = 0x21;
    private static final int ARRAY = 0x80;
    private static final long FILETIME_EPOCH_MILLIS = 11_644_473_600_000L;
    private static final Charset ANSI = Charset.forName("windows-1252");
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private EvtxValue() {}

    static boolean isArray(int type) {
        return (type & ARRAY) != 0;
    }

    static long epochMillis(long filetime) {
        return Long.divideUnsigned(filetime, 10_000) - FILETIME_EPOCH_MILLIS;
    }

    static XmlValue read(EvtxBytes in, int type, int at, int size) throws MalformedRecordException {
        in.need(at, size);
        if (size == 0) {
            return type == 0x01 || type == 0x02 ? XmlValue.of("") : XmlValue.NULL;
        }
        return switch (type) {
            case NULL -> XmlValue.NULL;
            case 0x01 -> XmlValue.of(utf16(in, at, size));
            case 0x02 -> XmlValue.of(untilNul(new String(in.b, at, size, ANSI)));
            case 0x03, 0x05, 0x07, 0x09 -> XmlValue.literal(Long.toString(signed(in, at, size)));
            case 0x04, 0x06, 0x08, 0x0A -> XmlValue.literal(Long.toUnsignedString(unsigned(in, at, size)));
            case 0x0B -> real(Float.intBitsToFloat((int) unsigned(in, at, Math.min(size, 4))));
            case 0x0C -> real(size < 8 ? 0 : Double.longBitsToDouble(in.i64(at)));
            // Any value but zero is true: files have been seen with other ones than 1.
            case 0x0D -> XmlValue.literal(unsigned(in, at, Math.min(size, 8)) == 0 ? "false" : "true");
            case 0x0F -> XmlValue.of(size < 16 ? hex(in, at, size) : guid(in, at));
            case 0x10, 0x14, 0x15 -> XmlValue.of("0x" + Long.toHexString(unsigned(in, at, Math.min(size, 8))));
            case 0x11 -> size < 8 ? XmlValue.NULL : XmlValue.of(filetime(in.i64(at)));
            case 0x12 -> size < 16 ? XmlValue.NULL : XmlValue.of(systemTime(in, at));
            case 0x13 -> XmlValue.of(sid(in, at, size));
            default -> XmlValue.of(hex(in, at, size));
        };
    }

    /** Adds an array's elements. */
    static void readArray(EvtxBytes in, int type, int at, int size, List<XmlValue> to) throws MalformedRecordException {
        int one = type & ~ARRAY;
        in.need(at, size);
        if (one == 0x01) {
            int from = at;
            for (int i = at; i + 1 < at + size; i += 2) {
                if (in.b[i] == 0 && in.b[i + 1] == 0) {
                    to.add(XmlValue.of(in.utf16(from, (i - from) / 2)));
                    from = i + 2;
                }
            }
            if (at + size - from >= 2) {
                to.add(XmlValue.of(in.utf16(from, (at + size - from) / 2)));
            }
            return;
        }
        int width = switch (one) {
            case 0x03, 0x04 -> 1;
            case 0x05, 0x06 -> 2;
            case 0x07, 0x08, 0x0B, 0x0D, 0x14 -> 4;
            case 0x09, 0x0A, 0x0C, 0x11, 0x15 -> 8;
            case 0x10 -> size % 8 == 0 ? 8 : 4;
            case 0x0F, 0x12 -> 16;
            default -> size;
        };
        for (int i = at; width > 0 && i + width <= at + size; i += width) {
            to.add(read(in, one, i, width));
        }
    }

    /** 100 ns since 1601, as Windows writes it: seven digits, Z. */
    static String filetime(long filetime) {
        long seconds = Long.divideUnsigned(filetime, 10_000_000) - FILETIME_EPOCH_MILLIS / 1000;
        int ticks = (int) Long.remainderUnsigned(filetime, 10_000_000);
        var out = new StringBuilder(28);
        var time = LocalDateTime.ofEpochSecond(seconds, 0, java.time.ZoneOffset.UTC);
        dateTime(time, out);
        pad(ticks, 7, out.append('.'));
        return out.append('Z').toString();
    }

    private static String systemTime(EvtxBytes in, int at) throws MalformedRecordException {
        try {
            var out = new StringBuilder(24);
            dateTime(
                    LocalDateTime.of(
                            in.u16(at),
                            in.u16(at + 2),
                            in.u16(at + 6),
                            in.u16(at + 8),
                            in.u16(at + 10),
                            in.u16(at + 12)),
                    out);
            pad(in.u16(at + 14) % 1000, 3, out.append('.'));
            return out.append('Z').toString();
        } catch (DateTimeException e) {
            // Not a date (all zero is common): shown as the bytes that it is.
            return hex(in, at, 16);
        }
    }

    private static void dateTime(LocalDateTime time, StringBuilder out) {
        pad(time.getYear(), 4, out);
        pad(time.getMonthValue(), 2, out.append('-'));
        pad(time.getDayOfMonth(), 2, out.append('-'));
        pad(time.getHour(), 2, out.append('T'));
        pad(time.getMinute(), 2, out.append(':'));
        pad(time.getSecond(), 2, out.append(':'));
    }

    private static void pad(int value, int digits, StringBuilder out) {
        var text = Integer.toString(value);
        for (int i = text.length(); i < digits; i++) {
            out.append('0');
        }
        out.append(text);
    }

    private static String guid(EvtxBytes in, int at) throws MalformedRecordException {
        var out = new StringBuilder(38).append('{');
        hex(Integer.reverseBytes(in.i32(at)) & 0xFFFFFFFFL, 4, out);
        hex(Short.reverseBytes((short) in.u16(at + 4)) & 0xFFFFL, 2, out.append('-'));
        hex(Short.reverseBytes((short) in.u16(at + 6)) & 0xFFFFL, 2, out.append('-'));
        out.append('-');
        for (int i = 8; i < 16; i++) {
            if (i == 10) {
                out.append('-');
            }
            hex(in.b[at + i] & 0xFF, 1, out);
        }
        return out.append('}').toString();
    }

    /** The low bytes of a big-endian number. */
    private static void hex(long littleEndianRead, int bytes, StringBuilder out) {
        // The caller reversed what was read little-endian; undo that for printing the number itself.
        for (int i = 0; i < bytes; i++) {
            int value = (int) (littleEndianRead >>> 8 * i) & 0xFF;
            out.append(HEX[value >> 4]).append(HEX[value & 15]);
        }
    }

    private static String sid(EvtxBytes in, int at, int size) throws MalformedRecordException {
        int count = size < 8 ? 0 : in.u8(at + 1);
        if (size < 8 || count > 15 || 8 + 4 * count > size) {
            return hex(in, at, size);
        }
        long authority = 0;
        for (int i = 2; i < 8; i++) {
            authority = authority << 8 | in.u8(at + i);
        }
        var out = new StringBuilder("S-").append(in.u8(at)).append('-').append(authority);
        for (int i = 0; i < count; i++) {
            out.append('-').append(Integer.toUnsignedString(in.i32(at + 8 + 4 * i)));
        }
        return out.toString();
    }

    private static String hex(EvtxBytes in, int at, int size) {
        var out = new StringBuilder(size * 2);
        for (int i = at; i < at + size; i++) {
            out.append(HEX[in.b[i] >> 4 & 15]).append(HEX[in.b[i] & 15]);
        }
        return out.toString();
    }

    private static XmlValue real(double value) {
        return Double.isFinite(value) ? XmlValue.literal(Double.toString(value)) : XmlValue.of(Double.toString(value));
    }

    private static XmlValue real(float value) {
        return Float.isFinite(value) ? XmlValue.literal(Float.toString(value)) : XmlValue.of(Float.toString(value));
    }

    private static long unsigned(EvtxBytes in, int at, int size) throws MalformedRecordException {
        long value = 0;
        for (int i = Math.min(size, 8) - 1; i >= 0; i--) {
            value = value << 8 | in.u8(at + i);
        }
        return value;
    }

    private static long signed(EvtxBytes in, int at, int size) throws MalformedRecordException {
        int unused = 64 - 8 * Math.min(size, 8);
        return unsigned(in, at, size) << unused >> unused;
    }

    /** Values are counted in bytes and often end in NUL. */
    private static String utf16(EvtxBytes in, int at, int size) {
        return trimNuls(new String(in.b, at, size & ~1, StandardCharsets.UTF_16LE));
    }

    private static String trimNuls(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == 0) {
            end--;
        }
        return text.substring(0, end);
    }

    private static String untilNul(String text) {
        int nul = text.indexOf(0);
        return nul < 0 ? text : text.substring(0, nul);
    }
}
