package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;

/** Something to search: a block, or open rows in memory. */
sealed interface Part {
    long minTime();

    long maxTime();

    record Stored(Block block) implements Part {
        @Override
        public long minTime() {
            return block.minTime;
        }

        @Override
        public long maxTime() {
            return block.maxTime;
        }
    }

    record Open(EventBatch batch, long minTime, long maxTime) implements Part {
        static Open of(EventBatch batch) {
            long min = Long.MAX_VALUE;
            long max = Long.MIN_VALUE;
            for (int r = 0; r < batch.rows(); r++) {
                min = Math.min(min, batch.time(r));
                max = Math.max(max, batch.time(r));
            }
            return new Open(batch, min, max);
        }
    }
}
