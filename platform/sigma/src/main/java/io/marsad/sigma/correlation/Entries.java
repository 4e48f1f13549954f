package io.marsad.sigma.correlation;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a group remembers of its events, in the order of their own time, then their id: columns of numbers, 42 bytes an
 * event. An event is in it once; for types that tell apart the rules or values of one event, once for each of them.
 */
final class Entries {
    /** Bytes of an entry without what it carries. */
    static final int BYTES = 5 * Long.BYTES + Short.BYTES;

    /** Of the values that tell entries of one event and rule apart. */
    static final int TIE_BITS = 47;

    private static final short PULSED = 0x4000;
    private static final int MAX = 1 << 20;

    /** What tells entries of one event apart. */
    enum Part {
        NOTHING,
        /** And the value: an event may count as that of several groups of an inner correlation. */
        MEMBER,
        /** The later rule first: so that one event is never two steps of an order. */
        MEMBER_BACKWARDS,
        VALUE
    }

    /** One to be added. {@code carried} are texts that outer correlations want to know. */
    record Entry(
            long time,
            long received,
            long high,
            long low,
            long value,
            int member,
            @Nullable String @Nullable [] carried) {}

    private final Part part;
    private long[] time = new long[2];
    private long[] received = new long[2];
    private long[] high = new long[2];
    private long[] low = new long[2];
    private long[] value = new long[2];
    private short[] member = new short[2];
    private @Nullable String @Nullable [] @Nullable [] carried;
    private int carriedBytes;
    private int head;
    private int size;

    Entries(Part part) {
        this.part = part;
    }

    int size() {
        return size;
    }

    long bytes() {
        return 16 * 6 + (long) time.length * BYTES + carriedBytes;
    }

    long time(int i) {
        return time[head + i];
    }

    long received(int i) {
        return received[head + i];
    }

    long high(int i) {
        return high[head + i];
    }

    long low(int i) {
        return low[head + i];
    }

    long value(int i) {
        return value[head + i];
    }

    double number(int i) {
        return Double.longBitsToDouble(value[head + i]);
    }

    int member(int i) {
        return member[head + i] & PULSED - 1;
    }

    boolean pulsed(int i) {
        return (member[head + i] & PULSED) != 0;
    }

    void setPulsed(int i) {
        member[head + i] |= PULSED;
    }

    @Nullable
    String @Nullable [] carried(int i) {
        return carried == null ? null : carried[head + i];
    }

    /** What an entry is ordered by. */
    Mark mark(int i) {
        return new Mark(time(i), high(i), low(i), partOf(member(i), value(i)));
    }

    private long partOf(int ofMember, long ofValue) {
        return switch (part) {
            case NOTHING -> 0;
            case MEMBER -> (long) ofMember << TIE_BITS | ofValue;
            case MEMBER_BACKWARDS -> (long) -ofMember << TIE_BITS | ofValue;
            case VALUE -> ofValue;
        };
    }

    /** A place in the order of entries. */
    record Mark(long time, long high, long low, long part) implements Comparable<Mark> {
        @Override
        public int compareTo(Mark other) {
            int c = Long.compare(time, other.time);
            c = c != 0 ? c : Long.compareUnsigned(high, other.high);
            c = c != 0 ? c : Long.compareUnsigned(low, other.low);
            return c != 0 ? c : Long.compare(part, other.part);
        }
    }

    private int compare(int i, Mark mark) {
        int c = Long.compare(time(i), mark.time);
        c = c != 0 ? c : Long.compareUnsigned(high(i), mark.high);
        c = c != 0 ? c : Long.compareUnsigned(low(i), mark.low);
        return c != 0 ? c : Long.compare(partOf(member(i), value(i)), mark.part);
    }

