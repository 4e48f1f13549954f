package io.marsad.kernel.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.tenant.TenantId;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class EventBatchTest {
    private static final TenantId TENANT = new TenantId("tenant-a");

    @Test
    void copiedRowsAreWhatTheyWereAndGoOnToGrow() {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 300; round++) {
            var batch = batch(random, random.nextInt(12));
            int from = random.nextInt(batch.rows() + 1);
            int to = random.nextInt(from, batch.rows() + 1);

            var copy = batch.copy(from, to);

            assertThat(copy.rows()).as("seed " + seed).isEqualTo(to - from);
            assertThat(copy.bytes()).isLessThanOrEqualTo(batch.bytes());
            assertThat(copy.arena()).hasSizeGreaterThanOrEqualTo(copy.bytes() + EventBatch.PADDING);
            for (int r = from; r < to; r++) {
                assertSame(batch, r, copy, r - from, seed);
            }
            if (batch.rows() > 0) {
                copy.copyRow(batch, 0);
                assertSame(batch, 0, copy, to - from, seed);
            }
        }
    }

    private static EventBatch batch(SplittableRandom random, int rows) {
        var batch = new EventBatch(TENANT);
        for (int r = 0; r < rows; r++) {
            batch.beginRow(
                    new EventId(random.nextLong(), random.nextLong()), r * 10L, random.nextInt(1000), "from" + r % 3);
            var early = bytes(random);
            int before = random.nextBoolean() ? batch.put(early, 0, early.length) : -1;
            var raw = bytes(random);
            int at = batch.raw(raw, 0, raw.length);
            batch.time(random.nextLong(1L << 40));
            for (int e = random.nextInt(5); e > 0; e--) {
                int part = random.nextInt(raw.length + 1);
                switch (random.nextInt(4)) {
                    case 0 -> batch.add(1, at + part, raw.length - part, EventBatch.TEXT);
                    case 1 -> batch.add(2, 0, 0, EventBatch.NULL);
                    case 2 -> batch.add(Field.of("metadata.labels"), "value " + random.nextInt(100));
                    default -> batch.add(3, before < 0 ? at : before, before < 0 ? 0 : early.length, EventBatch.TEXT);
                }
            }
            if (random.nextInt(6) == 0) {
                batch.dropRow();
            } else {
                batch.endRow();
            }
        }
        return batch;
    }

    private static byte[] bytes(SplittableRandom random) {
        var bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void assertSame(EventBatch a, int r, EventBatch b, int s, long seed) {
        assertThat(b.raw(s)).as("seed " + seed).isEqualTo(a.raw(r));
        assertThat(b.id(s)).isEqualTo(a.id(r));
        assertThat(b.time(s)).isEqualTo(a.time(r));
        assertThat(b.received(s)).isEqualTo(a.received(r));
        assertThat(b.logOffset(s)).isEqualTo(a.logOffset(r));
        assertThat(b.origin(s)).isEqualTo(a.origin(r));
        assertThat(b.sourceId(s)).isEqualTo(a.sourceId(r));
        assertThat(b.end(s) - b.first(s)).isEqualTo(a.end(r) - a.first(r));
        for (int e = a.first(r), f = b.first(s); e < a.end(r); e++, f++) {
            assertThat(b.field(f)).isEqualTo(a.field(e));
            assertThat(b.type(f)).isEqualTo(a.type(e));
            assertThat(b.text(f)).isEqualTo(a.text(e));
            boolean inRaw = a.length(e) > 0
                    && a.offset(e) >= a.rawOffset(r)
                    && a.offset(e) + a.length(e) <= a.rawOffset(r) + a.rawLength(r);
            if (inRaw) {
                assertThat(b.offset(f) - b.rawOffset(s)).isEqualTo(a.offset(e) - a.rawOffset(r));
            }
        }
    }
}
