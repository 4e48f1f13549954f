package io.marsad.ingest.worker;

import org.jspecify.annotations.Nullable;

/**
 * How a partition's worker is.
 *
 * @param nextOffset everything before it was processed and committed
 * @param pending records that wait
 * @param ruleFaults rows on which detection failed since the start
 * @param trouble what keeps it from going on, or null when nothing does
 * @param running false once it has stopped
 */
public record WorkerStatus(
        int partition,
        long nextOffset,
        long pending,
        long ruleFaults,
        @Nullable String trouble,
        boolean running) {}
