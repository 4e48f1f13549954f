package io.marsad.connect.run;

import io.marsad.connect.OutboundHttp;
import io.marsad.connect.manifest.Manifest;
import io.marsad.connect.manifest.ManifestReader;
import io.marsad.kernel.content.ContentException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An engine over a way out that keeps what was sent and gives prepared answers. Of one thread. */
final class Calls {
    static final String HEAD = """
            connector: acme
            version: 1
            title: Acme
            documentation: https://docs.example.org/api
            description: For tests
            config: {url: {type: url, description: Where it is}}
            secrets: {token: {description: A token, find: In the settings}}
            base: ${config.url}
            limits: {requests_per_minute: 600, concurrency: 2}
            test: ping
            """;
    static final String BEARER = "auth: {bearer: token}\n";
    static final String PING = """
            operations:
              ping: {title: Ping, kind: read, request: {method: GET, path: /ping}}
            """;
    static final String SECRET = "s3cr3t-t0k3n-value";
    private static final JsonMapper JSON = new JsonMapper();

    /** Something that happens to a request. */
    interface Reaction {
        OutboundHttp.Answer react() throws IOException;
    }

    final List<Message> sent = new ArrayList<>();
    final List<Duration> rests = new ArrayList<>();
    final Deque<Reaction> reactions = new ArrayDeque<>();
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    final Manifest manifest;
    private final ConnectorEngine engine = ConnectorEngine.replaying(this::send, () -> now);
    private final ObjectNode config;
    private final Map<String, String> secrets;

    Calls(String manifest) throws ContentException {
        this(manifest, "{\"url\": \"https://acme.example.org\"}", Map.of("token", SECRET));
    }

    Calls(String manifest, String config, Map<String, String> secrets) throws ContentException {
        this.manifest = ManifestReader.read("acme.yaml", manifest);
        this.config = object(config);
        this.secrets = secrets;
    }

    static ObjectNode object(String json) {
        return (ObjectNode) JSON.readTree(json);
    }

    static OutboundHttp.Answer answer(int status, String body, Map<String, String> headers) {
        return new OutboundHttp.Answer(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    Calls then(int status, String body) {
        reactions.add(() -> answer(status, body, Map.of()));
        return this;
    }

    Calls then(IOException e) {
        reactions.add(() -> {
            throw e;
        });
        return this;
    }

    private OutboundHttp.Answer send(Message message) throws IOException {
        sent.add(message);
        return reactions.isEmpty()
                ? answer(200, "{}", Map.of())
                : reactions.remove().react();
    }

    Connection connection() {
        return new Connection("one", manifest, config, new Secrets(secrets));
    }

    Outcome call(String operation, ObjectNode parameters, Mode mode) {
        return engine.call(connection(), operation, parameters, "key-1", mode);
    }

    Outcome call(String operation, String parameters) {
        return call(operation, object(parameters), Mode.LIVE);
    }
}
