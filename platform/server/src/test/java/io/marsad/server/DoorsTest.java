package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.server.client.PlatformClient;
import io.marsad.server.node.LocalAccess;
import java.io.ByteArrayOutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is sent to one running platform through its doors: taken, refused, or kept as a dead letter. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@SuppressWarnings("try") // resources that are open while a block runs, not used in it
class DoorsTest extends RunningPlatform {
    DoorsTest() {
        super("doors");
    }

    @Test
    void anEventThatComesTwiceWithItsKeyIsStoredOnce() throws Exception {
        var mark = mark();
        var body = JSON.writeValueAsBytes(event(mark));
        var key = Map.of("Idempotency-Key", "key-" + mark);
        long before = ledger().path("deduplicated").asLong();

        var first = client.post("/v1/ingest/events", body, key);
        var second = client.post("/v1/ingest/events", body, key);

        assertThat(first.status()).as(first.problem()).isEqualTo(202);
        assertThat(second.body().path("event_id")).isEqualTo(first.body().path("event_id"));
        awaitAllProcessed();
        assertThat(ids(search(mark)))
                .containsExactly(first.body().path("event_id").asString());
        assertThat(ledger().path("deduplicated").asLong()).isEqualTo(before + 1);
    }

    @Test
    void whatIsNoEventIsRefusedWithTheReason() throws Exception {
        var answer = client.post("/v1/ingest/events", Map.of("severity", 3, "action", "exec"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("type").asString()).isNotEmpty();
        assertThat(answer.body().path("errors").toString()).contains("category");
    }

    @Test
    void whatIsTooLongIsRefused() throws Exception {
        var answer = client.post("/v1/ingest/events", event("x".repeat(1 << 20)));

        assertThat(answer.status()).isEqualTo(413);
    }

    @Test
    void oneBadEventOfABatchDoesNotTouchTheOthers() throws Exception {
        var mark = mark();
        var answer = client.post(
                "/v1/ingest/batch?ids=true",
                batch("canonical", event(mark), Map.of("severity", 3, "action", "exec"), event(mark)));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().path("accepted").asInt()).isEqualTo(2);
        assertThat(answer.body().path("rejected").asInt()).isEqualTo(1);
        assertThat(answer.body().path("errors").get(0).path("index").asInt()).isEqualTo(1);
        assertThat(ids(await(mark, 2)))
                .containsExactlyInAnyOrderElementsOf(strings(answer.body().path("event_ids")));
    }

    @Test
    void syslogOverUdpAndTcpBecomesSignIns() throws Exception {
        var mark = mark();
        try (var socket = new DatagramSocket()) {
            var line = failedSignIn("udp-" + mark).getBytes(StandardCharsets.UTF_8);
            socket.send(new DatagramPacket(line, line.length, InetAddress.getLoopbackAddress(), port("UDP")));
        }
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port("TCP"))) {
            var lines = failedSignIn("lf-" + mark) + "\n" + failedSignIn("lf2-" + mark) + "\n";
            socket.getOutputStream().write(lines.getBytes(StandardCharsets.UTF_8));
        }
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port("TCP"))) {
            var line = failedSignIn("counted-" + mark);
            var frames = line.length() + " " + line;
            socket.getOutputStream().write(frames.getBytes(StandardCharsets.UTF_8));
        }

        var events = await(mark, 4);

        assertThat(events)
                .extracting(event -> field(event, "user.name"))
                .containsExactlyInAnyOrder("udp-" + mark, "lf-" + mark, "lf2-" + mark, "counted-" + mark);
        assertThat(events).allSatisfy(event -> {
            assertThat(event.path("log_source").asString()).startsWith("linux/");
            assertThat(field(event, "class_uid")).isEqualTo("3002");
            assertThat(field(event, "src_endpoint.ip")).isEqualTo("203.0.113.9");
        });
    }

    @Test
    void falcoComesByItsUrlAndInTheSidekicksEnvelope() throws Exception {
        var mark = mark();
        var access = Objects.requireNonNull(LocalAccess.read(data));
        try (var nobody = new PlatformClient(access.url(), "nobody")) {
            var byUrl = nobody.post("/v1/falco/" + access.token(), falco(mark, "one"));
            var refused = nobody.post("/v1/falco/not-a-token", falco(mark, "refused"));
            var wrapped = client.post("/v1/falco", Map.of("event", falco(mark, "two"), "outputs", List.of("WebUI")));

            assertThat(byUrl.status()).as(byUrl.problem()).isEqualTo(202);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(wrapped.status()).as(wrapped.problem()).isEqualTo(202);
        }

        assertThat(await(mark, 2)).allSatisfy(event -> {
            assertThat(event.path("log_source").asString()).startsWith("falco");
            assertThat(field(event, "finding_info.title")).startsWith("Read of a file");
        });
    }

    @Test
    void packedBodiesAreUnpacked() throws Exception {
        var mark = mark();
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(JSON.writeValueAsBytes(batch("canonical", event(mark), event(mark))));
        }

        var answer = client.post("/v1/ingest/batch", packed.toByteArray(), Map.of("Content-Encoding", "gzip"));

        assertThat(answer.status()).as(answer.problem()).isEqualTo(202);
        await(mark, 2);
    }

    @Test
    void whatDoesNotParseIsADeadLetterThatCanBeSentAgain() throws Exception {
        var mark = mark();
        client.post("/v1/ingest/batch", batch("windows", "{\"Event\": " + mark + " is cut"));
        awaitAllProcessed();

        var letter = letter(mark);
        assertThat(letter.path("reason").asString()).isNotBlank();
        assertThat(letter.path("state").asString()).isEqualTo("dead");
        var again = "/v1/dead-letters/" + letter.path("id").asString() + "/replay";
        try (var onlooker = clientOfAdmin("sources:read")) {
            assertThat(onlooker.post(again, Map.of()).status()).isEqualTo(403);
        }
        long dead = ledger().path("dead").asLong();
        try (var keeper = clientOfAdmin("sources:write")) {
            var answer = keeper.post(again, Map.of());
            assertThat(answer.status()).as(answer.problem()).isEqualTo(202);
            assertThat(answer.body().path("event_id")).isEqualTo(letter.path("id"));
        }
        awaitAllProcessed();
        await("the record to be dead again", () -> ledger().path("dead").asLong() == dead + 1);
        assertThat(letter(mark).path("state").asString()).isEqualTo("dead");
    }

    @Test
    void nobodySpeaksForAnotherTenant() throws Exception {
        var body = JSON.writeValueAsBytes(event(mark()));

        assertThat(client.post("/v1/ingest/events", body, Map.of("X-Tenant-ID", "other"))
                        .status())
                .isEqualTo(403);
        assertThat(client.post("/v1/ingest/events", body, Map.of("X-Tenant-ID", "main"))
                        .status())
                .isEqualTo(202);
    }

    @Test
    void impossibleTimesBecomeTheTimeOfReceipt() throws Exception {
        var mark = mark();
        for (String time : List.of("1970-01-01T00:00:00Z", "2099-12-31T23:59:59Z")) {
            var event = Map.of(
                    "category",
                    "endpoint",
                    "severity",
                    3,
                    "action",
                    "exec",
                    "timestamp",
                    time,
                    "attributes",
                    Map.of("marker", mark));
            assertThat(client.post("/v1/ingest/events", event).status()).isEqualTo(202);
        }

        assertThat(await(mark, 2)).allSatisfy(event -> {
            assertThat(event.path("time")).isEqualTo(event.path("received_at"));
            assertThat(field(event, "metadata.labels")).contains("ts-clamped");
        });
    }
}
