package io.marsad.store.query.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.store.query.Query;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queries over random events: what the store counts, what is counted from streamed rows and a naive count are the same. */
class QueryRunTest {
    private static final long SEED = Long.getLong("marsad.seed", System.nanoTime());
    private static final List<String> MEASURES =
            List.of("count", "dc", "sum", "avg", "min", "max", "p50", "p90", "p99", "values", "list", "first", "last");
    private static final List<String> FIELDS = List.of("device.hostname", "user.name", "traffic.bytes", "no.such");

    private static Sample sample;

    @BeforeAll
    static void open(@TempDir Path folder) throws IOException {
        sample = new Sample(folder, SEED, 1_500);
    }

    @AfterAll
    static void close() throws IOException {
        sample.close();
    }

    @Test
    void statsAreTheSameCountedByTheStoreFromRowsAndNaively() throws IOException {
        var random = new Random(SEED);
        var measured = new ArrayList<String>();
        for (int i = 0; i < 60; i++) {
            var keys = new ArrayList<>(FIELDS);
            java.util.Collections.shuffle(keys, random);
            keys.subList(random.nextInt(3), keys.size()).clear();
            if (random.nextInt(3) == 0) {
                keys.add(random.nextInt(keys.size() + 1), "span 600000");
            }
            var measures = new ArrayList<String[]>();
            for (int n = random.nextInt(3); n >= 0; n--) {
                var measure = MEASURES.get(random.nextInt(MEASURES.size()));
                boolean whole = measure.equals("count") && random.nextBoolean();
                measures.add(new String[] {measure, whole ? null : FIELDS.get(random.nextInt(FIELDS.size()))});
                measured.add(measure);
            }
            var stage = stats(measures, keys);
            var what = "seed " + SEED + ": " + stage;
            var expected = new ArrayList<List<Object>>();
            Naive.groups(sample.events, keys).forEach((key, events) -> {
                var row = new ArrayList<>(key);
                measures.forEach(m -> row.add(Naive.measure(m[0], m[1], events)));
                expected.add(row);
            });
            var pushed = sample.table("* | " + stage);
            var streamed = sample.table("* | eval unused = 1 | " + stage);
            var afterSort = sample.table("* | sort traffic.bytes | head 10000 | " + stage);
            assertThat(pushed).as(what).isEqualTo(streamed).isEqualTo(afterSort);
            assertThat(pushed).as(what).usingRecursiveComparison().isEqualTo(expected);
        }
        assertThat(measured).contains(MEASURES.toArray(String[]::new));
    }

    private static String stats(List<String[]> measures, List<String> keys) {
        var text = new StringBuilder("stats ");
        for (int m = 0; m < measures.size(); m++) {
            var field = measures.get(m)[1];
            text.append(m == 0 ? "" : ", ").append(measures.get(m)[0]);
            text.append(field == null ? "" : "(" + field + ")").append(" as m").append(m);
        }
        for (int k = 0; k < keys.size(); k++) {
            var key = keys.get(k);
            text.append(k == 0 ? " by " : ", ");
            text.append(key.startsWith("span ") ? "span(time, 10m)" : key);
        }
        return text.toString();
    }

    @Test
    void filtersApplyBeforeTheyCount() throws IOException {
        for (var filter :
                List.of("user.name = root", "traffic.bytes > 4", "not device.hostname exists", "root or db")) {
            long found = ((Answer.Events) sample.run(filter).rows()).events().rows();
            assertThat(found).as(filter).isBetween(1L, sample.events.size() - 1L);
            for (var query : List.of(
                    filter + " | stats count",
                    "| where " + filter + " | stats count",
                    "| eval x = 1 | where " + filter + " | stats count",
                    "| sort device.hostname | where " + filter + " | stats count",
                    "| head 10000 | where " + filter + " | stats count")) {
                assertThat(sample.table(query)).as(query).isEqualTo(List.of(List.of(found)));
            }
        }
    }

    @Test
    void topAndRareAreTheMostAndLeastFrequent() throws IOException {
        var counts = new HashMap<String, Long>();
        for (var event : sample.events) {
            event.of("user.name").stream().distinct().forEach(user -> counts.merge(user, 1L, Long::sum));
        }
        Comparator<String> most = Comparator.comparing(user -> -counts.getOrDefault(user, 0L));
        var order = counts.keySet().stream()
                .sorted(most.thenComparing(Naive::bytes))
                .toList();
        for (var before : List.of("", "| eval x = 1 ")) {
            var top = sample.table(before + "| top 3 user.name");
            assertThat(top.stream().map(row -> row.get(0))).isEqualTo(order.subList(0, 3));
            assertThat(top.getFirst().get(1)).isEqualTo(counts.get(order.getFirst()));
            long total = counts.values().stream().mapToLong(n -> n).sum();
            assertThat(top.getFirst().get(2))
                    .isEqualTo(Math.round(1e4 * counts.getOrDefault(order.getFirst(), 0L) / total) / 1e2);
            var rare = sample.table(before + "| rare 1 user.name");
            assertThat(counts.get(rare.getFirst().getFirst())).isEqualTo(counts.get(order.getLast()));
            var by = sample.table(before + "| top 1 user.name by device.hostname");
            assertThat(by.stream().map(row -> row.getFirst()).distinct().count())
                    .isEqualTo(by.size());
        }
    }

