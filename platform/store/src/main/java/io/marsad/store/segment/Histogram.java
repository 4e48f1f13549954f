package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.store.EventSearch;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;

/** Counts what fits over time. One thread. */
final class Histogram implements Walk.Visitor {
    private final EventSearch search;
    private final long[] counts;

    Histogram(EventSearch search, int buckets) {
        this.search = search;
        this.counts = new long[buckets];
    }

    long[] run(Walk walk, List<Part> parts) throws IOException {
        walk.over(parts, this);
        return counts;
    }

    @Override
    public boolean whole(Block block) {
        int first = bucket(block.minTime);
        if (first != bucket(block.maxTime)) {
            return false;
        }
        counts[first] += block.rows;
        return true;
    }

    @Override
    public void stored(BlockReader block, BitSet rows) throws IOException {
        int first = bucket(block.minTime());
        if (block.minTime() >= search.from() && block.maxTime() < search.to() && first == bucket(block.maxTime())) {
            counts[first] += rows.cardinality();
            return;
        }
        var times = block.times();
        for (int r = rows.nextSetBit(0); r >= 0; r = rows.nextSetBit(r + 1)) {
            counts[bucket(times[r])]++;
        }
    }

    @Override
    public void open(EventBatch batch, BitSet rows) {
        for (int r = rows.nextSetBit(0); r >= 0; r = rows.nextSetBit(r + 1)) {
            counts[bucket(batch.time(r))]++;
        }
    }

    private int bucket(long time) {
        long range = search.to() - search.from();
        if (range > 0 && range < Long.MAX_VALUE / 1024) {
            return (int) ((time - search.from()) * counts.length / range);
        }
        double part = ((double) time - search.from()) / ((double) search.to() - search.from());
        return Math.clamp((long) (part * counts.length), 0, counts.length - 1);
    }
}
