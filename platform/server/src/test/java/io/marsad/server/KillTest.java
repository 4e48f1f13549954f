package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.server.client.PlatformClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * kill -9 at random moments while clients post numbered events, each of which a rule fires on: whatever was acknowledged
 * is there exactly once afterwards, with exactly one alert. Two platforms live through it side by side, one for each core.
 */
class KillTest {
    /** Kills of both lives together. */
    private static final int ROUNDS = Integer.getInteger("marsad.kill.rounds", 50);

    private static final int LIVES = 2;
    private static final int CLIENTS = 3;

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void nothingAcknowledgedIsLostOrDoubled() throws Exception {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        System.out.println("seed " + seed + ", " + ROUNDS + " rounds");
        var random = new SplittableRandom(seed);
        var data = ChildNode.freshFolder("kill");
        var content = contentWithRule(data.resolveSibling("content"));
        var quick = QuickStart.in(data.resolveSibling("jars"));
        var lives = new ArrayList<Life>();
        for (int i = 0; i < LIVES; i++) {
            lives.add(new Life(data.resolveSibling("life" + i), content, quick, random.split()));
        }
        lives.getFirst().once();
        try (var threads = Executors.newFixedThreadPool(LIVES)) {
            for (var end : threads.invokeAll(lives)) {
                end.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("seed " + seed + ", data kept beside " + data, e.getCause());
        }
        ChildNode.delete(data);
    }

    /** The shipped content, and a rule that fires on each of the test's events. */
    private static Path contentWithRule(Path folder) throws IOException {
        var shipped = Path.of(System.getProperty("marsad.root"), "content");
        try (var all = Files.walk(shipped)) {
            for (Path from : (Iterable<Path>) all::iterator) {
                var to = folder.resolve(shipped.relativize(from).toString());
                if (Files.isDirectory(from)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(from, to);
                }
            }
        }
        Files.writeString(folder.resolve("rules/kill-test.yaml"), """
                title: Kill test
                id: 6f1c5b1e-6a54-4b4e-9a35-0d6c1f4e7a11
                logsource: {product: marsad}
                detection:
                    keywords: [kill-test]
                    condition: keywords
                level: low
                """);
        return folder;
    }

    /** One data folder and the nodes that run on it, one after the other, with what clients were told meanwhile. */
    private static final class Life implements Callable<Void> {
        private final Path data;
        private final Path content;
        private final QuickStart quick;
        private final SplittableRandom random;
        private final int rounds = ROUNDS / LIVES;
        private final AtomicInteger next = new AtomicInteger();
        /** Event number → the platform's id, once acknowledged. */
        private final Map<Integer, String> acknowledged = new ConcurrentHashMap<>();
        /** Numbers that were sent and not acknowledged: sent again. */
        private final Queue<Integer> unanswered = new ConcurrentLinkedQueue<>();
        /** Numbers that were given another id the second time, though the key was the same. */
        private final Queue<Integer> changed = new ConcurrentLinkedQueue<>();

        Life(Path data, Path content, QuickStart quick, SplittableRandom random) {
            this.data = data;
            this.content = content;
            this.quick = quick;
            this.random = random;
        }

        private ChildNode start() throws IOException, InterruptedException {
            return ChildNode.start(quick.options(), data, "--set", "content=" + content);
        }

        /** A round that ends as it should, after which the JVM knows how to start quickly. */
        void once() throws Exception {
            var node = start();
            try (var client = node.client()) {
                postUntil(node::close, client, 300);
            }
        }

        @Override
        public Void call() throws Exception {
            for (int round = 0; round < rounds; round++) {
                var node = start();
                try (var client = node.client()) {
                    postUntil(node::kill, client, random.nextInt(20, 450));
                }
            }
            try (var node = start();
                    var client = node.client()) {
                verify(client);
            }
            return null;
        }

        private interface Ending {
            void end() throws InterruptedException;
        }

        private void postUntil(Ending ending, PlatformClient client, int afterMillis) throws Exception {
            var stop = new AtomicBoolean();
            var posters = new Thread[CLIENTS];
            for (int i = 0; i < CLIENTS; i++) {
                posters[i] = Thread.ofPlatform().start(() -> post(client, stop));
            }
            Thread.sleep(afterMillis); // the moment is the test's randomness, not a wait for something
            ending.end();
            stop.set(true);
            for (Thread poster : posters) {
                poster.join();
            }
        }

        private void post(PlatformClient client, AtomicBoolean stop) {
            while (!stop.get()) {
                var again = unanswered.poll(); // same number, same key: it may be there already
                int number = again != null ? again : next.incrementAndGet();
                var event = Map.of(
                        "category",
                        "endpoint",
                        "severity",
                        5,
                        "action",
                        "exec",
                        "event_id",
                        "n-" + number,
                        "attributes",
                        Map.of("marker", "kill-test", "number", number));
                try {
                    // Two in three go alone, the others as a batch of one through the other door.
                    if (number % 3 != 0) {
                        var answer = client.post("/v1/ingest/events", event);
                        if (answer.ok()) {
                            acknowledge(number, answer.body().path("event_id").asString());
                        }
                    } else {
                        var answer = client.post(
                                "/v1/ingest/batch?ids=true",
                                Map.of("source_format", "canonical", "events", List.of(event)));
                        if (answer.ok() && answer.body().path("accepted").asInt() == 1) {
                            acknowledge(
                                    number,
                                    answer.body().path("event_ids").get(0).asString());
                        }
                    }
                } catch (IOException e) {
                    unanswered.add(number); // it may be there or not
                    return;
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }

        private void acknowledge(int number, String id) {
            var before = acknowledged.put(number, id);
            if (before != null && !before.equals(id)) {
                changed.add(number);
            }
        }

        private void verify(PlatformClient client) throws Exception {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (client.get("/v1/sources")
                                    .body()
                                    .path("ledger")
                                    .path("pending")
                                    .asLong(1)
                            != 0
                    && System.nanoTime() < deadline) {
                Thread.sleep(50);
            }
            var ledger = client.get("/v1/sources").body().path("ledger");
            var stored = new HashMap<String, Integer>();
            pages(
                    client,
                    cursor -> client.post(
                            "/v1/events/search",
                            cursor.isEmpty()
                                    ? Map.of("query", "\"kill-test\"", "limit", 1000)
                                    : Map.of("query", "\"kill-test\"", "limit", 1000, "cursor", cursor)),
                    "events",
                    event -> stored.merge(event.path("id").asString(), 1, Integer::sum));
            var alerts = new HashMap<String, Integer>();
            pages(
                    client,
                    cursor -> client.get("/v1/alerts?limit=500" + (cursor.isEmpty() ? "" : "&cursor=" + cursor)),
                    "alerts",
                    alert -> alertEvidence(client, alert, alerts));
            System.out.println(acknowledged.size() + " acknowledged of " + next.get() + " sent, " + stored.size()
                    + " stored, " + alerts.size() + " alerts; ledger " + ledger);
            assertThat(changed).as("the same key gives the same id").isEmpty();
            assertThat(acknowledged).hasSizeGreaterThan(rounds);
            for (var entry : acknowledged.entrySet()) {
                assertThat(stored.get(entry.getValue()))
                        .as("event " + entry.getKey() + " stored")
                        .isEqualTo(1);
                assertThat(alerts.get(entry.getValue()))
                        .as("alerts of event " + entry.getKey())
                        .isEqualTo(1);
            }
            assertThat(stored.values()).allMatch(times -> times == 1);
            assertThat(alerts.values()).allMatch(times -> times == 1);
            assertThat(ledger.path("received").asLong())
                    .isEqualTo(ledger.path("stored").asLong()
                            + ledger.path("deduplicated").asLong()
                            + ledger.path("dead").asLong());
        }
    }

    private static void alertEvidence(PlatformClient client, JsonNode alert, Map<String, Integer> alerts)
            throws IOException, InterruptedException {
        var detail = client.get("/v1/alerts/" + alert.path("id").asString()).body();
        for (JsonNode evidence : detail.path("evidence")) {
            alerts.merge(evidence.path("event_id").asString(), 1, Integer::sum);
        }
    }

    private interface Page {
        PlatformClient.Answer get(String cursor) throws IOException, InterruptedException;
    }

    private interface Item {
        void take(JsonNode item) throws IOException, InterruptedException;
    }

    private static void pages(PlatformClient client, Page page, String list, Item item)
            throws IOException, InterruptedException {
        String cursor = "";
        do {
            var answer = page.get(cursor);
            assertThat(answer.ok()).as(answer.problem()).isTrue();
            for (JsonNode one : answer.body().path(list)) {
                item.take(one);
            }
            cursor = answer.body().path("next").asString("");
        } while (!cursor.isEmpty());
    }
}
