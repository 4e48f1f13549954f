package io.marsad.match;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 network. The two do not cross over: {@code ::ffff:10.0.0.1} is not in {@code 10.0.0.0/8}.
 *
 * @param version 4 or 6
 * @param high the network's first 8 bytes (IPv6), or 0
 * @param low its last 8 bytes; for IPv4 the address in the low 32 bits
 * @param bits the prefix length
 */
public record Network(int version, long high, long low, int bits) {
    /**
     * Reads {@code 10.0.0.0/8} or {@code fe80::/10}; a plain address is a network of one.
     *
     * @throws IllegalArgumentException when it is no network, or has bits set behind the prefix
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        var address = (slash < 0 ? text : text.substring(0, slash)).getBytes(StandardCharsets.UTF_8);
        var at = Address.parse(address, 0, address.length);
        if (at == null) {
            throw new IllegalArgumentException("'" + text + "' is not a network such as 10.0.0.0/8 or fe80::/10");
        }
        int full = at.version == 4 ? 32 : 128;
        int bits = full;
        if (slash >= 0) {
            var prefix = text.substring(slash + 1);
            if (!prefix.matches("\\d{1,3}") || Integer.parseInt(prefix) > full) {
                throw new IllegalArgumentException("'" + text + "': the prefix is a number from 0 to " + full);
            }
            bits = Integer.parseInt(prefix);
        }
        var network = new Network(at.version, at.high, at.low, bits);
        long highMask = network.highMask();
        long lowMask = network.lowMask();
        if ((at.high & ~highMask) != 0 || (at.low & ~lowMask & (at.version == 4 ? 0xFFFF_FFFFL : -1L)) != 0) {
            throw new IllegalArgumentException("'" + text + "' has bits set behind its prefix");
        }
        return network;
    }

    /** The network of so many bits, at most this one's, that this one lies in. */
    public Network within(int size) {
        var larger = new Network(version, high, low, size);
        return new Network(version, high & larger.highMask(), low & larger.lowMask(), size);
    }

    /** The first 8 bytes of its last address (IPv6), or 0. */
    public long lastHigh() {
        return version == 4 || bits >= 64 ? high : high | -1L >>> bits;
    }

    /** The last 8 bytes of its last address; of IPv4 all 32 bits. */
    public long lastLow() {
        int free = (version == 4 ? 32 : 128) - bits;
        return free >= 64 ? -1L : low | (1L << free) - 1;
    }

    private long highMask() {
        return version == 4 || bits == 0 ? 0 : bits >= 64 ? -1L : -1L << 64 - bits;
    }

    private long lowMask() {
        int n = version == 4 ? bits : bits - 64;
        int size = version == 4 ? 32 : 64;
        return n <= 0 ? 0 : n == size ? -1L : -1L << size - n;
    }

    /** False too when the text is not an address. */
    boolean contains(byte[] b, int from, int length) {
        if (length < 2 || length > 45) {
            return false;
        }
        var address = Address.parse(b, from, length);
        return address != null
                && address.version == version
                && (version == 4 || ((address.high ^ high) & highMask()) == 0)
                && ((address.low ^ low) & lowMask() & (version == 4 ? 0xFFFF_FFFFL : -1L)) == 0;
    }

    /** An address. */
    private record Address(int version, long high, long low) {
        static @Nullable Address parse(byte[] b, int from, int length) {
            for (int i = from; i < from + length; i++) {
                if (b[i] == ':') {
                    return six(b, from, from + length);
                }
            }
            long four = four(b, from, from + length);
            return four < 0 ? null : new Address(4, 0, four);
        }

        private static long four(byte[] b, int from, int end) {
            long value = 0;
            int i = from;
            for (int part = 0; part < 4; part++) {
                int number = 0;
                int digits = 0;
                for (; i < end && b[i] >= '0' && b[i] <= '9' && digits < 4; i++, digits++) {
                    number = number * 10 + b[i] - '0';
                }
                if (digits == 0 || digits > 3 || number > 255) {
                    return -1;
                }
                value = value << 8 | number;
                if (part < 3 && (i >= end || b[i++] != '.')) {
                    return -1;
                }
            }
            return i == end ? value : -1;
        }

        private static @Nullable Address six(byte[] b, int from, int end) {
            var groups = new int[8];
            int count = 0;
            int gap = -1;
            int i = from;
            if (end - from >= 2 && b[from] == ':' && b[from + 1] == ':') {
                gap = 0;
                i += 2;
            }
            while (i < end && b[i] != '%') {
                int start = i;
                int group = 0;
                for (int digit; i < end && (digit = Character.digit(b[i], 16)) >= 0; i++) {
                    group = group << 4 | digit;
                }
                boolean dotted = i < end && b[i] == '.';
                int room = dotted ? 7 : 8;
                if (count >= room || !dotted && (i == start || i - start > 4)) {
                    return null;
                }
                if (dotted) {
                    long four = four(b, start, end);
                    if (four < 0) {
                        return null;
                    }
                    groups[count++] = (int) (four >>> 16);
                    groups[count++] = (int) (four & 0xffff);
                    i = end;
                    break;
                }
                groups[count++] = group;
                if (i == end || b[i] == '%') {
                    break;
                }
                if (b[i++] != ':') {
                    return null;
                }
                if (i < end && b[i] == ':') {
                    if (gap >= 0) {
                        return null;
                    }
                    gap = count;
                    i++;
                } else if (i == end) {
                    return null;
                }
            }
            if (gap < 0 ? count != 8 : count > 7) {
                return null;
            }
            return spread(groups, count, gap < 0 ? count : gap);
        }

        private static Address spread(int[] groups, int count, int gap) {
            long high = 0;
            long low = 0;
            for (int g = 0; g < 8; g++) {
                int from = g < gap ? g : g - (8 - count);
                long group = g < gap || from >= gap ? groups[from] : 0;
                if (g < 4) {
                    high = high << 16 | group;
                } else {
                    low = low << 16 | group;
                }
            }
            return new Address(6, high, low);
        }
    }
}
