package io.marsad.store.log;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a {@link SegmentLog} keeps its files.
 *
 * @param folder the log's own folder; made when it is not there
 * @param partitions 1 to 256; fixed for the life of the log
 * @param maxBytes a partition never holds more on disk: with so much unreleased, appends are refused;
 *     several times the biggest batch, as a batch that is bigger would be refused for ever
 * @param segmentBytes size of a segment file; at most an eighth of {@code maxBytes} is used, so that space comes back in time
 * @param retainBytes released segments are kept while a partition holds less than this
 * @param retainFor released segments older than this are deleted
 * @param reserveBytes room on the file system that the log leaves to others (PostgreSQL stops when a disk is full)
 */
public record LogConfig(
        Path folder,
        int partitions,
        long maxBytes,
        long segmentBytes,
        long retainBytes,
        Duration retainFor,
        long reserveBytes) {
    public LogConfig {
        if (partitions < 1 || partitions > 256) {
            throw new IllegalArgumentException("a log has 1 to 256 partitions");
        }
        if (maxBytes < 64 << 10 || segmentBytes < 8 << 10) {
            throw new IllegalArgumentException("a log has at least 64 KiB, a segment at least 8 KiB");
        }
        segmentBytes = Math.min(segmentBytes, maxBytes / 8);
    }

    /** One partition, up to 4 GiB in segments of 64 MiB; 256 MiB or an hour of released records kept; 256 MiB left free. */
    public static LogConfig in(Path folder) {
        return new LogConfig(folder, 1, 4L << 30, 64 << 20, 256 << 20, Duration.ofHours(1), 256 << 20);
    }

    public LogConfig withPartitions(int count) {
        return new LogConfig(folder, count, maxBytes, segmentBytes, retainBytes, retainFor, reserveBytes);
    }

    public LogConfig withMaxBytes(long bytes) {
        return new LogConfig(folder, partitions, bytes, segmentBytes, retainBytes, retainFor, reserveBytes);
    }

    public LogConfig withSegmentBytes(long bytes) {
        return new LogConfig(folder, partitions, maxBytes, bytes, retainBytes, retainFor, reserveBytes);
    }

    /** Keeps nothing that was released. */
    public LogConfig withoutRetention() {
        return new LogConfig(folder, partitions, maxBytes, segmentBytes, 0, Duration.ZERO, reserveBytes);
    }

    public LogConfig withReserveBytes(long bytes) {
        return new LogConfig(folder, partitions, maxBytes, segmentBytes, retainBytes, retainFor, bytes);
    }
}
