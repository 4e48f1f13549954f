package io.marsad.connect.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.connect.OutboundGuard;
import io.marsad.connect.OutboundHttp;
import io.marsad.connect.OutboundLost;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;

class ConnectorEngineTest {
    private static final String WRITES = Calls.HEAD + Calls.BEARER + """
                    operations:
                      ping: {title: Ping, kind: read, request: {method: GET, path: /ping}}
                      once:
                        title: Once
                        kind: write
                        parameters: {word: {description: A word, sensitive: true}}
                        idempotency: none
                        request: {method: POST, path: /once, json: {word: '${parameters.word}'}}
                      often:
                        title: Often
                        kind: write
                        idempotency: natural
                        request: {method: PUT, path: /often}
                      keyed:
                        title: Keyed
                        kind: write
                        idempotency: {header: Idempotency-Key}
                        request: {method: POST, path: /keyed}
                      two:
                        title: Two
                        kind: write
                        idempotency: natural
                        steps:
                          - {name: first, request: {method: PUT, path: /first}, outputs: {id: id}}
                          - {name: second, request: {method: PUT, path: '/second/${steps.first.id}'}}
                          - {name: third, when: {value: '${steps.first.id}', equals: x}, request: {method: PUT, path: /third}}
                    """;

    @Test
    void whatMayHaveArrivedIsNeverSentAgainWhenItWouldHappenTwice() throws Exception {
        for (var reaction : List.<Calls.Reaction>of(
                () -> {
                    throw new OutboundLost(new IOException("reset"));
                },
                () -> Calls.answer(500, "{}", Map.of()),
                () -> Calls.answer(503, "{}", Map.of()),
                () -> Calls.answer(200, "<html>", Map.of()))) {
            var calls = new Calls(WRITES);
            calls.reactions.add(reaction);
            assertThat(calls.call("once", "{\"word\": \"hello\"}")).isInstanceOf(Outcome.Unknown.class);
            assertThat(calls.sent).hasSize(1);
        }
    }

    @Test
    void whatHasNotLeftIsSentAgain() throws Exception {
        var calls = new Calls(WRITES).then(new ConnectException("refused")).then(200, "{}");
        assertThat(calls.call("once", "{\"word\": \"hello\"}")).isInstanceOf(Outcome.Succeeded.class);
        assertThat(calls.sent).hasSize(2);
        var never = new Calls(WRITES);
        for (int i = 0; i < 3; i++) {
            never.then(new ConnectException("refused"));
        }
        assertThat(never.call("once", "{\"word\": \"hello\"}"))
                .isInstanceOfSatisfying(
                        Outcome.Temporary.class, t -> assertThat(t.maybe()).isFalse());
    }

    @Test
    void whatCanBeRepeatedIsRepeatedWithTheSameKeyAndSaysThatItMayHaveHappened() throws Exception {
        var calls = new Calls(WRITES);
        for (int i = 0; i < 3; i++) {
            calls.then(new OutboundLost(new IOException("reset")));
        }
        assertThat(calls.call("keyed", "{}"))
                .isInstanceOfSatisfying(
                        Outcome.Temporary.class, t -> assertThat(t.maybe()).isTrue());
        assertThat(calls.sent)
                .hasSize(3)
                .allSatisfy(message -> assertThat(message.headers()).containsEntry("Idempotency-Key", "key-1"));
    }

    @Test
    void whatIsRefusedAfterAnAttemptWithoutAnswerIsNotCalledRefused() throws Exception {
        for (var before : List.<Calls.Reaction>of(
                () -> {
                    throw new OutboundLost(new IOException("reset"));
                },
                () -> Calls.answer(502, "", Map.of()))) {
            var calls = new Calls(WRITES);
            calls.reactions.add(before);
            calls.then(403, "{}");
            assertThat(calls.call("keyed", "{}")).isInstanceOf(Outcome.Unknown.class);
        }
        assertThat(new Calls(WRITES).then(403, "{}").call("keyed", "{}")).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void aVendorThatSaysWhenIsAskedThen() throws Exception {
        var calls = new Calls(WRITES);
        calls.reactions.add(() -> Calls.answer(429, "", Map.of("retry-after", "3")));
        calls.then(200, "{}");
        assertThat(calls.call("once", "{\"word\": \"hello\"}")).isInstanceOf(Outcome.Succeeded.class);
        calls.reactions.add(() -> Calls.answer(429, "", Map.of("retry-after", "Thu, 01 Jan 2026 00:05:00 GMT")));
        assertThat(calls.call("once", "{\"word\": \"hello\"}"))
                .isInstanceOfSatisfying(
                        Outcome.Temporary.class, t -> assertThat(t.after()).isEqualTo(Duration.ofMinutes(5)));
    }

    @Test
    void aRedirectIsRefused() throws Exception {
        var calls = new Calls(WRITES);
        calls.reactions.add(() -> Calls.answer(302, "", Map.of("location", "https://169.254.169.254/")));
        assertThat(calls.call("ping", "{}"))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class, r -> assertThat(r.reason()).contains("redirect"));
        assertThat(calls.sent).hasSize(1);
    }

