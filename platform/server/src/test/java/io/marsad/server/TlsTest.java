package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

/** Console and API behind a certificate of the operator's, which is renewed while they run. */
class TlsTest extends RunningPlatform {
    private static final char[] PASSWORD = "of this test".toCharArray();

    TlsTest() {
        super("tls");
    }

    @Override
    void prepare() throws Exception {
        Files.createDirectories(data);
        issue("first");
    }

    @Override
    String[] options() {
        return new String[] {"--set", "http.tls.certificate=" + certificate(), "--set", "http.tls.key=" + key()};
    }

    private Path certificate() {
        return data.resolve("own.pem");
    }

    private Path key() {
        return data.resolve("own.key");
    }

    /** Puts a new key and a certificate that it signed itself in place. */
    private X509Certificate issue(String name) throws IOException, InterruptedException, GeneralSecurityException {
        var file = data.resolve(name + ".p12");
        var tool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "own",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "30",
                        "-keystore",
                        file.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD)))
                .redirectErrorStream(true)
                .redirectOutput(data.resolve(name + ".out").toFile())
                .start();
        assertThat(tool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        var store = KeyStore.getInstance(file.toFile(), PASSWORD);
        var made = (X509Certificate) store.getCertificate("own");
        Files.writeString(certificate(), pem("CERTIFICATE", made.getEncoded()));
        var encoded = store.getKey("own", PASSWORD).getEncoded();
        Files.writeString(key(), pem("PRIVATE KEY", encoded));
        Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString("rw-------"));
        return made;
    }

    private static String pem(String what, byte[] encoded) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(encoded) + "\n-----END " + what
                + "-----\n";
    }

    private HttpResponse<String> get(X509Certificate trusted) throws IOException, InterruptedException {
        var console = Pattern.compile("Console +(https://\\S+)").matcher(node.output());
        assertThat(console.find()).as(node.output()).isTrue();
        try (var http = HttpClient.newBuilder().sslContext(trusting(trusted)).build()) {
            var request = HttpRequest.newBuilder(URI.create(console.group(1) + "/health"));
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static SSLContext trusting(X509Certificate trusted) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("own", trusted);
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        TrustManager[] managers = trust.getTrustManagers();
        context.init(null, managers, null);
        return context;
    }

    @Test
    void aRenewedCertificateIsInUseWithoutARestart() throws Exception {
        var store = KeyStore.getInstance(data.resolve("first.p12").toFile(), PASSWORD);
        var answer = get((X509Certificate) store.getCertificate("own"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
        assertThat(client.get("/v1/sources").status())
                .as("this machine's own commands")
                .isEqualTo(200);
        var renewed = issue("second");
        await("the new certificate", () -> {
            try {
                return get(renewed).statusCode() == 200;
            } catch (javax.net.ssl.SSLException e) {
                return false;
            }
        });
        Files.writeString(certificate(), "no certificate");
        await(
                "the word about it",
                () -> Files.readString(data.resolve("logs/marsad.log")).contains("stays in use"));
        assertThat(get(renewed).statusCode()).isEqualTo(200);
    }
}
