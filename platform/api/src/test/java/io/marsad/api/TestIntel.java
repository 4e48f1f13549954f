package io.marsad.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.marsad.api.intel.IntelServices;
import io.marsad.connect.OutboundGuard;
import io.marsad.connect.OutboundHttp;
import io.marsad.db.Database;
import io.marsad.db.vault.Vault;
import io.marsad.kernel.store.EventStore;
import io.marsad.soc.indicator.FeedIndicators;
import io.marsad.soc.indicator.Indicators;
import io.marsad.soc.indicator.OwnIndicators;
import io.marsad.soc.indicator.PastSightings;
import io.marsad.soc.indicator.WarningLists;
import io.marsad.soc.indicator.feed.FeedFetching;
import io.marsad.soc.indicator.feed.Feeds;
import io.marsad.soc.intel.service.Intelligence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** The services that are asked, on this machine: they say what was recorded, and remember who asked what. */
final class TestIntel {
    /** What is answered below a path; anything else is 404. */
    static final Map<String, Reply> REPLIES = new ConcurrentHashMap<>();

    /** How often each path was asked. */
    static final Map<String, AtomicInteger> ASKED = new ConcurrentHashMap<>();

    /** Keys that came, by path. */
    static final Map<String, String> KEYS = new ConcurrentHashMap<>();

    private static final HttpServer SERVER = start();
    private static final URI BASE =
            URI.create("http://127.0.0.1:" + SERVER.getAddress().getPort());

    /** What fetches feeds, when a test says so. */
    private static volatile @Nullable FeedFetching fetching;

    private TestIntel() {}

    /** The address of a path here. */
    static String address(String path) {
        return BASE + path;
    }

    /** Fetches all feeds that are due. */
    static void fetch() throws InterruptedException {
        var now = Objects.requireNonNull(fetching);
        while (now.fetchDue() > 0) {
            // until none is due
        }
    }

    record Reply(int status, String body) {
        /** The service takes the question and says nothing. */
        static final Reply NEVER = new Reply(0, "");
    }

    static int asked(String path) {
        return ASKED.getOrDefault(path, new AtomicInteger()).get();
    }

    static IntelServices services(Database database, Vault vault, EventStore store, InstantSource clock) {
        if (!(SSLSocketFactory.getDefault() instanceof SSLSocketFactory tls)) {
            throw new IllegalStateException("the JDK's default factory makes TLS sockets");
        }
        var limits = new OutboundHttp.Limits(Duration.ofSeconds(2), Duration.ofSeconds(2), 1 << 20);
        var http = new OutboundHttp(new OutboundGuard(List.of(BASE.toString())), tls, limits);
        var addresses = Map.of("virustotal", BASE, "abuseipdb", BASE, "greynoise", BASE);
        var sources =
                new Intelligence.Sources(tenant -> new OwnIndicators(database, tenant), List.of(), http, addresses);
        var feedHttp = new OutboundHttp(new OutboundGuard(List.of(BASE.toString())), tls, limits);
        try {
            var lists = Path.of(System.getProperty("marsad.root", ".")).resolve("content/warning-lists");
            var warnings = WarningLists.read(List.of(lists));
            fetching = new FeedFetching(database, feedHttp, new FeedIndicators(warnings), clock);
            return new IntelServices(
                    new Indicators(database, warnings, clock),
                    new PastSightings(store, clock),
                    new Intelligence(database, vault, sources, clock),
                    new Feeds(database, new OutboundGuard(List.of(BASE.toString())), clock, new SecureRandom()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpServer start() {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
            server.createContext("/", TestIntel::answer);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().toString();
        ASKED.computeIfAbsent(path, _ -> new AtomicInteger()).incrementAndGet();
        for (var header : List.of("x-apikey", "key")) {
            @Nullable String key = exchange.getRequestHeaders().getFirst(header);
            if (key != null) {
                KEYS.put(path, key);
            }
        }
        var reply = REPLIES.getOrDefault(path, new Reply(404, "{\"error\":{\"code\":\"NotFoundError\"}}"));
        if (reply.equals(Reply.NEVER)) {
            return; // the caller gives up
        }
        var body = reply.body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        var tag = '"' + Integer.toHexString(reply.body.hashCode()) + '"';
        exchange.getResponseHeaders().set("ETag", tag);
        if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            exchange.sendResponseHeaders(304, -1);
            exchange.close();
            return;
        }
        exchange.sendResponseHeaders(reply.status, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
