package io.marsad.respond.durable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The other side of actions, in a process that nobody kills: {@code POST /ACTION/ID} does one, {@code GET /ACTION/ID} says
 * whether it was done. Some of its actions know keys and do nothing twice; others do what they are told as often as they
 * are told, and cannot say later. Thread-safe.
 */
final class VendorServer implements AutoCloseable {
    private final HttpServer server;
    private final Map<UUID, Integer> done = new ConcurrentHashMap<>();
    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile @Nullable CountDownLatch held;

    VendorServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** What it has done, and how often. */
    Map<UUID, Integer> done() {
        return Map.copyOf(done);
    }

    /** Whether an action knows keys. */
    static boolean knowsKeys(String action) {
        return Math.floorMod(action.hashCode(), 3) != 0;
    }

    /** Whoever asks for something waits from now on, until somebody lets go. */
    void hold() {
        held = new CountDownLatch(1);
    }

    void letGo() {
        var latch = held;
        held = null;
        if (latch != null) {
            latch.countDown();
        }
    }

    /** Comes back when somebody has asked for something since {@link #hold}. */
    void awaitAsked() throws InterruptedException {
        asked.await();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var parts = exchange.getRequestURI().getPath().split("/");
            var id = UUID.fromString(parts[2]);
            if (exchange.getRequestMethod().equals("POST")) {
                await();
                linger(); // so that whoever asked may be killed before it is done …
                if (knowsKeys(parts[1])) {
                    done.putIfAbsent(id, 1);
                } else {
                    done.merge(id, 1, Integer::sum);
                }
                linger(); // … and before it has heard of it
            }
            var body = String.valueOf(done.containsKey(id)).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private void await() throws IOException {
        var latch = held;
        if (latch != null) {
            asked.countDown();
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private static void linger() {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(60_000_000));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
