package io.marsad.agent.collect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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

    private final FilePatterns patterns;
    private final int lineBytes;
    private final Positions kept;
    private final Map<String, Positions.Position> positions;
    private Map<String, Positions.Position> written = Map.of();
    private boolean first;
    private @Nullable NoRoom stopped;
    private long refusals;

    /** @param patterns absolute; wildcards ({@code *}, {@code ?}) in the name of the file only */
    FileTail(HostRoot root, List<String> patterns, int lineBytes, Path kept) {
        this.patterns = new FilePatterns(root, patterns, FILES);
        this.lineBytes = lineBytes;
        this.kept = new Positions(kept);
        positions = this.kept.read();
        first = this.kept.fresh();
    }

    /** Gives what is new until a line has no room ({@link NoRoom}), which is the first the next time; of files that are there at the very first time, only what comes later. */
    void poll(To to) {
        stopped = null;
        var all = patterns.files();
        if (positions.size() > 4 * FILES) {
            positions.keySet().retainAll(all.stream().map(patterns::path).toList());
        }
        for (var file : all) {
            try {
                follow(file, all, to);
            } catch (IOException | RuntimeException e) {
                refusals++; // gone or not ours: the next time again
            }
            if (stopped != null) {
                break;
            }
        }
        first = false;
        if (stopped != null) {
            throw stopped;
        }
    }

    private void follow(Path file, Set<Path> all, To to) throws IOException {
        var path = patterns.path(file);
        var id = id(file);
        var position = positions.get(path);
        if (position == null) {
            position = known(id, first ? Files.size(file) : 0);
        } else if (!position.file().equals(id)) {
            var renamed = renamed(file, position.file());
            if (renamed != null && more(renamed, path, position, all, to)) {
                return;
            }
            position = known(id, 0);
        }
        positions.put(path, read(file, path, position, to));
    }

    /** Where a file was read up to under another name, or the beginning. */
    private Positions.Position known(String id, long otherwise) {
        return positions.values().stream()
                .filter(p -> p.file().equals(id))
                .findFirst()
                .orElseGet(() -> new Positions.Position(id, otherwise, 0, 0, false));
    }

    /** Reads on in a file that was renamed: whether more of it is to be read under the old name the next time. */
    private boolean more(Path renamed, String path, Positions.Position position, Set<Path> all, To to)
            throws IOException {
        var taken = positions.get(patterns.path(renamed));
        if (taken != null && taken.file().equals(position.file())) {
            return false; // it was read on under its new name
        }
        var rest = read(renamed, path, position, to);
        if (all.contains(renamed)) {
            positions.put(patterns.path(renamed), rest);
            return false;
        }
        boolean left = rest.offset() < Files.size(renamed);
        if (left && (stopped != null || rest.offset() > position.offset())) {
            positions.put(path, rest);
            return true;
        }
        refusals += left ? 1 : 0; // a line without an end
        return false;
    }

    private static String id(Path file) throws IOException {
        return Files.getAttribute(file, "unix:dev") + ":" + Files.getAttribute(file, "unix:ino");
    }

    private static @Nullable Path renamed(Path file, String id) throws IOException {
        for (var other : HostRoot.list(Objects.requireNonNull(file.getParent()), LISTED)) {
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
                try {
                    lines.add(some.array(), n);
                } catch (NoRoom e) {
                    stopped = e; // what is consumed is what was taken
                    break;
                }
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
        if (kept.fresh() || !positions.equals(written)) { // also that there was nothing
            kept.write(positions);
            written = new HashMap<>(positions);
        }
    }

    long refusals() {
        return refusals;
    }
}
