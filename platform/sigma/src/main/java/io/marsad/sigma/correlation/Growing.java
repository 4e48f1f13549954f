package io.marsad.sigma.correlation;

import io.marsad.sigma.SigmaCorrelation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group whose condition more events never make false. What it tells is always what the events so far, sorted, make known;
 * an event that comes late can only add to the number of windows and move them forward.
 *
 * <p>A window is the timespan that ends with an event; entries that an earlier window of the period has taken do not count.
 * After a window that held, a timespan from its first entry is taken.
 */
final class Growing extends Group {
    private static final int MAX_FIRED = 1 << 20;

    /** The windows that held and may still move, oldest first. */
    private final ArrayList<Fired> fired = new ArrayList<>(0);

    /** The last one that is final. */
    private @Nullable Fired settled;

    private long lastReceived = Long.MIN_VALUE;

    // where the sweep over the sorted entries is: after the last of them
    private final Tally tally;
    private long takenUntil;
    private long period;
    private int number;
    /** The first entry that counts, as a number that stays its own while entries come and go before it. */
    private long live;
    /** Number of the entry at index 0. */
    private long base;

    Growing(Plan plan, Key key, List<String> values) {
        super(plan, key, values);
        tally = new Tally(plan);
        restart(null);
    }

    @Override
    Taken add(Entries.Entry entry, Listener out) {
        if (entry.time() <= floor) {
            return Taken.LATE;
        }
        int at = entries.insert(entry);
        if (at < 0) {
            return Taken.KNOWN;
        }
        lastReceived = Math.max(lastReceived, entry.received());
        if (at == entries.size() - 1) {
            if (step(at)) {
                out.fired(this, fired.getLast(), false);
            }
        } else {
            amend(at, out);
        }
        if (plan.hasPulses()) {
            pulse(at, out);
        }
        if (entries.size() > plan.groupEvents) {
            int n = entries.size() / 8;
            out.crowded(n);
            drop(n, out);
        }
        return Taken.COUNTED;
    }

    // ---- the sweep

    /** To the place after a window that held, or before everything. Returns the index to go on from. */
    private int restart(@Nullable Fired after) {
        tally.clear();
        period = after == null ? Long.MIN_VALUE : after.period();
        number = after == null ? 0 : after.number();
        takenUntil = after == null ? Long.MIN_VALUE : after.first().time() + plan.span;
        int from = after == null ? 0 : entries.after(after.last());
        live = base + from;
        return from;
    }

    /** Goes on to the next entry. True when it makes a window hold. */
    private boolean step(int i) {
        long time = entries.time(i);
        if (plan.periodOf(time) != period) {
            period = plan.periodOf(time);
            number = 0;
            takenUntil = Long.MIN_VALUE;
            tally.clear();
            live = base + entries.atOrAfter(time - plan.span);
            for (int j = (int) (live - base); j < i; j++) {
                tally.add(entries, j, base + j);
            }
        }
        if (time <= takenUntil) {
            live = base + i + 1;
            return false;
        }
        int from = (int) (live - base);
        while (from < i && entries.time(from) < time - plan.span) {
            tally.remove(entries, from++);
        }
        live = base + from;
        tally.add(entries, i, base + i);
        double value = tally.value(entries, from, i, live);
        if (!plan.holds(value)) {
            return false;
        }
        fired.add(new Fired(period, ++number, entries.mark(from), entries.mark(i), i - from + 1, value));
        takenUntil = entries.time(from) + plan.span;
        live = base + i + 1;
        tally.clear();
        return true;
    }

    /** An entry came in between others. */
    private void amend(int at, Listener out) {
        var mark = entries.mark(at);
        int kept = fired.size();
        while (kept > 0 && fired.get(kept - 1).last().compareTo(mark) > 0) {
            kept--;
        }
        var before = kept > 0 ? fired.get(kept - 1) : settled;
        if (before != null && isTaken(mark.time(), before)) {
            base--; // nothing that counts is before it
            return;
        }
        var old = new ArrayList<>(fired.subList(kept, fired.size()));
        int from = at;
        if (!old.isEmpty() || !stepBack(at)) {
            fired.subList(kept, fired.size()).clear();
            from = restart(before);
        }
        for (int i = from; i < entries.size(); i++) {
            step(i);
        }
        for (int i = kept; i < fired.size(); i++) {
            var now = fired.get(i);
            boolean known = false;
            boolean same = false;
            for (Fired was : old) {
                known |= was.period() == now.period() && was.number() == now.number();
                same |= was.equals(now);
            }
            if (!same) {
                out.fired(this, now, known);
            }
        }
    }

