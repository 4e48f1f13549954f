package io.marsad.store.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ValueTableTest {
    @Test
    void valuesOfEveryLengthHaveOneNumberEach() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var table = new ValueTable();
        var known = new HashMap<String, Integer>();
        for (int round = 0; round < 60; round++) {
            var texts = new ArrayList<String>();
            for (int i = 0; i < 500; i++) {
                texts.add(text(random));
            }
            var bytes = (String.join("", texts) + "0123456789abcdef").getBytes(StandardCharsets.ISO_8859_1);
            var starts = starts(texts);
            var together = round % 2 == 0 ? table.ids(bytes, starts, texts.size()) : new int[0];
            for (int i = 0; i < texts.size(); i++) {
                int id = round % 2 == 0 ? together[i] : table.id(bytes, starts[i], starts[i + 1] - starts[i]);
                int expected = known.computeIfAbsent(texts.get(i), _ -> known.size() + 1);
                assertThat(id).as("seed %d: %s", seed, texts.get(i)).isEqualTo(expected);
            }
        }
        assertThat(table.count()).isEqualTo(known.size());
        known.forEach((text, id) -> assertThat(table.text(id)).isEqualTo(text));
        for (int id = 2; id <= table.count(); id++) {
            assertThat(Integer.signum(table.compare(id, id - 1)))
                    .isEqualTo(Integer.signum(table.text(id).compareTo(table.text(id - 1))));
        }
    }

    /** Many that differ in their last byte or in zeros at their end only. */
    private static String text(Random random) {
        int length = random.nextInt(40);
        return "\0".repeat(random.nextInt(3))
                + "a".repeat(length)
                + List.of("", "\0", "b", "bc").get(random.nextInt(4))
                + (random.nextBoolean() ? "" : Integer.toString(random.nextInt(20_000)));
    }

    private static int[] starts(List<String> texts) {
        var starts = new int[texts.size() + 1];
        for (int i = 0; i < texts.size(); i++) {
            starts[i + 1] = starts[i] + texts.get(i).length();
        }
        return starts;
    }
}
