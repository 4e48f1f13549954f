package io.marsad.agent.collect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file system that is looked at: the host's, or a recorded one.
 *
 * @param path what takes the place of {@code /}
 */
public record HostRoot(Path path) {
    /** The host itself. */
    public static HostRoot real() {
        return new HostRoot(Path.of("/"));
    }

    Path of(String absolute) {
        return path.resolve(absolute.substring(1));
    }

    /** At most so many bytes from the beginning of a file; null when it is not there or not ours to read. */
    static byte @Nullable [] bytes(Path file, int limit) {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(limit);
        } catch (IOException e) {
            return null;
        }
    }

    /** As {@link #bytes}, with what is no UTF-8 replaced. */
    static @Nullable String text(Path file, int limit) {
        var bytes = bytes(file, limit);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    /** Where a symbolic link leads, as it is written; null when it cannot be read. */
    static @Nullable String link(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    /** At most so many entries of a folder; none when it cannot be read. */
    static List<Path> list(Path folder, int limit) {
        var found = new ArrayList<Path>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (var entry : entries) {
                if (found.size() == limit) {
                    break;
                }
                found.add(entry);
            }
        } catch (IOException | RuntimeException e) {
            return found; // gone while it was read: what was found of it
        }
        return found;
    }
}
