package io.marsad.bench.flow;

import io.marsad.server.client.PlatformClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One tenant with a quota that sends too much, and another one that does as always. */
final class Neighbours implements AutoCloseable {
    private static final int FLOOD_CONNECTIONS = 4;
    private static final int FLOOD_BATCH = 100;
    private static final int NEIGHBOUR_CONNECTIONS = 4;
    private static final int NEIGHBOUR_BATCH = 20;
    private static final long NEIGHBOUR_EVERY = 80_000_000;
    private static final long PLANT_EVERY = 20_000_000;
    private static final long PATIENCE = 30_000_000_000L;

    private final Platform platform;
    private final Traffic traffic;
    private final int quota;
    private final String flooding;
    private final String neighbour;
    private final PlatformClient client;
    private long serial = 1;

    /**
     * What one round showed.
     *
     * @param ackMillis the neighbour's p99 from when a batch was due to when it was durable
     * @param alertMillis the neighbour's p99 from when a record was durable to when its alert was seen
     * @param floodSent records that the other one sent
     */
    record Round(
            double ackMillis,
            double alertMillis,
            long refused,
            long missing,
            long floodSent,
            long floodTaken,
            long flood429) {}

    private Neighbours(Platform platform, Traffic traffic, int quota, String flooding, String neighbour) {
        this.platform = platform;
        this.traffic = traffic;
        this.quota = quota;
        this.flooding = flooding;
        this.neighbour = neighbour;
        this.client = new PlatformClient(platform.access().url(), neighbour);
    }

    /** Makes both tenants, with a token each. */
    static Neighbours on(Platform platform, Traffic traffic, int quota) throws IOException, InterruptedException {
        try (var operator = platform.client()) {
            var flooding = token(platform.access().url(), operator, "flooding");
            var neighbour = token(platform.access().url(), operator, "neighbour");
            var limited = operator.post("/v1/tenants/flooding", Map.of("quota", Map.of("events_per_second", quota)));
            if (!limited.ok()) {
                throw new IOException("the quota was not set: " + limited.problem());
            }
            return new Neighbours(platform, traffic, quota, flooding, neighbour);
        }
    }

    static String token(URI url, PlatformClient operator, String tenant) throws IOException, InterruptedException {
        var made = operator.post("/v1/tenants", Map.of("id", tenant));
        if (made.status() != 201) {
            throw new IOException("a tenant was not made: " + made.problem());
        }
        var admin = made.body().get("first_admin");
        var login = Map.of(
                "tenant",
                tenant,
                "username",
                admin.get("username").stringValue(),
                "password",
                admin.get("password").stringValue());
        var json = new JsonMapper();
        try (var http = HttpClient.newHttpClient()) {
            var in = http.send(post(url, "/v1/auth/login", json, login).build(), HttpResponse.BodyHandlers.ofString());
            if (in.statusCode() != 200) {
                throw new IOException("sign-in answered " + in.statusCode());
            }
            var cookie = in.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
            var wanted = Map.of("name", "bench", "permissions", Set.of("ingest:write", "alerts:read", "sources:read"));
            var answer = http.send(
                    post(url, "/v1/tokens", json, wanted)
                            .header("Cookie", cookie)
                            .header(
                                    "X-Marsad-Csrf",
                                    json.readTree(in.body()).get("csrf").stringValue())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            JsonNode token = json.readTree(answer.body());
            if (answer.statusCode() != 201) {
                throw new IOException("no token was made: " + answer.body());
            }
            return token.get("secret").stringValue();
        }
    }

    private static HttpRequest.Builder post(URI url, String path, JsonMapper json, Object body) {
        return HttpRequest.newBuilder(url.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)));
    }

    /** What a round's senders share. */
    private static final class Running {
        private final long end;
        private final Histogram acks = new Histogram();
        private final LongAdder refused = new LongAdder();
        private final LongAdder floodSent = new LongAdder();
        private final LongAdder floodTaken = new LongAdder();
        private final LongAdder flood429 = new LongAdder();
        private volatile @Nullable String failure;

        Running(long end) {
            this.end = end;
        }
    }

    /** @param times so many times its quota the one sends */
    Round round(int times, int seconds) throws IOException, InterruptedException {
        try (var planted = new Planted(client)) {
            var running = new Running(System.nanoTime() + seconds * 1_000_000_000L);
            var threads = new ArrayList<Thread>();
            long floodEvery = 1_000_000_000L * FLOOD_BATCH * FLOOD_CONNECTIONS / ((long) quota * times);
            for (var batch : traffic.batches(FLOOD_CONNECTIONS, FLOOD_BATCH)) {
                threads.add(sender(running, flooding, batch, floodEvery, (answer, due) -> {
                    running.floodSent.add(batch.events());
                    (answer.status() == 202 ? running.floodTaken : running.flood429)
                            .add(answer.status() == 202 ? batch.events() : 1);
                }));
            }
            for (var batch : traffic.batches(NEIGHBOUR_CONNECTIONS, NEIGHBOUR_BATCH)) {
                threads.add(sender(running, neighbour, batch, NEIGHBOUR_EVERY, (answer, due) -> {
                    running.acks.add(System.nanoTime() - due);
                    running.refused.add(answer.status() == 202 ? 0 : 1);
                }));
            }
            long first = serial;
            serial += 1_000_000;
            var mark = new LongAdder();
            var plant = traffic.planted();
            threads.add(sender(
                    running,
                    neighbour,
                    plant,
                    PLANT_EVERY,
                    (answer, due) -> {
                        planted.acknowledged("planted-" + (1_000_000_000L + first + mark.sum()), System.nanoTime());
                        mark.increment();
                    },
                    first));
            for (Thread thread : threads) {
                thread.join();
            }
            var failure = running.failure;
            if (failure != null) {
                throw new IOException(failure);
            }
            long end = System.nanoTime() + PATIENCE;
            while (planted.missing() > 0 && planted.trouble().isEmpty() && System.nanoTime() < end) {
                Thread.sleep(20); // how often one looks
            }
            return new Round(
                    running.acks.millis(0.99),
                    planted.took().millis(0.99),
                    running.refused.sum(),
                    planted.missing(),
                    running.floodSent.sum(),
                    running.floodTaken.sum(),
                    running.flood429.sum());
        }
    }

    private interface Answered {
        void take(Connection.Answer answer, long due);
    }

    private Thread sender(Running running, String token, Batch batch, long every, Answered answered) {
        return sender(running, token, batch, every, answered, 0);
    }

    /** Sends when it is due and not when the last answer came: who waits is measured as waiting. */
    private Thread sender(Running running, String token, Batch batch, long every, Answered answered, long first) {
        return Thread.ofPlatform().name("sender").start(() -> {
            try (var connection = new Connection(platform.access().url(), token)) {
                long due = System.nanoTime() + (long) (Math.floorMod(batch.hashCode(), 97) / 97.0 * every);
                for (long n = first; Math.max(due, System.nanoTime()) < running.end && running.failure == null; n++) {
                    for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
                        LockSupport.parkNanos(early);
                    }
                    batch.refresh(System.currentTimeMillis(), first == 0 ? n * batch.events() : n);
                    var answer = connection.post(batch, null, false);
                    if (answer.status() != 202 && answer.status() != 429) {
                        throw new IOException("HTTP " + answer.status() + ": " + answer.body());
                    }
                    answered.take(answer, due);
                    due += every;
                }
            } catch (IOException | RuntimeException | Error e) {
                running.failure = e.toString();
            }
        });
    }

    @Override
    public void close() {
        client.close();
    }
}
