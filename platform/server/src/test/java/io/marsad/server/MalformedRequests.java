package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is not HTTP, or hardly, said over a bare connection. */
final class MalformedRequests {
    /** Each with a place for a secret. */
    static final List<String> WITH_A_SECRET = List.of(
            "GET /v1/alerts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nno header\r\n\r\n",
            "GET /v1/alerts HTTP/9.9\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n",
            "GET /v1/alerts?a=%%zz%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "G\u0001T /%s HTTP/1.1\r\n\r\n",
            "POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: %s\r\n\r\n",
            "POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n%s\r\n",
            "GET /v1/alerts HTTP/1.1\r\nHost: x\r\nX-Long: %s" + "x".repeat(70_000) + "\r\n\r\n");

    private MalformedRequests() {}

    /** What the server says to it. */
    static String send(URI server, String request) throws IOException {
        try (var socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return read(socket);
        }
    }

    private static String read(Socket socket) {
        var all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset"); // it was closed before all was read
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }
}
