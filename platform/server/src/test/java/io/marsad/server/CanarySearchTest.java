package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class CanarySearchTest {
    @Test
    void theSearchFindsWhatIsHidden() {
        var secret = "kanarienvogel";
        for (int before = 0; before < 4; before++) {
            for (int after = 0; after < 4; after++) {
                var hidden = ("p".repeat(before) + secret + "s".repeat(after)).getBytes(StandardCharsets.UTF_8);
                for (var text : List.of(
                        new String(hidden, StandardCharsets.UTF_8),
                        HexFormat.of().formatHex(hidden),
                        Base64.getEncoder().encodeToString(hidden),
                        Base64.getUrlEncoder().withoutPadding().encodeToString(hidden))) {
                    var found = new CanarySearch();
                    found.add("it", secret);
                    found.look("a text", "x" + text + "y");
                    assertThat(found.findings()).as(text).containsExactly("it in a text");
                    var other = new CanarySearch();
                    other.add("it", "kanarienvoge1");
                    other.look("a text", text);
                    assertThat(other.findings()).as(text).isEmpty();
                }
            }
        }
    }
}
