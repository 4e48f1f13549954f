package io.marsad.bench.fuzz;

import io.marsad.sigma.FieldResolver;
import io.marsad.sigma.RuleSet;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Conditions over a fixed set of selections: refused with a reason or a rule that can be asked. */
public final class ConditionTarget {
    private ConditionTarget() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] data) {
        var condition = new StringBuilder();
        new String(data, StandardCharsets.UTF_8).codePoints().forEach(c -> quote(condition, c));
        var rule = """
                title: Fuzz
                id: 00000000-0000-4000-8000-000000000000
                logsource: {product: fuzz}
                detection:
                  a: {A: 1}
                  b: {B: 1}
                  sel_c: {C: 1}
                  sel_d: {D: 1}
                  _e: {E: 1}
                  notepad: {F: 1}
                  of: {G: 1}
                  1: {H: 1}
                  x-y: {I: 1}
                """ + "  condition: \"" + condition + "\"\n";
        var rules = RuleSet.of("fuzz.yml", rule, FieldResolver.UNMAPPED);
        if (rules.refusals().isEmpty() != (rules.rules().size() == 1)) {
            throw new AssertionError("neither read nor refused: " + condition);
        }
        if (!rules.rules().isEmpty()) {
            rules.compile().matchAnySource(FuzzEvents.of("A", "1", "C", "1", "E", "1"), 0, new Ignored());
        }
    }

    private static void quote(StringBuilder out, int c) {
        if (c == '"' || c == '\\') {
            out.append('\\').appendCodePoint(c);
        } else if (c < ' ' || c > '~') {
            out.append(String.format(Locale.ROOT, "\\U%08x", c));
        } else {
            out.appendCodePoint(c);
        }
    }
}
