package io.marsad.db.vault;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * HashiCorp Vault's key-value engine, version 2 (or OpenBao's): each secret is the field {@code value} of one of its own,
 * written only over the version that was read last. Thread-safe.
 */
public final class KvSecretStore implements SecretStore {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int MOST_BYTES = 1 << 20;
    private static final String FIELD = "value";
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER) // the token would go along
            .build();
    private final Map<String, Integer> versions = new ConcurrentHashMap<>();
    private final URI base;
    private final String token;

    /**
     * @param base the data of a folder: {@code https://vault.example:8200/v1/secret/data/marsad}
     * @param token may read it, and write it for a new master key to be made by the platform
     */
    public KvSecretStore(URI base, String token) {
        this.base = base;
        this.token = token;
    }

    @Override
    public @Nullable SecretValue read(String name) throws IOException {
        var answer = send(request(name).GET().build());
        if (answer.statusCode() == 404) {
            versions.put(name, 0);
            return null;
        }
        var data = body(name, answer, 200).path("data");
        versions.put(name, data.path("metadata").path("version").asInt(0));
        var value = data.path("data").path(FIELD).asString("");
        if (value.isEmpty()) {
            throw new IOException(place(name) + " has no field '" + FIELD + "'");
        }
        return SecretValue.of(value);
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void write(String name, SecretValue value) throws IOException {
        var body = JSON.writeValueAsBytes(
                Map.of("options", Map.of("cas", versions.getOrDefault(name, 0)), "data", Map.of(FIELD, value.text())));
        var answer = send(request(name)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body))
                .build());
        var version = body(name, answer, 200).path("data").path("version").asInt(0);
        versions.put(name, version);
    }

    @Override
    public String place(String name) {
        return address(name).toString();
    }

    private URI address(String name) {
        return URI.create(base + (base.getPath().endsWith("/") ? "" : "/") + name);
    }

    private HttpRequest.Builder request(String name) {
        return HttpRequest.newBuilder(address(name)).timeout(PATIENCE).header("X-Vault-Token", token);
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking " + request.uri(), e);
        }
    }

    /** What it answered; never part of a message, because it may be the secret. */
    private JsonNode body(String name, HttpResponse<byte[]> answer, int wanted) throws IOException {
        if (answer.statusCode() != wanted) {
            throw new IOException(place(name) + " answered HTTP " + answer.statusCode()
                    + (answer.statusCode() == 403 ? ": secrets.token may not do that" : ""));
        }
        try {
            return JSON.readTree(answer.body());
        } catch (JacksonException e) {
            throw new IOException(place(name) + " answered something that is not JSON");
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return base.toString();
    }
}
