package io.marsad.bench.store;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import java.util.Locale;

/**
 * Any number of events made of a few: each again and again, with other hosts, users, addresses, ids, process numbers and
 * times, at the same places and of the same length in entries and raw record. The same numbers give the same events.
 */
final class EventStream {
    static final long START = 1_767_225_600_000L;
    /** Between two events; 50 a second. */
    static final long STEP = 20;
    /** What is looked for as a rare word: it stands in one event of so many. */
    static final String RARE = "qzxrareword7";

    private static final int RARE_EVERY = 40_000;

    private enum Kind {
        KEPT,
        HOST,
        USER,
        ADDRESS,
        ID,
        NUMBER,
        TEXT
    }

    private final EventBatch templates;
    private Kind[] kinds = new Kind[0];
    private int[] changedAt = new int[256];
    private int[] changedTo = new int[256];
    private int changed;
    long rawBytes;

    EventStream(EventBatch templates) {
        this.templates = templates;
    }

    /** Adds the events with these numbers. */
    void fill(EventBatch batch, long first, int count) {
        for (long number = first; number < first + count; number++) {
            add(batch, number);
        }
    }

    private void add(EventBatch batch, long number) {
        int row = (int) (number % templates.rows());
        long copy = number / templates.rows();
        long time = START + number * STEP + Long.remainderUnsigned(mix(number), 15);
        batch.beginRow(EventId.atTime(time, mix(number), mix(~number)), time + 900, number, templates.origin(row));
        int rawFrom = templates.rawOffset(row);
        int rawLength = templates.rawLength(row);
        int raw = batch.raw(templates.arena(), rawFrom, rawLength);
        rawBytes += rawLength;
        batch.time(time);
        batch.source(templates.source(row));
        changed = 0;
        for (int e = templates.first(row); e < templates.end(row); e++) {
            int at = templates.offset(e);
            int length = templates.length(e);
            boolean inRaw = at >= rawFrom && at + length <= rawFrom + rawLength;
            int copyAt = inRaw ? raw + at - rawFrom : batch.put(templates.arena(), at, length);
            var kind = kind(templates.field(e));
            if (kind != Kind.KEPT && length > 0 && fresh(copyAt, copyAt + length)) {
                change(batch.arena(), copyAt, length, kind, seed(kind, copy, number, at, length));
            }
            batch.add(templates.field(e), copyAt, length, templates.type(e));
        }
        if (number % RARE_EVERY == 77) {
            batch.add(Field.unmapped("note"), "this has " + RARE + " in it");
        }
        batch.endRow();
    }

    /** A place is changed once, also where several entries point to it. */
    private boolean fresh(int from, int to) {
        for (int i = 0; i < changed; i++) {
            if (from < changedTo[i] && to > changedAt[i]) {
                return false;
            }
        }
        if (changed == changedAt.length) {
            changedAt = java.util.Arrays.copyOf(changedAt, changed * 2);
            changedTo = java.util.Arrays.copyOf(changedTo, changed * 2);
        }
        changedAt[changed] = from;
        changedTo[changed++] = to;
        return true;
    }

    /** Equal values change equally within an event; hosts and users come again in later ones. */
    private long seed(Kind kind, long copy, long number, int at, int length) {
        long value = 17;
        for (int i = 0; i < length; i++) {
            value = value * 31 + templates.arena()[at + i];
        }
        return switch (kind) {
            case HOST -> mix(value ^ mix(copy % 40));
            case USER -> mix(value ^ mix(copy % 90 + 1000));
            case ADDRESS -> mix(value ^ mix(number % 5000 + 5000));
            case KEPT, ID, NUMBER, TEXT -> mix(value ^ mix(number));
        };
    }

    private static void change(byte[] bytes, int at, int length, Kind kind, long seed) {
        long random = seed;
        int budget = switch (kind) {
            case HOST, USER -> 3;
            case ADDRESS -> 5;
            case NUMBER -> 4;
            case KEPT, ID, TEXT -> 64;
        };
        boolean text = kind == Kind.TEXT && (seed & 3) != 0; // most command lines come again as they are
        for (int i = at + length - 1; i >= at && budget > 0 && !text; i--) {
            byte b = bytes[i];
            boolean digit = b >= '0' && b <= '9';
            boolean letter = b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F';
            boolean first = i == at || !(bytes[i - 1] >= '0' && bytes[i - 1] <= '9');
            if (digit && !(kind != Kind.ID && first)) {
                bytes[i] = (byte) ('0' + (random & 0xff) % (kind == Kind.ADDRESS ? 5 : 10));
            } else if (kind == Kind.ID && letter) {
                bytes[i] = (byte) ((b & 0x20) + 'A' + (random & 0xff) % 6);
            } else if ((kind == Kind.HOST || kind == Kind.USER) && (b | 0x20) >= 'a' && (b | 0x20) <= 'z') {
                bytes[i] = (byte) ((b & 0x20) + 'A' + (random & 0xff) % 8);
            } else {
                continue;
            }
            budget--;
            random = budget % 8 == 0 ? mix(random) : random >>> 8;
        }
    }

    private Kind kind(int field) {
        if (field >= kinds.length) {
            kinds = java.util.Arrays.copyOf(kinds, Math.max(field + 1, kinds.length * 2));
        }
        var known = kinds[field];
        if (known == null) {
            known = of(Field.byId(field).path());
            kinds[field] = known;
        }
        return known;
    }

    private static Kind of(String path) {
        var name = path.toLowerCase(Locale.ROOT);
        if (name.endsWith("hostname") || name.endsWith("computer") || name.equals("device.name")) {
            return Kind.HOST;
        }
        if (name.endsWith("user.name") || name.endsWith("username")) {
            return Kind.USER;
        }
        if (name.endsWith(".ip") || name.endsWith("ipaddress")) {
            return Kind.ADDRESS;
        }
        if (name.endsWith("pid") || name.endsWith("port") || name.endsWith("recordid") || name.endsWith("threadid")) {
            return Kind.NUMBER;
        }
        if (name.endsWith("provider_guid")) {
            return Kind.KEPT; // it is always the same of a provider
        }
        if (name.endsWith("guid")
                || name.endsWith("logonid")
                || name.endsWith("time")
                || name.endsWith("request.uid")) {
            return Kind.ID;
        }
        if (name.endsWith("process.uid") || name.endsWith("timestamp") || name.endsWith("session.uid")) {
            return Kind.ID;
        }
        return name.endsWith("cmd_line") || name.endsWith("url_string") ? Kind.TEXT : Kind.KEPT;
    }

    private static long mix(long x) {
        long h = (x + 1) * 0x9E3779B97F4A7C15L;
        h ^= h >>> 32;
        h *= 0xD6E8FEB86659FD93L;
        return h ^ h >>> 29;
    }
}
