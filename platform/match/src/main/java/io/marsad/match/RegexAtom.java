package io.marsad.match;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.marsad.kernel.predicate.Predicate.Regex;
import java.util.List;

/** A regular expression is found in a value, in linear time, and only tried where what it needs is there. */
final class RegexAtom implements Atom {
    /** Instructions; some 20 MB. What people write has hundreds. */
    private static final int LARGEST = 100_000;

    private final int slot;
    private final Pattern pattern;
    private final RegexNeeds.Result needs;
    private final RegexGate gate;

    /** @throws IllegalArgumentException when the expression is not one that linear-time engines know */
    RegexAtom(int slot, Regex regex) {
        this.slot = slot;
        pattern = compile(regex);
        needs = RegexNeeds.of(regex.pattern());
        gate = new RegexGate(regex.pattern());
    }

    /** @throws IllegalArgumentException when the expression is not one that linear-time engines know */
    static Pattern compile(Regex regex) {
        if (RegexSize.of(regex.pattern()) > LARGEST) {
            throw new IllegalArgumentException(
                    "the regular expression is too large once its repetitions are written out");
        }
        int flags = 0;
        for (Regex.Flag flag : regex.flags()) {
            flags |= switch (flag) {
                case IGNORE_CASE -> Pattern.CASE_INSENSITIVE;
                case MULTILINE -> Pattern.MULTILINE;
                case DOTALL -> Pattern.DOTALL;
            };
        }
        try {
            boolean ignoreCase = regex.flags().contains(Regex.Flag.IGNORE_CASE);
            return Pattern.compile(FoldableRegex.of(regex.pattern(), ignoreCase), flags);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "the regular expression '" + regex.pattern() + "' is not supported: " + e.getDescription(), e);
        }
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public boolean test(Row row) {
        for (int v = row.first(slot); v >= 0; v = row.next(slot, v)) {
            int at = row.fold(v);
            if (mayBeIn(row.folded(), at, row.foldedLength(v))
                    && pattern.matcher(row.text(v)).find()) {
                return true;
            }
        }
        return false;
    }

    private boolean mayBeIn(byte[] b, int from, int length) {
        if (!needs.literals().isEmpty()) {
            boolean found = false;
            for (int i = 0; i < needs.literals().size() && !found; i++) {
                found = needs.literals().get(i).in(b, from, length);
            }
            if (!found) {
                return false;
            }
        }
        return gate.mayBeIn(b, from, length);
    }

    @Override
    public List<Literal> needs() {
        return needs.literals();
    }

    @Override
    public int price() {
        return needs.literals().isEmpty() ? 400 : 200;
    }
}
