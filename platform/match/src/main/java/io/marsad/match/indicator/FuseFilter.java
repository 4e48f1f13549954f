package io.marsad.match.indicator;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * A binary fuse filter with fingerprints of 8 bits (Graf and Lemire, 2022): never says no to a key it was built from, and
 * yes to one in 256 others; 9 bits a key when there are many. Keys are random already, and come in ascending order, which
 * makes the first attempt at building it run through memory from front to back.
 */
final class FuseFilter {
    private static final int MOST_ATTEMPTS = 64;
    private static final int LONGEST_SEGMENT = 1 << 18;

    private final MemorySegment prints;
    private final int segment;
    private final long spread;
    private final long seed;

    private FuseFilter(MemorySegment prints, int segment, long spread, long seed) {
        this.prints = prints;
        this.segment = segment;
        this.spread = spread;
        this.seed = seed;
    }

    /**
     * A filter of the keys that are the first 8 bytes of every 16; its memory is the arena's. Null when none can be made,
     * as when two keys are the same: of ten million random ones that is once in 370,000 times.
     */
    static @Nullable FuseFilter of(MemorySegment keys, int count, Arena arena) {
        int segment = Math.min(LONGEST_SEGMENT, 1 << (int) Math.floor(Math.log(count) / Math.log(3.33) + 2.25));
        double factor = count < 2 ? 0 : Math.max(1.125, 0.875 + 0.25 * Math.log(1_000_000) / Math.log(count));
        long capacity = Math.round(count * factor);
        long segments = Math.max(1, (capacity + segment - 1) / segment - 2);
        long spread = segments * segment;
        var prints = arena.allocate(spread + 2L * segment);
        long seed = 0;
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            var filter = new FuseFilter(prints, segment, spread, seed);
            try (var scratch = Arena.ofConfined()) {
                if (new Peeling(filter, scratch, count).run(keys)) {
                    return filter;
                }
            }
            seed = mix(seed + 0x9E3779B97F4A7C15L);
        }
        return null;
    }

    boolean mayContain(long key) {
        long hash = hash(key);
        long at = Math.unsignedMultiplyHigh(hash, spread);
        int print = print(hash) ^ get(at) ^ get(place(hash, at, 1)) ^ get(place(hash, at, 2));
        return (print & 0xFF) == 0;
    }

    /**
     * Writes the indexes of those of the first {@code count} keys that may be in it; returns how many. No key waits for the
     * one before, so that the processor has many places on their way from memory at once.
     */
    int candidates(long[] keys, int count, int[] out) {
        int found = 0;
        for (int i = 0; i < count; i++) {
            out[found] = i;
            found += mayContain(keys[i]) ? 1 : 0;
        }
        return found;
    }

    long bytes() {
        return prints.byteSize();
    }

    private byte get(long at) {
        return prints.get(ValueLayout.JAVA_BYTE, at);
    }

    private long hash(long key) {
        return seed == 0 ? key : mix(key + seed);
    }

    private static byte print(long hash) {
        return (byte) (hash ^ hash >>> 32);
    }

    /** The which-th of a key's three places, each in the segment after the one before. */
    private long place(long hash, long first, int which) {
        return switch (which) {
            case 0 -> first;
            case 1 -> first + segment ^ (hash >>> 18 & segment - 1);
            default -> first + 2L * segment ^ (hash & segment - 1);
        };
    }

    private static long mix(long h) {
        long x = (h ^ h >>> 33) * 0xff51afd7ed558ccdL;
        x = (x ^ x >>> 33) * 0xc4ceb9fe1a85ec53L;
        return x ^ x >>> 33;
    }

    /** Takes away, again and again, a key that has a place to itself; in the other direction each can then be set. */
    private static final class Peeling {
        private final FuseFilter filter;
        private final int count;
        private final long size;
        /** By place: four times how many keys have it, and the exclusive or of which of their places it is. */
        private final MemorySegment load;

        private final MemorySegment hashes;
        private final MemorySegment alone;
        private final MemorySegment order;
        private final MemorySegment which;

        Peeling(FuseFilter filter, Arena scratch, int count) {
            this.filter = filter;
            this.count = count;
            size = filter.prints.byteSize();
            load = scratch.allocate(size);
            hashes = scratch.allocate(size * 8, 8);
            alone = scratch.allocate(size * 4 + 4, 4);
            order = scratch.allocate(count * 8L, 8);
            which = scratch.allocate(count);
        }

        boolean run(MemorySegment keys) {
            if (!fill(keys) || peel() != count) {
                return false;
            }
            filter.prints.fill((byte) 0);
            for (int i = count - 1; i >= 0; i--) {
                long hash = order.getAtIndex(ValueLayout.JAVA_LONG, i);
                long first = Math.unsignedMultiplyHigh(hash, filter.spread);
                int own = which.get(ValueLayout.JAVA_BYTE, i);
                byte print = print(hash);
                for (int place = 1; place < 3; place++) {
                    print ^= filter.get(filter.place(hash, first, (own + place) % 3));
                }
                filter.prints.set(ValueLayout.JAVA_BYTE, filter.place(hash, first, own), print);
            }
            return true;
        }

        /** False when a place has too many keys to count. */
        private boolean fill(MemorySegment keys) {
            for (int i = 0; i < count; i++) {
                long hash = filter.hash(keys.get(ValueLayout.JAVA_LONG, i * 16L));
                long first = Math.unsignedMultiplyHigh(hash, filter.spread);
                for (int place = 0; place < 3; place++) {
                    long at = filter.place(hash, first, place);
                    int more = load(at) + 4 ^ place;
                    if (more > 255) {
                        return false;
                    }
                    set(at, more, hash);
                }
            }
            return true;
        }

        private int peel() {
            long waiting = 0;
            for (long at = 0; at < size; at++) {
                alone.setAtIndex(ValueLayout.JAVA_INT, waiting, (int) at);
                waiting += load(at) >> 2 == 1 ? 1 : 0;
            }
            int done = 0;
            while (waiting > 0) {
                long at = alone.getAtIndex(ValueLayout.JAVA_INT, --waiting);
                if (load(at) >> 2 != 1) {
                    continue;
                }
                long hash = hashes.getAtIndex(ValueLayout.JAVA_LONG, at);
                long first = Math.unsignedMultiplyHigh(hash, filter.spread);
                int own = load(at) & 3;
                order.setAtIndex(ValueLayout.JAVA_LONG, done, hash);
                which.set(ValueLayout.JAVA_BYTE, done++, (byte) own);
                for (int more = 1; more < 3; more++) {
                    int place = (own + more) % 3;
                    long other = filter.place(hash, first, place);
                    alone.setAtIndex(ValueLayout.JAVA_INT, waiting, (int) other);
                    waiting += load(other) >> 2 == 2 ? 1 : 0;
                    set(other, load(other) - 4 ^ place, hash);
                }
            }
            return done;
        }

        private int load(long at) {
            return load.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
        }

        private void set(long at, int newLoad, long hash) {
            load.set(ValueLayout.JAVA_BYTE, at, (byte) newLoad);
            hashes.setAtIndex(ValueLayout.JAVA_LONG, at, hashes.getAtIndex(ValueLayout.JAVA_LONG, at) ^ hash);
        }
    }
}
