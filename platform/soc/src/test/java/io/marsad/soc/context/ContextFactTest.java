package io.marsad.soc.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.testkit.Seed;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ContextFactTest {
    @Test
    void aPatternFitsWhatItsStarsLeaveOpen() {
        assertThat(ContextFact.fits("ws-1", "ws-1")).isTrue();
        assertThat(ContextFact.fits("ws-1", "ws-10")).isFalse();
        assertThat(ContextFact.fits("ws-*", "ws-")).isTrue();
        assertThat(ContextFact.fits("*.corp", "a.corp.example")).isFalse();
        assertThat(ContextFact.fits("corp\\*admin*", "corp\\old-admin-2")).isTrue();
        assertThat(ContextFact.fits("a.c", "abc")).isFalse();
    }

    @Test
    void itIsWhatARegularExpressionWouldSay() {
        var seed = Seed.of("ContextFactTest");
        var random = new Random(seed.value());
        for (int i = 0; i < 5_000; i++) {
            var pattern = text(random, "ab*", 8);
            var text = text(random, "ab", 10);
            var wanted = Pattern.matches(pattern.replace("*", "[ab]*"), text);
            assertThat(ContextFact.fits(pattern, text))
                    .as("%s: %s of %s", seed, pattern, text)
                    .isEqualTo(wanted);
        }
    }

    private static String text(Random random, String of, int most) {
        var text = new StringBuilder();
        for (int i = random.nextInt(most); i > 0; i--) {
            text.append(of.charAt(random.nextInt(of.length())));
        }
        return text.toString();
    }
}
