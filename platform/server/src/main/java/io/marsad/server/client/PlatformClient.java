package io.marsad.server.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls one platform with one token. Thread-safe. */
public final class PlatformClient implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http;
    private final URI base;
    private final String token;

    public PlatformClient(URI base, String token) {
        this.base = base;
        this.token = token;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    /** An answer: its status, its body as JSON, and when to come again (seconds, for 429). */
    public record Answer(int status, JsonNode body, int retryAfter) {
        public boolean ok() {
            return status >= 200 && status < 300;
        }

        /** What a problem answer says, or a health answer of what is not well, or the status. */
        public String problem() {
            var detail = body.path("detail").asString("");
            for (var check : body.path("checks").properties()) {
                if (!check.getValue().path("status").asString().equals("ok")) {
                    detail += (detail.isEmpty() ? "" : "; ") + check.getKey() + ": "
                            + check.getValue().path("detail").asString("");
                }
            }
            return detail.isEmpty() ? "HTTP " + status : detail;
        }
    }

    /** One event of the live stream. */
    public record LiveEvent(long id, String name, JsonNode data) {}

    public Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().build());
    }

    /**
     * A document.
     *
     * @param mediaType that is asked for
     * @throws IOException also when the platform refuses, with its own words
     */
    public String text(String path, String mediaType) throws IOException, InterruptedException {
        var request = request(path).header("Accept", mediaType).GET().build();
        var response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException(new Answer(response.statusCode(), tree(response.body()), 1).problem());
        }
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    public Answer post(String path, byte[] json, Map<String, String> headers) throws IOException, InterruptedException {
        var request = request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json));
        headers.forEach(request::header);
        return send(request.build());
    }

    public Answer post(String path, Object body) throws IOException, InterruptedException {
        return post(path, JSON.writeValueAsBytes(body), Map.of());
    }

    public Answer patch(String path, Object body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build());
    }

    public Answer put(String path, Object body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build());
    }

    public Answer put(String path, byte[] bytes) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/octet-stream")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                .build());
    }

    public Answer delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE().build());
    }

    /**
     * Follows the live stream until the thread is interrupted or the platform ends it.
     *
     * @param lastEventId behind which to start
     */
    public void live(String lastEventId, Consumer<LiveEvent> each) throws IOException, InterruptedException {
        var request = request("/v1/live")
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", lastEventId)
                .timeout(Duration.ofDays(1))
                .GET()
                .build();
        var response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            throw new IOException("the live stream answered HTTP " + response.statusCode());
        }
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String name = "message";
            long id = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event:")) {
                    name = line.substring(6).strip();
                } else if (line.startsWith("id:")) {
                    id = Long.parseLong(line.substring(3).strip());
                } else if (line.startsWith("data:")) {
                    each.accept(new LiveEvent(id, name, JSON.readTree(line.substring(5))));
                }
            }
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token);
    }

    private Answer send(HttpRequest request) throws IOException, InterruptedException {
        var response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        var body = response.body().length == 0 ? JSON.createObjectNode() : tree(response.body());
        int retryAfter = response.headers()
                .firstValue("Retry-After")
                .map(Integer::parseInt)
                .orElse(1);
        return new Answer(response.statusCode(), body, retryAfter);
    }

    private static JsonNode tree(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (tools.jackson.core.JacksonException e) {
            return JSON.createObjectNode().put("detail", "an answer that is not JSON: " + e.getOriginalMessage());
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
