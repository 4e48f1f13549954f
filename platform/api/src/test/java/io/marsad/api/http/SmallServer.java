package io.marsad.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.contract.OpenApi;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The server over real sockets, with a small contract of its own. */
abstract class SmallServer {
    static final String CONTRACT = """
            openapi: 3.1.0
            info: {title: t, version: '1'}
            security: [{session: []}, {token: []}]
            paths:
              /v1/things:
                get:
                  operationId: list
                  x-permission: things:read
                  x-tenancy: tenant
                  parameters:
                    - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 5, default: 3}}
                    - {name: kind, in: query, schema: {type: array, items: {type: string, enum: [small, large]}}}
                  responses: {'200': {description: ok}}
                post:
                  operationId: make
                  x-permission: things:write
                  x-tenancy: tenant
                  requestBody:
                    required: true
                    content:
                      application/json:
                        schema:
                          type: object
                          required: [name]
                          properties: {name: {type: string, maxLength: 5}, at: {type: string, format: date-time}}
                  responses: {'200': {description: ok}}
              /v1/things/{id}:
                get:
                  operationId: one
                  x-permission: none
                  x-tenancy: tenant
                  parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]
                  responses: {'200': {description: ok}}
              /v1/hook/{token}:
                post:
                  operationId: hook
                  x-permission: things:write
                  x-tenancy: tenant
                  security: []
                  parameters: [{name: token, in: path, required: true, schema: {type: string}}]
                  requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
                  responses: {'200': {description: ok}}
              /open:
                get:
                  operationId: open
                  x-permission: none
                  x-tenancy: public
                  security: []
                  responses: {'200': {description: ok}}
              /inside:
                get:
                  operationId: inside
                  x-permission: things:all
                  x-tenancy: operator
                  security: [{}, {token: []}]
                  responses: {'200': {description: ok}}
              /operators:
                get:
                  operationId: operators
                  x-permission: things:read
                  x-tenancy: operator
                  responses: {'200': {description: ok}}
            """;

    static final List<Route> ROUTES = List.of(
            new Route(
                    "list",
                    exchange -> exchange.text(
                            200,
                            "text/plain",
                            CallerScope.tenant() + " " + exchange.queryNumber("limit") + exchange.queryList("kind"))),
            new Route(
                    "make",
                    exchange -> exchange.text(200, "text/plain", String.valueOf(Json.text(exchange.json(), "name")))),
            new Route("one", exchange -> {
                throw new IllegalStateException("secret internals");
            }),
            new Route(
                    "hook",
                    exchange -> exchange.text(
                            200, "text/plain", String.valueOf(exchange.body(HttpServer.MAX_BODY).length))),
            new Route("open", exchange -> exchange.text(200, "text/plain", "hello")),
            new Route("inside", exchange -> exchange.text(200, "text/plain", "numbers")),
            new Route("operators", exchange -> exchange.text(200, "text/plain", "everybody")));

    static final Authenticator PEOPLE = new Authenticator() {
        @Override
        public @Nullable Credential session(String secret) {
            return secret.equals("s3ss10n") ? credential("acme", "c5rf") : null;
        }

        @Override
        public @Nullable Credential token(String secret) {
            return switch (secret) {
                case "t0k3n" -> credential("acme", null);
                case "operat0r" -> credential("own-tenant", null);
                default -> null;
            };
        }

        @Override
        public boolean runsInstallation(TenantId tenant) {
            return tenant.value().equals("own-tenant");
        }

        private static Credential credential(String tenant, @Nullable String csrf) {
            var caller = new Caller(new TenantId(tenant), "user:1", Set.of("things:read", "things:write"));
            return new Credential("1", "one", caller, csrf, null);
        }
    };

    static HttpServer server;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        server = new HttpServer(
                new HttpServer.Listener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null),
                OpenApi.read(CONTRACT),
                ROUTES,
                PEOPLE,
                new SimpleMeterRegistry(),
                new SecureRandom());
        server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    static HttpRequest.Builder withToken(String path) {
        return to(path).header("Authorization", "Bearer t0k3n");
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    static HttpRequest.BodyPublisher text(String body) {
        return HttpRequest.BodyPublishers.ofString(body);
    }

    static void assertProblem(HttpResponse<String> response, int status, String type) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        var problem = Json.tree(response.body().getBytes(StandardCharsets.UTF_8));
        assertThat(problem.get("type").stringValue()).isEqualTo("urn:marsad:problem:" + type);
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("request_id").stringValue())
                .isEqualTo(response.headers().firstValue("X-Request-Id").orElseThrow());
    }

    /** What comes back to these bytes, until the server hangs up. */
    static String raw(byte[] request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
