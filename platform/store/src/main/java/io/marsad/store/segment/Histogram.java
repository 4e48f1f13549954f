package io.marsad.store.segment;

import io.marsad.kernel.store.EventSearch;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;

/** Counts what fits over time. One thread. */
final class Histogram {
    private final EventSearch search;
    private final Selection selection;
    private final BlockCache cache;
    private final long[] counts;
    private final long started = System.nanoTime();

    Histogram(EventSearch search, Selection selection, BlockCache cache, int buckets) {
        this.search = search;
        this.selection = selection;
        this.cache = cache;
        this.counts = new long[buckets];
    }

    long[] run(List<Part> parts) throws IOException {
        for (var part : parts) {
            if (part.maxTime() < search.from()
                    || System.nanoTime() - started > search.timeout().toNanos()) {
                break;
            }
            if (part.minTime() >= search.to()) {
                continue;
            }
            switch (part) {
                case Part.Open open -> {
                    var batch = open.batch();
                    for (int r = 0; r < batch.rows(); r++) {
                        if (wanted(batch.time(r)) && selection.test(batch, r)) {
                            counts[bucket(batch.time(r))]++;
                        }
                    }
                }
                case Part.Stored(Block block) -> count(block);
            }
        }
        return counts;
    }

    private void count(Block block) throws IOException {
        boolean inside = block.minTime >= search.from() && block.maxTime < search.to();
        if (inside && selection.everything() && bucket(block.minTime) == bucket(block.maxTime)) {
            counts[bucket(block.minTime)] += block.rows;
            return;
        }
        try {
            var directory = cache.directory(block);
            if (!selection.mayFit(directory, cache)) {
                return;
            }
            var reader = new BlockReader(directory, cache.files());
            var times = reader.times();
            var candidates = new BitSet(times.length);
            for (int r = 0; r < times.length; r++) {
                if (wanted(times[r])) {
                    candidates.set(r);
                }
            }
            var hits = candidates.isEmpty() ? candidates : selection.select(reader, candidates);
            for (int r = hits.nextSetBit(0); r >= 0; r = hits.nextSetBit(r + 1)) {
                counts[bucket(times[r])]++;
            }
        } catch (DamagedException e) {
            throw new Search.DamagedBlock(block, e);
        }
    }

    private boolean wanted(long time) {
        return time >= search.from() && time < search.to();
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
