package io.marsad.db.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Against a server that answers as the documentation of the key-value engine's version 2 has it. */
class KvSecretStoreTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String TOKEN = "hvs.token";

    private HttpServer server;
    private String value = "";
    private int version;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/secret/data/marsad/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!TOKEN.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"))) {
                send(exchange, 403, "{\"errors\":[\"permission denied\"]}");
            } else if (exchange.getRequestMethod().equals("GET")) {
                if (version == 0) {
                    send(exchange, 404, "{\"errors\":[]}");
                } else {
                    var data = JSON.createObjectNode();
                    data.putObject("data").putObject("data").put("value", value);
                    data.withObject("data").putObject("metadata").put("version", version);
                    send(exchange, 200, data.toString());
                }
            } else {
                var body = JSON.readTree(exchange.getRequestBody());
                if (body.path("options").path("cas").asInt(-1) != version) {
                    send(exchange, 400, "{\"errors\":[\"check-and-set parameter did not match the current version\"]}");
                } else {
                    value = body.path("data").path("value").asString();
                    send(exchange, 200, "{\"data\":{\"version\":" + ++version + "}}");
                }
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private KvSecretStore store(String token) {
        var address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/secret/data/marsad");
        return new KvSecretStore(address, token);
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        var store = store(TOKEN);
        assertThat(store.read("vault")).isNull();
        store.write("vault", SecretValue.of("keys"));
        assertThat(Objects.requireNonNull(store.read("vault")).text()).isEqualTo("keys");
        store.write("vault", SecretValue.of("more keys"));
        assertThat(Objects.requireNonNull(store(TOKEN).read("vault")).text()).isEqualTo("more keys");
        assertThat(version).isEqualTo(2);
    }

    @Test
    void nothingIsWrittenOverWhatAnotherWrote() throws IOException {
        var one = store(TOKEN);
        var other = store(TOKEN);
        assertThat(one.read("vault")).isNull();
        assertThat(other.read("vault")).isNull();
        one.write("vault", SecretValue.of("first"));
        assertThatThrownBy(() -> other.write("vault", SecretValue.of("second")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("HTTP 400")
                .hasMessageNotContaining("second");
        assertThat(value).isEqualTo("first");
    }

    @Test
    void aTokenThatMayNotIsToldWithoutTheToken() {
        assertThatThrownBy(() -> store("wrong-token").read("vault"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("secrets.token may not do that")
                .hasMessageNotContaining("wrong-token");
        assertThat(store(TOKEN).toString()).doesNotContain(TOKEN);
    }
}
