package io.marsad.match.indicator;

/**
 * Reads an IP address as text: IPv4 in dotted decimals without leading zeros, IPv6 as RFC 4291 has it; one of IPv4 mapped
 * into IPv6 is IPv4. Brackets, a port and a zone around it are passed over. Scratch memory of one thread.
 */
final class AddressReader {
    private static final int LONGEST = 128;
    private static final long MAPPED = 0xFFFF_0000_0000L;

    private static final byte[] DIGITS = digits();

    private final int[] groups = new int[8];

    private boolean six;
    private long high;
    private long low;

    boolean six() {
        return six;
    }

    /** The first 8 bytes of an IPv6 address; 0 for IPv4. */
    long high() {
        return high;
    }

    /** The last 8 bytes; of IPv4 all 32 bits. */
    long low() {
        return low;
    }

    /** False when it is none. */
    boolean read(byte[] b, int from, int end) {
        if (end - from < 2 || end - from > LONGEST) {
            return false;
        }
        boolean digit = b[from] >= '0' && b[from] <= '9';
        if (digit && four(b, from, end)) { // most addresses
            return true;
        }
        if (b[from] == '[') {
            int close = indexOf(b, ']', from, end);
            return close > 0 && (close + 1 == end || port(b, close + 1, end)) && bare(b, from + 1, close);
        }
        if (!digit && b[from] != ':' && hex(b[from]) < 0) { // most names
            return false;
        }
        int colon = indexOf(b, ':', from, end);
        if (colon < 0) {
            int zone = digit ? indexOf(b, '%', from, end) : -1;
            return zone >= 0 && four(b, from, zone);
        }
        int dot = indexOf(b, '.', from, colon);
        return dot > from && indexOf(b, ':', colon + 1, end) < 0
                ? port(b, colon, end) && four(b, from, colon)
                : bare(b, from, end);
    }

    private boolean bare(byte[] b, int from, int end) {
        int zone = indexOf(b, '%', from, end);
        int stop = zone < 0 ? end : zone;
        return indexOf(b, ':', from, stop) < 0 ? four(b, from, stop) : six(b, from, stop);
    }

    /** A colon and a number that is a port. */
    static boolean port(byte[] b, int colon, int end) {
        int number = 0;
        for (int i = colon + 1; i < end; i++) {
            if (b[i] < '0' || b[i] > '9') {
                return false;
            }
            number = number * 10 + b[i] - '0';
        }
        return b[colon] == ':' && end - colon >= 2 && end - colon <= 6 && number <= 65_535;
    }

    private boolean four(byte[] b, int from, int end) {
        long value = dotted(b, from, end);
        six = false;
        high = 0;
        low = value;
        return value >= 0;
    }

    private static long dotted(byte[] b, int from, int end) {
        long value = 0;
        int i = from;
        for (int part = 0; part < 4; part++) {
            int start = i;
            int number = 0;
            for (; i < end && b[i] >= '0' && b[i] <= '9' && i - start < 3; i++) {
                number = number * 10 + b[i] - '0';
            }
            boolean sound = i > start && number <= 255 && (b[start] != '0' || i == start + 1);
            if (!sound || part < 3 && (i >= end || b[i++] != '.')) {
                return -1;
            }
            value = value << 8 | number;
        }
        return i == end ? value : -1;
    }

    private boolean six(byte[] b, int from, int end) {
        int count = 0;
        int gap = -1;
        int i = from;
        if (end - from >= 2 && b[from] == ':' && b[from + 1] == ':') {
            gap = 0;
            i += 2;
        }
        while (i < end) {
            int start = i;
            int group = 0;
            for (int digit; i < end && (digit = hex(b[i])) >= 0 && i - start < 4; i++) {
                group = group << 4 | digit;
            }
            if (i < end && b[i] == '.') {
                long four = count <= 6 ? dotted(b, start, end) : -1;
                if (four < 0) {
                    return false;
                }
                groups[count++] = (int) (four >>> 16);
                groups[count++] = (int) (four & 0xFFFF);
                break;
            }
            if (i == start || count == 8) {
                return false;
            }
            groups[count++] = group;
            if (i == end) {
                break;
            }
            if (b[i++] != ':' || i == end) {
                return false;
            }
            if (b[i] == ':') {
                if (gap >= 0) {
                    return false;
                }
                gap = count;
                i++;
            }
        }
        if (gap < 0 ? count != 8 : count > 7) {
            return false;
        }
        spread(count, gap < 0 ? count : gap);
        return true;
    }

    private void spread(int count, int gap) {
        high = 0;
        low = 0;
        for (int g = 0; g < 8; g++) {
            int from = g < gap ? g : g - (8 - count);
            long group = g < gap || from >= gap ? groups[from] : 0;
            if (g < 4) {
                high = high << 16 | group;
            } else {
                low = low << 16 | group;
            }
        }
        six = high != 0 || (low & ~0xFFFF_FFFFL) != MAPPED;
        low = six ? low : low & 0xFFFF_FFFFL;
    }

    /** The digit, or -1. A table, because nobody can predict whether a hash's next digit is a letter. */
    static int hex(byte c) {
        return DIGITS[c & 0xFF];
    }

    private static byte[] digits() {
        var digits = new byte[256];
        for (int c = 0; c < 256; c++) {
            digits[c] = (byte) (c < 128 ? Character.digit(c, 16) : -1);
        }
        return digits;
    }

    static int indexOf(byte[] b, int what, int from, int end) {
        for (int i = from; i < end; i++) {
            if (b[i] == what) {
                return i;
            }
        }
        return -1;
    }

    /** Writes it in binary, 4 or 16 bytes; returns the index after it. */
    int write(byte[] out, int at) {
        int size = six ? 16 : 4;
        for (int i = 0; i < size; i++) {
            long half = i < size - 8 ? high : low;
            out[at + i] = (byte) (half >>> (((size - 1 - i) & 7) << 3));
        }
        return at + size;
    }
}
