package io.marsad.match;

import io.marsad.kernel.predicate.Predicate.Regex;
import io.marsad.match.RegexShape.Place;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Says in one pass whether a value can have a regular expression in it: a finite automaton of its {@link RegexShape}, whose
 * states are made as values ask for them. Made {@linkplain #RegexGate of a pattern} it is asked about folded values and may
 * say yes too often; made {@link #exactly}, about values as they are, character by character, and it is right wherever it
 * decides.
 *
 * <p>Thread-safe: a state never changes once made, and whichever thread makes a step first, it is the same step.
 */
final class RegexGate {
    private static final int MAX_STATES = 400;
    private static final int MAX_EXACT_STATES = 2048;

    /** Symbols from here on stand for the bits of {@link RegexShape.One#others}; what comes after them for the end. */
    private static final int OTHER = 128;

    /** What {@link #find} knows. */
    enum Verdict {
        NO,
        YES,
        UNDECIDED
    }

    /** What the character before is, as far as the expression tells; numbers a state apart from others. */
    private enum Before {
        NOTHING,
        LINE_END,
        WORD,
        OTHER
    }

    private final RegexPlaces places;
    private final boolean exact;
    private final int shortest;
    private final int[] named;
    private final int end;
    private final ConcurrentMap<BitSet, State> states = new ConcurrentHashMap<>();
    private final State found;
    private final State lost;
    private final State start;
    /** It can begin after the value's start too. */
    private final boolean anywhere;

    private static final class State {
        private final BitSet places;
        private final Before before;
        private final @Nullable State[] steps;
        /** Nothing that follows changes it any more. */
        private final boolean decided;

        State(BitSet places, Before before, int symbols, boolean decided) {
            this.places = places;
            this.before = before;
            this.decided = decided;
            steps = new @Nullable State[symbols];
        }
    }

    RegexGate(String pattern) {
        this(RegexShape.of(pattern), new int[0], false);
    }

    /** Null when there is more in the expression than can be known exactly. */
    static @Nullable RegexGate exactly(Regex regex) {
        var exact = RegexShape.exactly(regex);
        if (exact == null) {
            return null;
        }
        var gate = new RegexGate(exact.shape(), exact.named(), true);
        return gate.places.widened() ? null : gate;
    }

    private RegexGate(RegexShape shape, int[] named, boolean exact) {
        this.exact = exact;
        this.named = named;
        end = OTHER + 3 + named.length;
        shortest = RegexShape.shortest(shape);
        places = new RegexPlaces(shape, exact);
        found = new State(new BitSet(), Before.OTHER, 0, true);
        lost = new State(new BitSet(), Before.OTHER, 0, true);
        anywhere = canBeginLater();
        var first = new BitSet();
        first.set(places.entry());
        start = new State(first, Before.NOTHING, end + 1, false);
    }

    private boolean canBeginLater() {
        for (Before before : List.of(Before.LINE_END, Before.WORD, Before.OTHER)) {
            for (int symbol : new int[] {'\n', 'a', ' ', end}) { // all that places tell apart
                var from = new BitSet();
                reach(places.entry(), from, before, symbol);
                if (from.get(places.goal()) || from.stream().anyMatch(p -> places.takes(p) != null)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** False when the expression is surely not in the value. */
    boolean mayBeIn(byte[] b, int from, int length) {
        return find(b, from, length) != Verdict.NO;
    }

    /** Whether the expression is in the value; undecided when that is not UTF-8 or has led to too many states. */
    Verdict find(byte[] b, int from, int length) {
        // Folding keeps the number of characters, and a character has at least one byte.
        if (length < shortest) {
            return Verdict.NO;
        }
        var state = start;
        for (int i = from, stop = from + length; i < stop; i++) {
            int symbol = b[i];
            if (symbol < 0) {
                symbol = OTHER;
                if (exact) {
                    int c = CaseFolding.decode(b, i, stop);
                    if (c < 0) {
                        return Verdict.UNDECIDED;
                    }
                    i += c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
                    symbol = symbol(c);
                }
            }
            var step = state.steps[symbol];
            if (step == null) {
                step = step(state, symbol);
                if (step == null) {
                    return Verdict.UNDECIDED;
                }
            }
            if (step.decided) {
                return step == found ? Verdict.YES : Verdict.NO;
            }
            state = step;
        }
        var last = state.steps[end];
        if (last == null) {
            last = step(state, end);
        }
        return last == found ? Verdict.YES : last == null ? Verdict.UNDECIDED : Verdict.NO;
    }

    private int symbol(int c) {
        if (c == RegexShape.KELVIN || c == RegexShape.LONG_S) {
            return c == RegexShape.KELVIN ? OTHER + 1 : OTHER + 2;
        }
        for (int i = 0; i < named.length; i++) {
            if (named[i] == c) {
                return OTHER + 3 + i;
            }
        }
        return OTHER;
    }

    /** Null when there would be too many states. */
    private @Nullable State step(State from, int symbol) {
        var reached = new BitSet();
        for (int p = from.places.nextSetBit(0); p >= 0; p = from.places.nextSetBit(p + 1)) {
            reach(p, reached, from.before, symbol);
        }
        var step = reached.get(places.goal()) ? found : symbol == end ? lost : after(reached, symbol);
        if (step != null) {
            from.steps[symbol] = step;
        }
        return step;
    }

    private @Nullable State after(BitSet reached, int symbol) {
        var to = new BitSet();
        for (int p = reached.nextSetBit(0); p >= 0; p = reached.nextSetBit(p + 1)) {
            var take = places.takes(p);
            if (take != null && accepts(take, symbol)) {
                to.set(places.next(p));
                if (symbol == OTHER && !exact) {
                    to.set(p); // its other bytes
                }
            }
        }
        if (anywhere) {
            to.set(places.entry());
        } else if (to.isEmpty()) {
            return lost;
        }
        var before = before(symbol);
        var key = (BitSet) to.clone();
        key.set(places.count() + before.ordinal());
        var known = states.get(key);
        if (known == null) {
            if (states.size() >= (exact ? MAX_EXACT_STATES : MAX_STATES)) {
                return null;
            }
            var made = new State(to, before, end + 1, false);
            known = states.putIfAbsent(key, made);
            known = known == null ? made : known;
        }
        return known;
    }

    /** Whether the symbol is one that words are made of. */
    private static boolean isWord(int symbol) {
        return symbol >= 'a' && symbol <= 'z'
                || symbol >= 'A' && symbol <= 'Z'
                || symbol >= '0' && symbol <= '9'
                || symbol == '_';
    }

    private Before before(int symbol) {
        if (symbol == '\n' && places.asks(Place.LINE_BEGIN)) {
            return Before.LINE_END;
        }
        boolean words = places.asks(Place.WORD_EDGE) || places.asks(Place.NO_WORD_EDGE);
        return words && isWord(symbol) ? Before.WORD : Before.OTHER;
    }

    private static boolean accepts(RegexShape.One one, int symbol) {
        long bits = symbol < 64 ? one.low() : symbol < OTHER ? one.high() : one.others();
        return (bits >>> symbol & 1) != 0;
    }

    private boolean holds(Place place, Before before, int symbol) {
        return switch (place) {
            case BEGIN -> before == Before.NOTHING;
            case END -> symbol == end;
            case LINE_BEGIN -> before == Before.NOTHING || before == Before.LINE_END;
            case LINE_END -> symbol == end || symbol == '\n';
            case WORD_EDGE -> before == Before.WORD != isWord(symbol);
            case NO_WORD_EDGE -> before == Before.WORD == isWord(symbol);
        };
    }

    /** Adds the place and those that are reached from it without a character, between what was before and the symbol. */
    private void reach(int place, BitSet to, Before before, int symbol) {
        int at = place;
        while (at >= 0 && !to.get(at)) {
            to.set(at);
            if (places.takes(at) != null || at == places.goal()) {
                return;
            }
            var where = places.where(at);
            if (where != null && !holds(where, before, symbol)) {
                return;
            }
            reach(places.split(at), to, before, symbol);
            at = places.next(at);
        }
    }
}
