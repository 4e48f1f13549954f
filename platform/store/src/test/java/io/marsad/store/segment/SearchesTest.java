package io.marsad.store.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.store.EventScan;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.store.EventSummary;
import io.marsad.kernel.store.EventSummary.Function;
import io.marsad.kernel.store.EventSummary.Measure;
import io.marsad.kernel.store.Retention;
import io.marsad.kernel.store.SearchProgress;
import io.marsad.kernel.store.SearchWatch;
import io.marsad.kernel.store.SummaryTable;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.CompiledPredicate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Summaries, scans, field counts and watched searches against naive ones over the same rows. */
final class SearchesTest {
    private static final TenantId TENANT = new TenantId("acme");
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final SegmentStore.Options SMALL = new SegmentStore.Options(1 << 20, 1 << 20, 1 << 20);

    @TempDir
    private Path directory;

    /** Some rows in blocks, some open, the last after a crash from the journal. */
    private SegmentStore filled(RandomEvents events, EventBatch rows) throws IOException {
        var store = SegmentStore.open(directory, SMALL);
        int total = 9000 + events.random.nextInt(3000);
        while (rows.rows() < total) {
            var batch = new EventBatch(TENANT);
            for (int n = 1 + events.random.nextInt(700); n > 0; n--) {
                events.add(batch, rows.rows());
                rows.copyRow(batch, batch.rows() - 1);
            }
            store.append(0, batch);
            if (events.random.nextInt(5) == 0) {
                store.checkpoint(0, rows.rows());
            }
        }
        store.checkpoint(0, rows.rows());
        store.close();
        return SegmentStore.open(directory, SMALL);
    }

    /** The first time of segments as they came, the second of such as the upkeep wrote anew, sorted and in full blocks. */
    @RepeatedTest(2)
    void everyQuestionIsAnsweredAsANaiveOneAnswersIt(RepetitionInfo repetition) throws IOException {
        long seed = System.nanoTime();
        var events = new RandomEvents(seed);
        var rows = new EventBatch(TENANT);
        try (var store = filled(events, rows)) {
            if (repetition.getCurrentRepetition() == 2) {
                var before = segments();
                var differing = new Retention(0, Map.of(1, 3650)); // fresh segments may have classes of both kinds
                store.maintain(
                        _ -> differing, RandomEvents.BASE + Duration.ofDays(3).toMillis(), () -> true);
                store.checkpoint(0, rows.rows());
                assertThat(segments()).isNotEmpty().doesNotContainAnyElementsOf(before);
            }
            for (int i = 0; i < 25; i++) {
                var where = i == 0 ? Predicate.EVERYTHING : events.predicate(2, rows);
                long from =
                        events.random.nextBoolean() ? 0 : RandomEvents.BASE + events.random.nextLong(RandomEvents.SPAN);
                long to = events.random.nextBoolean()
                        ? Long.MAX_VALUE
                        : from + 1 + events.random.nextLong(RandomEvents.SPAN);
                var hits = naive(rows, where, from, to);
                var about = "seed " + seed + " " + where;
                scans(store, events, rows, hits, new EventScan(TENANT, from, to, where, Set.of()), about);
                fields(store, rows, hits, new EventScan(TENANT, from, to, where, Set.of()), about);
                summaries(store, events, rows, hits, new EventScan(TENANT, from, to, where, Set.of()), about);
                watched(store, new EventSearch(TENANT, from, to, where, 1 + i * 50, null, LONG), about);
            }
        }
    }

    private List<String> segments() throws IOException {
        try (var files = Files.walk(directory)) {
            return files.map(Path::toString)
                    .filter(name -> name.endsWith(".seg"))
                    .toList();
        }
    }

    private static List<Integer> naive(EventBatch rows, Predicate where, long from, long to) {
        var test = CompiledPredicate.of(where);
        var hits = new ArrayList<Integer>();
        for (int r = 0; r < rows.rows(); r++) {
            if (rows.time(r) >= from && rows.time(r) < to && test.test(rows, r)) {
                hits.add(r);
            }
        }
        return hits;
    }

    private static void scans(
            SegmentStore store, RandomEvents events, EventBatch rows, List<Integer> hits, EventScan scan, String about)
            throws IOException {
        var found = new ArrayList<String>();
        store.scan(scan, (batch, progress) -> {
            for (int r = 0; r < batch.rows(); r++) {
                found.add(RandomEvents.describe(batch, r));
            }
            return true;
        });
        assertThat(found)
                .as(about)
                .containsExactlyInAnyOrderElementsOf(
                        hits.stream().map(r -> RandomEvents.describe(rows, r)).toList());
        var some = Set.copyOf(List.of(events.field(), events.field(), events.field()));
        var projected = new ArrayList<String>();
        store.scan(new EventScan(TENANT, scan.from(), scan.to(), scan.where(), some), (batch, progress) -> {
            for (int r = 0; r < batch.rows(); r++) {
                projected.add(projected(batch, r, some));
                assertThat(batch.rawLength(r)).isZero();
            }
            return true;
        });
        assertThat(projected)
                .as(about)
                .containsExactlyInAnyOrderElementsOf(
                        hits.stream().map(r -> projected(rows, r, some)).toList());
        int[] calls = {0};
        store.scan(scan, (batch, progress) -> ++calls[0] < 2);
        assertThat(calls[0]).as(about).isLessThanOrEqualTo(2);
    }

