package io.marsad.store.segment;

import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which records could have a text somewhere else than inside one of their values: in the skeleton, or over a seam
 * between skeleton and value, or in what a value is escaped as. Only those need to be rebuilt to look; for an address or a
 * word this is hardly any.
 */
final class Seams {
    private final byte[] text;
    private final byte[] padded;
    /** What values have in them that, escaped in the record, could have the text where they do not have it themselves. */
    private final List<Needle> meant = new ArrayList<>();

    private final List<byte[]> meantTexts = new ArrayList<>();
    /** Any escaped value could. */
    private boolean anyEscaped;

    /** @param text ASCII, letters in lower case, at least one byte */
    Seams(byte[] text) {
        this.text = text;
        padded = Literals.padded(text);
        if (new String(text, StandardCharsets.US_ASCII).indexOf('\\') >= 0) {
            meant(0);
        }
        byte first = Escaped.plain(text[0]);
        if (first != 0 && (first != text[0] || text.length > 1 && text[0] == '\\')) {
            meant(1); // it begins behind the backslash
        }
    }

    /** @param begins 1 when a backslash stands before the text */
    private void meant(int begins) {
        var value = new ByteArrayOutputStream();
        boolean behind = begins == 1;
        for (byte b : text) {
            if (!behind && b == '\\') {
                behind = true;
                continue;
            }
            byte one = behind ? Escaped.plain(b) : b;
            if (one == 0) {
                return; // never written like this
            }
            value.write(one);
            behind = false;
        }
        if (value.size() == 0) {
            anyEscaped = true;
        } else {
            meant.add(Needle.of(value.toByteArray()));
            meantTexts.add(Literals.padded(value.toByteArray()));
        }
    }

    /** For text that is to be contained anywhere; null for other questions, and for text that is not all ASCII. */
    static @Nullable Seams of(Predicate predicate) {
        if (!(predicate instanceof Predicate.Text(var field, Glob glob, var cased))
                || !field.equals(Predicate.ANYWHERE)
                || glob.shape() != Glob.Shape.CONTAINS
                || !glob.text().chars().allMatch(c -> c < 0x80)) {
            return null;
        }
        return new Seams(glob.text().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
    }

    /** May a record of the block be such a one? */
    boolean mayTouch(BlockFilter filter) {
        if (anyEscaped || filter.mayTouchGap(padded, text.length)) {
            return true;
        }
        for (var value : meantTexts) {
            if (filter.mayBeInAny(value, value.length - (padded.length - text.length))) {
                return true;
            }
        }
        return false;
    }

    /** Those of the candidates whose skeleton the text could touch. */
    BitSet touched(BlockReader block, BitSet candidates) throws IOException {
        var skeleton = block.skeleton();
        var touched = new BitSet(block.rows());
        var known = new BitSet();
        var yes = new BitSet();
        var copies = new EscapedValues(block, meant, anyEscaped);
        for (int r = candidates.nextSetBit(0); r >= 0; r = candidates.nextSetBit(r + 1)) {
            int code = skeleton.code(r);
            if (!known.get(code)) {
                known.set(code);
                int page = skeleton.page(code);
                int at = code - skeleton.info.firstValue()[page];
                var starts = skeleton.starts(page);
                yes.set(code, touches(skeleton.data(page), starts[at], starts[at + 1], copies.of(code)));
            }
            touched.set(r, yes.get(code) || copies.touch(r, code));
        }
        return touched;
    }

    private boolean touches(byte[] bytes, int from, int to, EscapedValues.@Nullable Places copies)
            throws DamagedException {
        var in = new Source(bytes, from, to);
        int values = in.getCount(to - from);
        var gaps = new int[values + 1];
        for (int i = 0; i < values; i++) {
            gaps[i] = in.getCount(to - from);
            int entry = in.getCount(Integer.MAX_VALUE);
            if (copies != null && (entry & 1) != 0) {
                copies.add(entry >>> 1);
            }
            if (gaps[i] == 0 && i > 0) {
                return true; // two values side by side
            }
        }
        for (int i = 0; i <= values; i++) {
            int length = i == values ? in.left() : gaps[i];
            int at = in.skip(length);
            if (length > 0 && overlaps(bytes, at, at + length, i > 0, i < values)) {
                return true;
            }
        }
        return false;
    }

    /** Is there a place for the text that has at least one byte in the gap and agrees with all of those that it has? */
    private boolean overlaps(byte[] bytes, int from, int to, boolean valueBefore, boolean valueAfter) {
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                return true; // how this folds is the matcher's business
            }
        }
        int first = valueBefore ? from - text.length + 1 : from;
        int last = valueAfter ? to - 1 : to - text.length;
        for (int start = first; start <= last; start++) {
            int i = Math.max(start, from);
            int end = Math.min(start + text.length, to);
            while (i < end && lower(bytes[i]) == text[i - start]) {
                i++;
            }
            if (i == end) {
                return true;
            }
        }
        return false;
    }

    private static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 0x20) : b;
    }
}
