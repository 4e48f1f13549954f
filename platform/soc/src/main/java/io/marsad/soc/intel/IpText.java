package io.marsad.soc.intel;

import org.jspecify.annotations.Nullable;

/**
 * IP addresses as text: IPv4 in dotted decimals without leading zeros, IPv6 as RFC 5952 wants it, an IPv4 address mapped
 * into IPv6 as IPv4. No name is ever looked up.
 */
final class IpText {
    private static final int GROUPS = 8;

    private IpText() {}

    /** Null when it is no address. */
    static @Nullable String canonical(String text) {
        if (text.indexOf(':') < 0) {
            return v4(text) < 0 ? null : text;
        }
        var groups = v6(text);
        if (groups == null) {
            return null;
        }
        return mapped(groups) ? dotted((long) groups[6] << 16 | groups[7]) : written(groups);
    }

    private static boolean mapped(int[] groups) {
        int zeros = 0;
        for (int i = 0; i < 5; i++) {
            zeros += groups[i] == 0 ? 1 : 0;
        }
        return zeros == 5 && groups[5] == 0xFFFF;
    }

    static String dotted(long address) {
        return (address >> 24 & 255) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "." + (address & 255);
    }

    /** The 32 bits, or -1. */
    private static long v4(String text) {
        long address = 0;
        int parts = 0;
        for (String part : text.split("\\.", -1)) {
            boolean digits =
                    !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            if (!digits || part.length() > 1 && part.charAt(0) == '0' || Integer.parseInt(part) > 255) {
                return -1;
            }
            address = address << 8 | Integer.parseInt(part);
            parts++;
        }
        return parts == 4 ? address : -1;
    }

    private static int @Nullable [] v6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            var all = groups(text);
            return all != null && all.length == GROUPS ? all : null;
        }
        if (text.lastIndexOf('.', gap) >= 0) {
            return null; // IPv4 is the last 32 bits only (RFC 4291 section 2.2)
        }
        var before = groups(text.substring(0, gap));
        var after = groups(text.substring(gap + 2));
        if (before == null || after == null || before.length + after.length >= GROUPS) {
            return null;
        }
        var all = new int[GROUPS];
        System.arraycopy(before, 0, all, 0, before.length);
        System.arraycopy(after, 0, all, GROUPS - after.length, after.length);
        return all;
    }

    /** Groups between colons, an IPv4 address at the end as two; null when one is none. */
    private static int @Nullable [] groups(String text) {
        if (text.isEmpty()) {
            return new int[0];
        }
        var parts = text.split(":", -1);
        if (parts.length > GROUPS) {
            return null;
        }
        boolean dotted = parts[parts.length - 1].indexOf('.') >= 0;
        var groups = new int[parts.length + (dotted ? 1 : 0)];
        for (int i = 0; i < parts.length - (dotted ? 1 : 0); i++) {
            boolean hex = !parts[i].isEmpty()
                    && parts[i].length() <= 4
                    && parts[i].chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0);
            if (!hex) {
                return null;
            }
            groups[i] = Integer.parseInt(parts[i], 16);
        }
        if (dotted) {
            long last = v4(parts[parts.length - 1]);
            if (last < 0) {
                return null;
            }
            groups[groups.length - 2] = (int) (last >> 16);
            groups[groups.length - 1] = (int) (last & 0xFFFF);
        }
        return groups;
    }

    /** The 16 bytes as text. */
    static String written(long high, long low) {
        var groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (int) ((i < 4 ? high : low) >>> 48 - 16 * (i & 3)) & 0xFFFF;
        }
        return written(groups);
    }

    /** Lower case, no leading zeros, the first of the longest runs of two zeros or more as {@code ::}. */
    private static String written(int[] groups) {
        int from = -1;
        int longest = 1;
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - i > longest) {
                from = i;
                longest = end - i;
            }
        }
        var text = new StringBuilder(39);
        for (int i = 0; i < GROUPS; i++) {
            if (i == from) {
                text.append("::");
                i += longest - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
