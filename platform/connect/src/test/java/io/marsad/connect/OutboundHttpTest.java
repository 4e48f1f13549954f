package io.marsad.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundHttpTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final char[] PASSWORD = "test-only".toCharArray();

    /** Answers each connection with the same bytes, once it has read a head. */
    private static final class Server implements AutoCloseable {
        private final ServerSocket socket;
        private final byte[] answer;
        private final boolean then;
        private final BlockingQueue<String> heads = new LinkedBlockingQueue<>();

        /** @param stay keeps the connection after the answer */
        Server(ServerSocket socket, String answer, boolean stay) {
            this.socket = socket;
            this.answer = answer.getBytes(StandardCharsets.ISO_8859_1);
            this.then = stay;
            Thread.ofVirtual().start(this::serve);
        }

        private void serve() {
            while (!socket.isClosed()) {
                try {
                    var connection = socket.accept();
                    Thread.ofVirtual().start(() -> answer(connection));
                } catch (IOException e) {
                    if (!socket.isClosed()) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        }

        private void answer(Socket connection) {
            try (connection) {
                heads.add(head(connection.getInputStream()));
                connection.getOutputStream().write(answer);
                connection.getOutputStream().flush();
                while (then && connection.getInputStream().read() >= 0) {
                    // until the other end has had enough
                }
            } catch (IOException e) {
                heads.add(e.toString()); // the other end went away
            }
        }

        private static String head(InputStream in) throws IOException {
            var head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int b = in.read();
                if (b < 0) {
                    break;
                }
                head.write(b);
            }
            return head.toString(StandardCharsets.ISO_8859_1);
        }

        int port() {
            return socket.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Server plain(String answer, boolean stay) throws IOException {
        return new Server(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()), answer, stay);
    }

    private static OutboundHttp.Answer get(Server server, int most, Duration whole) throws IOException {
        var address = "http://127.0.0.1:" + server.port();
        return new OutboundHttp(
                        new OutboundGuard(List.of(address)),
                        (SSLSocketFactory) SSLSocketFactory.getDefault(),
                        new OutboundHttp.Limits(Duration.ofSeconds(10), whole, most))
                .get(URI.create(address + "/a%20b?c=d"), Map.of("Accept", "application/json"));
    }

    private static OutboundHttp.Answer get(Server server) throws IOException {
        return get(server, 1000, Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-More: 1\r\n\r\nhello",
                "HTTP/1.1 200 \r\nX-More: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nT: t\r\n\r\n",
                "HTTP/1.0 200 OK\nx-more:1\n\nhello",
                "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nX-More: 1\r\n\r\nhello",
            })
    void answersAreReadHoweverTheyAreFramed(String answer) throws Exception {
        try (var server = plain(answer, false)) {
            var got = get(server);
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.text()).isEqualTo("hello");
            assertThat(got.header("X-More")).isEqualTo("1");
            assertThat(server.heads.poll(10, TimeUnit.SECONDS))
                    .startsWith("GET /a%20b?c=d HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n")
                    .contains("\r\nAccept: application/json\r\n")
                    .contains("\r\nConnection: close\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SSH-2.0-OpenSSH_9.9\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
                "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
            })
    void whatIsNoAnswerIsRefused(String answer) throws Exception {
        try (var server = plain(answer, false)) {
            assertThatThrownBy(() -> get(server)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void nothingIsReadWithoutEnd() throws Exception {
        for (var answer : List.of(
                "HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(1001),
                "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n" + "x".repeat(1001),
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + "1f4\r\n"
                        + ("x".repeat(500) + "\r\n1f4\r\n").repeat(3),
                "HTTP/1.1 200 OK\r\nX: " + "x".repeat(20_000) + "\r\n\r\n",
                "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(201) + "\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n".repeat(11))) {
            try (var server = plain(answer, true)) {
                assertThatThrownBy(() -> get(server))
                        .isInstanceOf(IOException.class)
                        .hasMessageMatching("the answer (is larger|has a line|has more|does not begin).*");
            }
        }
    }

    @Test
    void aServerThatSaysNothingIsLeft() throws Exception {
        for (var answer : List.of("", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe")) {
            try (var server = plain(answer, true)) {
                assertThatThrownBy(() -> get(server, 1000, Duration.ofMillis(300)))
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void aRedirectIsAnAnswerAndNotFollowed() throws Exception {
        try (var server =
                plain("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", false)) {
            assertThat(get(server).status()).isEqualTo(302);
        }
    }

    /** What may have arrived is told apart from what never left. */
    @Test
    void whetherARequestLeftIsKnown() throws Exception {
        for (var method : List.of("POST", "PUT", "PATCH", "DELETE")) {
            try (var server = plain("HTTP/1.1 204 No Content\r\n\r\n", false)) {
                assertThat(exchange(server.port(), method).status()).isEqualTo(204);
                assertThat(server.heads.poll(10, TimeUnit.SECONDS)).startsWith(method + " /x HTTP/1.1\r\n");
            }
        }
        for (var answer : List.of("", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe")) {
            for (boolean stays : new boolean[] {true, false}) {
                try (var server = plain(answer, stays)) {
                    assertThatThrownBy(() -> exchange(server.port(), "POST")).isInstanceOf(OutboundLost.class);
                }
            }
        }
        // Held, but not listened at: whoever connects is refused, and nobody else gets the port meanwhile.
        try (var held = new Socket()) {
            held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int closed = held.getLocalPort();
            assertThatThrownBy(() -> exchange(closed, "POST"))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(OutboundLost.class);
            assertThatThrownBy(() -> exchange(closed, "TRACE")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static OutboundHttp.Answer exchange(int port, String method) throws IOException {
        var address = "http://127.0.0.1:" + port;
        return new OutboundHttp(
                        new OutboundGuard(List.of(address)),
                        (SSLSocketFactory) SSLSocketFactory.getDefault(),
                        new OutboundHttp.Limits(Duration.ofSeconds(10), Duration.ofMillis(500), 1000))
                .exchange(method, URI.create(address + "/x"), Map.of(), new byte[0]);
    }

    @Test
    void headersCannotBeBrokenOutOf() throws Exception {
        var http = new OutboundHttp(
                new OutboundGuard(List.of()),
                (SSLSocketFactory) SSLSocketFactory.getDefault(),
                new OutboundHttp.Limits(LONG, LONG, 1000));
        assertThatThrownBy(() -> http.get(URI.create("https://example.org/"), Map.of("X", "a\r\nHost: other")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void certificatesAreCheckedAgainstTheName(@TempDir Path folder) throws Exception {
        var file = folder.resolve("server.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var made = new ProcessBuilder(List.of(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD)))
                .redirectErrorStream(true)
                .start();
        assertThat(made.waitFor()).isZero();
        var store = KeyStore.getInstance(file.toFile(), PASSWORD);
        var keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, PASSWORD);
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        var listen = context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        var guard = new OutboundGuard(List.of("127.0.0.0/8", "::1"));
        var trusting = new OutboundHttp(guard, context.getSocketFactory(), new OutboundHttp.Limits(LONG, LONG, 1000));
        var strict = new OutboundHttp(
                guard, (SSLSocketFactory) SSLSocketFactory.getDefault(), new OutboundHttp.Limits(LONG, LONG, 1000));
        try (var server = new Server(listen, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", false)) {
            var named = URI.create("https://localhost:" + server.port() + "/");
            assertThat(trusting.post(named, Map.of("Content-Type", "text/plain"), new byte[0])
                            .text())
                    .isEqualTo("ok");
            assertThatThrownBy(() -> strict.get(named, Map.of())).isInstanceOf(SSLException.class);
            var other = URI.create("https://127.0.0.1:" + server.port() + "/");
            assertThatThrownBy(() -> trusting.get(other, Map.of())).isInstanceOf(SSLException.class);
        }
    }
}
