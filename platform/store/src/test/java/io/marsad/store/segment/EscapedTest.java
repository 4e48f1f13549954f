package io.marsad.store.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.CompiledPredicate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values that stand escaped in their records. */
class EscapedTest {
    private static final TenantId TENANT = new TenantId("one");
    private static final int ROWS = 6000;

    @TempDir
    Path directory;

    @Test
    void areKeptOnceAndFoundHoweverTheyAreWritten() throws IOException {
        var rows = rows();
        long raw = 0;
        try (var store = SegmentStore.open(directory, new SegmentStore.Options(1 << 20, 1 << 30, 1 << 20))) {
            for (int r = 0; r < ROWS; r++) {
                var one = new EventBatch(TENANT);
                one.copyRow(rows, r);
                store.append(0, one);
                raw += rows.rawLength(r);
            }
            store.checkpoint(0, ROWS);
            assertThat(store.usage(TENANT).bytes())
                    .as("random letters are most of a record and take most of a byte each")
                    .isLessThan(raw * 85 / 100);
            for (var text : List.of(
                    "\n", "n", "\\", "\\\\", "\\n", "nab", "\\nab", "\"", "\\\"", "c:\\", "c:\\\\", "tq", "\\u")) {
                var where = new Predicate.Text(
                        Predicate.ANYWHERE, Glob.literal(text).withStars(true, true), false);
                var test = CompiledPredicate.of(where);
                int expected = 0;
                for (int r = 0; r < ROWS; r++) {
                    expected += test.test(rows, r) ? 1 : 0;
                }
                var page = store.search(
                        new EventSearch(TENANT, 0, Long.MAX_VALUE, where, ROWS, null, Duration.ofMinutes(1)));
                assertThat(page.events().rows()).as(text).isEqualTo(expected);
                for (int r = 0; r < page.events().rows(); r++) {
                    int number = (int) page.events().logOffset(r);
                    assertThat(RandomEvents.describe(page.events(), r)).isEqualTo(RandomEvents.describe(rows, number));
                }
            }
        }
    }

    private static EventBatch rows() {
        var random = new Random(4);
        var rows = new EventBatch(TENANT);
        for (int r = 0; r < ROWS; r++) {
            rows.beginRow(new EventId(1, r), 1000 + r, r, "test");
            var value = new StringBuilder("C:\\");
            for (int i = 0; i < 300; i++) {
                value.append((char) ('a' + random.nextInt(26)));
            }
            if (r % 3 == 0) {
                value.insert(
                        100 + random.nextInt(100),
                        List.of("\n", "\t", "\"", "\\", "\b", "\r\n").get(random.nextInt(6)));
            }
            var text = value.toString();
            var json = "{\"message\":\""
                    + text.replace("\\", "\\\\")
                            .replace("\"", "\\\"")
                            .replace("\n", "\\n")
                            .replace("\t", "\\t")
                            .replace("\r", "\\r")
                            .replace("\b", r % 2 == 0 ? "\\b" : "\\u0008")
                    + "\",\"same\":\"C:\\\\\",\"again\":\"C:\\\\\",\"third\":\"C:\\\\\"}";
            var bytes = json.getBytes(StandardCharsets.UTF_8);
            rows.raw(bytes, 0, bytes.length);
            rows.time(1000L + r);
            rows.add(Field.of("message"), text);
            rows.add(Field.of("unmapped.same"), "C:\\");
            rows.endRow();
        }
        return rows;
    }
}
