package io.marsad.server.node;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * How commands on the same machine reach the running platform: its address and a token of this run, in a file that only
 * the installation's owner can read. Removed when the platform stops.
 */
public record LocalAccess(URI url, String token) {
    private static final String FILE = "local-access";

    /** Null when no platform has left one. */
    public static @Nullable LocalAccess read(Path data) throws IOException {
        try {
            var lines = Files.readAllLines(data.resolve(FILE));
            return lines.size() < 2 ? null : new LocalAccess(URI.create(lines.get(0)), lines.get(1));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    void write(Path data) throws IOException {
        var temporary = data.resolve(FILE + ".new");
        Files.deleteIfExists(temporary);
        Files.createFile(temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(temporary, url + "\n" + token + "\n", StandardCharsets.UTF_8);
        Files.move(temporary, data.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return url.toString();
    }

    static void remove(Path data) throws IOException {
        Files.deleteIfExists(data.resolve(FILE));
    }
}
