package io.marsad.ingest.intake;

import io.marsad.normalize.format.Words;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Finds what must not be stored in a raw record, and replaces it by {@code [redacted]}.
 *
 * <p>A name is secret when, without regard to case and {@code _ - . space}, it ends with: password, passwd, passphrase,
 * pwd, secret, secretkey, token, apikey, authorization, privatekey, secretaccesskey. So {@code sessionToken} and
 * {@code x-api-key} are, {@code TokenElevationType}, {@code PasswordLastSet} and {@code accessKeyId} are not.
 *
 * <p>In JSON the values of such names are replaced: texts and numbers (not empty ones), and whole objects and arrays;
 * booleans and null say nothing and stay. In text, and in what is sent as JSON and is none, it is the value in
 * {@code NAME=VALUE}, {@code "NAME":"VALUE"} and {@code Authorization: SCHEME VALUE}, up to the closing quote or else the
 * next space, {@code &}, {@code ;} or comma. Secrets elsewhere, such as in prose, in the values of other JSON members or
 * hex-encoded in audit records, are not seen.
 *
 * <p>Used by one thread, again and again.
 */
final class Secrets implements JsonWalk.Visitor {
    private static final byte[] REPLACEMENT = "[redacted]".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPLACEMENT_JSON = "\"[redacted]\"".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST = 40;
    private static final long EQUALS = Words.each('=');
    private static final long COLONS = Words.each(':');
    private static final List<byte[]> NAMES = List.of(
                    "password",
                    "passwd",
                    "passphrase",
                    "pwd",
                    "secret",
                    "secretkey",
                    "token",
                    "apikey",
                    "authorization",
                    "privatekey",
                    "secretaccesskey")
            .stream()
            .map(n -> n.getBytes(StandardCharsets.US_ASCII))
            .toList();

    /** By the last character of secret names, in either case, a bit; and by the ones that may stand before it, its bit. */
    private static final byte[] LAST = new byte[128];

    private static final byte[] BEFORE = new byte[128];

    static {
        int bits = 0;
        for (byte[] name : NAMES) {
            int n = name.length;
            byte last = name[n - 1];
            if (LAST[last] == 0) {
                LAST[last] = (byte) (1 << bits++);
                LAST[last & ~0x20] = LAST[last];
            }
            for (byte before : new byte[] {name[n - 2], (byte) (name[n - 2] & ~0x20), '_', '-', '.', ' '}) {
                BEFORE[before] |= LAST[last];
            }
        }
    }

    private final JsonWalk walk = new JsonWalk();
    private int[] from = new int[8];
    private int[] to = new int[8];
    private int count;
    private boolean json;
    private byte[] bytes = new byte[0];

    /** Looks through a record. */
    void look(byte[] record, int offset, int length, boolean asJson) {
        bytes = record;
        count = 0;
        if (mayHave(offset, offset + length)) {
            lookClosely(record, offset, length, asJson);
        }
    }

    /** Whether anything before an equals sign or colon ends as secret names do: hardly any record has that. */
    private boolean mayHave(int start, int end) {
        var b = bytes;
        int i = start;
        for (; i + 8 <= end; i += 8) {
            long word = Words.at(b, i);
            // Some of the bytes behind the first may be neither: they are looked at for nothing.
            for (long found = Words.same(word, EQUALS) | Words.same(word, COLONS); found != 0; found &= found - 1) {
                if (mayBeSecret(b, start, i + (Long.numberOfTrailingZeros(found) >>> 3))) {
                    return true;
                }
            }
        }
        for (; i < end; i++) {
            if ((b[i] == '=' || b[i] == ':') && mayBeSecret(b, start, i)) {
                return true;
            }
        }
        return false;
    }

    private boolean mayBeSecret(byte[] b, int start, int at) {
        int last = at;
        if (at - start > 3) { // nearly always
            byte c = b[at - 1];
            if (c == '"') {
                return mayEndSecret(b[at - 3], b[at - 2]) && isSecret(start, at - 1);
            }
            if (c > ' ' && c != '\'') {
                return mayEndSecret(b[at - 2], c) && isSecret(start, at);
            }
        }
        while (last > start && b[last - 1] <= ' ' && b[last - 1] >= 0) {
            last--;
        }
        if (last > start && (b[last - 1] == '"' || b[last - 1] == '\'')) {
            last--;
        }
        return isSecret(start, last);
    }

    /** The same, whatever it looks like at first sight. */
    void lookClosely(byte[] record, int offset, int length, boolean asJson) {
        bytes = record;
        count = 0;
        json = asJson && startsObject(record, offset, length);
        if (json && walk.walk(record, offset, length, this) != null) {
            json = false;
            count = 0;
        }
        if (!json) {
            text(offset, offset + length);
        }
    }

    boolean found() {
        return count > 0;
    }

