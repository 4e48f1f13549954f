package io.marsad.kernel.log;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The durable, ordered log of raw records; everything after it can be made again from it. Offsets count records within
 * a partition, from 0, without gaps. A tenant's records are all in one partition.
 *
 * <p>Thread-safe.
 */
public interface EventLog extends AutoCloseable {
    int partitions();

    int partitionOf(io.marsad.kernel.tenant.TenantId tenant);

    /**
     * Appends the batch and returns its first record's offset once all of it is durable; also sets it in the batch. All
     * of the batch is there after a crash, or none of it, and all of it if this returned.
     *
     * @throws LogFullException when the configured space is used up; nothing was written, and the sender is to be told
     *     to come again
     */
    long append(RecordBatch batch) throws IOException, LogFullException;

    /** Reads on from an offset (clamped to what is there), batch by batch as they were appended. */
    Reader read(int partition, long fromOffset) throws IOException;

    /** The oldest offset still held. */
    long firstOffset(int partition);

    /** One past the newest durable offset. */
    long endOffset(int partition);

    /** Everything before the offset is no longer needed by its readers and may go, oldest first, when space or age asks. */
    void release(int partition, long offset);

    /** Damage seen since the start (flipped bits, torn tails), for health and the operator; empty when all is well. */
    List<Damage> damage();

    /** Bytes held on disk. */
    long bytes();

    @Override
    void close() throws IOException;

    /** Something in the log was not as it was written. Records from {@code fromOffset} to {@code toOffset} (exclusive) are lost. */
    record Damage(int partition, long fromOffset, long toOffset, String file, String reason) {}

    /** A cursor; one thread uses it. */
    interface Reader extends AutoCloseable {
        /** The next batch, or null when none arrived in time. A batch whose first records lie before the start offset is given whole. */
        @Nullable
        RecordBatch poll(Duration timeout) throws IOException, InterruptedException;

        /** The offset that the next batch starts at. */
        long position();

        @Override
        void close() throws IOException;
    }
}
