package io.marsad.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.api.contract.OpenApi;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
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
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server over real sockets, with a small contract of its own. */
class HttpServerTest {
    private static final String CONTRACT = """
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
                  responses: {'200': {description: ok}}
            """;

    private static final List<Route> ROUTES = List.of(
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
            new Route("inside", exchange -> exchange.text(200, "text/plain", "numbers")));

    private static final Authenticator PEOPLE = new Authenticator() {
        @Override
        public @Nullable Credential session(String secret) {
            return secret.equals("s3ss10n") ? credential("c5rf") : null;
        }

        @Override
        public @Nullable Credential token(String secret) {
            return secret.equals("t0k3n") ? credential(null) : null;
        }

        private static Credential credential(@Nullable String csrf) {
            var caller = new Caller(new TenantId("acme"), "user:1", Set.of("things:read", "things:write"));
            return new Credential("1", "one", caller, csrf, null);
        }
    };

    private static final HttpServer SERVER = new HttpServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            OpenApi.read(CONTRACT),
            ROUTES,
            PEOPLE,
            new SimpleMeterRegistry(),
            new SecureRandom());
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        SERVER.start();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    private static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + SERVER.port() + path));
    }

    private static HttpRequest.Builder withToken(String path) {
        return to(path).header("Authorization", "Bearer t0k3n");
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.BodyPublisher text(String body) {
        return HttpRequest.BodyPublishers.ofString(body);
    }

    private static void assertProblem(HttpResponse<String> response, int status, String type) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        var problem = Json.tree(response.body().getBytes(StandardCharsets.UTF_8));
        assertThat(problem.get("type").stringValue()).isEqualTo("urn:marsad:problem:" + type);
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("request_id").stringValue())
                .isEqualTo(response.headers().firstValue("X-Request-Id").orElseThrow());
    }

    @Test
    void bindsTheCallerAndReadsParametersByTheContract() throws Exception {
        assertThat(send(withToken("/v1/things")).body()).isEqualTo("acme 3[]");
        assertThat(send(withToken("/v1/things?limit=5&kind=small,large").header("X-Tenant-ID", "acme"))
                        .body())
                .isEqualTo("acme 5[small, large]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=6", "limit=0", "limit=x", "kind=small,huge", "limt=3", "limit=1&limit=2"})
    void refusesParametersThatAreNotAsTheContractHasThem(String query) throws Exception {
        assertProblem(send(withToken("/v1/things?" + query)), 400, "invalid-parameter");
    }

    @Test
    void asksForACredential() throws Exception {
        assertProblem(send(to("/v1/things")), 401, "unauthorized");
        assertProblem(send(to("/v1/things").header("Authorization", "Bearer wrong")), 401, "unauthorized");
        assertProblem(send(to("/v1/things").header("Authorization", "Basic dDBrM24=")), 401, "unauthorized");
        assertProblem(send(to("/v1/things").header("Cookie", "marsad_session=wrong")), 401, "unauthorized");
        assertThat(send(to("/v1/things").header("Cookie", "a=b; marsad_session=s3ss10n"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void refusesAnotherTenantsName() throws Exception {
        assertProblem(send(withToken("/v1/things").header("X-Tenant-ID", "other")), 403, "forbidden");
    }

    @Test
    void sessionsHaveToRepeatTheirCsrfValueToChangeSomething() throws Exception {
        var body = text("{\"name\":\"a\"}");
        var session = "marsad_session=s3ss10n";
        assertProblem(send(to("/v1/things").header("Cookie", session).POST(body)), 403, "forbidden");
        assertProblem(
                send(to("/v1/things")
                        .header("Cookie", session)
                        .header("X-Marsad-Csrf", "x")
                        .POST(body)),
                403,
                "forbidden");
        assertThat(send(to("/v1/things")
                                .header("Cookie", session)
                                .header("X-Marsad-Csrf", "c5rf")
                                .POST(body))
                        .body())
                .isEqualTo("a");
        assertThat(send(withToken("/v1/things").POST(body)).statusCode()).isEqualTo(200);
        assertProblem(
                send(withToken("/v1/things")
                        .header("Sec-Fetch-Site", "cross-site")
                        .POST(body)),
                403,
                "forbidden");
    }

    @Test
    void operatorsRoutesAreOpenToThisMachineAndNotToItsProxy() throws Exception {
        assertThat(send(to("/inside")).body()).isEqualTo("numbers");
        assertProblem(send(to("/inside").header("X-Forwarded-For", "192.0.2.1")), 401, "unauthorized");
        assertProblem(send(withToken("/inside").header("X-Forwarded-For", "192.0.2.1")), 403, "forbidden");
    }

    @Test
    void namesEveryFaultOfABody() throws Exception {
        var response = send(withToken("/v1/things").POST(text("{\"name\":\"toolong\",\"at\":\"soon\",\"nam\":1}")));
        assertProblem(response, 400, "invalid-body");
        var errors = Json.tree(response.body().getBytes(StandardCharsets.UTF_8)).get("errors");
        assertThat(errors.valueStream().map(error -> error.get("where").stringValue()))
                .containsExactlyInAnyOrder("/name", "/at", "/nam");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"name\":\"a\"} x", "{\"name\":\"a\",\"name\":\"b\"}", "\u0000"})
    void refusesWhatIsNotJson(String body) throws Exception {
        assertProblem(send(withToken("/v1/things").POST(text(body))), 400, "not-json");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/nothing,404,not-found",
        "GET,/v1/things/,404,not-found",
        "GET,/v1/things/no-uuid,404,not-found",
        "GET,/assets/none.js,404,not-found",
        "GET,/assets/%2e%2e/index.html,404,not-found",
        "POST,/pages/are/not/posted/to,404,not-found",
        "DELETE,/v1/things,405,method",
        "BREW,/v1/things,405,method",
        "HEAD,/v1/nothing,404,",
        "OPTIONS,/open,405,method"
    })
    void answersWithAProblem(String method, String path, int status, @Nullable String type) throws Exception {
        var response = send(withToken(path).method(method, HttpRequest.BodyPublishers.noBody()));
        if (type == null) {
            assertThat(response.statusCode()).isEqualTo(status);
        } else {
            assertProblem(response, status, type);
        }
    }

    @Test
    void keepsInternalsInside() throws Exception {
        var response = send(withToken("/v1/things/00000000-0000-7000-8000-000000000000"));
        assertProblem(response, 500, "internal");
        assertThat(response.body()).doesNotContain("secret", "Exception");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /open HTTP/1.1\r\n\r\n",
                "GET /open HTTP/1.1\r\nHost: x\r\nBad Header: x\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /v1/hook/t0k3n HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
                "POST /v1/hook/t0k3n HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: br, chunked\r\n\r\n0\r\n\r\n",
                "POST /v1/hook/t0k3n HTTP/1.1\r\nHost: x\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx"
            })
    void malformedRequestsGetAProblemToo(String request) throws Exception {
        var answer = raw(request.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(answer).startsWith("HTTP/1.1 ").contains("application/problem+json", "urn:marsad:problem:");
        assertThat(answer.substring(9, 10)).isIn("4", "5");
        assertThat(answer).doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense\r\n\r\n", "GET /open HTTP/9.9\r\nHost: x\r\n\r\n", "\u0016\u0003\u0001"})
    void whatIsNotHttpIsHungUpOn(String request) throws Exception {
        assertThat(raw(request.getBytes(StandardCharsets.ISO_8859_1))).isEmpty();
    }

    private static String raw(byte[] request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), SERVER.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void unpacksGzipByContentEncoding() throws Exception {
        var packed = gzip(new byte[100_000]);
        assertThat(send(to("/v1/hook/t0k3n")
                                .header("Content-Encoding", "gzip")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(packed)))
                        .body())
                .isEqualTo("100000");
        assertProblem(
                send(to("/v1/hook/t0k3n").header("Content-Encoding", "gzip").POST(text("not gzip at all"))),
                400,
                "not-gzip");
    }

    @Test
    void unpacksGzipByTransferEncoding() throws Exception {
        var packed = gzip("{\"a\":1}".repeat(1000).getBytes(StandardCharsets.UTF_8));
        var request = new ByteArrayOutputStream();
        request.writeBytes(
                "POST /v1/hook/t0k3n HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
                        .getBytes(StandardCharsets.ISO_8859_1));
        request.writeBytes((Integer.toHexString(packed.length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        request.writeBytes(packed);
        request.writeBytes("\r\n0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(raw(request.toByteArray())).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n7000");
    }

    @Test
    void stopsBombsAndLargeBodies() throws Exception {
        var bomb = gzip(new byte[HttpServer.MAX_BODY + 1]);
        assertThat(bomb.length).isLessThan(100_000);
        assertProblem(
                send(to("/v1/hook/t0k3n")
                        .header("Content-Encoding", "gzip")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(bomb))),
                413,
                "too-large");
        assertThat(raw(("POST /v1/hook/t0k3n HTTP/1.1\r\nHost: x\r\nContent-Length: " + (HttpServer.MAX_BODY + 1)
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1)))
                .startsWith("HTTP/1.1 413")
                .contains("urn:marsad:problem:too-large");
        assertThat(raw(("POST /v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t0k3n\r\nContent-Length: "
                                + (Exchange.SMALL_BODY + 1) + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1)))
                .startsWith("HTTP/1.1 413")
                .contains("urn:marsad:problem:too-large");
    }

    @Test
    void theLargestBodyIsTaken() throws Exception {
        assertThat(send(to("/v1/hook/t0k3n")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[HttpServer.MAX_BODY])))
                        .body())
                .isEqualTo("16777216");
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void servesTheConsole() throws Exception {
        var page = send(to("/alerts/some-page"));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Cache-Control")).contains("no-cache");
        var policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
        var nonce = page.body().replaceAll("(?s).*nonce=\"([^\"]+)\".*", "$1");
        assertThat(policy)
                .contains("'nonce-" + nonce + "'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(send(to("/")).body()).doesNotContain(nonce, "__CSP_NONCE__");

        var asset = send(to("/assets/app-1.js"));
        assertThat(asset.body()).isEqualTo("plain");
        assertThat(asset.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
        var packed = send(to("/assets/app-1.js").header("Accept-Encoding", "br, gzip;q=0.5"));
        assertThat(packed.body()).isEqualTo("packed");
        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
    }

    @Test
    void keepsTheSendersRequestIdWhenItIsHarmless() throws Exception {
        assertThat(send(to("/open").header("X-Request-Id", "abc-1")).headers().firstValue("X-Request-Id"))
                .contains("abc-1");
        assertThat(send(to("/open").header("X-Request-Id", "a b")).headers().firstValue("X-Request-Id"))
                .isNotEmpty()
                .isNotEqualTo("a b");
    }

    @Test
    void refusesToBeBuiltWithOtherRoutesThanTheContracts() {
        assertThatThrownBy(() -> new RouteTable(OpenApi.read(CONTRACT), ROUTES.subList(1, ROUTES.size())))
                .hasMessageContaining("list is in the contract and has no code");
        assertThatThrownBy(() -> new RouteTable(
                        OpenApi.read(CONTRACT.replace("operationId: open", "operationId: other")), ROUTES))
                .hasMessageContaining("other is in the contract and has no code")
                .hasMessageContaining("open has code and is not in the contract");
    }

    @ParameterizedTest
    @CsvSource({
        "x-tenancy: public, x-tenancy: nobody, x-tenancy is",
        "x-permission: things:read, x-other: 1, is missing",
        "x-tenancy: tenant, x-tenancy: public, asks for no credential"
    })
    void refusesContractsThatDoNotSayWhatARouteNeeds(String is, String becomes, String message) {
        assertThatThrownBy(() -> OpenApi.read(CONTRACT.replaceFirst(is, becomes)))
                .hasMessageContaining(message)
                .isInstanceOf(IllegalStateException.class);
    }
}
