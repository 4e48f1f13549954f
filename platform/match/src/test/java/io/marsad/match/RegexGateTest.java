package io.marsad.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
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

    private static boolean mayBeIn(String pattern, String value) {
        var bytes = (value + " ".repeat(16)).getBytes(StandardCharsets.UTF_8);
        return new RegexGate(pattern).mayBeIn(bytes, 0, value.getBytes(StandardCharsets.UTF_8).length);
    }
}
