package io.marsad.normalize.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.ocsf.EventJson;
import io.marsad.normalize.format.RecordFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Broken and hostile records are events or dead letters: never an exception, never a half-written row. */
class HostileRecordsTest {
    @Test
    void damagedSamplesNeverThrow() throws Exception {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        var random = new Random(seed);
        var normalizer = new Normalizer(Samples.mappings());
        var samples = Samples.all();
        var json = new EventJson(Samples.SCHEMA);
        var out = new EventBatch(Samples.TENANT);
        for (int i = 0; i < 20_000; i++) {
            var record = samples.get(random.nextInt(samples.size())).record().clone();
            for (int n = random.nextInt(8); n >= 0; n--) {
                record[random.nextInt(record.length)] = (byte) random.nextInt(256);
            }
            var length = 1 + random.nextInt(record.length);
            var format = RecordFormat.values()[random.nextInt(RecordFormat.values().length)];
            int rows = out.rows();
            try {
                var why = normalizer.normalize(
                        Samples.batch(
                                format.label(),
                                java.util.Arrays.copyOf(record, random.nextBoolean() ? length : record.length)),
                        0,
                        out);
                assertThat(out.rows()).isEqualTo(why == null ? rows + 1 : rows);
                if (why == null && random.nextInt(10) == 0) {
                    assertThat(json.nested(out, rows, true)).containsKeys("class_uid", "time", "metadata");
                }
            } catch (RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + ", " + format + ": "
                                + new String(record, java.nio.charset.StandardCharsets.ISO_8859_1),
                        e);
            }
            if (rows > 500) {
                out.clear();
            }
        }
    }
}
