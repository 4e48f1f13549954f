package io.marsad.respond.provide;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.marsad.connect.OutboundGuard;
import io.marsad.connect.OutboundHttp;
import io.marsad.connect.manifest.ManifestReader;
import io.marsad.connect.run.ConnectorEngine;
import io.marsad.kernel.content.ContentException;
import io.marsad.respond.connection.Connections;
import io.marsad.respond.connection.Connectors;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLSocketFactory;

/** A firewall of this machine with a list of blocked addresses, and what connects tenants with it. Thread-safe. */
final class Product implements AutoCloseable {
    static final String SECRET = "acme-s3cr3t-key";
    private static final String MANIFEST = """
            connector: acme
            version: 1
            title: Acme Firewall
            documentation: https://docs.example.org/api
            description: Blocks addresses
            config: {url: {type: url, description: Where it is}}
            secrets: {token: {description: A token, find: In the settings}}
            base: ${config.url}
            auth: {bearer: token}
            limits: {requests_per_minute: 6000, concurrency: 4}
            retry: {attempts: 1, wait_ms: 1}
            test: ping
            operations:
              ping: {title: Ping, kind: read, request: {method: GET, path: /ping}}
              is_blocked:
                title: See whether an address is blocked
                kind: read
                parameters: {ip: {type: ip, description: Which}}
                request: {method: GET, path: '/blocks/${parameters.ip}'}
                outputs: {blocked: blocked}
              block_ip:
                title: Block
                kind: write
                action: block_ip
                parameters: {ip: {type: ip, description: Which}}
                idempotency: none
                request: {method: POST, path: '/blocks/${parameters.ip}'}
                outputs: {rule: rule}
                rollback: {operation: allow_ip, parameters: {ip: '${parameters.ip}', rule: '${outputs.rule}'}}
                verify: {operation: is_blocked, parameters: {ip: '${parameters.ip}'}, expect: {path: blocked, equals: 'yes'}}
              allow_ip:
                title: Allow
                kind: write
                action: allow_ip
                parameters: {ip: {type: ip, description: Which}, rule: {description: Its rule, required: false}}
                idempotency: natural
                request: {method: DELETE, path: '/blocks/${parameters.ip}', query: {rule: '${parameters.rule}'}}
                verify: {operation: is_blocked, parameters: {ip: '${parameters.ip}'}, expect: {path: blocked, equals: 'no'}}
              suspend_instance:
                title: Suspend
                kind: write
                action: suspend_instance
                parameters: {machine: {description: Which}}
                idempotency: {header: Idempotency-Key}
                request: {method: POST, path: '/machines/${parameters.machine}/suspend'}
            """;

    /** {@code METHOD path}, in the order in which they came. */
    final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    final Set<String> blocked = Collections.synchronizedSet(new TreeSet<>());
    final Map<String, String> keys = new ConcurrentHashMap<>();
    /** What the next answers are instead; 0: none comes at all; -1: none comes after it is done. */
    final List<Integer> faults = Collections.synchronizedList(new ArrayList<>());

    /** Says that nothing is blocked, whatever is. */
    volatile boolean lying;

    final Connections connections;
    private final HttpServer http;

    Product(TestClock clock) throws IOException, ContentException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        http.createContext("/", this::answer);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.start();
        var guard = new OutboundGuard(List.of(url()));
        var way = new OutboundHttp(
                guard, (SSLSocketFactory) SSLSocketFactory.getDefault(), OutboundHttp.Limits.standard());
        var engine = new ConnectorEngine(way, clock, time -> {}, () -> 0);
        connections = new Connections(
                SharedDatabase.database(),
                SharedDatabase.vault(),
                new Connectors(List.of(ManifestReader.read("acme.yaml", MANIFEST))),
                new Connections.Out(engine, guard),
                clock,
                new Random(7));
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        var method = exchange.getRequestMethod();
        asked.add(method + " " + exchange.getRequestURI());
        var key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        if (key != null) {
            keys.put(exchange.getRequestURI().getPath(), key);
        }
        if (!("Bearer " + SECRET).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, "{}");
            return;
        }
        var path = exchange.getRequestURI().getPath();
        var address = path.substring(path.lastIndexOf('/') + 1);
        int fault = faults.isEmpty() ? 200 : faults.removeFirst();
        if (fault > 0 && fault != 200) {
            send(exchange, fault, "{}");
            return;
        }
        if (fault != 0 && method.equals("POST")) {
            blocked.add(address);
        } else if (fault != 0 && method.equals("DELETE")) {
            blocked.remove(address);
        }
        if (fault == 200) {
            boolean is = !lying && blocked.contains(address);
            send(exchange, 200, "{\"rule\": \"r-7\", \"blocked\": \"" + (is ? "yes" : "no") + "\"}");
        } else {
            exchange.close();
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
