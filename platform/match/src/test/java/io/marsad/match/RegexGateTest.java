package io.marsad.match;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate.Regex;
import io.marsad.kernel.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
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
    void theVerticalTabIsNoBlank() {
        assertThat(mayBeIn("a[^\\s]", "a\u000b")).isTrue();
        assertThat(mayBeIn("a\\S", "a\u000b")).isTrue();
    }

    @Test
    void whatIsSaidBehindFlagsIsOfWhatStandsBefore() {
        assertThat(mayBeIn("ic(?i)(C(?i)?)", "ic")).isTrue();
        assertThat(RegexNeeds.of("abcd(?i)?").literals()).isEmpty();
    }

    /** To RE2/J, bounds with a leading zero are text. */
    @Test
    void boundsWithALeadingZeroAreNoRepetition() {
        assertThat(mayBeIn("a{00}", "a{00}")).isTrue();
        for (String pattern : new String[] {"a{00}", "a{01}", "a{0,01}", "a{007,}", "(?i)a{00}b"}) {
            var regex = new Regex(Field.unmapped("F"), pattern, Set.of());
            var compiled = RegexAtom.compile(regex);
            var gate = RegexGate.exactly(regex);
            var needs = RegexNeeds.of(pattern).literals();
            for (String value : new String[] {"", "a", "b", "ab", "A{00}B", "aaaaaaaa", pattern}) {
                var bytes = value.getBytes(StandardCharsets.UTF_8);
                boolean is = compiled.matcher(value).find();
                var folded = CaseFolding.folded(value);
                assertThat(needs.isEmpty() || needs.stream().anyMatch(l -> l.in(folded, 0, folded.length)) || !is)
                        .as("what %s needs is in '%s'", pattern, value)
                        .isTrue();
                if (gate != null && gate.find(bytes, 0, bytes.length) != RegexGate.Verdict.UNDECIDED) {
                    assertThat(gate.find(bytes, 0, bytes.length) == RegexGate.Verdict.YES)
                            .as("%s in '%s'", pattern, value)
                            .isEqualTo(is);
                }
            }
        }
    }

    /** Random expressions over random values: what the exact automaton decides, RE2/J says too. */
    @Test
    void theExactAutomatonIsNeverWrong() {
        var random = seeded();
        int decided = 0;
        int found = 0;
        for (int i = 0; i < 8_000; i++) {
            var regex = regex(random, PARTS);
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
                            .as("'%s' %s in '%s'", regex.pattern(), regex.flags(), value)
                            .isEqualTo(is);
                }
            }
        }
        assertThat(decided).isGreaterThan(40_000);
        assertThat(found).isBetween(decided / 10, decided * 9 / 10);
    }

    /** Where both mean the same by it, Java's own expressions agree as well. */
    @Test
    void javaSaysTheSame() {
        var random = seeded();
        int decided = 0;
        for (int i = 0; i < 10_000; i++) {
            var regex = regex(random, JAVA_PARTS);
            if (regex.flags().contains(Regex.Flag.MULTILINE) || regex.pattern().startsWith("(?m)")) {
                continue; // to Java, no line begins at the value's end
            }
            int flags = java.util.regex.Pattern.UNIX_LINES;
            for (Regex.Flag flag : regex.flags()) {
                flags |= switch (flag) {
                    case IGNORE_CASE -> java.util.regex.Pattern.CASE_INSENSITIVE | java.util.regex.Pattern.UNICODE_CASE;
                    case MULTILINE -> java.util.regex.Pattern.MULTILINE;
                    case DOTALL -> java.util.regex.Pattern.DOTALL;
                };
            }
            var pattern = regex.pattern().replace("(?i)", "(?iu)").replace("(?is)", "(?isu)");
            var compiled = java.util.regex.Pattern.compile(pattern, flags);
            var gate = RegexGate.exactly(regex);
            for (int v = 0; v < 10 && gate != null; v++) {
                var value = value(random);
                var bytes = value.getBytes(StandardCharsets.UTF_8);
                var verdict = gate.find(bytes, 0, bytes.length);
                if (verdict != RegexGate.Verdict.UNDECIDED) {
                    decided++;
                    assertThat(verdict == RegexGate.Verdict.YES)
                            .as("'%s' %s in '%s'", regex.pattern(), regex.flags(), value)
                            .isEqualTo(compiled.matcher(value).find());
                }
            }
        }
        assertThat(decided).isGreaterThan(30_000);
    }

    /** Bytes that are not UTF-8 are not decided by it, and read as RE2/J reads the text that Java makes of them. */
    @Test
    void bytesThatAreNotUtf8() {
        var random = seeded();
        for (int i = 0; i < 1500; i++) {
            var regex = regex(random, PARTS);
            Pattern compiled;
            CompiledPredicate predicate;
            try {
                compiled = RegexAtom.compile(regex);
                predicate = CompiledPredicate.of(regex);
            } catch (IllegalArgumentException e) {
                continue;
            }
            for (int v = 0; v < 10; v++) {
                var bytes = value(random).getBytes(StandardCharsets.UTF_8);
                for (int n = bytes.length == 0 ? 0 : random.nextInt(3); n > 0; n--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                var batch = new EventBatch(new TenantId("acme"));
                batch.beginRow(new EventId(0, 1), 0, 0, "test");
                batch.add(regex.field().id(), batch.put(bytes, 0, bytes.length), bytes.length, EventBatch.TEXT);
                batch.endRow();
                assertThat(predicate.test(batch, 0))
                        .as("'%s' %s in %s", regex.pattern(), regex.flags(), Arrays.toString(bytes))
                        .isEqualTo(compiled.matcher(new String(bytes, StandardCharsets.UTF_8))
                                .find());
            }
        }
    }

    /** What rules are made of is decided without RE2/J. */
    @Test
    void commonExpressionsAreKnownExactly() {
        for (String pattern : new String[] {
            "\\|\\s*(sudo\\s+)?(ba|z)?sh\\b",
            "(?i)^(?:\\d{1,3}\\.){3}\\d+$",
            "[-/–][Ee^]{1,2}[ncodema^]*\\s",
            "(?im)^تحذير: .{1,40}\\bfailed$"
        }) {
            assertThat(RegexGate.exactly(new Regex(Field.of("a"), pattern, EnumSet.noneOf(Regex.Flag.class))))
                    .as(pattern)
                    .isNotNull();
        }
    }

    private static Random seeded() {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        System.out.println("RegexGateTest seed " + seed);
        return new Random(seed);
    }

    private static Regex regex(Random random, String[] parts) {
        var flags = EnumSet.noneOf(Regex.Flag.class);
        for (Regex.Flag flag : Regex.Flag.values()) {
            if (random.nextInt(4) == 0) {
                flags.add(flag);
            }
        }
        var pattern = (random.nextInt(5) == 0 ? FLAGS[random.nextInt(FLAGS.length)] : "")
                + (random.nextInt(6) == 0 ? random.nextBoolean() ? "^" : "\\A" : "")
                + expression(random, 3, parts)
                + (random.nextInt(4) == 0 ? random.nextBoolean() ? "(?:\\n?\\z)" : "\\z" : "");
        return new Regex(Field.of("a"), pattern, flags);
    }

    private static String expression(Random random, int depth, String[] parts) {
        var text = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            var part = depth > 0 && random.nextInt(4) == 0
                    ? "(" + (random.nextBoolean() ? "?:" : "") + expression(random, depth - 1, parts) + ")"
                    : parts[random.nextInt(parts.length)];
            // Java gives up on repeated groups that took nothing once.
            boolean once = parts == JAVA_PARTS && part.endsWith(")");
            text.append(part).append(once ? "" : TIMES[random.nextInt(TIMES.length)]);
        }
        return text.append(depth > 0 && random.nextInt(6) == 0 ? "|" + expression(random, depth - 1, parts) : "")
                .toString();
    }

    private static final String[] FLAGS = {"(?i)", "(?m)", "(?s)", "(?is)"};
    private static final String[] JAVA_PARTS = {
        "a",
        "b",
        "K",
        "s",
        "_",
        "-",
        ".",
        "[ab]",
        "[^a]",
        "[^K]",
        "[A-C]",
        "[0-9_-]",
        "\\d",
        "\\D",
        "[^ \\t\\n]",
        "\\.",
        "\\\\",
        "\\n",
        "^",
        "[k-s]",
        "\\z",
        "\\A",
        "[a\\]]",
        "–",
        "[-–]",
        "[^–\\n]",
        "ش",
        "😀",
        "[^\\t]"
    };
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
        "\\D",
        "\\s",
        "\\S",
        "\\w",
        "\\W",
        "\\.",
        "\\\\",
        "\\n",
        "\\v",
        "[^\\s]",
        "[^\\w]",
        "\\b",
        "\\b",
        "\\B",
        "^",
        "$",
        "[k-s]",
        "\\z",
        "\\A",
        "(?i:a)",
        "\\x41",
        "[[:alpha:]]",
        "[a\\]]",
        "–",
        "[-–]",
        "[^–\\n]",
        "[^é]",
        "[ſa]",
        "\u212A",
        "ش",
        "😀"
    };
    private static final String[] TIMES = {"", "", "", "", "*", "+", "?", "{2}", "{1,3}", "{0,2}", "*?", "{2,}"};
    private static final int[] CHARACTERS =
            "aAbBkKsS1_ .\\\n\t\u000b-éſ\u212A–ش😀ü".codePoints().toArray();

    private static String value(Random random) {
        var value = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            value.appendCodePoint(CHARACTERS[random.nextInt(CHARACTERS.length)]);
        }
        return value.toString();
    }

    private static boolean mayBeIn(String pattern, String value) {
        var bytes = (value + " ".repeat(16)).getBytes(StandardCharsets.UTF_8);
        return new RegexGate(pattern).mayBeIn(bytes, 0, value.getBytes(StandardCharsets.UTF_8).length);
    }
}
