package io.marsad.store.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.store.EventScan;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.CompiledPredicate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Text anywhere, in blocks so small that most have it not: what filters of values and gaps deny is not there, wherever in a
 * record the text stands: in a value, between values, over the seams of several, in what a value is escaped as.
 */
final class TextAnywhereTest {
    private static final TenantId TENANT = new TenantId("one");
    private static final int ROWS = 3000;
    private static final int TEXTS = 500;
    /** Few, so that seams often agree by chance; escapes and what stands behind their backslash among them. */
    private static final String LETTERS = "abnt0x.=\\\"\n\t \u017f\u212a";

    @TempDir
    private Path directory;

    @Test
    void whatTheFilterDeniesIsNotThere() throws Exception {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        var random = new Random(seed);
        var rows = new EventBatch(TENANT);
        for (int r = 0; r < ROWS; r++) {
            row(rows, r, random);
        }
        try (var store = SegmentStore.open(directory, new SegmentStore.Options(1 << 12, 1 << 30, 1 << 20))) {
            for (int r = 0; r < ROWS; r++) {
                var one = new EventBatch(TENANT);
                one.copyRow(rows, r);
                store.append(0, one);
            }
            store.checkpoint(0, ROWS);
            for (int i = 0; i < TEXTS; i++) {
                var text = text(rows, random);
                var shape = random.nextInt(4);
                var where = new Predicate.Text(
                        random.nextInt(3) == 0 ? Predicate.VALUES : Predicate.ANYWHERE,
                        Glob.literal(text).withStars(shape != 1, shape != 2),
                        random.nextInt(4) == 0);
                assertThat(found(store, where))
                        .as("-Dmarsad.seed=%d, %s", seed, where)
                        .containsExactlyElementsOf(expected(rows, where));
            }
        }
    }

    /** Some blocks have only letters of their own, and only in some are there letters that fold into ASCII. */
    private static String letters(int r, Random random, int atLeast) {
        var text = new StringBuilder();
        int of = r / 200 % 5 == 4 ? LETTERS.length() : LETTERS.length() - 2;
        for (int n = atLeast + random.nextInt(9); n > 0; n--) {
            text.append(
                    random.nextInt(4) == 0 ? LETTERS.charAt(random.nextInt(of)) : (char) ('a' + (r / 50 + n * 7) % 26));
        }
        return text.toString();
    }

    private static void row(EventBatch rows, int r, Random random) {
        rows.beginRow(new EventId(1, r), 1000 + r, r, "test");
        var raw = new StringBuilder();
        var places = new ArrayList<int[]>();
        var copies = new ArrayList<String>();
        for (int i = random.nextInt(5); i > 0; i--) {
            raw.append(r / 200 % 3 == 1 && random.nextInt(4) > 0 ? "" : letters(0, random, 1)); // gaps repeat
            var value = letters(r, random, 1);
            if (random.nextInt(3) == 0) {
                raw.append('"')
                        .append(value.replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("\n", "\\n")
                                .replace("\t", "\\t"))
                        .append('"');
                copies.add(value);
                continue;
            }
            int at = raw.toString().getBytes(StandardCharsets.UTF_8).length;
            raw.append(value);
            int length = value.getBytes(StandardCharsets.UTF_8).length;
            places.add(new int[] {at, length});
            if (length > 2 && random.nextInt(5) == 0) {
                places.add(new int[] {at + 1, length - 1}); // one value within another
            }
        }
        raw.append(letters(0, random, 0));
        var bytes = raw.toString().getBytes(StandardCharsets.UTF_8);
        int start = rows.raw(bytes, 0, bytes.length);
        rows.time(1000L + r);
        for (int[] place : places) {
            rows.add(Field.of("in" + random.nextInt(4)).id(), start + place[0], place[1], EventBatch.TEXT);
        }
        for (var copy : copies) {
            rows.add(Field.of("copy" + random.nextInt(3)), copy);
        }
        rows.endRow();
    }

    /** A part of a record or of a value, or something like it. */
    private static String text(EventBatch rows, Random random) {
        int r = random.nextInt(ROWS);
        boolean value = rows.end(r) > rows.first(r) && random.nextInt(3) == 0;
        int entry = value ? rows.first(r) + random.nextInt(rows.end(r) - rows.first(r)) : 0;
        var all = new String(
                rows.arena(),
                value ? rows.offset(entry) : rows.rawOffset(r),
                value ? rows.length(entry) : rows.rawLength(r),
                StandardCharsets.UTF_8);
        int from = random.nextInt(all.length() + 1);
        int to = Math.min(all.length(), from + 1 + random.nextInt(12));
        var part = all.substring(from, to);
        return random.nextInt(4) == 0 ? part + letters(r, random, 1) : part;
    }

    private static List<Long> expected(EventBatch rows, Predicate where) {
        var test = CompiledPredicate.of(where);
        var expected = new ArrayList<Long>();
        for (int r = 0; r < ROWS; r++) {
            if (test.test(rows, r)) {
                expected.add((long) r);
            }
        }
        return expected;
    }

    private static List<Long> found(SegmentStore store, Predicate where) throws Exception {
        var found = new ArrayList<Long>();
        store.scan(new EventScan(TENANT, 0, Long.MAX_VALUE, where, Set.of()), (rows, progress) -> {
            for (int r = 0; r < rows.rows(); r++) {
                found.add(rows.logOffset(r));
            }
            return true;
        });
        found.sort(null);
        return found;
    }
}
