package io.marsad.match;

import io.marsad.kernel.predicate.Glob;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value fits a pattern: every glob that a {@link LiteralAtom} cannot express, and every one where case counts. */
final class GlobAtom implements Atom {
    /** In place of a literal's bytes. */
    private static final byte[] ANY = {'*'};

    private static final byte[] ONE = {'?'};

    private final int slot;
    private final boolean cased;
    private final byte[][] parts;
    private final AnyLiteral needs;

    GlobAtom(int slot, Glob glob, boolean cased) {
        this.slot = slot;
        this.cased = cased;
        parts = new byte[glob.parts().size()][];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = switch (glob.parts().get(i)) {
                case Glob.Part.Literal(String text) ->
                    (cased ? text : CaseFolding.fold(text)).getBytes(StandardCharsets.UTF_8);
                case Glob.Part.Wild wild -> wild == Glob.Part.Wild.ANY ? ANY : ONE;
            };
        }
        var need = need(glob);
        needs = new AnyLiteral(need == null ? List.of() : List.of(need));
    }

    /** The longest literal, with its place where that is an edge. */
    private static @Nullable Literal need(Glob glob) {
        Literal best = null;
        int last = glob.parts().size() - 1;
        for (int i = 0; i <= last; i++) {
            if (glob.parts().get(i) instanceof Glob.Part.Literal(String text)) {
                var place = last == 0
                        ? Literal.Place.WHOLE
                        : i == 0 ? Literal.Place.START : i == last ? Literal.Place.END : Literal.Place.INSIDE;
                var literal = Literal.of(place, text);
                if (best == null || literal.bytes().length > best.bytes().length) {
                    best = literal;
                }
            }
        }
        return best;
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public boolean test(Row row) {
        for (int v = row.first(slot); v >= 0; v = row.next(slot, v)) {
            boolean fits;
            if (cased) {
                fits = fits(row.arena(), row.offset(v), row.length(v));
            } else {
                fits = (needs.literals().isEmpty() || needs.in(row, v)) && foldedFits(row, v);
            }
            if (fits) {
                return true;
            }
        }
        return false;
    }

    private boolean foldedFits(Row row, int value) {
        int at = row.fold(value);
        return fits(row.folded(), at, row.foldedLength(value));
    }

    /** Goes back to the last star only: what stood before it needs no second try. */
    private boolean fits(byte[] b, int from, int length) {
        int end = from + length;
        int at = from;
        int part = 0;
        int starPart = -1;
        int starAt = 0;
        while (true) {
            int after = part < parts.length ? step(parts[part], b, at, end) : at == end ? end : -1;
            if (part == parts.length && after >= 0) {
                return true;
            }
            if (part < parts.length && parts[part] == ANY) {
                if (part == parts.length - 1) {
                    return true;
                }
                starPart = part++;
                starAt = at;
            } else if (after >= 0) {
                at = after;
                part++;
            } else if (starPart >= 0 && starAt < end) {
                at = retry(b, ++starAt, end, parts.length > starPart + 1 ? parts[starPart + 1] : ANY);
                starAt = at;
                part = starPart + 1;
            } else {
                return false;
            }
        }
    }

    /** The next place from which the part after a star may fit. */
    private static int retry(byte[] b, int from, int end, byte[] part) {
        if (part == ANY || part == ONE) {
            return from;
        }
        int found = Bytes.indexOf(b, from, end - from, part);
        return found < 0 ? end : found;
    }

    /** Where the part ends when it starts here, or -1. */
    private static int step(byte[] part, byte[] b, int at, int end) {
        if (part == ANY) {
            return at;
        }
        if (part == ONE) {
            if (at >= end) {
                return -1;
            }
            int next = at + 1;
            while (b[at] < 0 && next < end && (b[next] & 0xC0) == 0x80) {
                next++;
            }
            return next;
        }
        int next = at + part.length;
        return next <= end && Arrays.equals(b, at, next, part, 0, part.length) ? next : -1;
    }

    @Override
    public List<Literal> needs() {
        return needs.literals();
    }

    @Override
    public int price() {
        return 60;
    }
}
