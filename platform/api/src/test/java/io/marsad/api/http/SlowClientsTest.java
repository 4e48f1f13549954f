package io.marsad.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marsad.api.contract.OpenApi;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who sends nothing, or little by little, or takes no answer, is disconnected; nobody has all connections. */
class SlowClientsTest {
    private static final int MOST = 6;
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int PATIENCE_MILLIS = 60_000;

    private static final String CONTRACT = SmallServer.CONTRACT + """
              /endless:
                get:
                  operationId: endless
                  x-permission: none
                  x-tenancy: public
                  security: []
                  responses: {'200': {description: ok}}
              /slow:
                get:
                  operationId: slow
                  x-permission: none
                  x-tenancy: public
                  security: []
                  responses: {'200': {description: ok}}
            """;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CountDownLatch slow = new CountDownLatch(1);
    private final List<Socket> open = new ArrayList<>();
    private @Nullable HttpServer server;

    private void start(HttpLimits limits) {
        var routes = new ArrayList<>(SmallServer.ROUTES);
        routes.add(new Route("endless", exchange -> {
            try (var out = exchange.stream("text/plain")) {
                while (true) {
                    out.write(new byte[64 << 10]);
                }
            }
        }));
        routes.add(new Route("slow", exchange -> {
            slow.await();
            exchange.text(200, "text/plain", "at last");
        }));
        server = new HttpServer(
                new HttpServer.Listener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null, limits),
                OpenApi.read(CONTRACT),
                routes,
                SmallServer.PEOPLE,
                meters,
                new SecureRandom());
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        for (var socket : open) {
            socket.close();
        }
        Objects.requireNonNull(server).close();
    }

    private Socket connect(String request) throws IOException {
        var socket = new Socket(
                InetAddress.getLoopbackAddress(), Objects.requireNonNull(server).port());
        open.add(socket);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return socket;
    }

    /** What came until the other end closed. */
    private static String untilClosed(Socket socket) throws IOException {
        var all = new java.io.ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("it was not closed", e);
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset"); // as good as closed
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    private double count(String name) {
        return meters.get(name).counter().count();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "G",
                "GET /open HTTP/1.1\r\n",
                "GET /open HTTP/1.1\r\nHost: x\r\nX-A",
                "GET /open HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /v1/hook/t0k3n HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{",
                "POST /v1/hook/t0k3n HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
            })
    void whoSaysNothingMoreIsDisconnected(String begun) throws Exception {
        boolean heads = begun.contains("\r\n\r\n"); // the first head takes long where nothing has run yet
        start(new HttpLimits(100, MOST, heads ? LONG : SHORT, SHORT, SHORT, LONG));
        var answer = untilClosed(connect(begun));
        assertThat(answer.startsWith("HTTP/1.1 200")).as(answer).isEqualTo(begun.endsWith("x\r\n\r\n"));
        await().untilAsserted(() -> assertThat(count("marsad.http.slow")).isEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /open HTTP/1.1\r\nHost: x\r\nX-Long: ",
                "POST /v1/hook/t0k3n HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n{",
            })
    void whoTricklesIsDisconnected(String begun) throws Exception {
        start(new HttpLimits(100, MOST, begun.startsWith("POST") ? LONG : SHORT, LONG, SHORT, LONG));
        var socket = connect(begun);
        socket.setSoTimeout(20);
        long deadline = System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
        var answer = new StringBuilder();
        boolean closed = false;
        while (!closed && System.nanoTime() < deadline) {
            try {
                socket.getOutputStream().write('x');
                int b = socket.getInputStream().read(); // 20 ms from byte to byte
                closed = b < 0;
                answer.append((char) b);
            } catch (SocketTimeoutException e) {
                continue; // still there
            } catch (SocketException e) {
                closed = true;
            }
        }
        assertThat(closed).isTrue();
        if (begun.startsWith("POST") && !answer.isEmpty()) {
            assertThat(answer).startsWith("HTTP/1.1 408");
        }
    }

    @Test
    void whoTakesNoAnswerIsDisconnected() throws Exception {
        start(new HttpLimits(100, MOST, LONG, LONG, LONG, SHORT));
        connect("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
        await().atMost(Duration.ofMillis(PATIENCE_MILLIS))
                .untilAsserted(() -> assertThat(count("marsad.http.slow")).isEqualTo(1));
    }

    @Test
    void workMayLast() throws Exception {
        start(new HttpLimits(100, MOST, Duration.ofSeconds(3), SHORT, SHORT, LONG));
        untilClosed(connect("GET /open HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")); // it has run once
        var working = connect("GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(untilClosed(connect(""))).isEmpty(); // when a head has lasted as long as one may
        slow.countDown();
        assertThat(untilClosed(working)).startsWith("HTTP/1.1 200").endsWith("at last");
    }

    @Test
    void anAddressHasSoManyAndMoreOnceTheyAreGone() throws Exception {
        start(new HttpLimits(100, MOST, LONG, LONG, LONG, LONG));
        for (int i = 0; i < MOST; i++) {
            connect("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        assertThat(untilClosed(connect(""))).isEmpty();
        await().untilAsserted(() -> assertThat(count("marsad.http.crowded")).isEqualTo(1));
        open.getFirst().close();
        slow.countDown();
        await().atMost(Duration.ofMillis(PATIENCE_MILLIS))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> untilClosed(connect("GET /open HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                        .startsWith("HTTP/1.1 200"));
    }
}
