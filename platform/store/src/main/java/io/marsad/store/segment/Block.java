package io.marsad.store.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * A block's place and extent; what is in it is read when it is asked for.
 *
 * <p>Thread-safe; {@link #damaged} is set once and for all.
 */
final class Block {
    final Path file;
    final long offset;
    final int length;
    final int rows;
    final long minTime;
    final long maxTime;
    final long firstSeq;
    private final int directoryLength;
    private final int directoryRaw;
    private final int directoryCrc;
    /** What its skeletons are like, see {@link BlockEncoder#FORMAT}; 0 in older blocks. */
    final int format;

    volatile boolean damaged;

    private Block(Path file, long offset, Source header) throws DamagedException {
        this.file = file;
        this.offset = offset;
        header.getLong();
        length = header.getInt();
        directoryLength = header.getInt();
        directoryRaw = header.getInt();
        rows = header.getInt();
        minTime = header.getLong();
        maxTime = header.getLong();
        firstSeq = header.getLong();
        directoryCrc = header.getInt();
        format = header.getInt();
    }

    /** Reads a header, {@link BlockEncoder#HEADER} bytes long. */
    static Block parse(byte[] header, int at, Path file, long offset) throws DamagedException {
        var block = new Block(file, offset, new Source(header, at, at + BlockEncoder.HEADER));
        if (new Source(header, at, at + 8).getLong() != BlockEncoder.MAGIC
                || crc(header, at, BlockEncoder.HEADER - 4)
                        != new Source(header, at + BlockEncoder.HEADER - 4, at + BlockEncoder.HEADER).getInt()) {
            throw new DamagedException("no block starts at " + offset);
        }
        if (block.format < 0 || block.format > BlockEncoder.FORMAT) {
            throw new DamagedException("a block of a later version at " + offset);
        }
        return block;
    }

    static int crc(byte[] bytes, int from, int length) {
        var crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    Directory readDirectory(OpenFiles files) throws IOException {
        long at = offset + length - directoryLength;
        var bytes = files.read(file, at, directoryLength, 0);
        if (crc(bytes, 0, directoryLength) != directoryCrc) {
            throw new DamagedException("the directory's checksum is wrong");
        }
        return new Directory(Page.unpack(bytes, 0, directoryLength, directoryRaw), this);
    }

    /** Where it is, for people. */
    @Override
    public String toString() {
        return Damage.name(file) + " at " + offset + " (" + rows + " events, " + java.time.Instant.ofEpochMilli(minTime)
                + " to " + java.time.Instant.ofEpochMilli(maxTime) + ")";
    }
}
