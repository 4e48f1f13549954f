package io.marsad.server.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/** Ed25519 keys in files that only the platform's own account reads: two lines, the private key (PKCS #8) and the public one. */
final class SigningKey {
    private static final String FOLDER = "keys";
    private static final String ALGORITHM = "Ed25519";

    private SigningKey() {}

    /** Reads the key of this name, or makes it where there is none. */
    static KeyPair of(Path data, String name) throws IOException {
        var folder = data.resolve(FOLDER);
        var file = folder.resolve(name + ".key");
        if (!Files.exists(file)) {
            PrivateFolders.make(folder);
            write(file);
        }
        return read(file);
    }

    private static void write(Path file) throws IOException {
        try {
            var pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            var base64 = Base64.getEncoder();
            var lines = List.of(
                    base64.encodeToString(pair.getPrivate().getEncoded()),
                    base64.encodeToString(pair.getPublic().getEncoded()));
            var temporary = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(temporary);
            Files.createFile(
                    temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(temporary, lines);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 is part of every JDK", e);
        }
    }

    private static KeyPair read(Path file) throws IOException {
        var lines = Files.readAllLines(file);
        if (lines.size() != 2) {
            throw new StartRefused(file + " is not a key: bring it back from a backup");
        }
        try {
            var keys = KeyFactory.getInstance(ALGORITHM);
            var base64 = Base64.getDecoder();
            return new KeyPair(
                    keys.generatePublic(new X509EncodedKeySpec(base64.decode(lines.get(1)))),
                    keys.generatePrivate(new PKCS8EncodedKeySpec(base64.decode(lines.get(0)))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new StartRefused(file + " is not a key: bring it back from a backup", e);
        }
    }
}
