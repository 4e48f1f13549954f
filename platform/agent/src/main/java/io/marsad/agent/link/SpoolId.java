package io.marsad.agent.link;

import io.marsad.uplink.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** The name of a spool: gone with its folder, so that numbers that begin anew are not taken for those before. */
final class SpoolId {
    private SpoolId() {}

    /** @param spool its folder */
    static String of(Path spool) throws IOException {
        var file = spool.resolve("id");
        if (Files.exists(file)) {
            try {
                return UUID.fromString(Files.readString(file)).toString();
            } catch (IllegalArgumentException e) {
                throw new IOException(file + " is no id", e);
            }
        }
        Files.createDirectories(spool);
        var id = UUID.randomUUID().toString();
        DurableFile.replace(file, id.getBytes(StandardCharsets.US_ASCII));
        return id;
    }
}