    @Test
    void timechartHasARowForEverySpan() throws IOException {
        var minutes = new LinkedHashMap<Long, Long>();
        for (long t = Sample.BASE - Sample.BASE % 300_000; t < Sample.BASE + Sample.SPAN; t += 300_000) {
            minutes.put(t, 0L);
        }
        sample.events.stream()
                .filter(event -> event.of("device.hostname").contains("db"))
                .forEach(event -> minutes.merge(event.time() - Math.floorMod(event.time(), 300_000L), 1L, Long::sum));
        var expected = minutes.entrySet().stream()
                .map(entry -> List.<Object>of(entry.getKey(), entry.getValue()))
                .toList();
        assertThat(sample.table("device.hostname == db | timechart span=5m count"))
                .isEqualTo(expected);
        assertThat(sample.table("device.hostname == db | eval x = 1 | timechart span=5m count"))
                .isEqualTo(expected);

        for (var before : List.of("", "| eval x = 1 ")) {
            var answer = sample.run(before + "| timechart span=5m count by device.hostname limit=2");
            assertThat(answer.columns()).hasSize(4);
            assertThat(answer.columns().getLast().name()).isEqualTo("other");
            long sum = 0;
            for (var row : Sample.rows(answer)) {
                for (var cell : row.subList(1, 4)) {
                    sum += (Long) cell;
                }
            }
            assertThat(sum).isEqualTo(sample.events.size());
        }
        assertThat(Sample.rows(sample.run("| timechart count"))).hasSizeBetween(2, 121);
        assertThatThrownBy(() -> sample.run("| timechart span=1ms count")).isInstanceOf(ProblemException.class);
    }

    @Test
    void ordersAreKept() throws IOException {
        var ids = sample.events.stream().map(event -> event.id().toString()).toList();
        assertThat(ids("*", 10_000)).isEqualTo(ids);
        assertThat(ids("*", 7)).isEqualTo(ids.subList(0, 7));
        assertThat(ids("| head 5", 100)).isEqualTo(ids.subList(0, 5));
        assertThat(ids("| eval x = 1 | head 5", 100)).isEqualTo(ids.subList(0, 5));
        assertThat(ids("| tail 5", 100)).isEqualTo(ids.subList(ids.size() - 5, ids.size()));
        assertThat(ids("| head 500 | tail 3", 100)).isEqualTo(ids.subList(497, 500));

        Comparator<Sample.Event> byHost = Comparator.comparing(
                event -> event.of("device.hostname").isEmpty()
                        ? null
                        : event.of("device.hostname").getFirst(),
                Comparator.nullsLast(Comparator.comparing((String host) -> host.toLowerCase(java.util.Locale.ROOT))
                        .thenComparing(host -> host)));
        var sorted = sample.events.stream()
                .sorted(byHost)
                .map(event -> event.id().toString())
                .toList();
        assertThat(ids("| sort device.hostname", 10_000)).isEqualTo(sorted);
        assertThat(ids("| sort device.hostname | head 20", 10_000)).isEqualTo(sorted.subList(0, 20));

        var seen = new java.util.HashSet<List<Object>>();
        var first = sample.events.stream()
                .filter(event -> seen.add(List.of(event.of("device.hostname"), event.of("user.name"))))
                .map(event -> event.id().toString())
                .toList();
        assertThat(ids("| dedup device.hostname, user.name", 10_000)).isEqualTo(first);
    }

    private static List<String> ids(String query, int limit) throws IOException {
        return ids(sample.run(query, limit));
    }

    private static List<String> ids(Answer answer) {
        var events = ((Answer.Events) answer.rows()).events();
        var ids = new ArrayList<String>();
        for (int row = 0; row < events.rows(); row++) {
            ids.add(events.id(row).toString());
        }
        return ids;
    }

