package io.marsad.agent.spool;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where a spool is and how far it may grow.
 *
 * @param limitBytes what all segments together may take; beyond it the oldest goes
 * @param segmentBytes when a new segment begins; at most half of the limit
 * @param recordBytes the longest record
 * @param commitWithin so long after it was appended a record is durable, at the latest
 */
public record SpoolConfig(Path folder, long limitBytes, int segmentBytes, int recordBytes, Duration commitWithin) {
    public SpoolConfig {
        if (recordBytes < 1 || segmentBytes < recordBytes + 64 || limitBytes < 2L * segmentBytes) {
            throw new IllegalArgumentException("a record must fit into a segment, and two segments into the limit");
        }
    }

    /** 256 MiB in segments of 4 MiB, records of at most 256 KiB, durable within 200 ms. */
    public static SpoolConfig in(Path folder) {
        return new SpoolConfig(folder, 256L << 20, 4 << 20, 256 << 10, Duration.ofMillis(200));
    }
}
