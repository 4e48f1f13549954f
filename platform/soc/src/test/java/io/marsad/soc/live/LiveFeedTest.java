package io.marsad.soc.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.live.LiveFeed.News;
import io.marsad.testkit.SharedDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LiveFeedTest {
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Database database = SharedDatabase.database();
    private final TenantId tenant = SharedDatabase.newTenant();

    @Test
    void aWaitingListenerIsWoken() throws Exception {
        try (var feed = new LiveFeed(database);
                var listener = feed.listen(tenant, null);
                var other = feed.listen(SharedDatabase.newTenant(), null);
                var thread = Executors.newSingleThreadExecutor()) {
            assertThat(listener.poll(Duration.ofMillis(1))).isEmpty();
            var woken = thread.submit(() -> listener.poll(SOON));
            append(NOW, 2);
            assertThat(woken.get()).extracting(LiveEvent::seq).containsExactly(1L, 2L);
            assertThat(woken.get().getFirst().payload()).isEqualTo("{\"n\": 0}");
            assertThat(listener.poll(Duration.ofMillis(1))).isEmpty();
            assertThat(other.poll(Duration.ofMillis(1))).isEmpty();
        }
    }

    @Test
    void whoComesBackMissesNothing() throws Exception {
        append(NOW, 450);
        try (var feed = new LiveFeed(database);
                var listener = feed.listen(tenant, 7L)) {
            assertThat(drain(listener, 443))
                    .isEqualTo(LongStream.rangeClosed(8, 450).boxed().toList());
        }
    }

    @Test
    void numbersHaveNoGapsWhoeverWritesAndRollsBack() throws Exception {
        try (var feed = new LiveFeed(database);
                var listener = feed.listen(tenant, 0L);
                var threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 60; i++) {
                int n = i;
                threads.submit(() -> {
                    if (n % 3 == 0) {
                        try {
                            database.inTenant(tenant, c -> {
                                LiveFeed.append(c, tenant, NOW, news(3));
                                throw new IllegalStateException("rolled back");
                            });
                        } catch (IllegalStateException e) {
                            assertThat(e).hasMessage("rolled back");
                        }
                    } else {
                        append(NOW, 2);
                    }
                });
            }
            assertThat(drain(listener, 80))
                    .isEqualTo(LongStream.rangeClosed(1, 80).boxed().toList());
        }
    }

    @Test
    void whatIsNoLongerKeptSaysSo() throws Exception {
        append(NOW, 300);
        append(NOW.plus(LiveFeed.KEPT).plusSeconds(1), 300);
        try (var feed = new LiveFeed(database);
                var late = feed.listen(tenant, 5L)) {
            var events = late.poll(SOON);
            assertThat(events).containsExactly(new LiveEvent(600, LiveEvent.RESYNC, "{}"));
            append(NOW, 1);
            assertThat(late.poll(SOON)).extracting(LiveEvent::seq).containsExactly(601L);
        }
    }

    @Test
    void aNumberFromTheFutureSaysSo() throws Exception {
        append(NOW, 1);
        try (var feed = new LiveFeed(database);
                var listener = feed.listen(tenant, 99L)) {
            assertThat(listener.poll(SOON)).containsExactly(new LiveEvent(1, LiveEvent.RESYNC, "{}"));
        }
    }

    private static List<Long> drain(LiveFeed.Listener listener, int count) throws InterruptedException {
        var seen = new ArrayList<Long>();
        long deadline = System.nanoTime() + SOON.toNanos();
        while (seen.size() < count && System.nanoTime() < deadline) {
            listener.poll(Duration.ofSeconds(1)).forEach(event -> seen.add(event.seq()));
        }
        return seen;
    }

    private void append(Instant at, int count) {
        database.inTenant(tenant, c -> {
            LiveFeed.append(c, tenant, at, news(count));
            return count;
        });
    }

    private static List<News> news(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new News("test", "{\"n\":" + i + "}"))
                .toList();
    }
}
