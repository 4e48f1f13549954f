package io.marsad.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.connect.manifest.ManifestReader;
import io.marsad.connect.run.Connection;
import io.marsad.connect.run.ConnectorEngine;
import io.marsad.connect.run.Mode;
import io.marsad.connect.run.Outcome;
import io.marsad.connect.run.Secrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Nothing inside a network is reached because a tenant named it, whatever it is written as. Every address goes the whole
 * way: a tenant's setting of a connector, a real call. A server on this machine counts who comes.
 */
class RequestForgeryTest {
    private static final String MANIFEST = """
            connector: acme
            version: 1
            title: Acme
            documentation: https://docs.example.org/api
            description: For tests
            config: {url: {type: url, description: Where it is}}
            base: ${config.url}
            auth: none
            limits: {requests_per_minute: 1000, concurrency: 2}
            retry: {attempts: 1}
            test: ping
            operations:
              ping: {title: Ping, kind: read, request: {method: GET, path: /ping}}
            """;

    private static Outcome call(String url, List<String> allowed) throws Exception {
        var http = new OutboundHttp(
                new OutboundGuard(allowed),
                (SSLSocketFactory) SSLSocketFactory.getDefault(),
                new OutboundHttp.Limits(Duration.ofMillis(500), Duration.ofSeconds(5), 100_000));
        var engine = new ConnectorEngine(http, () -> Instant.EPOCH, time -> {}, () -> 0);
        var config = JsonNodeFactory.instance.objectNode().put("url", url);
        var connection = new Connection("x", ManifestReader.read("acme.yaml", MANIFEST), config, new Secrets(Map.of()));
        return engine.call(connection, "ping", JsonNodeFactory.instance.objectNode(), "k", Mode.LIVE);
    }

    /** Counts connections, and answers with the bytes it was given. */
    private static final class Inside implements AutoCloseable {
        private final ServerSocket socket;
        private final byte[] answer;
        private final BlockingQueue<String> came = new LinkedBlockingQueue<>();

        Inside(String answer) throws IOException {
            this.socket = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
            this.answer = answer.getBytes(StandardCharsets.ISO_8859_1);
            Thread.ofVirtual().start(this::serve);
        }

