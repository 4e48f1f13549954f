package io.marsad.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate.Regex;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** What RE2/J must not be given: letters that it folds for ever, repetitions that fill the memory. */
class FoldableRegexTest {
    @Test
    void comesBackFromEveryWayToWriteThem() {
        Assertions.assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            assertThat(finds("[a-\uFFFD]", "q")).isTrue();
            assertThat(finds("[a-\\x{10FFFF}]", "\u1C90")).isTrue();
            assertThat(finds("[^\u1C80-\u1C85]", "B")).isTrue();
            assertThat(finds("\u1C80", "\u0412")).isTrue();
            assertThat(finds("\\x{1c80}|x", "\u0432")).isTrue();
            assertThat(finds("\\Q\u1C80*\\E", "\u0432*")).isTrue();
            assertThat(finds("[]\u1C80[:alpha:]\\pN-]+$", "]\u0412a1-")).isTrue();
            assertThat(finds("[\\x{1c70}-\\x{1c82}]", "\u1C79")).isTrue();
            assertThat(finds("[\\x{1c70}-\\x{1c82}]", "x")).isFalse();
            assertThat(finds("[\\\u0519-\uFFFD]", "\u0520")).isTrue();
            assertThat(finds("[\\n-\uFFFD]", "q")).isTrue();
            assertThat(finds("[\\012-\uFFFD\\d-\u1C81]", "q")).isTrue();
        });
    }

    @Test
    void leavesOthersAlone() {
        for (String regex : new String[] {"[a-z]+\\d", "[\u0430-\u044F]", "\\x{41}[^]-]\\p{Greek}", "a\\"}) {
            assertThat(FoldableRegex.of(regex, true)).isEqualTo(regex);
        }
        assertThat(FoldableRegex.of("[a-\uFFFD]", false)).isEqualTo("[a-\uFFFD]");
    }

    @Test
    void repetitionsThatMultiplyAreRefused() {
        for (String regex :
                new String[] {"(((a{1000}){1000}){1000})", "(?:(?:.{1,999}|b){999}){2,999}", "((x{1000}){1000}"}) {
            assertThatThrownBy(() -> finds(regex, "a"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("too large");
        }
        assertThat(RegexSize.of("a{1000}")).isEqualTo(1000);
        assertThat(RegexSize.of("(ab){10}c\\{5}[{5}]{3}\\x{41}{2}")).isBetween(40L, 60L);
        assertThat(RegexSize.of("{5}(()))]\\")).isLessThan(20);
    }

    private static boolean finds(String regex, String text) {
        return RegexAtom.compile(new Regex(Field.unmapped("F"), regex, Set.of(Regex.Flag.IGNORE_CASE)))
                .matcher(text)
                .find();
    }
}
