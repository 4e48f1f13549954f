package io.marsad.store.query.run;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.store.query.Query;
import io.marsad.store.segment.SegmentStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A store with random events, and the same events as plain maps for naive answers. */
final class Sample implements AutoCloseable {
    static final TenantId TENANT = new TenantId("sample");
    static final LogSource DATABASE = LogSource.of("linux", "database", null);
    static final long BASE = 1_790_000_000_000L;
    static final long SPAN = 3_600_000;

    private static final List<String> HOSTS = List.of("ws-1", "ws-2", "WS-2", "db", "");
    private static final List<String> USERS = List.of("root", "admin", "svc-ü", "7", "007");
    private static final List<String> BYTES = List.of("0", "1", "5", "5", "12", "100", "-3", "n/a", "2.5", "");

    /** @param values by field, several where there are several */
    record Event(long time, EventId id, Map<String, List<String>> values) {
        List<String> of(String field) {
            return values.getOrDefault(field, List.of());
        }
    }

    final SegmentStore store;
    final QueryRun queries;
    /** Newest first. */
    final List<Event> events = new ArrayList<>();

    Sample(Path folder, long seed, int rows) throws IOException {
        store = SegmentStore.open(folder, SegmentStore.Options.standard());
        queries = new QueryRun(store, new Assets());
        var random = new Random(seed);
        var batch = new EventBatch(TENANT);
        for (int i = 0; i < rows; i++) {
            var event = event(random);
            events.add(event);
            write(batch, event, i);
            if (batch.rows() == 200 || i == rows - 1) {
                store.append(0, batch);
                batch.clear();
                if (random.nextInt(3) == 0) {
                    store.checkpoint(0, i + 1L);
                }
            }
        }
        Comparator<Event> oldest = Comparator.comparingLong(Event::time)
                .thenComparing((a, b) -> Long.compareUnsigned(a.id.high(), b.id.high()))
                .thenComparing((a, b) -> Long.compareUnsigned(a.id.low(), b.id.low()));
        events.sort(oldest.reversed());
    }

    private static Event event(Random random) {
        var values = new LinkedHashMap<String, List<String>>();
        if (random.nextInt(8) > 0) {
            values.put("device.hostname", List.of(HOSTS.get(random.nextInt(HOSTS.size()))));
        }
        var users = new ArrayList<String>();
        for (int n = random.nextInt(4); n > 0; n--) {
            users.add(USERS.get(random.nextInt(USERS.size())));
        }
        if (!users.isEmpty()) {
            values.put("user.name", users);
        }
        if (random.nextInt(4) > 0) {
            values.put("traffic.bytes", List.of(BYTES.get(random.nextInt(BYTES.size()))));
        }
        long time = BASE + random.nextInt(60) * (SPAN / 60) + random.nextInt(2);
        return new Event(time, new EventId(random.nextLong(), random.nextLong()), values);
    }

    private static void write(EventBatch batch, Event event, long offset) {
        batch.beginRow(event.id, event.time, offset, "sample");
        var raw = event.values.toString().getBytes(StandardCharsets.UTF_8);
        batch.raw(raw, 0, raw.length);
        batch.time(event.time);
        batch.source(event.of("device.hostname").contains("db") ? DATABASE : LogSource.NONE);
        event.values.forEach((field, values) -> values.forEach(value -> batch.add(Field.of(field), value)));
        batch.endRow();
    }

    Answer run(String query) throws IOException {
        return run(query, Ask.MOST_ROWS);
    }

    Answer run(String query, int limit) throws IOException {
        return queries.run(ask(query, limit), Follower.NONE);
    }

    static Ask ask(String query, int limit) {
        return new Ask(TENANT, Query.parse(query), BASE, BASE + SPAN, BASE + SPAN, limit, null, Duration.ofMinutes(5));
    }

    /** A table's rows. */
    List<List<Object>> table(String query) throws IOException {
        return rows(run(query));
    }

    @SuppressWarnings("unchecked") // what is null is null in both
    static List<List<Object>> rows(Answer answer) {
        if (!(answer.rows() instanceof Answer.Table(var rows))) {
            throw new AssertionError("no table");
        }
        return (List<List<Object>>) (List<?>) rows;
    }

    @Override
    public void close() throws IOException {
        store.close();
    }

    /** Hosts and who they belong to. */
    private static final class Assets implements Lookups {
        @Override
        public @Nullable LookupList find(TenantId tenant, String name) {
            return !name.equals("assets")
                    ? null
                    : new LookupList() {
                        @Override
                        public List<String> columns() {
                            return List.of("owner", "tier");
                        }

                        @Override
                        public @Nullable List<@Nullable String> find(String key) {
                            return switch (key.toLowerCase(java.util.Locale.ROOT)) {
                                case "ws-2" -> List.of("ann", "2");
                                case "db" -> List.of("bob", "0");
                                default -> null;
                            };
                        }
                    };
        }

        @Override
        public List<String> names(TenantId tenant) {
            return List.of("assets");
        }
    }
}
