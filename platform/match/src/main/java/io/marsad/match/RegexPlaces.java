package io.marsad.match;

import io.marsad.match.RegexShape.One;
import io.marsad.match.RegexShape.Place;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@link RegexShape} as a non-deterministic automaton. A place takes a character to the next one, or leads to one or two
 * others without one, perhaps only {@linkplain #where somewhere}. Immutable, thread-safe.
 */
final class RegexPlaces {
    private static final int MAX_PLACES = 4000;
    private static final int MAX_COPIES = 200;
    private static final int MAX_EXACT_COPIES = 1000;
    private static final int NONE = -1;

    private final boolean exact;
    private final int entry;
    private final int goal;
    private final Set<Place> asked = EnumSet.noneOf(Place.class);
    private @Nullable One[] takes = new @Nullable One[16];
    private @Nullable Place[] where = new @Nullable Place[16];
    private int[] next = new int[16];
    private int[] split = new int[16];
    private int count;
    private boolean widened;

    RegexPlaces(RegexShape shape, boolean exact) {
        this.exact = exact;
        goal = place(null, NONE, NONE);
        int first = build(shape, goal);
        widened |= count > MAX_PLACES;
        entry = count > MAX_PLACES ? goal : first;
    }

    /** More fits than the shape says: it was too large. */
    boolean widened() {
        return widened;
    }

    int entry() {
        return entry;
    }

    int goal() {
        return goal;
    }

    int count() {
        return count;
    }

    boolean asks(Place place) {
        return asked.contains(place);
    }

    /** The character that leads to {@link #next}, or null when none is needed. */
    @Nullable
    One takes(int place) {
        return takes[place];
    }

    /** Where alone it goes on, or null when everywhere. */
    @Nullable
    Place where(int place) {
        return where[place];
    }

    /** Negative when there is none. */
    int next(int place) {
        return next[place];
    }

    /** Where it goes on as well; negative when nowhere. */
    int split(int place) {
        return split[place];
    }

    private int place(@Nullable One one, int to, int other) {
        if (count == next.length) {
            takes = Arrays.copyOf(takes, count * 2);
            where = Arrays.copyOf(where, count * 2);
            next = Arrays.copyOf(next, count * 2);
            split = Arrays.copyOf(split, count * 2);
        }
        takes[count] = one;
        next[count] = to;
        split[count] = other;
        return count++;
    }

    /** Builds from the end: returns where the shape begins, given where it goes on. */
    private int build(RegexShape shape, int then) {
        if (count > MAX_PLACES) {
            widened = true;
            return then;
        }
        return switch (shape) {
            case One one -> place(one, then, NONE);
            case Place somewhere -> {
                asked.add(somewhere);
                int at = place(null, then, NONE);
                where[at] = somewhere;
                yield at;
            }
            case RegexShape.Sequence(List<RegexShape> parts) -> {
                int first = then;
                for (int i = parts.size() - 1; i >= 0; i--) {
                    first = build(parts.get(i), first);
                }
                yield first;
            }
            case RegexShape.Choice(List<RegexShape> branches) -> {
                int first = NONE;
                for (RegexShape branch : branches) {
                    first = place(null, build(branch, then), first);
                }
                yield first;
            }
            case RegexShape.Repeat repeat -> repeat(repeat, then);
        };
    }

    private int repeat(RegexShape.Repeat repeat, int then) {
        int min = repeat.min();
        int max = repeat.max();
        if (Math.max(min, max) > (exact ? MAX_EXACT_COPIES : MAX_COPIES)) { // wider, as long as it is not narrower
            widened = true;
            min = Math.min(min, 1);
            max = -1;
        }
        int first = then;
        if (max < 0) {
            int loop = place(null, NONE, then);
            int inside = build(repeat.of(), loop); // may make the arrays anew
            next[loop] = inside;
            first = loop;
        } else {
            for (int i = min; i < max; i++) {
                first = place(null, build(repeat.of(), first), then);
            }
        }
        for (int i = 0; i < min; i++) {
            first = build(repeat.of(), first);
        }
        return first;
    }
}
