package io.marsad.ingest.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventId;
import io.marsad.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;

final class DedupeWindowTest {
    @Test
    void itRemembersWhatAListWouldAndAlsoThroughASnapshot() {
        var random = Seed.of("DedupeWindowTest").random();
        for (int round = 0; round < 20; round++) {
            int most = 1 + random.nextInt(5000);
            long window = 1 + random.nextInt(5000);
            int names = 1 + random.nextInt(8000);
            var seen = new DedupeWindow(window, most);
            var expected = new LinkedHashMap<EventId, Long>();
            long now = 0;
            for (int i = 0; i < 20_000; i++) {
                now = Math.max(now, now + random.nextInt(-3, 5));
                seen.advance(now);
                long oldest = now - window;
                while (!expected.isEmpty() && expected.firstEntry().getValue() < oldest) {
                    expected.pollFirstEntry();
                }
                // ids that differ in few bits, so that the table has long runs
                var id = new EventId(random.nextInt(names), random.nextInt(2));
                assertThat(seen.contains(id)).isEqualTo(expected.containsKey(id));
                if (!expected.containsKey(id)) {
                    if (expected.size() == most) {
                        expected.pollFirstEntry();
                    }
                    expected.put(id, now);
                    seen.add(id);
                }
                assertThat(seen.size()).isEqualTo(expected.size());
                if (i % 5000 == 4999) {
                    var bytes = ByteBuffer.allocate(seen.snapshotBytes());
                    seen.write(bytes);
                    assertThat(bytes.remaining()).isZero();
                    seen = new DedupeWindow(window, most);
                    seen.read(bytes.flip());
                    assertThat(seen.size()).isEqualTo(expected.size());
                }
            }
        }
    }
}
