package io.marsad.store.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.CompiledPredicate;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentStoreTest {
    private static final TenantId ONE = new TenantId("tenant-one");
    private static final TenantId TWO = new TenantId("tenant-two");
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    Path directory;

    private static SegmentStore open(Path directory, long openBytes) throws IOException {
        return SegmentStore.open(directory, new SegmentStore.Options(openBytes, 300_000, 200_000));
    }

    /** A log of batches of two tenants in one partition, as the store's owner reads it. */
    private static final class Log {
        final List<EventBatch> batches = new ArrayList<>();
        private final EventBatch one = new EventBatch(ONE);
        private final EventBatch two = new EventBatch(TWO);
        long next;

        EventBatch rows(TenantId tenant) {
            return tenant.equals(ONE) ? one : two;
        }

        EventBatch add(RandomEvents events, int count) {
            var batch = new EventBatch(events.random.nextInt(4) == 0 ? TWO : ONE);
            for (int i = 0; i < count; i++) {
                events.add(batch, next++);
                rows(batch.tenant()).copyRow(batch, i);
            }
            batches.add(batch);
            return batch;
        }

        /** Appends what the store has not stored for good, and some that it has. */
        void replay(SegmentStore store) throws IOException {
            long from = store.durableOffset(0);
            for (var batch : batches) {
                if (batch.rows() > 0 && batch.logOffset(batch.rows() - 1) >= from - 3) {
                    store.append(0, batch);
                }
            }
        }
    }

    private static EventSearch all(TenantId tenant, Predicate where, int limit) {
        return new EventSearch(tenant, 0, Long.MAX_VALUE, where, limit, null, LONG);
    }

    /** Everything that fits, page by page. */
    private static List<String> pages(SegmentStore store, EventSearch search) throws IOException {
        var found = new ArrayList<String>();
        var at = search;
        while (true) {
            var page = store.search(at);
            assertThat(page.partial()).isFalse();
            assertThat(page.events().rows()).isLessThanOrEqualTo(search.limit());
            for (int r = 0; r < page.events().rows(); r++) {
                found.add(RandomEvents.describe(page.events(), r));
            }
            if (page.next() == null) {
                return found;
            }
            at = new EventSearch(at.tenant(), at.from(), at.to(), at.where(), at.limit(), page.next(), at.timeout());
        }
    }

    private static List<String> naive(EventBatch rows, EventSearch search) {
        var test = CompiledPredicate.of(search.where());
        var hits = new ArrayList<Integer>();
        for (int r = 0; r < rows.rows(); r++) {
            if (rows.time(r) >= search.from() && rows.time(r) < search.to() && test.test(rows, r)) {
                hits.add(r);
            }
        }
        hits.sort(Comparator.<Integer>comparingLong(rows::time)
                .thenComparing((a, b) -> Long.compareUnsigned(rows.idHigh(a), rows.idHigh(b)))
                .thenComparing((a, b) -> Long.compareUnsigned(rows.idLow(a), rows.idLow(b)))
                .reversed());
        return hits.stream().map(r -> RandomEvents.describe(rows, r)).toList();
    }

    private static void check(SegmentStore store, Log log, RandomEvents events, int searches, String seed)
            throws IOException {
        for (var tenant : List.of(ONE, TWO)) {
            var rows = log.rows(tenant);
            var everything = all(tenant, Predicate.EVERYTHING, 10_000);
            assertThat(pages(store, everything)).as(seed).isEqualTo(naive(rows, everything));
            assertThat(store.usage(tenant).events()).as(seed).isEqualTo(rows.rows());
        }
        for (int i = 0; i < searches; i++) {
            var tenant = events.random.nextInt(4) == 0 ? TWO : ONE;
            var rows = log.rows(tenant);
            long from =
                    events.random.nextInt(3) > 0 ? 0 : RandomEvents.BASE + events.random.nextLong(RandomEvents.SPAN);
            long to = events.random.nextInt(3) > 0
                    ? Long.MAX_VALUE
                    : from + 1 + events.random.nextLong(RandomEvents.SPAN);
            var where = events.predicate(3, rows);
            var whole = new EventSearch(tenant, from, to, where, 10_000, null, LONG);
            var expected = naive(rows, whole);
            int limit = Math.max(1 + events.random.nextInt(300), expected.size() / 20);
            var search = new EventSearch(tenant, from, to, where, limit, null, LONG);
            assertThat(pages(store, search)).as("%s %s", seed, search).isEqualTo(expected);
            int buckets = 1 + events.random.nextInt(50);
            var counted = new EventSearch(
                    tenant, RandomEvents.BASE, RandomEvents.BASE + RandomEvents.SPAN, where, 1, null, LONG);
            var counts = new long[buckets];
            var test = CompiledPredicate.of(where);
            for (int r = 0; r < rows.rows(); r++) {
                if (rows.time(r) >= counted.from() && rows.time(r) < counted.to() && test.test(rows, r)) {
                    counts[(int) ((rows.time(r) - counted.from()) * buckets / RandomEvents.SPAN)]++;
                }
            }
            assertThat(store.histogram(counted, buckets))
                    .as("%s %s", seed, where)
                    .isEqualTo(counts);
        }
        for (int i = 0; i < 20; i++) {
            var rows = log.rows(ONE);
            int row = events.random.nextInt(rows.rows());
            var found = store.find(ONE, rows.id(row));
            assertThat(found == null ? null : RandomEvents.describe(found, 0))
                    .as(seed)
                    .isEqualTo(RandomEvents.describe(rows, row));
            assertThat(store.find(TWO, rows.id(row))).isNull();
            assertThat(store.find(ONE, new EventId(row, 99))).isNull();
        }
    }

    @RepeatedTest(2)
    void whatIsStoredIsFoundAsANaiveFilterFindsIt() throws IOException {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        var events = new RandomEvents(seed);
        var log = new Log();
        // From every few rows a block, to full blocks.
        long memory = List.of(30_000L, 400_000L, 64_000_000L).get(events.random.nextInt(3));
        var store = open(directory, memory);
        for (int i = 0; i < 60; i++) {
            store.append(0, log.add(events, 1 + events.random.nextInt(events.random.nextInt(6) == 0 ? 1500 : 40)));
            if (events.random.nextInt(3) == 0) {
                assertThat(store.checkpoint(0, log.next)).isEqualTo(log.next);
            }
            if (events.random.nextInt(12) == 0) {
                store.close();
                store = open(directory, memory);
                log.replay(store);
            }
        }
        check(store, log, events, 40, "seed " + seed);
        store.checkpoint(0, log.next);
        store.close();
        store = open(directory, memory);
        assertThat(store.durableOffset(0)).isEqualTo(log.next);
        check(store, log, events, 15, "seed " + seed);
        log.replay(store);
        check(store, log, events, 5, "seed " + seed);
        assertThat(store.damage()).isEmpty();
        store.close();
    }

    /** A crash leaves what was synced, and of all that was written since any part of it. */
    @RepeatedTest(2)
    void afterACrashEveryCheckpointedRowIsThereOnce() throws IOException {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        var events = new RandomEvents(seed);
        var log = new Log();
        var store = open(directory.resolve("live"), 20_000);
        Path image = directory.resolve("image");
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 6; i++) {
                store.append(0, log.add(events, 1 + events.random.nextInt(60)));
                if (events.random.nextInt(3) == 0) {
                    store.checkpoint(0, log.next);
                }
            }
            var before = files(directory.resolve("live"));
            long durable = store.durableOffset(0);
            store.append(0, log.add(events, 1 + events.random.nextInt(300)));
            boolean inCheckpoint = events.random.nextBoolean();
            if (inCheckpoint) {
                store.checkpoint(0, log.next);
            }
            var after = files(directory.resolve("live"));
            for (int cut = 0; cut < 5; cut++) {
                crash(image, before, after, events.random);
                var again = open(image, 20_000);
                assertThat(again.durableOffset(0)).as("seed " + seed).isIn(durable, log.next);
                assertThat(again.damage()).isEmpty();
                log.replay(again);
                check(again, log, events, 1, "seed " + seed + " round " + round);
                again.checkpoint(0, log.next);
                again.close();
                again = open(image, 20_000);
                check(again, log, events, 1, "seed " + seed + " round " + round);
                again.close();
            }
        }
        store.close();
    }

    private static Map<Path, byte[]> files(Path root) throws IOException {
        var files = new HashMap<Path, byte[]>();
        try (var all = Files.walk(root)) {
            for (var file : all.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(file), Files.readAllBytes(file));
            }
        }
        return files;
    }

    /** Without the new manifest, which is renamed last, any part of what was written to the other files since is there. */
    private static void crash(Path image, Map<Path, byte[]> before, Map<Path, byte[]> after, Random random)
            throws IOException {
        if (Files.exists(image)) {
            try (var all = Files.walk(image)) {
                for (var file : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        boolean manifest = random.nextInt(4) == 0;
        Set<Path> names = new HashSet<>(before.keySet());
        names.addAll(after.keySet());
        for (var name : names) {
            var old = before.get(name);
            var now = after.get(name);
            byte[] content;
            if (manifest) {
                content = now;
            } else if (name.toString().startsWith("manifest")) {
                content = old;
            } else if (now == null) {
                content = old;
            } else {
                int kept = old == null ? 0 : old.length;
                boolean whole = random.nextInt(3) > 0;
                int length = whole
                        ? Math.max(kept, now.length)
                        : kept + (now.length > kept ? random.nextInt(now.length - kept + 1) : 0);
                content = old == null && !whole && random.nextBoolean() ? null : java.util.Arrays.copyOf(now, length);
                if (content != null && length > kept && !whole && random.nextBoolean()) {
                    content[kept + random.nextInt(length - kept)] ^= 0x55; // a page that never got there
                }
            }
            if (content != null) {
                Files.createDirectories(image.resolve(name).getParent());
                Files.write(image.resolve(name), content);
            }
        }
    }

    @RepeatedTest(2)
    void aFlippedBitIsReportedAndNeverAWrongAnswer() throws IOException {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        var events = new RandomEvents(seed);
        var log = new Log();
        var store = open(directory, 60_000);
        for (int i = 0; i < 40; i++) {
            store.append(0, log.add(events, 1 + events.random.nextInt(80)));
        }
        store.checkpoint(0, log.next);
        store.close();
        Set<String> right = new HashSet<>(naive(log.rows(ONE), all(ONE, Predicate.EVERYTHING, 1)));
        var segments = files(directory).keySet().stream()
                .filter(f -> f.toString().endsWith(".seg") || f.toString().startsWith("journal"))
                .sorted()
                .toList();
        for (int i = 0; i < 25; i++) {
            var file = directory.resolve(segments.get(events.random.nextInt(segments.size())));
            var content = Files.readAllBytes(file);
            try (var access = new RandomAccessFile(file.toFile(), "rw")) {
                int at = events.random.nextInt(content.length);
                access.seek(at);
                access.write(content[at] ^ 1 << events.random.nextInt(8));
            }
            store = open(directory, 60_000);
            var found = pages(store, all(ONE, Predicate.EVERYTHING, 100));
            assertThat(right).as("seed " + seed).containsAll(found);
            assertThat(found).doesNotHaveDuplicates();
            for (int k = 0; k < 5; k++) {
                var search = all(ONE, events.predicate(2, log.rows(ONE)), 50);
                var fits = new ArrayList<>(naive(log.rows(ONE), search));
                var given = pages(store, search);
                fits.retainAll(new HashSet<>(given));
                assertThat(given).as("seed %d %s", seed, search).isEqualTo(fits);
            }
            var lost = right.size() - found.size();
            if (lost > 0) {
                assertThat(store.damage()).as("seed " + seed).isNotEmpty();
                assertThat(found).as("the rest is there").isNotEmpty();
            }
            store.close();
            Files.write(file, content);
        }
        store = open(directory, 60_000);
        log.replay(store);
        assertThat(pages(store, all(ONE, Predicate.EVERYTHING, 100))).hasSameSizeAs(right);
        store.close();
    }

    /** Gaps of ASCII and others; the last two values with something between them and side by side. */
    @ParameterizedTest
    @CsvSource({"--+>, 1", "--+>, 0", "\uD83D\uDE00, 1"})
    void everyPartOfARecordIsFoundAlsoOverTheEdgesOfValues(String gap, int between) throws IOException {
        var record = ("<a>Alpha=Maſk;" + gap + "bar,baz</a>").getBytes(StandardCharsets.UTF_8);
        var other = "nothing of that".getBytes(StandardCharsets.UTF_8);
        try (var store = open(directory, 1)) { // each append becomes a block
            for (int i = 0; i < 2; i++) {
                var batch = new EventBatch(ONE);
                batch.beginRow(new EventId(1, i), 1, i, "door");
                var raw = i == 0 ? record : other;
                int at = batch.raw(raw, 0, raw.length);
                if (i == 0) {
                    batch.add(Field.of("f1.path").id(), at + 3, 5, EventBatch.TEXT);
                    batch.add(Field.of("f2.path").id(), at + 9, 5, EventBatch.TEXT);
                    batch.add(Field.of("f3.path").id(), at + 19, 3, EventBatch.NULL);
                    batch.add(Field.of("f4.path").id(), at + 22 + between, 4 - between, EventBatch.TEXT);
                }
                batch.endRow();
                store.append(0, batch);
            }
            var text = new String(record, StandardCharsets.UTF_8).replace('ſ', 's');
            for (int from = 0; from < text.length(); from++) {
                for (int to = from + 1; to <= text.length(); to++) {
                    var part = text.substring(from, to);
                    if (Character.isLowSurrogate(part.charAt(0))
                            || Character.isHighSurrogate(part.charAt(part.length() - 1))) {
                        continue;
                    }
                    var search = all(ONE, new Predicate.Text(Predicate.ANYWHERE, Glob.contains(part), false), 5);
                    assertThat(pages(store, search)).as(part).anyMatch(row -> row.contains("Alpha="));
                }
            }
            var mask = new Predicate.Text(Field.of("f2.path"), Glob.literal("MASK"), false);
            assertThat(pages(store, all(ONE, mask, 5))).hasSize(1);
        }
    }

    @Test
    void searchSeesOpenRowsAtOnceAndEndsInTime() throws IOException {
        var events = new RandomEvents(7);
        var log = new Log();
        try (var store = open(directory, 64 << 20)) {
            assertThat(store.search(all(ONE, Predicate.EVERYTHING, 10)).events().rows())
                    .isZero();
            store.append(0, log.add(events, 9000));
            check(store, log, events, 5, "seed 7");
            var tenant = log.batches.getFirst().tenant();
            var page = store.search(
                    new EventSearch(tenant, 0, Long.MAX_VALUE, Predicate.EVERYTHING, 10, null, Duration.ZERO));
            assertThat(page.partial()).isTrue();
            assertThatThrownBy(
                            () -> store.search(all(ONE, new Predicate.Regex(RandomEventsField.ANY, "(", Set.of()), 1)))
                    .isInstanceOf(ProblemException.class);
            assertThatThrownBy(() -> open(directory, 1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("open already");
        }
    }

    private static final class RandomEventsField {
        static final io.marsad.kernel.event.Field ANY = io.marsad.kernel.event.Field.of("f1.path");
    }
}
