package io.marsad.soc.identity.sso;

import io.marsad.connect.OutboundGuard;
import io.marsad.connect.OutboundHttp;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks providers, which a tenant names: only where the operator lets it, and never for long. Thread-safe. */
final class ProviderHttp {
    private static final OutboundHttp.Limits LIMITS =
            new OutboundHttp.Limits(Duration.ofSeconds(3), Duration.ofSeconds(5), 512 << 10);
    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(50).build())
            .build());

    private final OutboundHttp http;

    ProviderHttp(OutboundGuard guard) {
        this.http = new OutboundHttp(guard, tls(), LIMITS);
    }

    private static SSLSocketFactory tls() {
        if (SSLSocketFactory.getDefault() instanceof SSLSocketFactory factory) {
            return factory;
        }
        throw new IllegalStateException("the JDK makes TLS sockets");
    }

    /**
     * What we are known by at a token endpoint.
     *
     * @param secret null: a public client
     */
    record Client(String id, @Nullable String secret) {
        /** Without the secret. */
        @Override
        public String toString() {
            return id;
        }
    }

    /** @param json null when the answer was none */
    record Answer(
            int status, @Nullable String location, @Nullable JsonNode json) {}

    /** A document. @throws ProviderFault unless it is one */
    JsonNode get(URI address) throws ProviderFault {
        var answer = ask(address, "application/json");
        if (answer.status() != 200 || answer.json() == null) {
            throw new ProviderFault(
                    address + " answers " + answer.status() + (answer.status() == 200 ? ", but not with JSON." : "."));
        }
        return answer.json();
    }

    /** What a browser would see first. @throws ProviderFault when nothing answers */
    Answer look(URI address) throws ProviderFault {
        return ask(address, "text/html");
    }

    private Answer ask(URI address, String type) throws ProviderFault {
        try {
            return answer(http.get(address, Map.of("Accept", type)));
        } catch (IOException e) {
            throw fault(address, e);
        }
    }

    /** @throws ProviderFault when nothing answers */
    Answer post(URI address, Map<String, String> form, Client client) throws ProviderFault {
        var body = new StringJoiner("&");
        form.forEach((name, value) -> body.add(encoded(name) + "=" + encoded(value)));
        var headers = new LinkedHashMap<String, String>();
        headers.put("Accept", "application/json");
        headers.put("Content-Type", "application/x-www-form-urlencoded");
        if (client.secret() == null) {
            body.add("client_id=" + encoded(client.id()));
        } else {
            var pair = encoded(client.id()) + ":" + encoded(client.secret()); // encoded first: RFC 6749, 2.3.1
            headers.put(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        try {
            return answer(http.post(address, headers, body.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw fault(address, e);
        }
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static ProviderFault fault(URI address, IOException trouble) {
        var message = trouble.getMessage();
        var name = trouble.getClass().getSimpleName();
        return new ProviderFault(
                address.getScheme() + "://" + address.getRawAuthority() + " cannot be asked: "
                        + (message == null || message.isBlank() ? name : Discovery.shown(message)) + ".",
                trouble);
    }

    private static Answer answer(OutboundHttp.Answer answer) {
        return new Answer(answer.status(), answer.header("location"), json(answer.body()));
    }

    private static @Nullable JsonNode json(byte[] body) {
        try {
            var tree = JSON.readTree(body);
            return tree != null && tree.isObject() ? tree : null;
        } catch (JacksonException e) {
            return null; // a page, which is fine where one is expected: the caller says what it wanted
        }
    }
}
