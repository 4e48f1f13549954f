package io.marsad.store.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.store.EventScan;
import io.marsad.kernel.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values stand side by side in a page, and say different things about an event: neither may show in answers. */
final class ValueEdgesTest {
    private static final TenantId TENANT = new TenantId("acme");
    private static final Field PROGRAM = Field.of("metadata.log_provider");
    private static final Field CLASS = Field.of("class_uid");
    private static final int ROWS = 5000;

    @TempDir
    private Path directory;

    @Test
    void aTextEndsWithItsValueAndTheKindIsNoWordOfTheEvent() throws Exception {
        try (var store = SegmentStore.open(directory, SegmentStore.Options.standard())) {
            var batch = new EventBatch(TENANT);
            for (int i = 0; i < ROWS; i++) { // more than a block
                batch.beginRow(new EventId(1, i), i, i, "test");
                var raw = "-".getBytes(StandardCharsets.UTF_8);
                batch.raw(raw, 0, raw.length);
                batch.time(i);
                batch.add(PROGRAM, i % 3 == 0 ? "mono" : i % 3 == 1 ? "sonarr" : "nosy");
                batch.add(CLASS, 3002);
                batch.endRow();
            }
            store.append(0, batch);
            store.checkpoint(0, ROWS);

            assertThat(found(store, new Predicate.Text(PROGRAM, Glob.contains("os"), false)))
                    .isEqualTo(ROWS / 3);
            assertThat(found(store, new Predicate.Text(Predicate.ANYWHERE, Glob.contains("os"), false)))
                    .isEqualTo(ROWS / 3);
            assertThat(found(store, new Predicate.Text(Predicate.VALUES, Glob.contains("300"), false)))
                    .isZero();
            assertThat(found(store, new Predicate.Text(Predicate.ANYWHERE, Glob.contains("300"), false)))
                    .isEqualTo(ROWS);
        }
    }

    private static int found(SegmentStore store, Predicate where) throws Exception {
        int[] found = {0};
        store.scan(new EventScan(TENANT, 0, Long.MAX_VALUE, where, Set.of()), (rows, progress) -> {
            found[0] += rows.rows();
            return true;
        });
        return found[0];
    }
}
