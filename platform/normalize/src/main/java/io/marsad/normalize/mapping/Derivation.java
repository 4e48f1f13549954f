package io.marsad.normalize.mapping;

import io.marsad.kernel.event.EventBatch;
import io.marsad.normalize.format.Words;
import io.marsad.normalize.mapping.Mapping.Operation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled derivation: reads values, adds slots, allocates nothing but for patterns. */
final class Derivation {
    private static final ByteTable HASH_NAMES = new ByteTable(
            List.of("MD5", "SHA1", "SHA256", "SHA512", "IMPHASH", "SHA-1", "SHA-256", "SHA-512", "TLSH", "SSDEEP"));
    private static final int[] HASH_IDS = {1, 2, 3, 4, 18, 2, 3, 4, 6, 5};
    private static final int OTHER_HASH = 99;
    private static final byte[][][] HASH_WRITTEN = {
        {bytes("1"), bytes("MD5")},
        {bytes("2"), bytes("SHA1")},
        {bytes("3"), bytes("SHA256")},
        {bytes("4"), bytes("SHA512")},
        {bytes("18"), bytes("IMPHASH")},
    };

    private final Operation by;
    private final int[] from;
    private final Slot[] to;
    private final byte[] on;
    private final ByteTable table;
    private final byte[][] results;
    private final @Nullable GroupFinder finder;
    private final byte @Nullable [] other;
    private final byte @Nullable [] fallback;
    private final ByteTable absent;

