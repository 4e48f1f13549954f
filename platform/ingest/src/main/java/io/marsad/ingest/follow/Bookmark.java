package io.marsad.ingest.follow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/** A place in a log, kept in a small file. Not synced: after a power cut lines may be sent again, and are recognised. */
record Bookmark(Path file) {
    @Nullable
    String read() throws IOException {
        try {
            var text = Files.readString(file).strip();
            return text.isEmpty() ? null : text;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    void write(String place) throws IOException {
        var next = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(next, place + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