    /** The record that was looked at, without its secrets. */
    byte[] replaced(byte[] record, int offset, int length) {
        var with = json ? REPLACEMENT_JSON : REPLACEMENT;
        int size = length;
        for (int i = 0; i < count; i++) {
            size += with.length - (to[i] - from[i]);
        }
        var clean = new byte[size];
        int read = offset;
        int write = 0;
        for (int i = 0; i < count; i++) {
            System.arraycopy(record, read, clean, write, from[i] - read);
            write += from[i] - read;
            System.arraycopy(with, 0, clean, write, with.length);
            write += with.length;
            read = to[i];
        }
        System.arraycopy(record, read, clean, write, offset + length - read);
        return clean;
    }

    private static boolean startsObject(byte[] b, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (b[i] > ' ' || b[i] < 0) {
                return b[i] == '{' || b[i] == '[';
            }
        }
        return false;
    }

    private void add(int start, int end) {
        while (count > 0 && from[count - 1] >= start) {
            count--; // it was inside of this one
        }
        if (count == from.length) {
            from = Arrays.copyOf(from, count * 2);
            to = Arrays.copyOf(to, count * 2);
        }
        from[count] = start;
        to[count++] = end;
    }

    @Override
    public void value(int depth, JsonWalk.Kind kind, int start, int end) {
        boolean says = switch (kind) {
            case OBJECT, ARRAY, TEXT -> end - start > 2;
            case NUMBER -> true;
            case BOOL, NULL -> false;
        };
        if (says && walk.keyFrom(depth) >= 0 && isSecret(walk.keyFrom(depth), walk.keyTo(depth))) {
            add(start, end);
        }
    }

    /** Of the two last characters alone, which nearly all other names differ in. */
    private static boolean mayEndSecret(byte before, byte last) {
        return (LAST[last & 127] & BEFORE[before & 127]) != 0;
    }

    /** The name that ends here is one of those that guard a secret. */
    private boolean isSecret(int start, int end) {
        if (end - start < 3 || !mayEndSecret(bytes[end - 2], bytes[end - 1])) {
            return false;
        }
        for (var secret : NAMES) {
            if (endsWith(secret, start, end)) {
                return true;
            }
        }
        return false;
    }

    private boolean endsWith(byte[] secret, int start, int end) {
        int at = end;
        for (int i = secret.length - 1; i >= 0; ) {
            if (--at < start) {
                return false;
            }
            byte c = bytes[at];
            if (c != '_' && c != '-' && c != '.' && c != ' ') {
                if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != secret[i--]) {
                    return false;
                }
            }
        }
        return true;
    }

    // ---- text

    private void text(int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == '=') {
                int value = nameBefore(i, start) ? i + 1 : -1;
                i = value < 0 ? i : value(value, end, false);
            } else if (bytes[i] == ':' && i > start) {
                boolean quoted = bytes[i - 1] == '"' || bytes[i - 1] == '\'';
                if (nameBefore(i, start) && (quoted || isAuthorization(i))) {
                    int value = i + 1;
                    while (value < end && bytes[value] == ' ') {
                        value++;
                    }
                    i = value(value, end, !quoted);
                }
            }
        }
    }

    private boolean nameBefore(int at, int start) {
        int end = at;
        if (end > start && (bytes[end - 1] == '"' || bytes[end - 1] == '\'')) {
            end--;
        }
        if (end - start < 3 || !mayEndSecret(bytes[end - 2], bytes[end - 1])) {
            return false;
        }
        int first = end;
        while (first > start && isNamePart(bytes[first - 1]) && end - first < LONGEST) {
            first--;
        }
        return isSecret(first, end);
    }

    private static boolean isNamePart(byte c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.';
    }

    private boolean isAuthorization(int colon) {
        return (bytes[colon - 1] | 0x20) == 'n'
                && colon >= 13
                && new String(bytes, colon - 13, 13, StandardCharsets.ISO_8859_1).equalsIgnoreCase("authorization");
    }

    /** Marks the value that starts here; returns the index of its last byte. */
    private int value(int start, int end, boolean withScheme) {
        if (start >= end) {
            return end - 1;
        }
        byte quote = bytes[start];
        int first = start;
        int i = start;
        if (quote == '"' || quote == '\'') {
            first++;
            i++;
            while (i < end && bytes[i] != quote) {
                i += bytes[i] == '\\' ? 2 : 1;
            }
        } else {
            i = word(i, end);
            if (withScheme && i < end && bytes[i] == ' ' && isScheme(start, i)) {
                i = word(i + 1, end);
            }
        }
        int last = Math.min(i, end);
        if (last > first) {
            add(first, last);
        }
        return last - 1 < start ? start - 1 : last - 1;
    }

    private boolean isScheme(int start, int end) {
        for (int i = start; i < end; i++) {
            if (!isNamePart(bytes[i])) {
                return false;
            }
        }
        return end - start <= 20;
    }

    private int word(int start, int end) {
        int i = start;
        while (i < end && bytes[i] > ' ' && "\"'&;,".indexOf(bytes[i]) < 0 || i < end && bytes[i] < 0) {
            i++;
        }
        return i;
    }
}
