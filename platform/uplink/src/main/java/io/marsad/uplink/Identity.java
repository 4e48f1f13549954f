package io.marsad.uplink;

import io.marsad.wire.PeerId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Who this host is to its relay, and whom it believes. In one file that only its owner reads, replaced as a whole.
 *
 * @param server where it calls
 * @param door where certificates are renewed
 * @param certificate of {@code key}
 * @param authorities who may sign certificates of relays
 * @param keys the newest list of those that may sign policies and actions, in its envelope
 */
public record Identity(
        PeerId peer,
        Address server,
        Address door,
        PrivateKey key,
        X509Certificate certificate,
        List<X509Certificate> authorities,
        String keys) {
    private static final String FILE = "identity.json";
    private static final int LIMIT = 1 << 20;

    public Identity {
        authorities = List.copyOf(authorities);
    }

    /** A host and a port. */
    public record Address(String host, int port) {
        /** @throws IllegalArgumentException when it is none */
        public static Address of(String text) {
            int colon = text.lastIndexOf(':');
            var host = colon < 0 ? "" : text.substring(0, colon);
            try {
                int port = Integer.parseInt(text.substring(colon + 1));
                if (!host.isEmpty() && port > 0 && port < 65_536) {
                    return new Address(host, port);
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(text + ": HOST:PORT is expected", e);
            }
            throw new IllegalArgumentException(text + ": HOST:PORT is expected");
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /** When the next certificate is asked for: a third of its life is left. */
    public Instant renewal() {
        var from = certificate.getNotBefore().toInstant();
        var life = Duration.between(from, certificate.getNotAfter().toInstant());
        return from.plus(life.dividedBy(3).multipliedBy(2));
    }

    public Identity with(
            PrivateKey nextKey, X509Certificate next, List<X509Certificate> nextAuthorities, String nextKeys) {
        return new Identity(peer, server, door, nextKey, next, nextAuthorities, nextKeys);
    }

    public Identity with(String nextKeys) {
        return new Identity(peer, server, door, key, certificate, authorities, nextKeys);
    }

    /** Whether the host was let in. */
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(FILE));
    }

    /** @throws IOException when there is none, or none that can be read */
    public static Identity read(Path folder) throws IOException {
        var file = folder.resolve(FILE);
        try (var in = Files.newInputStream(file)) {
            return of(JsonMapper.shared().readTree(in.readNBytes(LIMIT)));
        } catch (JacksonException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(file + " cannot be read; enroll again (" + e.getMessage() + ")", e);
        }
    }

    /** Keeps it, durably. */
    public void write(Path folder) throws IOException {
        DurableFile.replace(folder.resolve(FILE), json().getBytes(StandardCharsets.UTF_8));
    }

    private String json() {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("id", peer.uri());
        node.put("server", server.toString());
        node.put("door", door.toString());
        node.put("key", text(key.getEncoded()));
        node.put("keys", keys);
        try {
            node.put("certificate", text(certificate.getEncoded()));
            var list = node.putArray("authorities");
            for (var one : authorities) {
                list.add(text(one.getEncoded()));
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
        return node.toPrettyString();
    }

    private static Identity of(JsonNode node) throws GeneralSecurityException {
        var authorities = new ArrayList<X509Certificate>();
        for (var one : node.path("authorities")) {
            authorities.add(certificate(bytes(one)));
        }
        return new Identity(
                PeerId.of(node.path("id").asString("")),
                Address.of(node.path("server").asString("")),
                Address.of(node.path("door").asString("")),
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes(node.path("key")))),
                certificate(bytes(node.path("certificate"))),
                authorities,
                node.path("keys").asString(""));
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] bytes(JsonNode node) {
        return Base64.getDecoder().decode(node.asString(""));
    }

    static X509Certificate certificate(byte[] der) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }
}
