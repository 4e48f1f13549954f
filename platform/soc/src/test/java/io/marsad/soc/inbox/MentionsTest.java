package io.marsad.soc.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MentionsTest {
    @Test
    void namesAreFoundWhereverTheyStand() {
        assertThat(Mentions.of("@ann, look; (@Bob.Jones) and @j-p.\n@åse@halden.example!"))
                .containsExactly("ann", "Bob.Jones", "j-p", "åse@halden.example");
        assertThat(Mentions.of("write to ann@example.com, @@, @ or @-")).isEmpty();
        assertThat(Mentions.of(null)).isEmpty();
        assertThat(Mentions.of("@a".repeat(10))).hasSize(1);
        assertThat(Mentions.of("@n ".repeat(50) + manyNames())).hasSize(20);
    }

    private static String manyNames() {
        var names = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            names.append("@name").append(i).append(' ');
        }
        return names.toString();
    }
}
