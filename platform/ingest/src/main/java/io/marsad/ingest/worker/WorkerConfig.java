package io.marsad.ingest.worker;

import java.time.Duration;

/**
 * How the workers pace themselves.
 *
 * @param groupRows small batches of one tenant are taken together up to so many records
 * @param groupBytes and so many bytes
 * @param checkpointBytes a checkpoint is made after so many bytes of records, or more when there is much state to be saved
 * @param checkpointEvery and after so long, when there was anything
 * @param dedupeFor how long a keyed record is recognised when it comes again
 * @param dedupeMost how many keyed records are remembered for each partition, 24 to 56 bytes each
 */
public record WorkerConfig(
        int groupRows,
        int groupBytes,
        long checkpointBytes,
        Duration checkpointEvery,
        Duration dedupeFor,
        int dedupeMost) {
    /** 3000 records or 3 MiB: less often is a transaction less; 64 MiB or 30 s; an hour or two million. */
    public static WorkerConfig standard() {
        return new WorkerConfig(3000, 3 << 20, 64 << 20, Duration.ofSeconds(30), Duration.ofHours(1), 2_000_000);
    }
}
