package io.marsad.store.segment;

import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * ASCII text without which a value cannot fit, sought in many values at once, eight places at a time and without regard
 * to the case of ASCII letters. Immutable.
 */
final class Needle {
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH = ONES << 7;
    /** From what is everywhere to what is hardly anywhere. */
    private static final String COMMON = "e0ta1io2n3sr4.5c6\\7l8d-9/mpu\"fb:hgw_ yv=k,x{}()";

    private final byte[] lower;
    /** Where in it the two bytes stand that are looked for first. */
    private final int at;

    private final long firstFold;
    private final long first;
    private final long secondFold;
    private final long second;

    /** A value that has it fits, whatever else it has. */
    private final boolean all;

    private Needle(byte[] lower, boolean all) {
        this.lower = lower;
        this.all = all;
        int best = 0;
        int rarest = -1;
        for (int i = 0; i + 1 < lower.length; i++) {
            int rare = rarity(lower[i]) + rarity(lower[i + 1]);
            if (rare > rarest) {
                rarest = rare;
                best = i;
            }
        }
        at = best;
        firstFold = fold(lower[at]) * ONES;
        first = (lower[at] & 0xff) * ONES;
        byte next = lower[Math.min(at + 1, lower.length - 1)];
        secondFold = fold(next) * ONES;
        second = (next & 0xff) * ONES;
    }

    private static int rarity(byte b) {
        int place = COMMON.indexOf(b);
        return place < 0 ? COMMON.length() : place;
    }

    private static long fold(byte lower) {
        return lower >= 'a' && lower <= 'z' ? 0x20 : 0;
    }

    /** @param lower ASCII, letters in lower case, at least one byte */
    static Needle of(byte[] lower) {
        return new Needle(lower, false);
    }

    /** The longest text that every value that fits has in it, or null when there is none. */
    static @Nullable Needle of(Predicate predicate) {
        if (!(predicate instanceof Predicate.Text(var field, Glob glob, var cased))) {
            return null;
        }
        var longest = "";
        for (var part : glob.parts()) {
            if (part instanceof Glob.Part.Literal(String text)) {
                for (var run : text.split("[^\\x00-\\x7f]+")) {
                    longest = run.length() > longest.length() ? run : longest;
                }
            }
        }
        return longest.isEmpty()
                ? null
                : new Needle(
                        longest.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII),
                        !cased && glob.shape() == Glob.Shape.CONTAINS && longest.equals(glob.text()));
    }

    /** In bytes. */
    int length() {
        return lower.length;
    }

    /** Is nothing else asked of a value, in a block without letters that fold into ASCII? */
    boolean isAll() {
        return all;
    }

    /** May it be in the first bytes, also in letters outside ASCII that fold into its own? */
    boolean mayBeIn(byte[] bytes, int length) {
        return find(bytes, 0, length) >= 0 || Filter.hasFolding(bytes, length);
    }

    /** Where it begins, at {@code from} or later, so that it ends at {@code to} or before; -1 when nowhere. */
    int find(byte[] bytes, int from, int to) {
        int last = to - lower.length + at;
        boolean one = lower.length == 1;
        for (int i = from + at; i <= last; i += 8) {
            long x = (Hash.word(bytes, i) | firstFold) ^ first;
            if (!one) {
                x |= (Hash.word(bytes, i + 1) | secondFold) ^ second;
            }
            for (long zero = x - ONES & ~x & HIGH; zero != 0; zero &= zero - 1) {
                int start = i + (Long.numberOfTrailingZeros(zero) >>> 3) - at;
                if (start + lower.length <= to && isAt(bytes, start)) {
                    return start;
                }
            }
        }
        return -1;
    }

    private boolean isAt(byte[] bytes, int start) {
        for (int i = 0; i < lower.length; i++) {
            byte b = bytes[start + i];
            if ((b >= 'A' && b <= 'Z' ? b + 0x20 : b) != lower[i]) {
                return false;
            }
        }
        return true;
    }
}
