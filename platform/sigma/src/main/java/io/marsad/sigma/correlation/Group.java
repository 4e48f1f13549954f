package io.marsad.sigma.correlation;

import java.io.IOException;
import java.util.List;

/** The events of one tenant, correlation and group. */
abstract sealed class Group permits Growing, Whole {
    static final long NEVER = Long.MAX_VALUE;
    private static final int OVERHEAD = 400;

    /** What makes a group. {@code late}: of events that came too late for the others. */
    record Key(List<String> folded, boolean late) {}

    /** What became of an event. */
    enum Taken {
        COUNTED,
        KNOWN,
        /** It is before what was decided on for good. */
        LATE,
        /** The group is full. */
        CROWDED
    }

    /** Told what a group finds. */
    interface Listener {
        /** A window is new, or, revised, is another than was told with its number. Its entries are there. */
        void fired(Group group, Fired fired, boolean revised);

        /** Nothing will change it any more. Its last entry is still there. */
        void settled(Group group, Fired fired);

        /** The condition holds for the timespan that ends with this entry. */
        void pulsed(Group group, int entry);

        void crowded(int entries);
    }

    final Plan plan;
    final Key key;
    final List<String> values;
    final Entries entries;
    /** How many groups had been evicted before it was made: one that was forgotten and comes again has other ids. */
    long generation;
    /** Events at this time or before are decided on. */
    long floor = Long.MIN_VALUE;

    long scheduled = NEVER;
    long accounted;
    boolean gone;

    Group(Plan plan, Key key, List<String> values) {
        this.plan = plan;
        this.key = key;
        this.values = values;
        entries = new Entries(plan.part);
    }

    static Group of(Plan plan, Key key, List<String> values) {
        return plan.growing ? new Growing(plan, key, values) : new Whole(plan, key, values);
    }

    abstract Taken add(Entries.Entry entry, Listener out);

    /** When there is something to do, by the clock of arrivals; {@link #NEVER} when never. */
    abstract long due();

    /** Does it. */
    abstract void onDue(long clock, Listener out);

    /** Nothing is remembered that matters. */
    abstract boolean isFinished(long clock);

    long bytes() {
        long texts = 0;
        for (int i = 0; i < values.size(); i++) {
            texts += 96 + values.get(i).length() + key.folded.get(i).length();
        }
        return OVERHEAD + texts + entries.bytes();
    }

    void write(SnapshotWriter out) {
        out.texts(key.folded);
        out.texts(values);
        out.flag(key.late);
        out.number(generation);
        out.number(floor);
        entries.write(out);
    }

    /** The rest, after key and values. */
    void read(SnapshotReader in) throws IOException {
        generation = in.number();
        floor = in.number();
        entries.read(in);
    }
}
