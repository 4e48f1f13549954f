package io.marsad.agent.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One file of the spool, named by the sequence of its first record; records follow one another without a gap. Each: length
 * (4 bytes), CRC32C of sequence and bytes (4), bytes. Not thread-safe.
 */
final class Segment implements AutoCloseable {
    static final int HEADER = 8;

    final Path file;
    final long first;
    private final FileChannel channel;
    private long next;
    private long size;
    private long durableNext;
    private long durableSize;
    private long readNext;
    private long readAt;
    private long readBefore;
    private long end = Long.MAX_VALUE;

    private Segment(Path file, long first, FileChannel channel) {
        this.file = file;
        this.first = first;
        this.channel = channel;
        next = first;
        durableNext = first;
        readNext = first;
    }

    static Path file(Path folder, long first) {
        return folder.resolve(String.format(Locale.ROOT, "%019d.spool", first));
    }

    static Segment create(Path folder, long first, Channels channels) throws IOException {
        var file = file(folder, first);
        var channel = channels.open(file);
        try {
            channel.truncate(0);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return new Segment(file, first, channel);
    }

    /** What a file holds up to the first record that is not whole; the rest stays, see {@link #cut}. */
    static Segment recover(Path file, Channels channels, int recordBytes) throws IOException {
        var name = file.getFileName().toString();
        var segment = new Segment(file, Long.parseLong(name.substring(0, 19)), channels.open(file));
        for (var record = segment.at(segment.size, segment.next, recordBytes);
                record != null;
                record = segment.at(segment.size, segment.next, recordBytes)) {
            segment.size += HEADER + record.length;
            segment.next++;
        }
        segment.durableNext = segment.next;
        segment.durableSize = segment.size;
        return segment;
    }

    /** Cuts off what is behind the last whole record: how many bytes that were. */
    long cut() throws IOException {
        long tail = channel.size() - size;
        if (tail > 0) {
            channel.truncate(size);
            channel.force(true);
        }
        return tail;
    }

    void append(byte[] record) throws IOException {
        var bytes = ByteBuffer.allocate(HEADER + record.length);
        bytes.putInt(record.length).putInt(crc(next, record)).put(record).flip();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes, size + bytes.position());
            }
        } catch (IOException e) {
            try {
                channel.truncate(size);
            } catch (IOException truncate) {
                e.addSuppressed(truncate);
            }
            throw e;
        }
        size += bytes.limit();
        next++;
    }

    /** Makes durable what was appended. */
    void force() throws IOException {
        if (durableNext < next) {
            channel.force(false);
            durableNext = next;
            durableSize = size;
        }
    }

    /** Takes back what is not durable, after the disk failed to keep it. */
    void takeBack() throws IOException {
        next = durableNext;
        size = durableSize;
        channel.truncate(size);
    }

    /** The durable record with this sequence, or null when it cannot be read any more. */
    byte @Nullable [] read(long sequence, int recordBytes) throws IOException {
        if (sequence == readNext - 1) {
            readNext = sequence;
            readAt = readBefore;
        } else if (sequence < readNext) {
            readNext = first;
            readAt = 0;
        }
        while (true) {
            var record = at(readAt, readNext, recordBytes);
            if (record == null) {
                return null;
            }
            readBefore = readAt;
            readAt += HEADER + record.length;
            if (readNext++ == sequence) {
                return record;
            }
        }
    }

    private byte @Nullable [] at(long position, long sequence, int recordBytes) throws IOException {
        var header = ByteBuffer.allocate(HEADER);
        if (!fill(header, position)) {
            return null;
        }
        int length = header.getInt(0);
        if (length < 1 || length > recordBytes) {
            return null;
        }
        var record = new byte[length];
        return fill(ByteBuffer.wrap(record), position + HEADER) && header.getInt(4) == crc(sequence, record)
                ? record
                : null;
    }

    private boolean fill(ByteBuffer bytes, long position) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    private static int crc(long sequence, byte[] record) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, sequence));
        crc.update(record);
        return (int) crc.getValue();
    }

    long next() {
        return next;
    }

    long durableNext() {
        return durableNext;
    }

    /** From this sequence on it could not be read. */
    void endAt(long sequence) {
        end = sequence;
    }

    long readableNext() {
        return Math.min(end, durableNext);
    }

    long size() {
        return size;
    }

    /** How many records come after this sequence, taken or not durable yet. */
    long after(long done) {
        return Math.max(0, next - Math.max(first, done + 1));
    }

    void delete() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
