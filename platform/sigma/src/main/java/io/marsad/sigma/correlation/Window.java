package io.marsad.sigma.correlation;

import io.marsad.kernel.event.EventId;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of one group that still count, in the order of their own time. Both ends of a timespan belong to it.
 *
 * <p>After firing, the group is silent until the timespan that began with the first counted event is over; events of that
 * stretch belong to what was raised already, however late they come.
 */
final class Window {
    /** More are not kept: the oldest goes. */
    static final int MAX_ENTRIES = 10_000;

    /** An event, and for counts of values its value, folded. */
    record Entry(
            long time, long idHigh, long idLow, @Nullable String value) {
        boolean isBefore(Entry other) {
            if (time != other.time) {
                return time < other.time;
            }
            return idHigh != other.idHigh ? idHigh < other.idHigh : idLow < other.idLow;
        }

        boolean sameEvent(Entry other) {
            return idHigh == other.idHigh && idLow == other.idLow;
        }

        EventId id() {
            return new EventId(idHigh, idLow);
        }
    }

    private final ArrayList<Entry> entries = new ArrayList<>(4);
    private long silentUntil = Long.MIN_VALUE;
    private long touched;

    /** When the group last had an event, by the platform's clock. */
    long touched() {
        return touched;
    }

    int size() {
        return entries.size();
    }

    List<Entry> entries() {
        return entries;
    }

    /** Takes the event in. Returns its place, or -1 when it is known already, too old, or part of what was raised. */
    int add(Entry entry, long span, long received) {
        touched = Math.max(touched, received);
        if (entry.time <= silentUntil || !entries.isEmpty() && entry.time < entries.getLast().time - span) {
            return -1;
        }
        if (entry.value != null && !makeRoomForValue(entry)) {
            return -1;
        }
        int at = entries.size();
        while (at > 0 && entry.isBefore(entries.get(at - 1))) {
            at--;
        }
        if (at > 0 && entries.get(at - 1).sameEvent(entry)) {
            return -1;
        }
        entries.add(at, entry);
        int old = 0;
        long oldest = entries.getLast().time - span;
        while (entries.get(old).time < oldest || entries.size() - old > MAX_ENTRIES) {
            old++;
        }
        entries.subList(0, old).clear();
        return at - old;
    }

    /** A value counts once, where it was seen last. False when it was seen later already. */
    private boolean makeRoomForValue(Entry entry) {
        for (int i = 0; i < entries.size(); i++) {
            var known = entries.get(i);
            if (entry.value != null && entry.value.equals(known.value)) {
                if (!known.isBefore(entry)) {
                    return false;
                }
                entries.remove(i);
                return true;
            }
        }
        return true;
    }

    /** The first entry that is in the timespan which ends with this one. */
    int startOf(int end, long span) {
        int start = end;
        while (start > 0 && entries.get(start - 1).time >= entries.get(end).time - span) {
            start--;
        }
        return start;
    }

    /** Forgets what was raised, from this entry on for a timespan. */
    void fired(int start, long span) {
        silentUntil = entries.get(start).time + span;
        entries.removeIf(e -> e.time <= silentUntil);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeLong(silentUntil);
        out.writeLong(touched);
        out.writeInt(entries.size());
        for (Entry entry : entries) {
            out.writeLong(entry.time);
            out.writeLong(entry.idHigh);
            out.writeLong(entry.idLow);
            out.writeBoolean(entry.value != null);
            if (entry.value != null) {
                Text.write(entry.value, out);
            }
        }
    }

    static Window read(DataInputStream in) throws IOException {
        var window = new Window();
        window.silentUntil = in.readLong();
        window.touched = in.readLong();
        int n = in.readInt();
        if (n < 0 || n > MAX_ENTRIES) {
            throw new IOException("a correlation window cannot have " + n + " entries");
        }
        for (int i = 0; i < n; i++) {
            long time = in.readLong();
            long high = in.readLong();
            long low = in.readLong();
            window.entries.add(new Entry(time, high, low, in.readBoolean() ? Text.read(in) : null));
        }
        return window;
    }
}
