package io.marsad.sigma.correlation;

import java.util.List;

/**
 * A group whose condition more events may make false, such as an average or an upper bound: its windows begin with the
 * first event that no earlier one has, and are judged when they are over.
 */
final class Whole extends Group {
    Whole(Plan plan, Key key, List<String> values) {
        super(plan, key, values);
    }

    @Override
    Taken add(Entries.Entry entry, Listener out) {
        if (entry.time() <= floor) {
            return Taken.LATE;
        }
        if (entries.size() >= plan.groupEvents) {
            out.crowded(1);
            return Taken.CROWDED;
        }
        return entries.insert(entry) < 0 ? Taken.KNOWN : Taken.COUNTED;
    }

    @Override
    long due() {
        return entries.size() == 0 ? NEVER : entries.received(0) + plan.span + plan.slack + 1;
    }

    @Override
    void onDue(long clock, Listener out) {
        while (due() <= clock) {
            long end = entries.time(0) + plan.span;
            int n = entries.atOrAfter(end + 1);
            double value = Tally.valueOf(plan, entries, 0, n - 1);
            if (plan.holds(value)) {
                var fired = new Fired(0, 0, entries.mark(0), entries.mark(n - 1), n, value);
                out.fired(this, fired, false);
                out.settled(this, fired);
            }
            floor = end;
            entries.drop(n);
        }
    }

    @Override
    boolean isFinished(long clock) {
        return entries.size() == 0;
    }
}