    /**
     * Takes the sweep back to where it was before an index where an entry has come in, if no window held since: the usual
     * case, as events that come out of order mostly do so by little. False, with nothing changed, when only a restart will do.
     */
    private boolean stepBack(int at) {
        long time = entries.time(at);
        if (at == 0 || plan.periodOf(time) != period || time <= takenUntil) {
            return false;
        }
        int was = (int) (live - base);
        was += was >= at ? 1 : 0;
        int from = entries.atOrAfter(Math.max(entries.time(at - 1) - plan.span, takenUntil + 1));
        boolean rebuild = plan.rule.type() == SigmaCorrelation.Type.TEMPORAL_ORDERED
                || entries.size() - was + Math.min(was, at) > 2 * at - from;
        if (rebuild) {
            tally.clear();
            was = at;
        } else {
            for (int j = Math.max(at + 1, was); j < entries.size(); j++) {
                tally.remove(entries, j);
            }
            was = Math.min(was, at);
        }
        for (int j = from; j < was; j++) {
            tally.add(entries, j, base + j);
        }
        live = base + from;
        return true;
    }

    /** The time belongs to what the window has taken, and to no window of the next period. */
    private boolean isTaken(long time, Fired by) {
        return time <= by.first().time() + plan.span
                && plan.periodOf(time) == by.period()
                && plan.periodOf(time + plan.span) == by.period();
    }

    /** Looks at the timespans that end with the new entry or have it in them. */
    private void pulse(int at, Listener out) {
        long until = entries.time(at) + plan.span;
        for (int i = at; i < entries.size() && entries.time(i) <= until; i++) {
            if (!entries.pulsed(i)) {
                int from = entries.atOrAfter(entries.time(i) - plan.span);
                if (plan.holds(Tally.valueOf(plan, entries, from, i))) {
                    entries.setPulsed(i);
                    out.pulsed(this, i);
                }
            }
        }
    }

    // ---- forgetting

    @Override
    long due() {
        if (entries.size() > 0) {
            return entries.received(0) + plan.span + plan.slack + plan.grain + 1;
        }
        var last = settled;
        return last == null ? NEVER : forgottenAt(last);
    }

    /** When no event can come any more that would have a number of this period. */
    private long forgottenAt(Fired last) {
        long end = (last.period() + 1) * plan.period;
        return Math.max(end, lastReceived) + plan.period;
    }

    @Override
    void onDue(long clock, Listener out) {
        int n = 0;
        while (n < entries.size() && entries.received(n) + plan.span + plan.slack < clock) {
            n++;
        }
        drop(n, out);
    }

    private void drop(int n, Listener out) {
        if (n == 0) {
            return;
        }
        var last = entries.mark(n - 1);
        while (!fired.isEmpty() && fired.getFirst().first().compareTo(last) <= 0) {
            settled = fired.removeFirst();
            out.settled(this, settled);
        }
        for (int i = (int) (live - base); i < n; i++) {
            tally.remove(entries, i);
            live++;
        }
        floor = last.time();
        base += n;
        entries.drop(n);
    }

    @Override
    boolean isFinished(long clock) {
        var last = settled;
        return entries.size() == 0 && (last == null || clock >= forgottenAt(last));
    }

    @Override
    long bytes() {
        return super.bytes() + tally.bytes() + 120L * fired.size() + 120;
    }

    @Override
    void write(SnapshotWriter out) {
        super.write(out);
        out.number(lastReceived);
        var last = settled;
        out.flag(last != null);
        if (last != null) {
            last.write(out);
        }
        out.number(fired.size());
        fired.forEach(one -> one.write(out));
    }

    @Override
    void read(SnapshotReader in) throws IOException {
        super.read(in);
        lastReceived = in.number();
        settled = in.flag() ? Fired.read(in) : null;
        for (int n = in.count(MAX_FIRED); n > 0; n--) {
            fired.add(Fired.read(in));
        }
        // the windows are known; what is after the last of them is looked at again
        var told = List.copyOf(fired);
        for (int i = restart(told.isEmpty() ? settled : told.getLast()); i < entries.size(); i++) {
            step(i);
        }
        if (fired.size() != told.size()) {
            fired.clear();
            fired.addAll(told);
        }
    }
}
