package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.server.client.PlatformClient.LiveEvent;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One running platform through its public doors only: what is kept, found and told. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@SuppressWarnings("try") // resources that are open while a block runs, not used in it
class PlatformTest extends RunningPlatform {
    PlatformTest() {
        super("platform");
    }

    @Test
    void secretsAreNotStored() throws Exception {
        var mark = mark();
        var event = Map.of(
                "category",
                "endpoint",
                "severity",
                3,
                "action",
                "exec",
                "attributes",
                Map.of("marker", mark, "password", "hunter2-" + mark));
        var id = client.post("/v1/ingest/events", event).body().path("event_id").asString();
        await(mark, 1);

        var raw = client.get("/v1/events/" + id + "/raw").body().toString();

        assertThat(raw).contains("[redacted]").contains("\"marker\":\"" + mark).doesNotContain("hunter2");
        assertThat(search("\"hunter2-" + mark + "\"")).isEmpty();
    }

    @Test
    void theLiveStreamGoesOnWhereItWasLeft() throws Exception {
        var first = raiseAlert();
        var events = new LinkedBlockingQueue<LiveEvent>();
        long seen;
        try (var ignored = follow("0", events)) {
            seen = next(events, first).id();
        }
        var second = raiseAlert();
        events.clear();
        try (var ignored = follow(Long.toString(seen), events)) {
            var event = next(events, second);
            assertThat(event.id()).isGreaterThan(seen);
            assertThat(event.data().path("title").asString()).isEqualTo("Security log is cleared");
        }
        assertThat(events).noneMatch(event -> event.id() > 0 && event.id() <= seen);
    }

    @Test
    void eventsAreFoundWithinTwoSeconds() throws Exception {
        await(send(), 1); // the first search loads classes
        for (int i = 0; i < 20; i++) {
            var mark = send();
            long acknowledged = System.nanoTime();
            await(mark, 1);
            assertThat(Duration.ofNanos(System.nanoTime() - acknowledged)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void aBadAlertIsInACaseWithinFiveSeconds() throws Exception {
        raiseAlert(); // the first one loads classes
        var host = mark();
        long begun = System.nanoTime();
        clearLog(host, "dave-" + host);
        var path = "/v1/alerts/" + alert("Security log is cleared", host) + "/cases";
        await("a case", () -> !client.get(path).body().path("cases").isEmpty());
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        assertThat(client.get(path)
                        .body()
                        .path("cases")
                        .get(0)
                        .path("opened_by")
                        .asString())
                .isEqualTo("system:grouping");
    }

    @Test
    void aRestartKeepsWhatWasThere() throws Exception {
        var mark = send();
        var alert = raiseAlert();
        awaitAllProcessed();
        var before = ledger();

        client.close();
        node.close();
        assertThat(node.output()).doesNotContain("ERROR");
        node = ChildNode.start(data);
        connect();

        assertThat(await(mark, 1)).hasSize(1);
        assertThat(client.get("/v1/alerts/" + alert).status()).isEqualTo(200);
        assertThat(ledger()).isEqualTo(before);
    }

    @Test
    void whatIsSuppressedMakesNoAlertUntilThatEnds() throws Exception {
        var host = mark();
        var until = Instant.now().plus(Duration.ofHours(1)).toString();
        var made = client.post(
                "/v1/suppressions",
                Map.of("entity", host, "query", "host = '" + host + "'", "reason", "a drill", "expires_at", until));
        assertThat(made.status()).as(made.problem()).isEqualTo(201);
        var path = "/v1/suppressions/" + made.body().path("id").asString();

        clearLog(host, "carol");
        awaitAllProcessed();

        var hidden = client.get(path).body();
        assertThat(hidden.path("hits").asInt()).isPositive();
        assertThat(hidden.path("newest").findValuesAsString("title")).contains("Security log is cleared");
        assertThat(client.get("/v1/alerts?entity=" + host).body().path("total").asInt())
                .isZero();
        assertThat(client.delete(path).status()).isEqualTo(204);
        clearLog(host, "carol");
        alert("Security log is cleared", host);
    }

    @Test
    void whatIsListedIsFoundOnTheStreamAndInThePast() throws Exception {
        var address = "2001:db8:5::77";
        var before = connectTo("2001:DB8:5:0::77");
        awaitAllProcessed();
        var listed = client.post("/v1/indicators", Map.of("value", address, "confidence", 90, "source", "a drill"));
        assertThat(listed.status()).as(listed.problem()).isEqualTo(201);
        var path = "/v1/indicators/" + listed.body().path("id").asString();

        var past = client.get(path + "/past").body();
        assertThat(past.path("events").asInt()).isEqualTo(1);
        assertThat(past.path("newest").get(0).path("event_id").asString()).isEqualTo(before);

        var found = "/v1/alerts?q=" + URLEncoder.encode("Listed address " + address, StandardCharsets.UTF_8);
        await("an alert about " + address, () -> {
            connectTo(address); // the stream learns of the list a moment after it is committed
            awaitAllProcessed();
            return client.get(found).body().path("total").asInt() > 0;
        });
        var alert = client.get(found).body().path("alerts").get(0);
        assertThat(alert.path("title").asString()).isEqualTo("Listed address " + address + " was seen");
        assertThat(alert.path("severity").asString()).isEqualTo("high");
        var seen = client.get(path).body();
        assertThat(seen.path("sightings").asInt()).isPositive();
        assertThat(seen.path("newest").get(0).path("field").asString()).isEqualTo("dst_endpoint.ip");

        var revoked = Map.of("revoked", true, "version", seen.path("version").asInt());
        assertThat(client.put(path, revoked).status()).isEqualTo(200);
        connectTo(address);
        awaitAllProcessed();
        assertThat(client.get(path).body().path("sightings")).isEqualTo(seen.path("sightings"));
    }

    private String connectTo(String address) throws IOException, InterruptedException {
        var attributes = Map.of("src_ip", "192.0.2.10", "dst_ip", address);
        var event = Map.of("category", "network", "severity", 1, "action", "connect", "attributes", attributes);
        return client.post("/v1/ingest/events", event).body().path("event_id").asString();
    }

    // ---- the live stream

    private interface Following extends AutoCloseable {
        @Override
        void close() throws InterruptedException;
    }

    private Following follow(String after, LinkedBlockingQueue<LiveEvent> into) {
        var thread = Thread.ofPlatform().start(() -> {
            try {
                client.live(after, into::add);
            } catch (IOException e) {
                into.add(new LiveEvent(0, "ended: " + e.getMessage(), JSON.createObjectNode()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // as wanted
            }
        });
        return () -> {
            thread.interrupt();
            thread.join();
        };
    }

    private static LiveEvent next(LinkedBlockingQueue<LiveEvent> events, String alert) throws InterruptedException {
        while (true) {
            var event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(event).as("a live event about alert " + alert).isNotNull();
            if (event.data().path("id").asString().equals(alert)) {
                return event;
            }
        }
    }
}