    /** The index of the mark's entry, or {@code -1 - index} of where it would stand. */
    int find(Mark mark) {
        int from = 0;
        int to = size;
        while (from < to) {
            int middle = from + to >>> 1;
            int c = compare(middle, mark);
            if (c == 0) {
                return middle;
            }
            if (c < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return -1 - from;
    }

    /** The index of the first entry after the mark. */
    int after(Mark mark) {
        int i = find(mark);
        return i >= 0 ? i + 1 : -1 - i;
    }

    /** The index of the first entry at that time or later. */
    int atOrAfter(long when) {
        int from = 0;
        int to = size;
        while (from < to) {
            int middle = from + to >>> 1;
            if (time(middle) < when) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** Where it now stands, or -1 when it was there. */
    int insert(Entry entry) {
        int at = size;
        var mark = new Mark(entry.time, entry.high, entry.low, partOf(entry.member & PULSED - 1, entry.value));
        if (size > 0 && (entry.time <= time(size - 1))) {
            int found = find(mark);
            if (found >= 0) {
                return -1;
            }
            at = -1 - found;
        }
        makeRoom(entry.carried != null);
        int to = head + at;
        shift(to, head + size - to);
        time[to] = entry.time;
        received[to] = entry.received;
        high[to] = entry.high;
        low[to] = entry.low;
        value[to] = entry.value;
        member[to] = (short) entry.member;
        if (carried != null) {
            carried[to] = entry.carried;
            carriedBytes += bytesOf(entry.carried);
        }
        size++;
        return at;
    }

    private static int bytesOf(@Nullable String @Nullable [] texts) {
        int bytes = 0;
        if (texts != null) {
            bytes = 16 + 4 * texts.length;
            for (@Nullable String text : texts) {
                bytes += text == null ? 0 : 48 + text.length();
            }
        }
        return bytes;
    }

    private void shift(int from, int n) {
        if (n > 0) {
            System.arraycopy(time, from, time, from + 1, n);
            System.arraycopy(received, from, received, from + 1, n);
            System.arraycopy(high, from, high, from + 1, n);
            System.arraycopy(low, from, low, from + 1, n);
            System.arraycopy(value, from, value, from + 1, n);
            System.arraycopy(member, from, member, from + 1, n);
            if (carried != null) {
                System.arraycopy(carried, from, carried, from + 1, n);
            }
        }
    }

    private void makeRoom(boolean carrying) {
        if (head + size == time.length) {
            resize(head >= size ? time.length : Math.max(4, size + (size >> 1)));
        }
        if (carrying && carried == null) {
            carried = new @Nullable String[time.length] @Nullable [];
        }
    }

    private void resize(int n) {
        time = moved(time, n);
        received = moved(received, n);
        high = moved(high, n);
        low = moved(low, n);
        value = moved(value, n);
        member = Arrays.copyOf(Arrays.copyOfRange(member, head, head + size), n);
        if (carried != null) {
            carried = Arrays.copyOf(Arrays.copyOfRange(carried, head, head + size), n);
        }
        head = 0;
    }

    private long[] moved(long[] column, int n) {
        var to = new long[n];
        System.arraycopy(column, head, to, 0, size);
        return to;
    }

    /** Forgets the first ones. */
    void drop(int n) {
        if (carried != null) {
            for (int i = head; i < head + n; i++) {
                carriedBytes -= bytesOf(carried[i]);
                carried[i] = null;
            }
        }
        head += n;
        size -= n;
        if (time.length > 64 && size < time.length / 4) {
            resize(Math.max(2, size * 2));
        }
    }

    void write(SnapshotWriter out) {
        out.number(size);
        long t = 0;
        long r = 0;
        for (int i = 0; i < size; i++) {
            out.number(time(i) - t);
            out.number(received(i) - r);
            t = time(i);
            r = received(i);
            out.fixed(high(i));
            out.fixed(low(i));
            out.number(member[head + i]);
            out.fixedUnlessZero(value(i));
            out.optionalTexts(carried(i));
        }
    }

    void read(SnapshotReader in) throws IOException {
        int n = in.count(MAX);
        long t = 0;
        long r = 0;
        for (int i = 0; i < n; i++) {
            t += in.number();
            r += in.number();
            long h = in.fixed();
            long l = in.fixed();
            int m = (int) in.number();
            var at = insert(new Entry(t, r, h, l, in.fixedUnlessZero(), m, in.optionalTexts()));
            if (at != i) {
                throw new IOException("the entries of a correlation are not in order");
            }
        }
    }
}
