package io.marsad.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.tenant.TenantId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The scan finds the literals that stand in the folded value, all of them and no others. */
class LiteralScannerTest {
    private static final Field FIELD = Field.unmapped("F");
    private static final String LETTERS = "aAbBkKsS\\/|@`[{ _-1";
    private static final String OTHERS = "\u212Aſéش–😀";

    @Test
    void findsWhatIsThere() {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        System.out.println("LiteralScannerTest seed " + seed);
        var random = new Random(seed);
        long found = 0;
        for (int round = 0; round < 300; round++) {
            boolean plain = random.nextBoolean();
            var literals = new ArrayList<Literal>();
            for (int i = 1 + random.nextInt(40); i > 0; i--) {
                var places = Literal.Place.values();
                var text = text(random, 1 + random.nextInt(random.nextInt(4) == 0 ? 20 : 5), plain);
                literals.add(Literal.of(places[random.nextInt(places.length)], text));
            }
            var scanner = new LiteralScanner(literals);
            for (int v = 0; v < 60; v++) {
                found += compare(scanner, literals, value(random, literals, plain && random.nextInt(3) > 0));
            }
        }
        assertThat(found).isGreaterThan(10_000);
    }

    private static int compare(LiteralScanner scanner, List<Literal> literals, String value) {
        var batch = new EventBatch(new TenantId("acme"));
        batch.beginRow(new EventId(0, 1), 0, 0, "test");
        batch.add(FIELD, value.length() % 3 == 0 ? "before it" : "");
        batch.add(FIELD, value);
        batch.add(FIELD, "after it");
        batch.endRow();
        var row = new Row(new int[FIELD.id() + 1], 2);
        row.open(batch, 0);
        var found = new BitSet();
        scanner.scan(row, 1, literal -> {
            found.set(literal);
            return false;
        });
        int at = row.fold(1);
        var expected = new BitSet();
        IntStream.range(0, literals.size())
                .filter(i -> literals.get(i).in(row.folded(), at, row.foldedLength(1)))
                .forEach(expected::set);
        assertThat(found).as("%s in '%s'", literals, value).isEqualTo(expected);
        return expected.cardinality();
    }

    private static String value(Random random, List<Literal> literals, boolean plain) {
        var value = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            value.append(text(random, random.nextInt(12), plain));
            var literal = literals.get(random.nextInt(literals.size())).toString();
            var quoted = literal.substring(literal.indexOf('\'') + 1, literal.length() - 1);
            value.append(random.nextBoolean() ? quoted : quoted.toUpperCase(java.util.Locale.ROOT));
        }
        return value.append(text(random, random.nextInt(12), plain)).toString();
    }

    private static String text(Random random, int length, boolean plain) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            if (!plain && random.nextInt(4) == 0) {
                var others = OTHERS.codePoints().toArray();
                text.appendCodePoint(others[random.nextInt(others.length)]);
            } else {
                text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
        }
        return text.toString();
    }
}
