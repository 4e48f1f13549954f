package io.marsad.store.segment;

import java.io.IOException;
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
    static @Nullable Frame read(OpenFiles files, Path file, long size, long position) throws IOException {
        if (position + HEADER > size) {
            return null;
        }
        try {
            return whole(files, file, size, position);
        } catch (DamagedException e) {
            return null; // also what cannot be read at all
        }
    }

    private static @Nullable Frame whole(OpenFiles files, Path file, long size, long position) throws IOException {
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

    /**
     * Whether a whole frame of the generation stands anywhere behind a position where none does. Frames are synced one by
     * one, so the one there was whole once: it was not just being written, it is damaged.
     */
    static boolean goesOn(OpenFiles files, Path file, long size, long from, long generation) throws IOException {
        int step = 1 << 16;
        for (long at = from + 1; at + HEADER <= size; at += step) {
            int n = (int) Math.min(step + 4, size - at);
            byte[] bytes;
            try {
                bytes = files.read(file, at, n, 4);
            } catch (DamagedException e) {
                continue; // the disk cannot read it
            }
            for (int i = 0; i + 4 <= n; i++) {
                if (bytes[i] == (byte) MAGIC && new Source(bytes, i, i + 4).getInt() == MAGIC) {
                    var frame = read(files, file, size, at + i);
                    if (frame != null && frame.generation == generation) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
