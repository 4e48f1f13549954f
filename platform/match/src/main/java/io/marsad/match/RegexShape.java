package io.marsad.match;

import io.marsad.kernel.predicate.Predicate.Regex;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression's shape. {@link #of} is over folded bytes and never narrower than the expression: places and case
 * are dropped, what is not understood may be anything. {@link #exactly} is the expression itself, over characters.
 */
sealed interface RegexShape {
    /**
     * One character: ASCII ones as two bit sets; of the rest, bit 0 stands for those that no expression tells apart, bit 1
     * and 2 for the two that are an ASCII letter in another case, and the next ones for those that the expression names.
     */
    record One(long low, long high, long others) implements RegexShape {}

    record Sequence(List<RegexShape> of) implements RegexShape {}

    record Choice(List<RegexShape> of) implements RegexShape {}

    /** @param max -1 without limit */
    record Repeat(RegexShape of, int min, int max) implements RegexShape {}

    /** A place between two characters. */
    enum Place implements RegexShape {
        BEGIN,
        END,
        LINE_BEGIN,
        LINE_END,
        WORD_EDGE,
        NO_WORD_EDGE
    }

    One ANY = new One(-1, -1, -1);

    /** The sign for Kelvin, a K in another case. */
    int KELVIN = 0x212A;

    /** The long s, an S in another case. */
    int LONG_S = 0x17F;

    /** The shape of an expression, and the characters that bits of {@link One#others} from the third on stand for. */
    record Exact(RegexShape shape, int[] named) {}

    /** How many characters it takes at least. */
    static int shortest(RegexShape shape) {
        return switch (shape) {
            case One _ -> 1;
            case Place _ -> 0;
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

    /** The expression as it is; null when something in it is not understood. */
    static @Nullable Exact exactly(Regex regex) {
        var flags = EnumSet.noneOf(Regex.Flag.class);
        flags.addAll(regex.flags());
        var pattern = regex.pattern();
        while (pattern.startsWith("(?")) {
            int end = 2;
            while (end < pattern.length() && "ims".indexOf(pattern.charAt(end)) >= 0) {
                end++;
            }
            if (end == 2 || end == pattern.length() || pattern.charAt(end) != ')') {
                break;
            }
            for (char flag : pattern.substring(2, end).toCharArray()) {
                flags.add(
                        flag == 'i' ? Regex.Flag.IGNORE_CASE : flag == 'm' ? Regex.Flag.MULTILINE : Regex.Flag.DOTALL);
            }
            pattern = pattern.substring(end + 1);
        }
        var parser = new RegexParser(pattern, flags);
        var shape = parser.choice();
        return parser.understood && parser.at == pattern.length() ? new Exact(shape, parser.named()) : null;
    }
}
