package io.marsad.kernel.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class YamlReaderTest {
    @Test
    void anAliasIsWrittenOutWhereItStands() throws ContentException {
        var document = YamlReader.read("f.yaml", "a: &x [one, two]\nb: *x\n")
                .getFirst()
                .asMapping();

        assertThat(document.texts("b")).containsExactly("one", "two");
        assertThat(document.require("b").line()).isEqualTo(1);
    }

    @Test
    void aFewLinesDoNotBecomeBillionsOfValues() {
        // thirty aliases, and 3^10 times a thousand values
        var text = new StringBuilder("a0: &a0 [" + "x, ".repeat(999) + "x]\n");
        for (int level = 1; level <= 10; level++) {
            var below = "*a" + (level - 1);
            text.append("a" + level + ": &a" + level + " [" + below + ", " + below + ", " + below + "]\n");
        }

        assertThatThrownBy(() -> YamlReader.read("bomb.yaml", text.toString()))
                .isInstanceOf(ContentException.class)
                .hasMessageContaining("bomb.yaml")
                .hasMessageContaining("more than " + YamlReader.MAX_NODES + " values");
    }

    @Test
    void anAliasInsideItsOwnNodeIsRefused() {
        assertThatThrownBy(() -> YamlReader.read("loop.yaml", "a: &a [*a]\n"))
                .isInstanceOf(ContentException.class)
                .hasMessageContaining("loop.yaml");
    }
}