    @Test
    void stepsThatWroteAreNamedWhenALaterOneFails() throws Exception {
        var calls = new Calls(WRITES).then(200, "{\"id\": \"a b\"}").then(403, "{}");
        assertThat(calls.call("two", "{}"))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class, r -> assertThat(r.done()).containsExactly("first"));
        assertThat(calls.sent.getLast().uri().getRawPath()).isEqualTo("/second/a%20b");
    }

    @Test
    void secretsAreInNothingThatIsSaid() throws Exception {
        var calls = new Calls(WRITES).then(400, "you sent Bearer " + Calls.SECRET + " and hello-secret");
        var outcome = calls.call("once", "{\"word\": \"hello-secret\"}");
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        assertThat(outcome.toString()).doesNotContain(Calls.SECRET).doesNotContain("hello-secret");
        assertThat(calls.connection().toString() + calls.sent).doesNotContain(Calls.SECRET);
        assertThat(calls.sent.getFirst().headers()).containsEntry("Authorization", "Bearer " + Calls.SECRET);
    }

    @Test
    void aMissingSecretIsRefusedAndNothingIsSent() throws Exception {
        var calls = new Calls(WRITES, "{\"url\": \"https://acme.example.org\"}", Map.of());
        assertThat(calls.call("ping", "{}"))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        r -> assertThat(r.reason()).isEqualTo("the secret 'token' is not set: In the settings"));
        assertThat(calls.sent).isEmpty();
    }

    @Test
    void aSimulatedCallOpensNoConnectionAndShowsWhatItWouldSend() throws Exception {
        var connections = new AtomicInteger();
        try (var socket = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        socket.accept().close();
                        connections.incrementAndGet();
                    }
                } catch (IOException e) {
                    // the test is over
                }
            });
            var url = "http://127.0.0.1:" + socket.getLocalPort();
            var calls = new Calls(WRITES, "{\"url\": \"" + url + "\"}", Map.of("token", Calls.SECRET));
            var http = new OutboundHttp(
                    new OutboundGuard(List.of(url)),
                    (SSLSocketFactory) SSLSocketFactory.getDefault(),
                    OutboundHttp.Limits.standard());
            var engine = new ConnectorEngine(http, () -> calls.now, time -> {}, () -> 0);
            for (String operation : calls.manifest.operations().keySet()) {
                var parameters = Calls.object(operation.equals("once") ? "{\"word\": \"hello-secret\"}" : "{}");
                assertThat(engine.call(calls.connection(), operation, parameters, "k", Mode.SIMULATED))
                        .isInstanceOfSatisfying(
                                Outcome.Simulated.class,
                                s -> assertThat(s.toString())
                                        .contains("Bearer <token>")
                                        .doesNotContain(Calls.SECRET)
                                        .doesNotContain("hello-secret"));
            }
            assertThat(engine.call(calls.connection(), "two", Calls.object("{}"), "k", Mode.SIMULATED))
                    .isInstanceOfSatisfying(Outcome.Simulated.class, s -> {
                        assertThat(s.requests()).hasSize(3);
                        assertThat(s.requests().get(1).url()).isEqualTo(url + "/second/<first.id>");
                        assertThat(s.requests().get(2).conditional()).isTrue();
                    });
            assertThat(connections).hasValue(0);
            // The same door does connect when the call is meant: the count could have been another.
            engine.call(calls.connection(), "ping", Calls.object("{}"), "k", Mode.LIVE);
            assertThat(connections.get()).isPositive();
        }
    }

    @Test
    void anAccountIsNotAskedMoreOftenThanItsVendorBears() throws Exception {
        var calls = new Calls(WRITES.replace("requests_per_minute: 600", "requests_per_minute: 6"));
        for (int i = 0; i < 6; i++) {
            assertThat(calls.call("ping", "{}")).isInstanceOf(Outcome.Succeeded.class);
        }
        assertThat(calls.call("ping", "{}"))
                .isInstanceOfSatisfying(
                        Outcome.Temporary.class, t -> assertThat(t.after()).isEqualTo(Duration.ofSeconds(10)));
        calls.now = calls.now.plusSeconds(10);
        assertThat(calls.call("ping", "{}")).isInstanceOf(Outcome.Succeeded.class);
        assertThat(calls.sent).hasSize(7);
    }

    @Test
    void aTokenIsAskedForOnceAndAgainWhenItIsRefusedOrOver() throws Exception {
        var calls = new Calls(Calls.HEAD
                + "auth: {oauth2: {token_url: '${config.url}/token', client: me, secret: token}}\n" + Calls.PING);
        calls.then(200, "{\"access_token\": \"first-token\", \"expires_in\": 600}")
                .then(200, "{}")
                .then(200, "{}");
        calls.call("ping", "{}");
        calls.call("ping", "{}");
        assertThat(calls.sent).hasSize(3);
        calls.then(401, "{}")
                .then(200, "{\"access_token\": \"second-token\", \"expires_in\": 600}")
                .then(200, "{}");
        assertThat(calls.call("ping", "{}")).isInstanceOf(Outcome.Succeeded.class);
        assertThat(calls.sent.getLast().headers()).containsEntry("Authorization", "Bearer second-token");
        calls.now = calls.now.plusSeconds(600);
        calls.then(400, "{\"error\": \"invalid_client\", \"client_secret\": \"" + Calls.SECRET + "\"}");
        assertThat(calls.call("ping", "{}"))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class, r -> assertThat(r.toString()).doesNotContain(Calls.SECRET));
        calls.then(503, "");
        assertThat(calls.call("ping", "{}")).isInstanceOf(Outcome.Temporary.class);
    }

    @Test
    void pagesAreReadToTheirEndAndNotBeyondTheServer() throws Exception {
        var list = Calls.HEAD + Calls.BEARER + """
                operations:
                  ping: {title: Ping, kind: read, request: {method: GET, path: /ping}}
                  cursor:
                    title: By cursor
                    kind: read
                    request: {method: GET, path: /c, query: {limit: '2'}}
                    pagination: {kind: cursor, items: data, cursor: next, parameter: after}
                    outputs: {ids: {path: data.*.id, type: json}}
                  link:
                    title: By link
                    kind: read
                    request: {method: GET, path: /l}
                    pagination: {kind: link, items: data}
                    outputs: {ids: {path: data.*.id, type: json}}
                  offset:
                    title: By offset
                    kind: read
                    request: {method: GET, path: /o}
                    pagination: {kind: offset, items: data, parameter: offset, size: 2}
                    outputs: {ids: {path: data.*.id, type: json}}
                """;
        var calls = new Calls(list)
                .then(200, "{\"data\": [{\"id\": 1}, {\"id\": 2}], \"next\": \"a&b\"}")
                .then(200, "{\"data\": [{\"id\": 3}], \"next\": \"\"}");
        assertThat(((Outcome.Succeeded) calls.call("cursor", "{}")).outputs().toString())
                .isEqualTo("{\"ids\":[1,2,3]}");
        assertThat(calls.sent.getLast().uri().getRawQuery()).isEqualTo("limit=2&after=a%26b");
        calls.then(200, "{\"data\": [{\"id\": 1}, {\"id\": 2}]}").then(200, "{\"data\": []}");
        assertThat(calls.call("offset", "{}")).isInstanceOf(Outcome.Succeeded.class);
        assertThat(calls.sent.getLast().uri().getRawQuery()).isEqualTo("offset=2");
        calls.reactions.add(() ->
                Calls.answer(200, "{\"data\": []}", Map.of("link", "<https://evil.example.org/l?p=2>; rel=\"next\"")));
        assertThat(calls.call("link", "{}")).isInstanceOf(Outcome.Refused.class);
        calls.reactions.add(() -> Calls.answer(
                200, "{\"data\": [{\"id\": 1}]}", Map.of("link", "<https://acme.example.org/l?p=2>; rel=\"next\"")));
        calls.then(200, "{\"data\": [{\"id\": 2}]}");
        assertThat(((Outcome.Succeeded) calls.call("link", "{}")).outputs().toString())
                .isEqualTo("{\"ids\":[1,2]}");
    }
}
