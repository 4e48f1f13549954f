package io.marsad.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a request may be, what is answered beyond, and that the documentation says the same. */
class HttpLimitsTest extends SmallServer {
    private static final List<String> ALWAYS = List.of(
            "content-security-policy: default-src 'none'; frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "x-frame-options: deny",
            "referrer-policy: no-referrer",
            "cross-origin-opener-policy: same-origin",
            "cross-origin-resource-policy: same-origin",
            "permissions-policy: ",
            "cache-control: no-store",
            "x-request-id: ");

    private record Sent(String what, String request, int status) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static String get(String path, String headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n";
    }

    private static String post(String body) {
        return "POST /v1/things HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer t0k3n\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String headers(int count) {
        var headers = new StringBuilder();
        for (int i = 0; i < count; i++) {
            headers.append(i % 2 == 0 ? "X-Same" : "X-" + i).append(": y\r\n");
        }
        return headers.toString();
    }

    static List<Sent> requests() {
        return List.of(
                new Sent("as many headers as may be", get("/open", headers(HttpLimits.MOST_HEADERS - 2)), 200),
                new Sent("one header more", get("/open", headers(HttpLimits.MOST_HEADERS - 1)), 431),
                new Sent("long headers", get("/open", "X: " + "y".repeat(HttpLimits.MOST_HEADER_BYTES) + "\r\n"), 400),
                new Sent("a long path", get("/" + "y".repeat(HttpLimits.MOST_LINE), ""), 414),
                new Sent("a long query", get("/open?" + "y".repeat(HttpLimits.MOST_LINE), ""), 414),
                new Sent("deep JSON", post("[".repeat(HttpLimits.MOST_DEPTH + 1)), 400),
                new Sent("many values", post("[" + "1,".repeat(HttpLimits.MOST_TOKENS) + "1]"), 400),
                new Sent("a long number", post("1".repeat(HttpLimits.MOST_DIGITS + 1)), 400),
                new Sent("a long name", post("{\"" + "x".repeat(HttpLimits.MOST_NAME + 1) + "\":1}"), 400),
                new Sent("a name twice", post("{\"name\":\"a\",\"name\":\"b\"}"), 400),
                new Sent("a large body", post("").replace("Length: 0", "Length: " + (Exchange.SMALL_BODY + 1)), 413),
                new Sent(
                        "a body that is announced larger than any",
                        "POST /v1/hook/t0k3n HTTP/1.1\r\nHost: x\r\nContent-Length: " + (HttpLimits.MOST_BODY + 1)
                                + "\r\n\r\n",
                        413),
                new Sent("a header without a colon", get("/open", "header\r\n"), 400),
                new Sent("two lengths", get("/open", "Content-Length: 1\r\nContent-Length: 2\r\n"), 400),
                new Sent("a length that is none", get("/open", "Content-Length: x\r\n"), 400),
                new Sent("no host", "GET /open HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
                new Sent("a path that is not encoded", get("/v1/%zz", ""), 400),
                new Sent("nothing there", get("/v1/nothing", ""), 404),
                new Sent("no credential", get("/v1/things", ""), 401),
                new Sent(
                        "our fault",
                        get("/v1/things/00000000-0000-7000-8000-000000000000", "Authorization: Bearer t0k3n\r\n"),
                        500));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void eachHasItsAnswerAndEachAnswerItsHeaders(Sent sent) throws IOException {
        var answer = raw(sent.request.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(answer).startsWith("HTTP/1.1 " + sent.status + " ");
        int end = answer.indexOf("\r\n\r\n");
        var head = answer.substring(0, end).toLowerCase(Locale.ROOT);
        assertThat(head).contains(ALWAYS).doesNotContain("server:", "helidon");
        if (sent.status >= 400) {
            assertThat(head).contains("content-type: application/problem+json");
            assertThat(answer.substring(end))
                    .contains("\"request_id\":")
                    .doesNotContain("Exception", "io.", "java", "elidon", "yyyy", "xxxx", "secret");
        }
    }

    @Test
    void theDocumentationSaysTheSame() throws IOException {
        var standard = HttpLimits.standard();
        var expected = List.of(
                row("First line (method, path, query)", size(HttpLimits.MOST_LINE), "414"),
                row("All headers together", size(HttpLimits.MOST_HEADER_BYTES), "400"),
                row("Number of headers", HttpLimits.MOST_HEADERS, "431"),
                row("Body with records, packed or not", size(HttpLimits.MOST_BODY), "413"),
                row("Any other body", size(Exchange.SMALL_BODY), "413"),
                row("Depth of JSON", HttpLimits.MOST_DEPTH, "400"),
                row("Tokens of JSON that is not records (names, values, brackets)", HttpLimits.MOST_TOKENS, "400"),
                row("A name in JSON", HttpLimits.MOST_NAME + " characters", "400"),
                row("A number in JSON", HttpLimits.MOST_DIGITS + " characters", "400"),
                row("Connections", standard.connections(), "they wait"),
                row("Connections from one address", standard.perAddress(), "closed; `http.connections_per_address`"),
                row(
                        "Until a request's headers are there, TLS included",
                        standard.head().toSeconds() + " s",
                        "closed"),
                row("Between two requests on a connection", standard.idle().toSeconds() + " s", "closed"),
                row("Until a body is there", standard.body().toSeconds() + " s", "408, or closed"),
                row(
                        "Until a piece of an answer is taken",
                        standard.write().toSeconds() + " s, and a second for each " + size(HttpLimits.SLOWEST),
                        "closed"));
        var page = Path.of(System.getProperty("marsad.root", "../.."), "docs", "reference", "http-limits.md");
        var rows = Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| What"))
                .toList();
        assertThat(rows)
                .as("the table has to be\n" + String.join("\n", expected))
                .isEqualTo(expected);
    }

    private static String row(Object what, Object most, Object answer) {
        return "| " + what + " | " + most + " | " + answer + " |";
    }

    private static String size(int bytes) {
        return bytes >= 1 << 20 ? (bytes >> 20) + " MiB" : (bytes >> 10) + " KiB";
    }
}
