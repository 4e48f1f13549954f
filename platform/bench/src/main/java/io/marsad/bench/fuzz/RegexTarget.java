package io.marsad.bench.fuzz;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.match.CompiledPredicate;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/**
 * Regular expressions, behind the gates that save most of the work. What the compiled predicate says is what the
 * expression itself says. Input: a byte of flags, the expression, a line feed, the text.
 */
public final class RegexTarget {
    private static final int MOST = 200;

    private RegexTarget() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < 2) {
            return;
        }
        var text = new String(data, 1, data.length - 1, StandardCharsets.UTF_8);
        int line = text.indexOf('\n');
        if (line < 0 || line > MOST) {
            return;
        }
        var pattern = text.substring(0, line);
        var value = text.substring(line + 1);
        var flags = EnumSet.noneOf(Predicate.Regex.Flag.class);
        int re2 = 0;
        if ((data[0] & 1) != 0) {
            flags.add(Predicate.Regex.Flag.IGNORE_CASE);
            re2 |= Pattern.CASE_INSENSITIVE;
        }
        if ((data[0] & 2) != 0) {
            flags.add(Predicate.Regex.Flag.MULTILINE);
            re2 |= Pattern.MULTILINE;
        }
        if ((data[0] & 4) != 0) {
            flags.add(Predicate.Regex.Flag.DOTALL);
            re2 |= Pattern.DOTALL;
        }
        CompiledPredicate compiled;
        try {
            compiled = CompiledPredicate.of(new Predicate.Regex(Field.unmapped("F"), pattern, Set.copyOf(flags)));
        } catch (IllegalArgumentException refused) {
            return;
        }
        boolean endless = pattern.contains("\\x{") || pattern.chars().anyMatch(c -> c >= 0x1C80);
        if (endless && (flags.contains(Predicate.Regex.Flag.IGNORE_CASE) || pattern.contains("(?"))) {
            compiled.test(FuzzEvents.of("F", value), 0); // some of these RE2/J by itself folds for ever
            return;
        }
        boolean expected;
        try {
            expected = Pattern.compile(pattern, re2).matcher(value).find();
        } catch (PatternSyntaxException e) {
            throw new AssertionError("taken, though the expression is wrong: " + pattern, e);
        }
        if (compiled.test(FuzzEvents.of("F", value), 0) != expected) {
            throw new AssertionError("/" + pattern + "/ " + flags + " on '" + value + "': expected " + expected);
        }
    }
}
