package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marsad.api.http.Json;
import io.marsad.soc.audit.AuditStreaming;
import io.marsad.soc.identity.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An audit log at a receiver of syslog over TLS, which is away for a while. */
class AuditStreamTest {
    private static final char[] PASSWORD = "of this test".toCharArray();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    /** @param authority what the certificate is checked by */
    private record Identity(SSLContext context, String authority) {}

    private Identity identity() throws Exception {
        var file = folder.resolve("receiver.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var made = new ProcessBuilder(List.of(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "own",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=receiver",
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
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        var authority = "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(store.getCertificate("own").getEncoded())
                + "\n-----END CERTIFICATE-----\n";
        return new Identity(context, authority);
    }

    /** Takes all connections, and what comes by them, to their ends. */
    private static final class Receiver implements AutoCloseable {
        private final SSLServerSocket socket;
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        Receiver(SSLContext context, int port) throws IOException {
            if (!(context.getServerSocketFactory().createServerSocket(port, 5, InetAddress.getLoopbackAddress())
                    instanceof SSLServerSocket listens)) {
                throw new IllegalStateException("TLS is expected");
            }
            socket = listens;
            Thread.ofVirtual().start(this::take);
        }

        private void take() {
            while (!socket.isClosed()) {
                try (var connection = socket.accept()) {
                    frames(connection.getInputStream().readAllBytes());
                } catch (IOException e) {
                    lines.add("gone: " + e.getMessage()); // the other end, or this one was closed
                }
            }
        }

        /** {@code LENGTH SP LINE}, one behind the other. */
        private void frames(byte[] bytes) {
            int at = 0;
            while (at < bytes.length) {
                int space = at;
                while (bytes[space] != ' ') {
                    space++;
                }
                int length = Integer.parseInt(new String(bytes, at, space - at, StandardCharsets.US_ASCII));
                lines.add(new String(bytes, space + 1, length, StandardCharsets.UTF_8));
                at = space + 1 + length;
            }
        }

        /** The next so many lines. */
        List<String> next(int count) throws InterruptedException {
            var next = new ArrayList<String>();
            while (next.size() < count) {
                var line = lines.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(line)
                        .as("%d of %d lines", next.size(), count)
                        .isNotNull()
                        .doesNotStartWith("gone");
                next.add(line);
            }
            return next;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void eachEntryComesInItsOrderAlsoAfterAnOutage() throws Exception {
        var identity = identity();
        var node = TestNode.shared();
        var tenant = node.tenant("streamed-tenant");
        var admin = new Calls(node, node.signIn(tenant.id(), Role.TENANT_ADMIN));
        assertThat(receiver(admin).isNull()).isTrue();
        int port;
        try (var streaming = AuditStreaming.start(node.streams, Duration.ofMillis(50))) {
            assertThat(streaming).isNotNull();
            try (var receiver = new Receiver(identity.context, 0)) {
                port = receiver.socket.getLocalPort();
                var body = Json.bytes(to -> {
                    to.writeStartObject();
                    to.writeStringProperty("host", "localhost");
                    to.writeNumberProperty("port", port);
                    to.writeStringProperty("authority", identity.authority);
                    to.writeEndObject();
                });
                admin.send("setAuditStream", "/v1/audit/stream", new String(body, StandardCharsets.UTF_8), 200);
                long last = lastEntry(admin);
                var lines = receiver.next((int) last);
                for (int i = 0; i < lines.size(); i++) {
                    assertThat(lines.get(i))
                            .startsWith("<110>1 20")
                            .contains(" - marsad - ")
                            .contains("[audit@32473 tenant=\"streamed-tenant\" seq=\"" + (i + 1) + "\" actor=\"");
                }
                assertThat(lines.getLast())
                        .contains(" audit.stream [")
                        .contains("object=\"audit:streamed-tenant\"")
                        .endsWith("\ufeff{\"before\":null,\"after\":{\"host\":\"localhost\",\"port\":" + port + "}}");
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(receiver(admin).get("sent").longValue())
                                        .isEqualTo(last));
            }
            admin.send("createToken", "/v1/tokens", "{\"name\":\"while it is away\"}", 201);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(receiver(admin).get("failed_at").isNull())
                                    .isFalse());
            try (var again = new Receiver(identity.context, port)) {
                assertThat(again.next(1).getFirst()).contains("action=\"token.create\"");
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(
                                        receiver(admin).get("failed_at").isNull())
                                .isTrue());
            }
            admin.send("removeAuditStream", "/v1/audit/stream", "", 204);
            assertThat(receiver(admin).isNull()).isTrue();
        }
    }

    @Test
    void whatCannotBeAReceiverIsRefused() throws Exception {
        var node = TestNode.shared();
        var tenant = node.tenant("unstreamed-tenant");
        var admin = new Calls(node, node.signIn(tenant.id(), Role.TENANT_ADMIN));
        for (var body : List.of(
                "{\"host\":\"a b\",\"port\":6514}",
                "{\"host\":\"x\\\"y\",\"port\":6514}",
                "{\"host\":\"receiver.example\",\"port\":0}",
                "{\"host\":\"receiver.example\",\"port\":6514,\"authority\":\"no certificate\"}")) {
            admin.send("setAuditStream", "/v1/audit/stream", body, 400);
        }
        admin.send("setAuditStream", "/v1/audit/stream", "{\"host\":\"10.0.0.1\",\"port\":6514}", 200);
        try (var streaming = AuditStreaming.start(node.streams, Duration.ofMillis(50))) {
            assertThat(streaming).isNotNull();
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(receiver(admin).get("fault").toString()).contains("outbound.allow"));
        }
        admin.send("removeAuditStream", "/v1/audit/stream", "", 204);
    }

    private static JsonNode receiver(Calls admin) throws Exception {
        return admin.json("getAuditStream", "/v1/audit/stream", "").get("receiver");
    }

    private static long lastEntry(Calls admin) throws Exception {
        return admin.json("listAudit", "/v1/audit?limit=1", "")
                .get("entries")
                .get(0)
                .get("seq")
                .longValue();
    }
}
