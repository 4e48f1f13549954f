package io.marsad.store.segment;

import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Text without which a predicate cannot be true, for passing over blocks and columns. Only what is ASCII is used: how
 * other letters fold is left to the matcher.
 */
final class Literals {
    private static final int PADDING = 8;

    /** Each in one value as a whole, or in the record; with eight bytes to spare. */
    private final List<byte[]> runs = new ArrayList<>();

    private final List<Seams> inRecord = new ArrayList<>();
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
                    var run = padded(text.substring(from, i));
                    runs.add(run);
                    inRecord.add(new Seams(Arrays.copyOf(run, run.length - PADDING)));
                }
                from = i + 1;
            }
        }
    }

    static byte[] padded(String ascii) {
        return padded(ascii.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
    }

    /** With what a filter may read behind it. */
    static byte[] padded(byte[] text) {
        return Arrays.copyOf(text, text.length + PADDING);
    }

    /** Is a whole value of the field asked for? */
    boolean isWholeValue() {
        return wholeValue;
    }

    /** May a value of the column pass? */
    boolean mayBeIn(BlockFilter filter, int column) {
        if (wholeValue && !filter.mayHaveValue(valueHash)) {
            return false;
        }
        for (var run : runs) {
            if (!filter.mayBeIn(column, run, run.length - PADDING)) {
                return false;
            }
        }
        return true;
    }

    /** May a value of any of the columns pass? */
    boolean mayBeInAny(BlockFilter filter, int columns) {
        for (var run : runs) {
            if (!filter.mayBeInAny(run, run.length - PADDING)) {
                return false;
            }
        }
        for (int c = 0; c < columns; c++) {
            if (mayBeIn(filter, c)) {
                return true;
            }
        }
        return false;
    }

    /** May a row have all of it, wherever in values and record? */
    boolean mayBeInRecord(BlockFilter filter) {
        for (int i = 0; i < runs.size(); i++) {
            var run = runs.get(i);
            if (!filter.mayBeInAny(run, run.length - PADDING)
                    && !inRecord.get(i).mayTouch(filter)) {
                return false;
            }
        }
        return true;
    }
}
