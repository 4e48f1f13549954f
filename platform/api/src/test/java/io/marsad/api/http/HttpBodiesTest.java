package io.marsad.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes in bodies: JSON by the contract, packed, too large. */
class HttpBodiesTest extends SmallServer {
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
    void whoStillSendsALargeBodySeesWhyItIsRefused() throws Exception {
        var body = new byte[8 << 20];
        for (var length : new String[] {"Content-Length: " + body.length, "Transfer-Encoding: chunked"}) {
            var request = new ByteArrayOutputStream();
            request.writeBytes(("POST /v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t0k3n\r\n" + length
                            + "\r\n\r\n" + (length.startsWith("T") ? Integer.toHexString(body.length) + "\r\n" : ""))
                    .getBytes(StandardCharsets.ISO_8859_1));
            request.writeBytes(body);
            request.writeBytes("\r\n0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(raw(request.toByteArray())).startsWith("HTTP/1.1 413").contains("urn:marsad:problem:too-large");
        }
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
}
