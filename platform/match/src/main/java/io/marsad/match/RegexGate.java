package io.marsad.match;

import io.marsad.kernel.predicate.Predicate.Regex;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Says in one pass whether a value can have a regular expression in it: a finite automaton of its {@link RegexShape}, whose
 * states are made as values ask for them. Made {@linkplain #RegexGate of a pattern} it is asked about folded values and may
 * say yes too often; made {@link #exactly}, about values as they are, and it is right wherever it decides.
 *
 * <p>Thread-safe: a state never changes once made, and whichever thread makes a step first, it is the same step.
 */
final class RegexGate {
    private static final int MAX_STATES = 400;
    private static final int MAX_EXACT_STATES = 2048;
    private static final int MAX_PLACES = 4000;
    private static final int MAX_COPIES = 200;
    private static final int MAX_EXACT_COPIES = 1000;
    /** Stands for every byte that is not ASCII. */
    private static final int OTHER = 128;

    /** Stands for the end of the value. */
    private static final int END = 129;

    /** Stands for the start of the value. */
    private static final int BEGIN = 130;

    private static final int NONE = -1;

    /** What {@link #find} knows. */
    enum Verdict {
        NO,
        YES,
        UNDECIDED
    }

    private final int shortest;
    private final ConcurrentMap<BitSet, State> states = new ConcurrentHashMap<>();
    private final State start;
    /** At the first character. */
    private final State begun;

    // The non-deterministic automaton: a place takes a character to the next one, or splits into two.
    private RegexShape.@Nullable One[] takes = new RegexShape.@Nullable One[16];
    private int[] next = new int[16];
    private int[] split = new int[16];
    private int places;
    private final int goal;

    private static final class State {
        private final BitSet places;
        private final boolean found;
        private final @Nullable State[] steps = new @Nullable State[BEGIN + 1];

        State(BitSet places, boolean found) {
            this.places = places;
            this.found = found;
        }
    }

    private final boolean exact;
    private boolean widened;

    RegexGate(String pattern) {
        this(RegexShape.of(pattern), false);
    }

    /** Null when there is more in the expression than can be known exactly. */
    static @Nullable RegexGate exactly(Regex regex) {
        var exact = RegexShape.exactly(regex);
        if (exact == null) {
            return null;
        }
        var gate = new RegexGate(exact, true);
        return gate.widened ? null : gate;
    }

    private RegexGate(RegexShape shape, boolean exact) {
        this.exact = exact;
        shortest = RegexShape.shortest(shape);
        goal = place(null, NONE, NONE);
        int entry = build(shape, goal);
        widened |= places > MAX_PLACES;
        var first = new BitSet();
        reach(places > MAX_PLACES ? goal : entry, first);
        start = new State(first, first.get(goal));
        states.put(first, start);
        begun = Objects.requireNonNullElse(step(start, BEGIN), start);
    }

    /** False when the expression is surely not in the value. */
    boolean mayBeIn(byte[] b, int from, int length) {
        // Folding keeps the number of characters, and a character has at least one byte.
        if (length < shortest) {
            return false;
        }
        var state = start;
        if (state.found) {
            return true;
        }
        for (int i = from; i < from + length; i++) {
            int symbol = b[i] >= 0 ? b[i] : OTHER;
            var step = state.steps[symbol];
            if (step == null) {
                step = step(state, symbol);
                if (step == null) {
                    return true;
                }
            }
            if (step.found) {
                return true;
            }
            state = step;
        }
        return false;
    }

    /** Whether the expression is in the value; undecided when that has other characters than ASCII ones. */
    Verdict find(byte[] b, int from, int length) {
        if (length < shortest) {
            return Verdict.NO;
        }
        var state = begun;
        int end = from + length;
        for (int i = from; i <= end; i++) {
            if (state.found) {
                return Verdict.YES;
            }
            int symbol = i == end ? END : b[i];
            if (symbol < 0) {
                return Verdict.UNDECIDED;
            }
            var step = state.steps[symbol];
            if (step == null) {
                step = step(state, symbol);
                if (step == null) {
                    return Verdict.UNDECIDED;
                }
            }
            state = step;
        }
        return state.found ? Verdict.YES : Verdict.NO;
    }

    /** Null when there would be too many states. */
    private @Nullable State step(State from, int symbol) {
        var to = (BitSet) start.places.clone(); // the expression may begin anywhere
        for (int p = from.places.nextSetBit(0); p >= 0; p = from.places.nextSetBit(p + 1)) {
            var take = takes[p];
            if (take != null && accepts(take, symbol)) {
                reach(next[p], to);
                if (symbol == OTHER) {
                    to.set(p); // its other bytes
                }
            }
        }
        var known = states.get(to);
        if (known == null) {
            if (states.size() >= (exact ? MAX_EXACT_STATES : MAX_STATES)) {
                return null;
            }
            var made = new State(to, to.get(goal));
            known = states.putIfAbsent(to, made);
            known = known == null ? made : known;
        }
        from.steps[symbol] = known;
        return known;
    }

    private static boolean accepts(RegexShape.One one, int symbol) {
        if (symbol > OTHER || one == RegexShape.END || one == RegexShape.BEGIN) {
            return one == (symbol == END ? RegexShape.END : RegexShape.BEGIN) && symbol > OTHER;
        }
        return symbol == OTHER ? one.other() : ((symbol < 64 ? one.low() : one.high()) >>> symbol & 1) != 0;
    }

    /** Adds the place and what it splits into. */
    private void reach(int place, BitSet to) {
        if (place == NONE || to.get(place)) {
            return;
        }
        to.set(place);
        if (takes[place] == null && place != goal) {
            reach(next[place], to);
            reach(split[place], to);
        }
    }

    private int place(RegexShape.@Nullable One one, int to, int other) {
        if (places == next.length) {
            takes = Arrays.copyOf(takes, places * 2);
            next = Arrays.copyOf(next, places * 2);
            split = Arrays.copyOf(split, places * 2);
        }
        takes[places] = one;
        next[places] = to;
        split[places] = other;
        return places++;
    }

    /** Builds from the end: returns where the shape begins, given where it goes on. */
    private int build(RegexShape shape, int then) {
        if (places > MAX_PLACES) {
            widened = true;
            return then;
        }
        return switch (shape) {
            case RegexShape.One one -> place(one, then, NONE);
            case RegexShape.Sequence(var parts) -> {
                int entry = then;
                for (int i = parts.size() - 1; i >= 0; i--) {
                    entry = build(parts.get(i), entry);
                }
                yield entry;
            }
            case RegexShape.Choice(var branches) -> {
                int entry = NONE;
                for (RegexShape branch : branches) {
                    entry = place(null, build(branch, then), entry);
                }
                yield entry;
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
        int entry = then;
        if (max < 0) {
            int loop = place(null, NONE, then);
            int inside = build(repeat.of(), loop); // may make the arrays anew
            next[loop] = inside;
            entry = loop;
        } else {
            for (int i = min; i < max; i++) {
                entry = place(null, build(repeat.of(), entry), then);
            }
        }
        for (int i = 0; i < min; i++) {
            entry = build(repeat.of(), entry);
        }
        return entry;
    }
}
