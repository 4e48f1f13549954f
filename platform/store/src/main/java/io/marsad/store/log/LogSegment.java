package io.marsad.store.log;

import io.marsad.store.disk.Disk;
import io.marsad.store.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * One file of a partition: a header, twice (at 0 and 512), then frames from {@link #DATA} on, then preallocated zeros.
 * The committer writes; readers look at no more than {@link #tail}.
 *
 * <pre>
 *  0 long "MARSADLG"    8 int version    12 int partition    16 long first offset    24 long marker    32 int CRC32C of 0-31
 * </pre>
 */
final class LogSegment {
    static final int DATA = 4096;
    static final String SUFFIX = ".log";

    private static final long MAGIC = 0x4D41525341444C47L;
    private static final int VERSION = 1;
    private static final int HEADER = 36;
    private static final int SECOND_COPY = 512;
    private static final int INDEX_EVERY = 128 << 10;

    /** What is durable: where the bytes end, and the offset after the last record. */
    record Tail(long bytes, long end) {}

    private final Path path;
    private final long base;
    private final long marker;
    private final DiskFile file;
    /** Offset to file position, one entry each {@link #INDEX_EVERY} bytes; may be empty: then reading starts at the front. */
    private final ConcurrentSkipListMap<Long, Long> index = new ConcurrentSkipListMap<>();

    private volatile Tail tail;
    private volatile boolean sealed;
    private long allocated;
    private long lastIndexed;

    private LogSegment(Path path, long base, long marker, DiskFile file, long allocated) {
        this.path = path;
        this.base = base;
        this.marker = marker;
        this.file = file;
        this.allocated = allocated;
        this.tail = new Tail(DATA, base);
    }

    static String name(long base) {
        return String.format(Locale.ROOT, "%020d%s", base, SUFFIX);
    }

    static LogSegment create(Disk files, Path folder, int partition, long base, long marker) throws IOException {
        var path = folder.resolve(name(base));
        var file = files.create(path);
        try {
            var header = ByteBuffer.allocate(DATA);
            for (int at : new int[] {0, SECOND_COPY}) {
                header.putLong(at, MAGIC).putInt(at + 8, VERSION).putInt(at + 12, partition);
                header.putLong(at + 16, base).putLong(at + 24, marker);
                header.putInt(at + 32, Frame.crc(header.array(), at, 32));
            }
            file.write(header, 0);
            file.sync();
            files.syncFolder(folder);
            return new LogSegment(path, base, marker, file, DATA);
        } catch (IOException e) {
            file.close();
            files.delete(path);
            throw e;
        }
    }

    /** The segment in the file, or null when its header cannot be read in any way. */
    static @Nullable LogSegment open(Disk files, Path path, int partition) throws IOException {
        var file = files.open(path);
        long base = Long.parseLong(path.getFileName().toString().replace(SUFFIX, ""));
        var header = ByteBuffer.allocate(DATA + Frame.HEADER);
        int length = file.read(header, 0);
        for (int at : new int[] {0, SECOND_COPY}) {
            if (at + HEADER <= length
                    && header.getLong(at) == MAGIC
                    && header.getInt(at + 32) == Frame.crc(header.array(), at, 32)) {
                if (header.getInt(at + 8) != VERSION || header.getInt(at + 12) != partition) {
                    file.close();
                    throw new IOException(path.getFileName() + ": a log segment of version " + header.getInt(at + 8)
                            + ", partition " + header.getInt(at + 12) + " where version " + VERSION + ", partition "
                            + partition + " is expected");
                }
                return new LogSegment(path, base, header.getLong(at + 24), file, file.size());
            }
        }
        // both copies gone: the first frame knows the marker too
        if (length >= DATA + Frame.HEADER) {
            long marker = header.getLong(DATA);
            if (marker != 0 && new FrameCursor(file, marker).frameAt(DATA, file.size())) {
                return new LogSegment(path, base, marker, file, file.size());
            }
        }
        file.close();
        return null;
    }

    Path path() {
        return path;
    }

    String name() {
        return path.getFileName().toString();
    }

    long base() {
        return base;
    }

    long marker() {
        return marker;
    }

    DiskFile file() {
        return file;
    }

    Tail tail() {
        return tail;
    }

    /** True once nothing more is written to it; look at this before {@link #tail}. */
    boolean sealed() {
        return sealed;
    }

    long allocated() {
        return allocated;
    }

    // ---- the committer's

    /** Makes room up to the position by writing zeros, in steps, so that later writes only replace bytes. */
    void allocate(long upTo, int step, ByteBuffer zeros) throws IOException {
        if (upTo <= allocated) {
            return;
        }
        long wanted = Math.max(upTo, allocated + step);
        for (long at = allocated; at < wanted; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), wanted - at));
            int n = zeros.remaining();
            file.write(zeros, at);
            at += n;
        }
        allocated = wanted;
    }

    void frameWritten(long position, long offset) {
        if (position - lastIndexed >= INDEX_EVERY) {
            index.put(offset, position);
            lastIndexed = position;
        }
    }

    void publish(Tail durable) {
        tail = durable;
    }

    /** Takes back whatever was written after the durable end. */
    void cut() throws IOException {
        file.truncate(tail.bytes);
        allocated = tail.bytes;
    }

    void seal() {
        sealed = true;
    }

    /** A segment found sealed on start: all of its bytes are durable, and the next segment's base is where it ends. */
    void sealAt(long end) {
        tail = new Tail(allocated, end);
        sealed = true;
    }

    // ---- the readers'

    /** A position at or before the frame that holds the offset. */
    long positionBefore(long offset) {
        Map.Entry<Long, Long> entry = index.floorEntry(offset);
        return entry == null ? DATA : entry.getValue();
    }
}
