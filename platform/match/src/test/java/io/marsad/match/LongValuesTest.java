package io.marsad.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.tenant.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Texts in long values are looked for in another way than in short ones; it comes to the same. */
class LongValuesTest {
    private static final Field F = Field.unmapped("F");
    private static final String[] WORDS = {
        "a",
        "B",
        "ab",
        ".exe",
        "Cmd",
        "powershell",
        "-EncodedCommand",
        "\\System32\\",
        " ",
        "ä",
        "ſ",
        "K",
        "Invoke-",
        "= "
    };

    @Test
    void agreeWithThePlainMeaning() {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        System.out.println("LongValuesTest seed " + seed);
        var random = new Random(seed);
        int fits = 0;
        for (int i = 0; i < 6_000; i++) {
            var value = new StringBuilder(text(random, 6));
            value.insert(random.nextInt(value.length()), "x".repeat(900 + random.nextInt(400)));
            var event = new SlowOracle.Event(
                    List.of(new SlowOracle.Pair(F, value.toString())), value.toString(), LogSource.NONE);
            var batch = new EventBatch(new TenantId("acme"));
            batch.beginRow(new EventId(1, 2), 0, 0, "test");
            batch.add(F, value.toString());
            batch.endRow();
            var predicate = predicate(random);
            boolean expected = SlowOracle.test(predicate, event);
            assertThat(CompiledPredicate.of(predicate).test(batch, 0))
                    .as("seed %d: %s in %s", seed, predicate, value)
                    .isEqualTo(expected);
            fits += expected ? 1 : 0;
        }
        assertThat(fits).isBetween(1_000, 5_000);
    }

    private static Predicate predicate(Random random) {
        if (random.nextInt(4) == 0) {
            return new Predicate.Regex(
                    F, "(?:Cmd|Invoke)-?" + (random.nextBoolean() ? "[a-z]" : "\\\\"), flags(random));
        }
        var any = new ArrayList<Predicate>();
        for (int n = random.nextInt(4); n >= 0; n--) {
            var glob = Glob.literal(text(random, 2)).withStars(random.nextInt(5) > 0, random.nextInt(5) > 0);
            any.add(new Predicate.Text(F, glob, random.nextInt(8) == 0));
        }
        return new Predicate.Or(any);
    }

    private static Set<Predicate.Regex.Flag> flags(Random random) {
        return random.nextBoolean() ? Set.of() : Set.of(Predicate.Regex.Flag.IGNORE_CASE);
    }

    private static String text(Random random, int words) {
        var text = new StringBuilder();
        for (int n = 1 + random.nextInt(words); n > 0; n--) {
            text.append(WORDS[random.nextInt(WORDS.length)]);
        }
        return text.toString();
    }
}
