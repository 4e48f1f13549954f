package io.marsad.store.segment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are durable but in no segment yet: one frame a checkpoint, each with the open rows that came since the last as
 * small blocks, one a tenant. What a frame has in it counts when it is whole and names the manifest it follows.
 */
final class Journal {
    static final int HEADER = 40;
    private static final int MAGIC = 0x4E524A4D; // "MJRN"

    private Journal() {}

    static Path file(Path directory, int partition, long number) {
        return directory.resolve(String.format(Locale.ROOT, "journal-%03d-%08d", partition, number));
    }

    /** Starts a frame; its body follows, then {@link #seal}. */
    static Sink frame() {
        var frame = new Sink(4096);
        frame.size = HEADER;
        return frame;
    }

    static void seal(Sink frame, long generation, long nextOffset, long position) {
        int size = frame.size;
        frame.size = 0;
        frame.putInt(MAGIC);
        frame.putInt(size - HEADER);
        frame.putLong(generation);
        frame.putLong(nextOffset);
        frame.putLong(position);
        frame.putInt(0);
        frame.putInt(0);
        frame.size = size;
        frame.setInt(32, Block.crc(frame.bytes, 0, size));
    }

    /** A frame as it was read: header and body. */
    record Frame(byte[] bytes, long generation, long nextOffset) {}

    /** The whole frame at a position, or null where there is none. */
    static @Nullable Frame read(OpenFiles files, Path file, long position) throws IOException {
        long size = Files.exists(file) ? Files.size(file) : 0;
        if (position + HEADER > size) {
            return null;
        }
        var header = new Source(files.read(file, position, HEADER, 0));
        boolean magic = header.getInt() == MAGIC;
        int length = header.getInt();
        if (!magic || length < 0 || position + HEADER + length > size) {
            return null;
        }
        long generation = header.getLong();
        long nextOffset = header.getLong();
        long at = header.getLong();
        int crc = header.getInt();
        var bytes = files.read(file, position, HEADER + length, 0);
        var zeroed = new Sink(0);
        zeroed.bytes = bytes;
        zeroed.setInt(32, 0);
        return at == position && Block.crc(bytes, 0, bytes.length) == crc
                ? new Frame(bytes, generation, nextOffset)
                : null;
    }
}