        private void serve() {
            while (!socket.isClosed()) {
                try (var one = socket.accept()) {
                    came.add("connection");
                    one.getInputStream().read(new byte[10_000]);
                    one.getOutputStream().write(answer);
                } catch (IOException e) {
                    if (!socket.isClosed()) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        }

        int port() {
            return socket.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // plain, decimal, octal, hexadecimal, short forms
                "https://127.0.0.1:PORT",
                "https://127.1:PORT",
                "https://2130706433:PORT",
                "https://017700000001:PORT",
                "https://0x7f000001:PORT",
                "https://0x7f.0.0.1:PORT",
                "https://0177.0.0.1:PORT",
                "https://127.0.1:PORT",
                "https://127.0.0.01:PORT",
                "https://0:PORT",
                "https://0.0.0.0:PORT",
                "https://127.0.0.1.:PORT",
                "https://127.255.255.254:PORT",
                // names of this machine, with and without a dot at the end
                "https://localhost:PORT",
                "https://LOCALHOST:PORT",
                // IPv6: itself, mapped, compatible, NAT64, 6to4, Teredo, zones, long forms
                "https://[::1]:PORT",
                "https://[0:0:0:0:0:0:0:1]:PORT",
                "https://[::]:PORT",
                "https://[::ffff:127.0.0.1]:PORT",
                "https://[::ffff:7f00:1]:PORT",
                "https://[::127.0.0.1]:PORT",
                "https://[64:ff9b::7f00:1]:PORT",
                "https://[64:ff9b::127.0.0.1]:PORT",
                "https://[64:ff9b:1::7f00:1]:PORT",
                "https://[2002:7f00:1::]:PORT",
                "https://[2002:a9fe:a9fe::]:PORT",
                "https://[2001:0:7f00:1::]:PORT",
                "https://[fe80::1%25lo]:PORT",
                "https://[fe80::1%lo]:PORT",
                "https://[::1%25lo]:PORT",
                "https://[fec0::1]:PORT",
                "https://[fd00:ec2::254]",
                "https://[ff02::1]:PORT",
                "https://[100::1]:PORT",
                "https://[::ffff:0:127.0.0.1]:PORT",
                "https://[2001:db8::1]:PORT",
                "https://::1:PORT",
                // networks of one's own, carriers', documentation, multicast, broadcast, and metadata services
                "https://10.0.0.1",
                "https://172.16.0.1",
                "https://172.31.255.255",
                "https://192.168.0.1",
                "https://100.64.0.1",
                "https://198.18.0.1",
                "https://192.0.2.1",
                "https://198.51.100.1",
                "https://203.0.113.1",
                "https://224.0.0.1",
                "https://255.255.255.255",
                "https://240.0.0.1",
                "https://169.254.169.254",
                "https://169.254.170.2",
                "https://[::ffff:169.254.169.254]",
                "https://2852039166",
                "https://0xa9fea9fe",
                "https://0251.0376.0251.0376",
                "https://100.100.100.200",
                "https://192.0.0.192",
                // who is asked and what is shown differ
                "https://example.org@127.0.0.1:PORT",
                "https://example.org:x@127.0.0.1:PORT",
                "https://127.0.0.1:PORT@example.org",
                "https://127.0.0.1:PORT#@example.org",
                "https://127.0.0.1:PORT\\@example.org",
                "https://example.org\\@127.0.0.1:PORT",
                "https://127.0.0.1:PORT?@example.org",
                "https:127.0.0.1:PORT",
                "https:///127.0.0.1:PORT",
                "https://%6c%6f%63%61%6c%68%6f%73%74:PORT",
                // other dots and digits
                "https://127\u30020\u30020\u30021:PORT",
                "https://127\uff0e0\uff0e0\uff0e1:PORT",
                "https://\u2460\u2461\u2466.0.0.1:PORT",
                "https://\uff11\uff12\uff17.0.0.1:PORT",
                "https://\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3:PORT",
                // lines and other schemes
                "https://127.0.0.1:PORT/\r\nHost: example.org",
                "https://127.0.0.1:PORT/%0d%0aX: y",
                "http://127.0.0.1:PORT",
                "HTTPS://127.0.0.1:PORT",
                "ftp://127.0.0.1:PORT",
                "file:///etc/passwd",
                "gopher://127.0.0.1:PORT",
                "jar:https://127.0.0.1:PORT!/",
                "//127.0.0.1:PORT",
                "127.0.0.1:PORT",
                "",
            })
    void nothingInsideIsReached(String url) throws Exception {
        try (var inside = new Inside("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) {
            var outcome = call(url.replace("PORT", Integer.toString(inside.port())), List.of());
            assertThat(outcome).isInstanceOf(Outcome.Refused.class);
            assertThat(inside.came).isEmpty();
        }
    }

    @Test
    void whatIsAllowedIsReachedSoThatTheOthersCouldHaveBeen() throws Exception {
        try (var inside = new Inside("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) {
            var url = "http://127.0.0.1:" + inside.port();
            assertThat(call(url, List.of(url))).isInstanceOf(Outcome.Succeeded.class);
            assertThat(inside.came).hasSize(1);
        }
    }

    /** Whether a name with a dot at its end is known differs by machine; it is no way in. */
    @Test
    void aDotAtTheEndIsNoWayIn() throws Exception {
        try (var inside = new Inside("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) {
            assertThat(call("https://localhost.:" + inside.port(), List.of())).isNotInstanceOf(Outcome.Succeeded.class);
            assertThat(inside.came).isEmpty();
        }
    }

    @Test
    void aRedirectInsideIsNotFollowed() throws Exception {
        try (var target = new Inside("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) {
            for (int status : new int[] {301, 302, 303, 307, 308}) {
                var answer = "HTTP/1.1 " + status + " X\r\nLocation: https://127.0.0.1:" + target.port()
                        + "/\r\nContent-Length: 0\r\n\r\n";
                try (var server = new Inside(answer)) {
                    var url = "http://127.0.0.1:" + server.port();
                    assertThat(call(url, List.of(url))).isInstanceOf(Outcome.Refused.class);
                    assertThat(server.came).hasSize(1);
                }
            }
            assertThat(target.came).isEmpty();
        }
    }

    /** The address that was looked at is the one that is connected to: the name is asked for once. */
    @Test
    void aNameThatAnswersDifferentlyEachTimeGainsNothing() throws Exception {
        try (var inside = new Inside("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) {
            PreparedNames.name("moves.prepared.test", "127.0.0.1", "8.8.8.8");
            PreparedNames.name("metadata.prepared.test", "169.254.169.254");
            PreparedNames.name("mapped.prepared.test", "::ffff:127.0.0.1");
            PreparedNames.name("nat.prepared.test", "64:ff9b::7f00:1");
            for (String name : List.of("moves", "metadata", "mapped", "nat")) {
                var host = name + ".prepared.test";
                var outcome = call("https://" + host + ":" + inside.port(), List.of());
                assertThat(outcome).isInstanceOf(Outcome.Refused.class);
                assertThat(outcome.toString()).contains("inside a network").doesNotContain("127.0.0.1");
                assertThat(PreparedNames.asked(host)).isEqualTo(1);
            }
            PreparedNames.name("later.prepared.test", "192.0.2.1", "127.0.0.1");
            assertThat(call("https://later.prepared.test:" + inside.port(), List.of()))
                    .isInstanceOf(Outcome.Refused.class);
            assertThat(PreparedNames.asked("later.prepared.test")).isEqualTo(1);
            assertThat(inside.came).isEmpty();
        }
    }

    @Test
    void whatIsAllowedByNameIsNotAllowedByItsNeighbours() throws Exception {
        try (var inside = new Inside("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) {
            for (String url :
                    List.of("https://127.0.0.2:", "https://[::1]:", "http://127.0.0.1:1", "https://127.0.0.1.:")) {
                var outcome = call(url + inside.port(), List.of("http://127.0.0.3:" + inside.port(), "10.0.0.0/8"));
                assertThat(outcome).isInstanceOf(Outcome.Refused.class);
            }
            assertThat(inside.came).isEmpty();
        }
    }
}