    Derivation(Mapping.Derive derive, Leaves leaves, ByteTable absent) {
        by = derive.by();
        from = derive.from().stream().mapToInt(leaves::register).toArray();
        to = derive.to().toArray(Slot[]::new);
        on = bytes(derive.on());
        table = new ByteTable(derive.table().keySet());
        results = Check.bytes(List.copyOf(derive.table().values()));
        finder = derive.pattern() == null ? null : new GroupFinder(derive.pattern());
        other = derive.other() == null ? null : bytes(derive.other());
        fallback = derive.fallback() == null ? null : bytes(derive.fallback());
        this.absent = absent;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    void run(Leaves leaves, Row row) {
        boolean together = by == Operation.CONCAT || by == Operation.HASH_TEXT;
        boolean any = together && (by == Operation.CONCAT ? concat(leaves, row) : hashText(leaves, row));
        for (int i = 0; i < from.length && !any && !together; i++) {
            for (int leaf = leaves.first(from[i]); leaf != Leaves.NONE; leaf = leaves.next(from[i], leaf)) {
                boolean passed = by == Operation.LAST && leaves.next(from[i], leaf) != Leaves.NONE;
                any |= !passed && leaves.type(leaf) != EventBatch.NULL && one(leaf, leaves, row);
            }
        }
        if (!any && fallback != null) {
            row.addBytes(to[0].field().id(), fallback, 0, fallback.length, to[0].entryType(EventBatch.TEXT));
        }
    }

    private boolean one(int leaf, Leaves leaves, Row row) {
        var bytes = leaves.bytes(leaf);
        int start = leaves.offset(leaf);
        int end = start + leaves.length(leaf);
        if (start == end || absent.contains(bytes, start, end - start)) {
            return false;
        }
        return switch (by) {
            case COPY, LAST -> part(leaf, bytes, start, end, row);
            case LOWER -> lower(bytes, start, end, row);
            case TRIM -> trimmed(leaf, bytes, start, end, row);
            case BASENAME -> part(leaf, bytes, slash(bytes, start, end) + 1, end, row);
            case PARENT -> part(leaf, bytes, start, Math.max(start, slash(bytes, start, end)), row);
            case HEX -> hex(bytes, start, end, row);
            case BEFORE -> {
                int at = find(on, bytes, start, end);
                yield part(leaf, bytes, start, at < 0 ? end : at, row);
            }
            case AFTER -> {
                int at = find(on, bytes, start, end);
                yield at >= 0 && part(leaf, bytes, at + on.length, end, row);
            }
            case SPLIT -> split(leaf, bytes, start, end, row);
            case TIME -> time(bytes, start, end, row);
            case TABLE -> lookUp(bytes, start, end, row);
            case MATCH -> match(leaf, bytes, start, end, row);
            case DOMAIN_USER -> domainUser(leaf, bytes, start, end, row);
            case HASHES -> hashes(leaf, bytes, start, end, row);
            case HOST -> {
                boolean ip = Slot.ip(bytes, start, end - start);
                row.addPart(to[ip ? 0 : 1].field().id(), leaf, start, end - start, EventBatch.TEXT);
                yield true;
            }
            case URL -> url(leaf, bytes, start, end, row);
            case CONCAT, HASH_TEXT -> false;
        };
    }

    /** As Sysmon writes hashes, of OCSF's list of them: algorithm and value of each stand at the same place. */
    private boolean hashText(Leaves leaves, Row row) {
        int used = 0;
        int value = from.length < 2 ? Leaves.NONE : leaves.first(from[1]);
        for (int leaf = leaves.first(from[0]); leaf != Leaves.NONE && value != Leaves.NONE; ) {
            var name = hashName(leaves.bytes(leaf), leaves.offset(leaf), leaves.length(leaf));
            int length = leaves.length(value);
            if (name != null && length > 0) {
                var text = row.scratch(used + name.length + length + 2);
                if (used > 0) {
                    text[used++] = ',';
                }
                System.arraycopy(name, 0, text, used, name.length);
                used += name.length;
                text[used++] = '=';
                System.arraycopy(leaves.bytes(value), leaves.offset(value), text, used, length);
                used += length;
            }
            leaf = leaves.next(from[0], leaf);
            value = leaves.next(from[1], value);
        }
        for (Slot slot : to) {
            if (used > 0) {
                row.addBytes(slot.field().id(), row.scratch(used), 0, used, EventBatch.TEXT);
            }
        }
        return used > 0;
    }

    private static byte @Nullable [] hashName(byte[] bytes, int offset, int length) {
        for (int i = 0; i < HASH_WRITTEN.length; i++) {
            var id = HASH_WRITTEN[i][0];
            if (Arrays.equals(id, 0, id.length, bytes, offset, offset + length)) {
                return HASH_WRITTEN[i][1];
            }
        }
        return null;
    }

    /** Adds a part of the value to every slot that it fits. */
    private boolean part(int leaf, byte[] bytes, int start, int end, Row row) {
        boolean any = false;
        for (Slot slot : to) {
            any |= part(slot, leaf, bytes, start, end, row);
        }
        return any;
    }

    private boolean part(Slot slot, int leaf, byte[] bytes, int start, int end, Row row) {
        if (start >= end || !slot.fits(bytes, start, end - start)) {
            return false;
        }
        row.addPart(slot.field().id(), leaf, start, end - start, slot.entryType(EventBatch.TEXT));
        return true;
    }

    private boolean lower(byte[] bytes, int start, int end, Row row) {
        var lower = row.scratch(end - start);
        for (int i = start; i < end; i++) {
            lower[i - start] = (byte) ByteTable.lower(bytes[i]);
        }
        for (Slot slot : to) {
            row.addBytes(slot.field().id(), lower, 0, end - start, EventBatch.TEXT);
        }
        return true;
    }

    private boolean hex(byte[] bytes, int start, int end, Row row) {
        long number = 0;
        boolean prefixed = end - start > 2 && bytes[start] == '0' && (bytes[start + 1] | 0x20) == 'x';
        int from = prefixed ? start + 2 : start;
        if (end - from > 15) {
            return false;
        }
        for (int i = from; i < end; i++) {
            int digit = Character.digit(bytes[i], prefixed ? 16 : 10);
            if (digit < 0) {
                return false;
            }
            number = number * (prefixed ? 16 : 10) + digit;
        }
        for (Slot slot : to) {
            row.addNumber(slot.field().id(), number);
        }
        return true;
    }

    private boolean split(int leaf, byte[] bytes, int start, int end, Row row) {
        boolean any = false;
        for (int at = start; at <= end; ) {
            int next = find(on, bytes, at, end);
            int stop = next < 0 ? end : next;
            any |= trimmed(leaf, bytes, at, stop, row);
            at = next < 0 ? end + 1 : next + on.length;
        }
        return any;
    }

    private boolean trimmed(int leaf, byte[] bytes, int start, int end, Row row) {
        int left = start;
        int right = end;
        while (left < right && blank(bytes[left])) {
            left++;
        }
        while (left < right && blank(bytes[right - 1])) {
            right--;
        }
        return part(leaf, bytes, left, right, row);
    }

    private static boolean blank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    private boolean concat(Leaves leaves, Row row) {
        int used = 0;
        for (int register : from) {
            for (int leaf = leaves.first(register); leaf != Leaves.NONE; leaf = leaves.next(register, leaf)) {
                var bytes = leaves.bytes(leaf);
                int length = leaves.length(leaf);
                if (length == 0 || absent.contains(bytes, leaves.offset(leaf), length)) {
                    continue;
                }
                var joined = row.scratch(used + on.length + length);
                if (used > 0) {
                    System.arraycopy(on, 0, joined, used, on.length);
                    used += on.length;
                }
                System.arraycopy(bytes, leaves.offset(leaf), joined, used, length);
                used += length;
            }
        }
        for (Slot slot : to) {
            if (used > 0) {
                row.addBytes(slot.field().id(), row.scratch(used), 0, used, EventBatch.TEXT);
            }
        }
        return used > 0;
    }

    private boolean time(byte[] bytes, int start, int end, Row row) {
        long time = TimeText.parse(bytes, start, end - start, row.received());
        if (time == TimeText.NONE) {
            return false;
        }
        for (Slot slot : to) {
            row.addNumber(slot.field().id(), time);
        }
        return true;
    }

    private boolean lookUp(byte[] bytes, int start, int end, Row row) {
        int index = table.find(bytes, start, end - start);
        var result = index < 0 ? other : results[index];
        if (result == null) {
            return false;
        }
        for (Slot slot : to) {
            row.addBytes(slot.field().id(), result, 0, result.length, slot.entryType(EventBatch.TEXT));
        }
        return true;
    }

    private boolean match(int leaf, byte[] bytes, int start, int end, Row row) {
        if (finder == null || !finder.find(bytes, start, end - start)) {
            return false;
        }
        int group = finder.groupCount() > 0 && finder.start(1) >= 0 ? 1 : 0;
        return part(leaf, bytes, start + finder.start(group), start + finder.end(group), row);
    }

    private boolean domainUser(int leaf, byte[] bytes, int start, int end, Row row) {
        int slash = slash(bytes, start, end);
        return slash < start
                ? part(to[1], leaf, bytes, start, end, row)
                : part(to[0], leaf, bytes, start, slash, row) | part(to[1], leaf, bytes, slash + 1, end, row);
    }

    private boolean hashes(int leaf, byte[] bytes, int start, int end, Row row) {
        boolean any = false;
        for (int at = start; at < end; ) {
            int comma = indexOf((byte) ',', bytes, at, end);
            int stop = comma < 0 ? end : comma;
            int equals = indexOf((byte) '=', bytes, at, stop);
            int known = equals < 0 ? -1 : HASH_NAMES.find(bytes, at, equals - at);
            int id = known >= 0 ? HASH_IDS[known] : equals < 0 ? byLength(stop - at) : OTHER_HASH;
            int value = equals < 0 ? at : equals + 1;
            if (value < stop) {
                row.addNumber(to[0].field().id(), id);
                row.addPart(to[1].field().id(), leaf, value, stop - value, EventBatch.TEXT);
                any = true;
            }
            at = stop + 1;
        }
        return any;
    }

    private static int byLength(int digits) {
        return switch (digits) {
            case 32 -> 1;
            case 40 -> 2;
            case 64 -> 3;
            case 128 -> 4;
            default -> OTHER_HASH;
        };
    }

    /** url_string, scheme, hostname, port, path, query_string. */
    private boolean url(int leaf, byte[] bytes, int start, int end, Row row) {
        part(to[0], leaf, bytes, start, end, row);
        int colon = indexOf((byte) ':', bytes, start, end);
        int host = start;
        if (colon > 0 && colon + 2 < end && bytes[colon + 1] == '/' && bytes[colon + 2] == '/') {
            part(to[1], leaf, bytes, start, colon, row);
            host = colon + 3;
            int path = indexOf((byte) '/', bytes, host, end);
            int hostEnd = path < 0 ? end : path;
            int at = indexOf((byte) '@', bytes, host, hostEnd);
            host = at < 0 ? host : at + 1;
            int port = indexOf((byte) ':', bytes, host, hostEnd);
            part(to[2], leaf, bytes, host, port < 0 ? hostEnd : port, row);
            if (port >= 0) {
                part(to[3], leaf, bytes, port + 1, hostEnd, row);
            }
            host = hostEnd;
        }
        int query = indexOf((byte) '?', bytes, host, end);
        part(to[4], leaf, bytes, host, query < 0 ? end : query, row);
        if (query >= 0) {
            part(to[5], leaf, bytes, query + 1, end, row);
        }
        return true;
    }

    /** The last slash of either kind, or one before the start. */
    private static int slash(byte[] bytes, int start, int end) {
        int i = end - 1;
        while (i >= start && bytes[i] != '/' && bytes[i] != '\\') {
            i--;
        }
        return i;
    }

    private static int indexOf(byte b, byte[] bytes, int start, int end) {
        return Words.indexOf(b, bytes, start, end);
    }

    private static int find(byte[] what, byte[] bytes, int start, int end) {
        return what.length == 0 ? -1 : Check.find(what, bytes, start, end);
    }
}
