package io.marsad.normalize.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.marsad.normalize.format.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is found, and where the groups are, is what RE2/J says. */
class GroupFinderTest {
    private static final String[] ONES = {
        "a",
        "b",
        "c",
        " ",
        "-",
        "=",
        "\\.",
        "\\(",
        "\\[",
        "/",
        ".",
        "\\d",
        "\\D",
        "\\w",
        "\\W",
        "\\s",
        "\\S",
        "[ab]",
        "[^ab]",
        "[a-c]",
        "[^\\s\\[]",
        "[\\w.-]",
        "[^\"]",
        "\"",
        "[0-9a-f]",
        "1",
        "\\n",
        "\\t",
        "^",
        "$",
        "\\b"
    };
    private static final String[] TIMES = {"", "", "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{2,}?"
    };
    private static final String LETTERS = "aaabbc1A_ -=.([/\"\n\t\u000bx";

    @Test
    void saysWhatRe2Says() {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        System.out.println("GroupFinderTest seed " + seed);
        var random = new Random(seed);
        int known = 0;
        int found = 0;
        for (int i = 0; i < 30_000; i++) {
            Pattern pattern;
            try {
                pattern = Pattern.compile(expression(random, 3), random.nextBoolean() ? Pattern.DOTALL : 0);
            } catch (PatternSyntaxException e) {
                continue;
            }
            if (GroupProgram.of(pattern) == null) {
                continue;
            }
            known++;
            var finder = new GroupFinder(pattern);
            for (int k = 0; k < 12; k++) {
                found += agree(finder, pattern, text(random), seed) ? 1 : 0;
            }
        }
        assertThat(known).isGreaterThan(8_000);
        assertThat(found).isGreaterThan(20_000);
    }

    @Test
    void valuesThatAreNotAsciiAndExpressionsThatAreNotKnownAreLeftToRe2() {
        for (String expression : new String[] {
            "(?i)(a)b", "(\\x61)", "(a*)*b", "(é)|(a.)", "(\\pL+) ", "a\\b(.)", "(a$)", "(b)|a$", "(a$|b)b"
        }) {
            var pattern = Pattern.compile(expression);
            assertThat(GroupProgram.of(pattern)).as(expression).isNull();
            agree(new GroupFinder(pattern), pattern, "xx AB ab é \u212A b", 0);
        }
        var pattern = Pattern.compile("(.)(\\S*)$");
        agree(new GroupFinder(pattern), pattern, "x é\u2028 ÿ", 0);
        agree(new GroupFinder(pattern), pattern, "x".repeat(300_000), 0);
    }

    @Test
    @Timeout(20)
    void takesTimeLinearInTheValue() {
        var pattern = Pattern.compile("(\\S+) *(\\S+) *(\\S+) *(\\S+) *(\\S+) *(\\S+)!");
        var finder = new GroupFinder(pattern);
        var bytes = "a".repeat(15_000).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20; i++) {
            assertThat(finder.find(bytes, 0, bytes.length)).isFalse();
        }
    }

    @Test
    void whatMappingsAreWrittenInIsKnown() {
        for (String expression : new String[] {
            "^pam_unix\\((?P<pam_service>[^:)]+):session\\): session (?P<change>opened|closed) for (?P<user>[^\\s(]+)(?:\\(uid=(?P<uid>\\d+)\\))?",
            "(?P<client>[^\\s\\[\\]]+) \\S+ (?P<name>\\S+(?: \\S+)?) \\[(?P<when>[^\\]]+)\\] \"(?P<uri>\\S.*?) (?P<status>\\d{3})",
            "^[^-].*|^-.+"
        }) {
            assertThat(GroupProgram.of(Pattern.compile(expression, Pattern.DOTALL)))
                    .as(expression)
                    .isNotNull();
        }
        assertThat(GroupProgram.of(Pattern.compile("a", Pattern.CASE_INSENSITIVE)))
                .isNull();
    }

    private static boolean agree(GroupFinder finder, Pattern pattern, String text, long seed) {
        var bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
        int length = bytes.length - 2;
        var matcher = pattern.matcher(Utf8.readable(bytes, 1, length));
        boolean expected = matcher.find();
        var about = "seed " + seed + ": '" + pattern + "' in '" + text + "'";
        assertThat(finder.find(bytes, 1, length)).as(about).isEqualTo(expected);
        for (int group = 0; expected && group <= matcher.groupCount(); group++) {
            assertThat(finder.start(group)).as("group %d of %s", group, about).isEqualTo(matcher.start(group));
            assertThat(finder.end(group)).as("group %d of %s", group, about).isEqualTo(matcher.end(group));
        }
        return expected;
    }

    private static String expression(Random random, int depth) {
        var text = new StringBuilder(random.nextInt(8) == 0 ? "^" : "");
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            int kind = random.nextInt(depth == 0 ? 6 : 10);
            if (kind < 6) {
                text.append(ONES[random.nextInt(ONES.length)]);
            } else {
                text.append(kind == 6 ? "(?:" : kind == 7 ? "(?P<n" + random.nextInt(1_000_000_000) + ">" : "(");
                text.append(expression(random, depth - 1));
                for (int more = random.nextInt(3) - 1; more > 0; more--) {
                    text.append('|').append(random.nextInt(6) == 0 ? "" : expression(random, depth - 1));
                }
                text.append(')');
            }
            text.append(TIMES[random.nextInt(TIMES.length)]);
        }
        return text.toString();
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int n = random.nextInt(18); n > 0; n--) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}
