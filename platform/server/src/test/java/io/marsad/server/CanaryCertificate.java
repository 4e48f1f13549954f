package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** A certificate of a platform's own, with its key. */
final class CanaryCertificate {
    private CanaryCertificate() {}

    /** Makes {@code own.pem} and {@code own.key} in the folder; returns a line of the key. */
    static String issue(Path folder) throws Exception {
        Files.createDirectories(folder);
        var store = folder.resolve("own.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var password = "of this test";
        var made = new ProcessBuilder(List.of(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "own",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        password,
                        "-storetype",
                        "PKCS12"))
                .redirectErrorStream(true)
                .start();
        assertThat(made.waitFor()).isZero();
        var keys = KeyStore.getInstance(store.toFile(), password.toCharArray());
        var key = Base64.getMimeEncoder()
                .encodeToString(keys.getKey("own", password.toCharArray()).getEncoded());
        pem(folder.resolve("own.key"), "PRIVATE KEY", key);
        pem(
                folder.resolve("own.pem"),
                "CERTIFICATE",
                Base64.getMimeEncoder()
                        .encodeToString(keys.getCertificate("own").getEncoded()));
        Files.setPosixFilePermissions(folder.resolve("own.key"), PosixFilePermissions.fromString("rw-------"));
        return key.lines().skip(1).findFirst().orElseThrow();
    }

    private static void pem(Path file, String what, String base64) throws IOException {
        Files.writeString(file, "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n");
    }
}
