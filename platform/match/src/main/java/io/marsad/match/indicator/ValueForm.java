package io.marsad.match.indicator;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The one form in which values are compared: letters in lower case where case means nothing, addresses and hashes in
 * binary, names in ASCII, URLs after RFC 3986 section 6.2.2. Values that mean the same have the same form, whether they come
 * from a feed or from an event. Scratch memory of one thread; allocates nothing unless a name is not ASCII.
 */
final class ValueForm {
    /** Longer values are none: 2,048 characters of UTF-8. */
    static final int LONGEST = 3 * 2_048;

    private static final int LONGEST_DOMAIN = 253;
    private static final int LONGEST_EMAIL = 320;
    private static final int LONGEST_SCHEME = 32;

    private final byte[] out = new byte[LONGEST + 512];
    private final AddressReader address = new AddressReader();
    private int length;
    private int hostFrom;
    private int hostEnd;

    /** The form; starts at 0. */
    byte[] bytes() {
        return out;
    }

    int length() {
        return length;
    }

    /** The address that was read last. */
    AddressReader address() {
        return address;
    }

    /** Where the host of the URL or e-mail address that was read last stands in what it was read from. */
    int hostFrom() {
        return hostFrom;
    }

    int hostEnd() {
        return hostEnd;
    }

    /** False when the value is none of the type, for what can be told without looking at each letter. */
    boolean read(IndicatorType type, byte[] b, int offset, int size) {
        int from = offset;
        int end = offset + size;
        while (from < end && b[from] >= 0 && b[from] <= ' ') {
            from++;
        }
        while (end > from && b[end - 1] >= 0 && b[end - 1] <= ' ') {
            end--;
        }
        if (end == from || end - from > LONGEST) {
            return false;
        }
        length = switch (type) {
            case IP -> address.read(b, from, end) ? address.write(out, 0) : -1;
            case DOMAIN -> domain(b, from, end, 0);
            case HASH -> hash(b, from, end);
            case URL -> url(b, from, end);
            case EMAIL -> email(b, from, end);
        };
        return length > 0;
    }

    private int hash(byte[] b, int from, int end) {
        int colon = AddressReader.indexOf(b, ':', from, end);
        int at = colon < 0 ? from : colon + 1;
        while (at < end && b[at] == ' ') {
            at++;
        }
        int digits = end - at;
        if (digits != 32 && digits != 40 && digits != 64) {
            return -1;
        }
        for (int i = 0; i < digits; i += 2) {
            int high = AddressReader.hex(b[at + i]);
            int low = AddressReader.hex(b[at + i + 1]);
            if ((high | low) < 0) {
                return -1;
            }
            out[i >> 1] = (byte) (high << 4 | low);
        }
        return digits >> 1;
    }

    /** Writes a name; returns the index after it, or -1. */
    private int domain(byte[] b, int start, int stop, int at) {
        int end = stop > start && b[stop - 1] == '.' ? stop - 1 : stop;
        int from = end - start > 2 && b[start] == '*' && b[start + 1] == '.' ? start + 2 : start;
        int all = 0;
        for (int i = from; i < end; i++) {
            all |= b[i];
        }
        if (all < 0) {
            return foreignDomain(b, start, stop, at);
        }
        if (end == from || end - from > LONGEST_DOMAIN) {
            return -1;
        }
        return lower(b, from, end, at);
    }

    /** A name in other letters, rarely seen on a wire. */
    private int foreignDomain(byte[] b, int from, int end, int at) {
        if (end - from > 4 * LONGEST_DOMAIN) {
            return -1;
        }
        byte[] ascii;
        try {
            var name = new String(b, from, end - from, StandardCharsets.UTF_8);
            ascii = IDN.toASCII(name, IDN.ALLOW_UNASSIGNED).getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return -1; // as it is no name, it is none that is listed
        }
        for (byte c : ascii) {
            if (c < 0) {
                return -1;
            }
        }
        return domain(ascii, 0, ascii.length, at);
    }

    private int lower(byte[] b, int from, int end, int at) {
        int to = at;
        for (int i = from; i < end; i++) {
            byte c = b[i];
            out[to++] = c >= 'A' && c <= 'Z' ? (byte) (c | 0x20) : c;
        }
        return to;
    }

    private int email(byte[] b, int start, int stop) {
        int from = start;
        int end = stop;
        if (b[end - 1] == '>') {
            int open = lastIndexOf(b, '<', from, end);
            from = open < 0 ? from : open + 1;
            end = open < 0 ? end : end - 1;
        }
        from += startsWith(b, from, end, "mailto:") ? 7 : 0;
        int at = lastIndexOf(b, '@', from, end);
        if (at <= from || end - from > LONGEST_EMAIL) {
            return -1;
        }
        int all = 0;
        for (int i = from; i < at; i++) {
            all |= b[i];
        }
        int to;
        if (all < 0) {
            var local = new String(b, from, at - from, StandardCharsets.UTF_8)
                    .toLowerCase(Locale.ROOT)
                    .getBytes(StandardCharsets.UTF_8);
            System.arraycopy(local, 0, out, 0, local.length);
            to = local.length;
        } else {
            to = lower(b, from, at, 0);
        }
        out[to++] = '@';
        hostFrom = at + 1;
        hostEnd = end;
        return domain(b, at + 1, end, to);
    }

