package io.marsad.soc.cases;

import io.marsad.kernel.event.EventId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one act did to which alerts are in which case, whole: from all acts in their order it follows where every alert is,
 * and an act can be undone by what it says itself.
 *
 * @param kase the case that it was done to
 * @param moves each alert at most once
 * @param shifts each case at most once
 * @param parted pairs that are kept apart from now on
 * @param joined pairs that are not kept apart any more
 * @param undoes the act that this one undoes
 */
public record CaseAct(
        EventId id,
        Kind kind,
        EventId kase,
        List<Move> moves,
        List<Shift> shifts,
        List<Apart> parted,
        List<Apart> joined,
        @Nullable EventId undoes) {
    public CaseAct {
        moves = List.copyOf(moves);
        shifts = List.copyOf(shifts);
        parted = List.copyOf(parted);
        joined = List.copyOf(joined);
    }

    /** What kind of act. */
    public enum Kind {
        OPENED,
        GROUPED,
        LINKED,
        UNLINKED,
        MERGED,
        SPLIT,
        MOVED,
        UNDONE;

        /** As the API and the database write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether it can be undone: steps of the lifecycle go back by themselves. */
        boolean undoable() {
            return this != MOVED && this != UNDONE;
        }
    }

    /**
     * An alert's way.
     *
     * @param from null: it was in no case
     * @param to null: it is in none
     */
    public record Move(
            EventId alert, @Nullable EventId from, @Nullable EventId to) {}

    /**
     * What became of a case.
     *
     * @param before null: there was none
     */
    public record Shift(EventId kase, @Nullable Standing before, Standing after) {}

    /**
     * Where a case stands.
     *
     * @param mergedInto the case that has its alerts now
     */
    public record Standing(CaseStatus status, @Nullable EventId mergedInto) {
        static final Standing OPEN = new Standing(CaseStatus.OPEN, null);

        /** Whether more alerts may come into it. */
        boolean takes() {
            return mergedInto == null && status.active();
        }
    }

    /** Two cases, or an alert and a case, that a person has parted: grouping does not bring them together again. */
    public record Apart(EventId one, EventId other) {
        public Apart {
            if (one.toString().compareTo(other.toString()) > 0) {
                var swapped = one;
                one = other;
                other = swapped;
            }
        }

        boolean names(EventId id) {
            return one.equals(id) || other.equals(id);
        }

        EventId besides(EventId id) {
            return one.equals(id) ? other : one;
        }
    }

    /** The cases that it has to do with. */
    public Set<EventId> cases() {
        var all = new LinkedHashSet<EventId>();
        all.add(kase);
        for (Move move : moves) {
            if (move.from != null) {
                all.add(move.from);
            }
            if (move.to != null) {
                all.add(move.to);
            }
        }
        shifts.forEach(shift -> all.add(shift.kase));
        return all;
    }
}
