package io.marsad.server.node;

import io.marsad.server.config.Config;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate and key that the doors answer with, read from PEM files and read again when these change: connections
 * from then on have the new one. Files that do not fit leave the old one in use, and the log says why.
 */
final class TlsFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofDays(14);
    private static final int LARGEST = 1 << 20;

    private final Config.Tls files;
    private final InstantSource clock;
    private final SSLContext context;
    private final ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("tls-files").factory());
    private volatile X509ExtendedKeyManager keys;
    private List<FileTime> changed;

    private TlsFiles(Config.Tls files, InstantSource clock) throws IOException {
        this.files = files;
        this.clock = clock;
        changed = times();
        keys = read();
        try {
            context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new Newest()}, null, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS is part of every JDK", e);
        }
    }

    /** @throws StartRefused when the files cannot be used, with the reason and what helps */
    static TlsFiles open(Config.Tls files, InstantSource clock) throws IOException {
        var opened = new TlsFiles(files, clock);
        opened.schedule.scheduleWithFixedDelay(opened::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return opened;
    }

    SSLContext context() {
        return context;
    }

    private List<FileTime> times() throws IOException {
        for (Path file : List.of(files.certificate(), files.key())) {
            if (!Files.isReadable(file)) {
                throw new StartRefused("http.tls: " + file + " cannot be read");
            }
        }
        return List.of(Files.getLastModifiedTime(files.certificate()), Files.getLastModifiedTime(files.key()));
    }

    private void look() {
        try {
            var now = times();
            if (!now.equals(changed)) {
                changed = now;
                keys = read();
                LOG.info("the certificate in {} is in use now", files.certificate());
            }
        } catch (IOException | RuntimeException e) { // thrown on, it would end the schedule
            LOG.warn("the certificate is not renewed, the one before stays in use: {}", e.getMessage());
        }
    }

    // ---- reading

    private X509ExtendedKeyManager read() throws IOException {
        if (Files.size(files.certificate()) > LARGEST || Files.size(files.key()) > LARGEST) {
            throw new StartRefused("http.tls: the files are larger than any certificate");
        }
        try (var in = Files.newInputStream(files.certificate())) {
            var chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .toArray(Certificate[]::new);
            if (chain.length == 0 || !(chain[0] instanceof X509Certificate own)) {
                throw new StartRefused("http.tls.certificate: " + files.certificate() + " has no certificate in PEM");
            }
            checkTime(own);
            var key = key();
            checkPair(own, key);
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("own", key, new char[0], chain);
            var factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, new char[0]);
            for (KeyManager manager : factory.getKeyManagers()) {
                if (manager instanceof X509ExtendedKeyManager found) {
                    return found;
                }
            }
            throw new IllegalStateException("the JDK has no key manager for X.509");
        } catch (GeneralSecurityException e) {
            throw new StartRefused("http.tls: " + files.certificate() + " cannot be used: " + e.getMessage(), e);
        }
    }

    private void checkTime(X509Certificate certificate) {
        var end = certificate.getNotAfter().toInstant();
        if (end.isBefore(clock.instant())) {
            throw new StartRefused("http.tls.certificate: " + files.certificate() + " expired on " + end
                    + ": put a renewed one in its place");
        }
        if (end.isBefore(clock.instant().plus(SOON))) {
            LOG.warn("the certificate in {} expires on {}", files.certificate(), end);
        }
    }

    private PrivateKey key() throws IOException, GeneralSecurityException {
        var text = Files.readString(files.key(), StandardCharsets.US_ASCII);
        int from = text.indexOf("-----BEGIN PRIVATE KEY-----");
        int to = text.indexOf("-----END PRIVATE KEY-----");
        if (from < 0 || to < from) {
            throw new StartRefused("http.tls.key: " + files.key()
                    + " has no unencrypted PKCS #8 key in PEM: make one of it" + " with openssl pkcs8 -topk8 -nodes");
        }
        byte[] encoded;
        try {
            encoded = Base64.getMimeDecoder().decode(text.substring(from + 27, to));
        } catch (IllegalArgumentException e) {
            throw new StartRefused("http.tls.key: " + files.key() + " is not base64", e);
        }
        for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException e) {
                LOG.trace("not a key for {}", algorithm, e);
            }
        }
        throw new StartRefused("http.tls.key: " + files.key() + " is neither an EC nor an RSA nor an Ed25519 key");
    }

    private void checkPair(X509Certificate certificate, PrivateKey key) throws GeneralSecurityException {
        var algorithm = switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> "Ed25519";
        };
        boolean fits = false;
        if (certificate.getPublicKey().getAlgorithm().equals(key.getAlgorithm()) || algorithm.equals("Ed25519")) {
            var signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            var signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            fits = signature.verify(signed);
        }
        if (!fits) {
            throw new StartRefused("http.tls: the key in " + files.key() + " is not the one of the certificate in "
                    + files.certificate());
        }
    }

    @Override
    public void close() {
        schedule.shutdownNow();
    }

    /** Answers with the newest certificate; the platform never asks others as a client with it. */
    private final class Newest extends X509ExtendedKeyManager {
        @Override
        public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
            return keys.getServerAliases(type, issuers);
        }

        @Override
        public @Nullable String chooseServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return keys.chooseServerAlias(type, issuers, socket);
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return keys.chooseEngineServerAlias(type, issuers, engine);
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
            return keys.getCertificateChain(alias);
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
            return keys.getPrivateKey(alias);
        }
    }
}