    private int url(byte[] b, int from, int stop) {
        for (int i = from; i < stop; i++) {
            if (b[i] >= 0 && b[i] <= ' ') {
                return -1;
            }
        }
        int after = schemeEnd(b, from, stop);
        int at = after < 0 ? http() : lower(b, from, after + 3, 0);
        int rest = after < 0 ? from : after + 3;
        int fragment = AddressReader.indexOf(b, '#', rest, stop);
        int end = fragment < 0 ? stop : fragment;
        int path = rest;
        while (path < end && b[path] != '/' && b[path] != '?' && b[path] != '\\') {
            path++;
        }
        int user = lastIndexOf(b, '@', rest, path) + 1;
        int host = user > 0 ? user : rest;
        int scheme = at - 3;
        System.arraycopy(b, rest, out, at, host - rest);
        at = authority(b, host, path, at + host - rest, scheme);
        if (at < 0) {
            return -1;
        }
        if (path == end || b[path] == '?') {
            out[at++] = '/';
        }
        return escaped(b, path, end, at);
    }

    private int http() {
        var word = HTTP;
        System.arraycopy(word, 0, out, 0, word.length);
        return word.length;
    }

    private static final byte[] HTTP = "http://".getBytes(StandardCharsets.US_ASCII);

    /** Where the colon behind a scheme is, or -1. */
    private static int schemeEnd(byte[] b, int from, int stop) {
        int i = from;
        while (i < stop && i - from <= LONGEST_SCHEME && schemeLetter(b[i], i == from)) {
            i++;
        }
        boolean named = i > from && i - from <= LONGEST_SCHEME && i + 2 < stop;
        return named && b[i] == ':' && b[i + 1] == '/' && b[i + 2] == '/' ? i : -1;
    }

    private static boolean schemeLetter(byte c, boolean first) {
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'z' || !first && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.');
    }

    private int authority(byte[] b, int from, int end, int at, int scheme) {
        int close = AddressReader.indexOf(b, ']', from, end);
        int colon = AddressReader.indexOf(b, ':', Math.max(close, from), end);
        hostFrom = from;
        hostEnd = colon < 0 ? end : colon;
        int to;
        if (hostEnd > from && b[from] == '[' || AddressReader.indexOf(b, '%', from, hostEnd) < 0) {
            to = address.read(b, hostFrom, hostEnd) ? binaryHost(at) : domain(b, hostFrom, hostEnd, at);
        } else {
            to = domain(b, hostFrom, hostEnd, at);
        }
        if (to < 0 || colon < 0 || colon + 1 == end) {
            return to;
        }
        if (!AddressReader.port(b, colon, end)) {
            return -1;
        }
        int number = 0;
        for (int i = colon + 1; i < end; i++) {
            number = number * 10 + b[i] - '0';
        }
        if (number == usualPort(scheme)) {
            return to;
        }
        out[to] = ':';
        out[to + 1] = (byte) (number >> 8);
        out[to + 2] = (byte) number;
        return to + 3;
    }

    /** An address as no name is written. */
    private int binaryHost(int at) {
        out[at] = '[';
        return address.write(out, at + 1);
    }

    /** Of the scheme that has been written, so many bytes long; -1 for none. */
    private int usualPort(int scheme) {
        boolean secure = scheme > 2 && out[scheme - 1] == 's';
        int bare = secure ? scheme - 1 : scheme;
        if (bare == 4 && startsWith(out, 0, 4, "http") || bare == 2 && out[0] == 'w' && out[1] == 's') {
            return secure ? 443 : 80;
        }
        return scheme == 3 && startsWith(out, 0, 3, "ftp") ? 21 : -1;
    }

    private int escaped(byte[] b, int from, int end, int at) {
        int to = at;
        for (int i = from; i < end; i++) {
            byte c = b[i];
            int high = c == '%' && i + 2 < end ? AddressReader.hex(b[i + 1]) : -1;
            int low = high < 0 ? -1 : AddressReader.hex(b[i + 2]);
            if (low < 0) {
                out[to++] = c == '\\' ? (byte) '/' : c;
                continue;
            }
            int meant = high << 4 | low;
            if (unreserved(meant)) {
                out[to++] = (byte) meant;
            } else {
                out[to++] = '%';
                out[to++] = upper(high);
                out[to++] = upper(low);
            }
            i += 2;
        }
        return to;
    }

    private static boolean unreserved(int c) {
        int lower = c | 0x20;
        return c < 128
                && (lower >= 'a' && lower <= 'z'
                        || c >= '0' && c <= '9'
                        || c == '-'
                        || c == '.'
                        || c == '_'
                        || c == '~');
    }

    private static byte upper(int digit) {
        return (byte) (digit < 10 ? '0' + digit : 'A' + digit - 10);
    }

    private static int lastIndexOf(byte[] b, int what, int from, int end) {
        for (int i = end - 1; i >= from; i--) {
            if (b[i] == what) {
                return i;
            }
        }
        return -1;
    }

    private static boolean startsWith(byte[] b, int from, int end, String word) {
        if (end - from < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            byte c = b[from + i];
            if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
