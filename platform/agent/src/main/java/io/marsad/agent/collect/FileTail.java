package io.marsad.agent.collect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Follows files by name: what is appended is given line by line, also across a file that is renamed and made anew, and one that
 * is copied and truncated. Not thread-safe.
 */
final class FileTail {
    private static final int FILES = 256;
    private static final int LISTED = 4096;
    private static final int AT_ONCE = 1 << 20;
    private static final int MARK = 256;

    /** Takes a line. */
    @FunctionalInterface
    interface To {
        void line(String path, byte[] line, boolean cut);
    }

    private final HostRoot root;
    private final List<String> patterns;
    private final int lineBytes;
    private final Positions kept;
    private final Map<String, Positions.Position> positions;
    private Map<String, Positions.Position> written = Map.of();
    private boolean first;
    private long refusals;

    /** @param patterns absolute; wildcards ({@code *}, {@code ?}) in the name of the file only */
    FileTail(HostRoot root, List<String> patterns, int lineBytes, Path kept) {
        this.root = root;
        this.patterns = List.copyOf(patterns);
        this.lineBytes = lineBytes;
        this.kept = new Positions(kept);
        positions = this.kept.read();
        first = this.kept.fresh();
    }

    /** Gives what is new; of files that are there at the very first time, only what comes later. */
    void poll(To to) {
        for (var file : files()) {
            try {
                follow(file, to);
            } catch (IOException | RuntimeException e) {
                refusals++; // gone or not ours: the next time again
            }
        }
        first = false;
    }

    private List<Path> files() {
        var found = new ArrayList<Path>();
        for (var pattern : patterns) {
            int slash = pattern.lastIndexOf('/');
            var folder = root.of(slash == 0 ? "/" : pattern.substring(0, slash));
            var matches = FileSystems.getDefault().getPathMatcher("glob:" + pattern.substring(slash + 1));
            for (var file : HostRoot.list(folder, LISTED)) {
                if (matches.matches(file.getFileName()) && found.size() < FILES && Files.isRegularFile(file)) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    private void follow(Path file, To to) throws IOException {
        var path = "/" + root.path().relativize(file);
        var id = id(file);
        var position = positions.get(path);
        if (position == null) {
            long from = first ? Files.size(file) : 0;
            position = new Positions.Position(id, from, 0, 0, false);
        } else if (!position.file().equals(id)) {
            var renamed = renamed(file, position.file());
            if (renamed != null) {
                var rest = read(renamed, path, position, to);
                if (rest.offset() < Files.size(renamed) && rest.offset() > position.offset()) {
                    positions.put(path, rest);
                    return; // more of the old one the next time
                }
            }
            position = new Positions.Position(id, 0, 0, 0, false);
        }
        positions.put(path, read(file, path, position, to));
    }

    private static String id(Path file) throws IOException {
        return Files.getAttribute(file, "unix:dev") + ":" + Files.getAttribute(file, "unix:ino");
    }

    private static @Nullable Path renamed(Path file, String id) throws IOException {
        for (var other : HostRoot.list(file.resolveSibling("."), LISTED)) {
            if (Files.isRegularFile(other) && id(other).equals(id)) {
                return other;
            }
        }
        return null;
    }

    private Positions.Position read(Path file, String path, Positions.Position from, To to) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            boolean anew = channel.size() < from.offset() || mark(channel, from.marked()) != from.mark();
            long offset = anew ? 0 : from.offset();
            if (channel.size() == offset && !anew) {
                return from;
            }
            var lines = new Lines(lineBytes, (line, cut) -> to.line(path, line, cut));
            if (from.skipping() && !anew) {
                lines.skip();
            }
            var some = ByteBuffer.allocate(64 << 10);
            long end = offset + AT_ONCE;
            for (long at = offset; at < end; ) {
                int n = channel.read(some.clear(), at);
                if (n <= 0) {
                    break;
                }
                lines.add(some.array(), n);
                at += n;
            }
            long next = offset + lines.consumed();
            int marked = (int) Math.min(MARK, next);
            return new Positions.Position(from.file(), next, marked, mark(channel, marked), lines.skipping());
        }
    }

    private static long mark(FileChannel channel, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {
            // until it is full or the file ends
        }
        var crc = new CRC32C();
        crc.update(bytes.flip());
        return length == 0 ? 0 : crc.getValue();
    }

    /** What was given is durable. */
    void commit() {
        if (!positions.equals(written)) {
            kept.write(positions);
            written = new HashMap<>(positions);
        }
    }

    long refusals() {
        return refusals;
    }
}
