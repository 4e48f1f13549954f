package io.marsad.match;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate.Regex;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The gate lets through whatever the expression may be in. */
class RegexGateTest {
    @Test
    void aLoopIsClosedAlsoWhenTheAutomatonGrowsInsideIt() {
        assertThat(mayBeIn("(?i:[a-c].*)(1{1,}\\\\*|(?i:\\\\+B)?\\\\{2})", "abcd10.1.2.3 "))
                .isTrue();
        for (int before = 0; before < 40; before++) {
            assertThat(mayBeIn("(?:" + "x".repeat(before) + "y)*z", "z"))
                    .as("%d", before)
                    .isTrue();
        }
    }

    @Test
    void whatCannotBeThereIsRefused() {
        assertThat(mayBeIn("ab+c", "abbd")).isFalse();
        assertThat(mayBeIn("ab+c", "xxabbbcxx")).isTrue();
    }

    @Test
    void escapedLettersInBracketsAreNotAscii() {
        assertThat(mayBeIn("[\\\u00e4d]", "\u00e4")).isTrue();
    }

    @Test
    void whatIsSaidBehindFlagsIsOfWhatStandsBefore() {
        assertThat(mayBeIn("ic(?i)(C(?i)?)", "ic")).isTrue();
        assertThat(RegexNeeds.of("abcd(?i)?").literals()).isEmpty();
    }

    /** Random expressions over random values: what the exact automaton decides, RE2/J says too. */
    @Test
    void theExactAutomatonIsNeverWrong() {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        System.out.println("RegexGateTest seed " + seed);
        var random = new Random(seed);
        int decided = 0;
        int found = 0;
        for (int i = 0; i < 20_000; i++) {
            var flags = EnumSet.noneOf(Regex.Flag.class);
            for (Regex.Flag flag : Regex.Flag.values()) {
                if (random.nextInt(4) == 0) {
                    flags.add(flag);
                }
            }
            var pattern = (random.nextInt(5) == 0 ? "(?i)" : "")
                    + (random.nextInt(6) == 0 ? random.nextBoolean() ? "^" : "\\A" : "")
                    + expression(random, 3)
                    + (random.nextInt(4) == 0 ? random.nextBoolean() ? "(?:\\n?\\z)" : "\\z" : "");
            var regex = new Regex(Field.of("a"), pattern, flags);
            Pattern compiled;
            try {
                compiled = RegexAtom.compile(regex);
            } catch (IllegalArgumentException e) {
                continue;
            }
            var gate = RegexGate.exactly(regex);
            for (int v = 0; v < 20 && gate != null; v++) {
                var value = value(random);
                var bytes = value.getBytes(StandardCharsets.UTF_8);
                var verdict = gate.find(bytes, 0, bytes.length);
                if (verdict != RegexGate.Verdict.UNDECIDED) {
                    decided++;
                    boolean is = compiled.matcher(value).find();
                    found += is ? 1 : 0;
                    assertThat(verdict == RegexGate.Verdict.YES)
                            .as("'%s' %s in '%s'", pattern, flags, value)
                            .isEqualTo(is);
                }
            }
        }
        assertThat(decided).isGreaterThan(100_000);
        assertThat(found).isBetween(decided / 10, decided * 9 / 10);
    }

    private static String expression(Random random, int depth) {
        var text = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            var part = depth > 0 && random.nextInt(4) == 0
                    ? "(" + (random.nextBoolean() ? "?:" : "") + expression(random, depth - 1) + ")"
                    : PARTS[random.nextInt(PARTS.length)];
            text.append(part).append(TIMES[random.nextInt(TIMES.length)]);
        }
        return text.append(depth > 0 && random.nextInt(6) == 0 ? "|" + expression(random, depth - 1) : "")
                .toString();
    }

    private static final String[] PARTS = {
        "a",
        "b",
        "K",
        "s",
        "_",
        "é",
        ".",
        "[ab]",
        "[^a]",
        "[^K]",
        "[A-C]",
        "[\\w-]",
        "\\d",
        "\\s",
        "\\S",
        "\\W",
        "\\.",
        "\\\\",
        "\\n",
        "\\v",
        "[^\\s]",
        "\\b",
        "^",
        "$",
        "[k-s]",
        "\\z",
        "(?i:a)",
        "\\x41",
        "[[:alpha:]]",
        "[a\\]]"
    };
    private static final String[] TIMES = {"", "", "", "", "*", "+", "?", "{2}", "{1,3}", "{0,2}", "*?", "{2,}"};

    private static String value(Random random) {
        var value = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            value.append("aAbBkKsS1_ .\\\n\t\u000béſK".charAt(random.nextInt(19)));
        }
        return value.toString();
    }

    private static boolean mayBeIn(String pattern, String value) {
        var bytes = (value + " ".repeat(16)).getBytes(StandardCharsets.UTF_8);
        return new RegexGate(pattern).mayBeIn(bytes, 0, value.getBytes(StandardCharsets.UTF_8).length);
    }
}