    private static String projected(EventBatch batch, int row, Set<Field> fields) {
        var text = new StringBuilder();
        text.append(batch.id(row))
                .append(' ')
                .append(batch.time(row))
                .append(' ')
                .append(batch.source(row));
        for (int e = batch.first(row); e < batch.end(row); e++) {
            if (fields.contains(Field.byId(batch.field(e)))) {
                text.append('|')
                        .append(Field.byId(batch.field(e)))
                        .append(batch.type(e))
                        .append(batch.text(e));
            }
        }
        return text.toString();
    }

    private static void fields(SegmentStore store, EventBatch rows, List<Integer> hits, EventScan scan, String about)
            throws IOException {
        var expected = new TreeMap<String, Long>();
        for (int r : hits) {
            var own = new TreeMap<String, Long>();
            for (int e = rows.first(r); e < rows.end(r); e++) {
                if (rows.type(e) != EventBatch.NULL) {
                    own.put(Field.byId(rows.field(e)).path(), 1L);
                }
            }
            own.forEach((path, one) -> expected.merge(path, one, Long::sum));
        }
        var counts = store.fields(scan, LONG, SearchWatch.NONE);
        var found = new TreeMap<String, Long>();
        counts.fields().forEach(count -> found.put(count.field().path(), count.events()));
        assertThat(found).as(about).isEqualTo(expected);
        assertThat(counts.events()).isEqualTo(hits.size());
    }

    private static void summaries(
            SegmentStore store, RandomEvents events, EventBatch rows, List<Integer> hits, EventScan scan, String about)
            throws IOException {
        var keys = new ArrayList<EventSummary.Key>();
        for (int n = events.random.nextInt(4); n > 0; n--) {
            keys.add(
                    events.random.nextInt(3) == 0
                            ? new EventSummary.OfTime(1 + events.random.nextInt(600_000))
                            : new EventSummary.OfField(List.of(events.field(), events.field())));
        }
        var measures = new ArrayList<Measure>();
        measures.add(new Measure(Function.COUNT, List.of(), 0, 0));
        for (var function : Function.values()) {
            measures.add(new Measure(
                    function,
                    List.of(events.field(), events.field()),
                    function == Function.PERCENTILE ? 50 + events.random.nextInt(49) : 0,
                    function == Function.LIST || function == Function.VALUES ? 3 : 0));
        }
        int most = events.random.nextInt(3) == 0 ? 5 : 100_000;
        var summary = new EventSummary(TENANT, scan.from(), scan.to(), scan.where(), keys, measures, most, LONG);
        var table = store.summarize(summary, SearchWatch.NONE);
        var naive = NaiveSummary.of(rows, hits, summary);
        assertThat(table.events()).as(about).isEqualTo(hits.size());
        assertThat(table.partial()).isFalse();
        assertThat(table.droppedGroups()).as(about).isEqualTo(Math.max(0, naive.size() - most));
        var expected = naive.stream().limit(most).toList();
        assertThat(table.groups()).as("%s %s", about, summary).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            same(table.groups().get(i), expected.get(i), about + " " + summary);
        }
    }

    /** Sums depend on the order in their last digits, so no rounding makes two of them equal: they are near. */
    private static void same(SummaryTable.Group group, SummaryTable.Group naive, String about) {
        assertThat(group.keys()).as(about).isEqualTo(naive.keys());
        assertThat(group.events()).as(about).isEqualTo(naive.events());
        assertThat(group.measures()).as(about).hasSameSizeAs(naive.measures());
        for (int m = 0; m < naive.measures().size(); m++) {
            if (naive.measures().get(m) instanceof Double expected) {
                assertThat(group.measures().get(m))
                        .as(about)
                        .asInstanceOf(InstanceOfAssertFactories.DOUBLE)
                        .isCloseTo(expected, within(Math.abs(expected) * 1e-9));
            } else {
                assertThat(String.valueOf(group.measures().get(m)))
                        .as(about)
                        .isEqualTo(String.valueOf(naive.measures().get(m)));
            }
        }
    }

    private static void watched(SegmentStore store, EventSearch search, String about) throws IOException {
        var settled = new ArrayList<String>();
        var watch = new SearchWatch() {
            @Override
            public boolean goOn(SearchProgress progress) {
                return true;
            }

            @Override
            public void settled(EventBatch batch) {
                for (int r = 0; r < batch.rows(); r++) {
                    settled.add(RandomEvents.describe(batch, r));
                }
            }
        };
        var page = store.search(search, watch);
        var all = new ArrayList<String>();
        for (int r = 0; r < page.events().rows(); r++) {
            all.add(RandomEvents.describe(page.events(), r));
        }
        assertThat(settled).as(about).isEqualTo(all);
    }

    @Test
    void aSearchThatIsNotWantedAnyMoreEndsSoonAndSaysSo() throws IOException {
        var events = new RandomEvents(3);
        var rows = new EventBatch(TENANT);
        try (var store = filled(events, rows)) {
            var slow = new Predicate.Regex(Predicate.ANYWHERE, "(x+x+)+y|nothing has this", Set.of());
            var where = new Predicate.And(List.of(slow, slow, slow, slow, slow, slow, slow, slow));
            int[] calls = {0};
            SearchWatch impatient = progress -> ++calls[0] < 1;
            EventSearch search = null;
            boolean partial = false;
            for (int i = 0; i < 50 && !partial; i++) { // a fast machine is done before it is asked
                search = new EventSearch(TENANT, 0, Long.MAX_VALUE, where, 10_000, null, LONG);
                partial = store.search(search, impatient).partial();
            }
            assertThat(calls[0] > 0).isEqualTo(partial);
        }
    }
}
