package io.marsad.api;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.marsad.connect.OutboundGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * An OpenID provider over real HTTP: discovery, keys, authorization code with PKCE, client_secret_basic or a public client.
 * Who comes to its sign-in page is {@link #claims} at once. A test bends what it wants bent.
 */
final class TestProvider implements AutoCloseable {

    private record Grant(String redirectUri, String nonce, String challenge) {}

    /** A whole answer, instead of the provider's own. */
    public record Reply(int status, String type, byte[] body) {
        /** None, until the provider is closed. */
        static final Reply NEVER = new Reply(0, "", new byte[0]);

        public static Reply json(int status, String text) {
            return new Reply(status, "application/json", text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static final HttpServer SERVER = listen();
    private static final Map<String, TestProvider> ALL = new ConcurrentHashMap<>();
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** Lets the platform talk to these providers. */
    static final OutboundGuard GUARD =
            new OutboundGuard(List.of("http://127.0.0.1:" + SERVER.getAddress().getPort()));

    private final String name;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, Grant> codes = new ConcurrentHashMap<>();
    private final Map<String, Integer> asked = new ConcurrentHashMap<>();
    private final Map<String, Reply> instead = new ConcurrentHashMap<>();
    private volatile ProviderKeys keys = ProviderKeys.FIRST;
    private volatile String clientId = "marsad";
    private volatile String secret = "";
    private volatile String redirectUri = "";
    private volatile boolean namesItself = true;
    private volatile Map<String, Object> person = Map.of("sub", "someone");
    private volatile UnaryOperator<Map<String, Object>> claims = all -> all;
    private volatile BiFunction<ProviderKeys, Map<String, Object>, String> signer =
            (own, all) -> own.sign("RS256", all);

    private TestProvider(String name) {
        this.name = name;
    }

    /** One of its own among those on the one port. */
    static TestProvider start() {
        return start("p");
    }

    /** With a word in its issuer. */
    static TestProvider start(String word) {
        var provider = new TestProvider(word + COUNT.incrementAndGet());
        ALL.put(provider.name, provider);
        return provider;
    }

    private static HttpServer listen() {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", TestProvider::dispatch);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void dispatch(HttpExchange exchange) throws IOException {
        try (exchange) {
            var parts = exchange.getRequestURI().getPath().split("/", 4);
            var provider = parts.length < 4 ? null : ALL.get(parts[2]);
            if (provider == null) {
                send(exchange, Reply.json(404, "{}"));
            } else {
                provider.serve(exchange, "/" + parts[3]);
            }
        }
    }

    public String issuer() {
        return "http://127.0.0.1:" + SERVER.getAddress().getPort() + "/realms/" + name;
    }

    public ProviderKeys keys() {
        return keys;
    }

    /** Other keys, at once and without the ones before. */
    public void rotate() {
        keys = ProviderKeys.SECOND;
    }

    /** Knows a client by a secret; an empty one is a public client. Takes only this redirect URI. */
    public void client(String id, String clientSecret, String redirect) {
        clientId = id;
        secret = clientSecret;
        redirectUri = redirect;
    }

    /** Who comes to sign in: claims beside those that every ID token has. */
    public void person(Map<String, Object> who) {
        person = who;
    }

    /** What becomes of the claims before they are signed. */
    public void bend(UnaryOperator<Map<String, Object>> how) {
        claims = how;
    }

    /** How the ID token is signed. */
    public void sign(BiFunction<ProviderKeys, Map<String, Object>, String> how) {
        signer = how;
    }

    /** Answers this at a path from now on: {@code /keys}, {@code /token}, {@code /authorize}, {@code /discovery}. */
    public void instead(String path, Reply reply) {
        instead.put(path, reply);
    }

    /** Answers by itself again. */
    public void itself(String path) {
        instead.remove(path);
    }

    public void namesItself(boolean whether) {
        namesItself = whether;
    }

    /** How often a path was asked. */
    public int asked(String path) {
        return asked.getOrDefault(path, 0);
    }

    private void serve(HttpExchange exchange, String full) throws IOException {
        var path = full.equals("/.well-known/openid-configuration") ? "/discovery" : full;
        asked.merge(path, 1, Integer::sum);
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var own = instead.get(path);
        if (own != null && own.status() == 0) {
            await();
        } else if (own != null) {
            send(exchange, own);
        } else {
            switch (path) {
                case "/discovery" -> send(exchange, Reply.json(200, discovery()));
                case "/keys" -> send(exchange, Reply.json(200, keys.jwks()));
                case "/authorize" ->
                    authorize(exchange, form(exchange.getRequestURI().getRawQuery()));
                case "/token" -> send(exchange, token(exchange, form(body)));
                default -> send(exchange, Reply.json(404, "{}"));
            }
        }
    }

    private void await() throws IOException {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private String discovery() {
        var json = new LinkedHashMap<String, Object>();
        json.put("issuer", issuer());
        json.put("authorization_endpoint", issuer() + "/authorize");
        json.put("token_endpoint", issuer() + "/token");
        json.put("jwks_uri", issuer() + "/keys");
        json.put("authorization_response_iss_parameter_supported", namesItself);
        json.put("code_challenge_methods_supported", List.of("S256"));
        json.put("id_token_signing_alg_values_supported", List.of("RS256", "ES256", "HS256"));
        return JSONObjectUtils.toJSONString(json);
    }

    private void authorize(HttpExchange exchange, Map<String, String> asks) throws IOException {
        if (!redirectUri.equals(asks.get("redirect_uri")) || !clientId.equals(asks.get("client_id"))) {
            send(exchange, new Reply(400, "text/html", "<h1>Unknown</h1>".getBytes(StandardCharsets.UTF_8)));
            return;
        }
        var back = redirectUri + "?state=" + asks.get("state") + "&iss=" + issuer();
        if ("none".equals(asks.get("prompt"))) {
            back += "&error=login_required";
        } else {
            var code = UUID.randomUUID().toString();
            codes.put(
                    code,
                    new Grant(
                            asks.getOrDefault("redirect_uri", ""),
                            asks.getOrDefault("nonce", ""),
                            asks.getOrDefault("code_challenge", "")));
            back += "&code=" + code;
        }
        exchange.getResponseHeaders().set("Location", back);
        exchange.sendResponseHeaders(302, -1);
    }

    private Reply token(HttpExchange exchange, Map<String, String> asks) {
        boolean known = secret.isEmpty()
                ? clientId.equals(asks.get("client_id"))
                : List.of(clientId, secret).equals(basic(exchange));
        if (!known) {
            return Reply.json(401, "{\"error\":\"invalid_client\"}");
        }
        var grant = codes.remove(asks.getOrDefault("code", ""));
        if (grant == null
                || !grant.redirectUri().equals(asks.get("redirect_uri"))
                || !grant.challenge().equals(challenge(asks.getOrDefault("code_verifier", "")))) {
            return Reply.json(400, "{\"error\":\"invalid_grant\"}");
        }
        long now = Instant.now().getEpochSecond();
        var all = new LinkedHashMap<String, Object>();
        all.put("iss", issuer());
        all.put("aud", clientId);
        all.put("iat", now);
        all.put("exp", now + 300);
        all.put("nonce", grant.nonce());
        all.putAll(person);
        var token = signer.apply(keys, claims.apply(all));
        return Reply.json(
                200,
                JSONObjectUtils.toJSONString(Map.of("access_token", "x", "token_type", "Bearer", "id_token", token)));
    }

    /** Client id and secret, each encoded as in a form before they were joined (RFC 6749, 2.3.1). */
    private static List<String> basic(HttpExchange exchange) {
        var header = exchange.getRequestHeaders().getFirst("Authorization");
        if (header == null || !header.startsWith("Basic ")) {
            return List.of();
        }
        var pair = new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8);
        return Arrays.stream(pair.split(":", 2))
                .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
                .toList();
    }

    private static String challenge(String verifier) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", reply.type());
        exchange.sendResponseHeaders(reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
        if (reply.body().length > 0) {
            exchange.getResponseBody().write(reply.body());
        }
    }

    /** The parts of a query or form. */
    public static Map<String, String> form(String text) {
        var parts = new LinkedHashMap<String, String>();
        for (var pair : text.split("&", -1)) {
            var at = pair.indexOf('=');
            if (at > 0) {
                parts.put(
                        URLDecoder.decode(pair.substring(0, at), StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
            }
        }
        return parts;
    }

    @Override
    public void close() {
        closed.countDown();
        ALL.remove(name);
    }
}
