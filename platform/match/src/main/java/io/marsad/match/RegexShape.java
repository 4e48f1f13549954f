package io.marsad.match;

import io.marsad.kernel.predicate.Predicate.Regex;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression's shape. {@link #of} is over folded bytes and never narrower than the expression: places and case
 * are dropped, what is not understood may be anything. {@link #exactly} is the expression itself, for ASCII values.
 */
sealed interface RegexShape {
    /** One character: ASCII ones as two bit sets, or any other one. */
    record One(long low, long high, boolean other) implements RegexShape {}

    record Sequence(List<RegexShape> of) implements RegexShape {}

    record Choice(List<RegexShape> of) implements RegexShape {}

    /** @param max -1 without limit */
    record Repeat(RegexShape of, int min, int max) implements RegexShape {}

    One ANY = new One(-1, -1, true);

    /** The start of the value, which is not a character. */
    One BEGIN = new One(0, 0, false);

    /** The end of the value, which is not one either. */
    One END = new One(0, 0, false);

    /** How many characters it takes at least. */
    static int shortest(RegexShape shape) {
        return switch (shape) {
            case One one -> one == END || one == BEGIN ? 0 : 1;
            case Sequence(List<RegexShape> of) ->
                of.stream().mapToInt(RegexShape::shortest).reduce(0, RegexShape::sum);
            case Choice(List<RegexShape> of) ->
                of.stream().mapToInt(RegexShape::shortest).min().orElse(0);
            case Repeat(RegexShape of, int min, int max) -> (int) Math.min(1 << 20, (long) shortest(of) * min);
        };
    }

    private static int sum(int a, int b) {
        return Math.min(1 << 20, a + b);
    }

    static RegexShape of(String pattern) {
        var parser = new RegexParser(pattern, null);
        var shape = parser.choice();
        boolean whole = parser.understood && parser.at == pattern.length();
        return whole ? shape : new Repeat(ANY, 0, -1);
    }

    /** The expression over the bytes of ASCII values as they are; null when something in it is not understood. */
    static @Nullable RegexShape exactly(Regex regex) {
        var flags = EnumSet.noneOf(Regex.Flag.class);
        flags.addAll(regex.flags());
        var pattern = regex.pattern();
        if (pattern.startsWith("(?i)")) {
            flags.add(Regex.Flag.IGNORE_CASE);
            pattern = pattern.substring(4);
        }
        var parser = new RegexParser(pattern, flags);
        var shape = parser.choice();
        return parser.understood && parser.at == pattern.length() ? shape : null;
    }

    /** Whether the place, {@link #BEGIN} or {@link #END}, is part of the shape. */
    static boolean has(RegexShape shape, One place) {
        return switch (shape) {
            case One one -> one == place;
            case Sequence(List<RegexShape> of) -> of.stream().anyMatch(part -> has(part, place));
            case Choice(List<RegexShape> of) -> of.stream().anyMatch(part -> has(part, place));
            case Repeat repeat -> has(repeat.of(), place);
        };
    }
}
