package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;

/** Something to search: a block, or open rows in memory. */
sealed interface Part {
    long minTime();

    long maxTime();

    /** What it takes on disk or in memory. */
    long bytes();

    record Stored(Block block) implements Part {
        @Override
        public long minTime() {
            return block.minTime;
        }

        @Override
        public long maxTime() {
            return block.maxTime;
        }

        @Override
        public long bytes() {
            return block.length;
        }
    }

    record Open(EventBatch batch, long minTime, long maxTime) implements Part {
        @Override
        public long bytes() {
            return batch.bytes();
        }

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