    @Test
    void pagesGoOnWhereTheLastEnded() throws IOException {
        for (var query : List.of("user.name exists", "| eval x = len(user.name) | where x > 3")) {
            var all = ids(query, 10_000);
            var paged = new ArrayList<String>();
            var ask = Sample.ask(query, 100);
            for (int page = 0; page < 100; page++) {
                var answer = sample.queries.run(ask, Follower.NONE);
                var events = ((Answer.Events) answer.rows()).events();
                for (int row = 0; row < events.rows(); row++) {
                    paged.add(events.id(row).toString());
                }
                if (answer.next() == null) {
                    break;
                }
                ask = new Ask(
                        ask.tenant(), ask.query(), ask.from(), ask.to(), ask.now(), 100, answer.next(), ask.timeout());
            }
            assertThat(paged).as(query).isEqualTo(all);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '`',
            value = {
                "stats count by device.hostname | where count > 100000 | stats count ! 0",
                "stats count as n | eval half = n / 2 | fields half ! 750.0",
                "stats count as n | eval n = n + 1 | fields n ! 1501.0",
                "stats count as n | rename n as m | where m > 1499 | fields m ! 1500",
                "stats count as n, dc(user.name) as d | fields - n ! 5",
                "stats count by user.name | sort -count | head 1 | stats count ! 1",
                "stats count by user.name | dedup count | stats max(count) as m | where m > 0 | eval ok = true | fields ok ! true",
                "top 2 user.name | tail 1 | stats count ! 1",
                "stats count by device.hostname | lookup assets on device.hostname output owner | where owner = bob | stats count ! 1",
                "lookup assets on device.hostname | where tier = 2 and not owner exists | stats count ! 0",
                "fields time | head 1 | stats count ! 1",
                "stats count by user.name | where 007 | stats count ! 1",
                "eval k = if(isnull(traffic.bytes), none, traffic.bytes) | fields - k | stats dc(k) as k ! 0",
            })
    void tablesGoThroughStages(String stages, String expected) throws IOException {
        var rows = sample.table("| " + stages);
        assertThat(rows).as(stages).hasSize(1);
        assertThat(String.valueOf(rows.getFirst().getFirst())).as(stages).isEqualTo(expected);
    }

    @Test
    void computedColumnsComeWithEvents() throws IOException {
        var answer = sample.run("| eval h = upper(device.hostname), n = len(h) | fields - user.name", 50);
        assertThat(answer.columns().stream().map(Column::name)).containsExactly("h", "n");
        var events = (Answer.Events) answer.rows();
        assertThat(events.events().rows()).isEqualTo(50);
        for (int row = 0; row < 50; row++) {
            assertThat(events.events().find(row, Field.of("user.name"))).isEqualTo(-1);
            var host = sample.events.get(row).of("device.hostname");
            assertThat(events.computed().get(row).getFirst())
                    .isEqualTo(host.isEmpty() ? null : host.getFirst().toUpperCase(java.util.Locale.ROOT));
        }
    }

    @Test
    void aRulesPredicateIsASearchOfItsSource() throws IOException {
        var predicate = Query.parse("user.name = root").predicate();
        var expected = sample.events.stream()
                .filter(event -> event.of("user.name").contains("root"))
                .filter(event -> event.of("device.hostname").contains("db"))
                .map(event -> event.id().toString())
                .toList();
        var query = Query.of(predicate, LogSource.of("linux", null, null)).query();
        var ask = new Ask(
                Sample.TENANT,
                query,
                Sample.BASE,
                Sample.BASE + Sample.SPAN,
                0,
                Ask.MOST_ROWS,
                null,
                Duration.ofMinutes(5));
        assertThat(ids(sample.queries.run(ask, Follower.NONE)))
                .isEqualTo(expected)
                .isNotEmpty();
        var all = Query.of(predicate, LogSource.NONE).query();
        assertThat(all).hasToString("user.name = root");
    }

    @Test
    void theKindIsKnownBefore() {
        assertThat(kind("root").table()).isFalse();
        assertThat(kind("root | eval x = now()").columns()).containsExactly(new Column("x", Column.Type.TIME));
        assertThat(kind("| stats count, min(time) as t by user | eval d = t + 5m")
                        .columns())
                .containsExactly(
                        new Column("user", Column.Type.TEXT),
                        new Column("count", Column.Type.NUMBER),
                        new Column("t", Column.Type.TIME),
                        new Column("d", Column.Type.TIME));
        assertThatThrownBy(() -> kind("| lookup nothing on user")).hasMessageContaining("there are assets");
    }

    private static QueryRun.Kind kind(String query) {
        return sample.queries.kind(Sample.ask(query, 10));
    }

    @Test
    void aQueryEndsWhenItsFollowerOrItsTimeEndsIt() throws IOException {
        var looks = new AtomicInteger();
        var ended = sample.queries.run(
                Sample.ask("| eval x = 1 | dedup user.name", 10_000), _ -> looks.incrementAndGet() < 2);
        assertThat(ended.partial()).isTrue();
        assertThat(ended.cut()).isNotEmpty();
        var ask = new Ask(
                Sample.TENANT,
                Query.parse("| eval x = 1 | stats count"),
                Sample.BASE,
                Sample.BASE + Sample.SPAN,
                0,
                10,
                null,
                Duration.ZERO);
        var late = sample.queries.run(ask, Follower.NONE);
        assertThat(late.partial()).isTrue();
        assertThat(late.cut()).anyMatch(reason -> reason.contains("time limit"));
    }
}
