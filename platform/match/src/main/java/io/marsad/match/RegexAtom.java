package io.marsad.match;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.marsad.kernel.predicate.Predicate.Regex;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A regular expression is found in a value, in linear time, and only tried where what it needs is there. */
final class RegexAtom implements Atom {
    /** Instructions; some 20 MB. What people write has hundreds. */
    private static final int LARGEST = 100_000;

    /** To look for more texts than these first takes longer than the automaton. */
    private static final int MANY = 8;

    private final int slot;
    private final Pattern pattern;
    private final AnyLiteral needs;
    private final @Nullable RegexGate exact;
    private final RegexGate gate;

    /** @throws IllegalArgumentException when the expression is not one that linear-time engines know */
    RegexAtom(int slot, Regex regex) {
        this.slot = slot;
        pattern = compile(regex);
        needs = new AnyLiteral(RegexNeeds.of(regex.pattern()).literals());
        exact = RegexGate.exactly(regex);
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
            if (in(row, v)) {
                return true;
            }
        }
        return false;
    }

    private boolean in(Row row, int value) {
        if (!mayHaveNeeds(row, value)) {
            return false;
        }
        if (exact != null) {
            var verdict = exact.find(row.arena(), row.offset(value), row.length(value));
            if (verdict != RegexGate.Verdict.UNDECIDED) {
                return verdict == RegexGate.Verdict.YES;
            }
        }
        int at = row.fold(value);
        return gate.mayBeIn(row.folded(), at, row.foldedLength(value))
                && pattern.matcher(row.text(value)).find();
    }

    private boolean mayHaveNeeds(Row row, int value) {
        int n = needs.literals().size();
        return n == 0 || n > MANY && exact != null || needs.in(row, value);
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
