package io.marsad.store.segment;

import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Text without which a predicate cannot be true, for passing over blocks. Only what is ASCII is used: how other letters
 * fold is left to the matcher.
 */
final class Literals {
    private static final int PADDING = 8;

    private final List<byte[]> runs = new ArrayList<>();
    private boolean wholeValue;
    private long valueHash;

    static Literals of(Predicate predicate) {
        var literals = new Literals();
        if (predicate instanceof Predicate.Text(var field, Glob glob, var cased)) {
            for (var part : glob.parts()) {
                if (part instanceof Glob.Part.Literal(String text)) {
                    literals.addRuns(text);
                }
            }
            var shape = glob.shape();
            boolean whole = shape == Glob.Shape.EQUALS || shape == Glob.Shape.EMPTY;
            if (whole && !field.equals(Predicate.ANYWHERE) && !field.equals(Predicate.VALUES) && ascii(glob.text())) {
                var value = padded(glob.text());
                var name = field.path().getBytes(StandardCharsets.UTF_8);
                literals.wholeValue = true;
                literals.valueHash = Hash.of(value, 0, value.length - PADDING, ColumnBuilder.seed(name));
            }
        }
        return literals;
    }

    private static boolean ascii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private void addRuns(String text) {
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) >= 0x80) {
                if (i - from >= 3) {
                    runs.add(padded(text.substring(from, i)));
                }
                from = i + 1;
            }
        }
    }

    private static byte[] padded(String ascii) {
        var bytes = ascii.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
        return Arrays.copyOf(bytes, bytes.length + PADDING);
    }

    /** Is a whole value of the field asked for? */
    boolean isWholeValue() {
        return wholeValue;
    }

    boolean mayBeIn(Filter.Read filter) {
        if (wholeValue && !filter.mayHaveValue(valueHash)) {
            return false;
        }
        for (var run : runs) {
            if (!filter.mayHaveText(run, run.length - PADDING)) {
                return false;
            }
        }
        return true;
    }
}
