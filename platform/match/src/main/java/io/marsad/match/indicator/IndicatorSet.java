package io.marsad.match.indicator;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Millions of listed values, outside the heap: a filter that answers almost every question that has the answer no, and
 * behind it a table of 96 bits of each value's keyed hash with the indicator's number. Never misses a value that is listed;
 * takes one that is not for a listed one once in 2^96 / count questions, and nobody who lacks the key can look for such
 * values. Who acts on a find compares the text of the indicator with that number, as it reads it anyway.
 *
 * <p>Immutable, thread-safe; asked through an {@link IndicatorMatcher}. Its memory is freed when the last who holds it
 * {@link #release() lets go}: whoever made it holds it once.
 */
public final class IndicatorSet {
    /** No indicator. */
    public static final int NONE = -1;

    /** Bytes of a table's entry: 64 and 32 bits of hash, and the number. */
    static final int ENTRY = 16;

    private final Arena arena;
    private final SipHash[] keys;
    private final MemorySegment table;
    private final MemorySegment buckets;
    private final int bucketCount;
    private final int count;
    private final @Nullable FuseFilter filter;
    private final AddressRanges four;
    private final AddressRanges six;
    private final long[] depths;
    private final AtomicInteger holders = new AtomicInteger(1);

    IndicatorSet(
            Arena arena,
            SipHash[] keys,
            Table table,
            @Nullable FuseFilter filter,
            AddressRanges four,
            AddressRanges six,
            long[] depths) {
        this.arena = arena;
        this.keys = keys.clone();
        this.table = table.entries();
        buckets = table.buckets();
        bucketCount = table.bucketCount();
        count = table.count();
        this.filter = filter;
        this.four = four;
        this.six = six;
        this.depths = depths.clone();
    }

    /** Entries ordered by bucket, and where each bucket begins. */
    record Table(MemorySegment entries, MemorySegment buckets, int bucketCount, int count) {}

    /** How many different values are listed, networks not counted. */
    public int size() {
        return count;
    }

    /** Memory outside the heap. */
    public long bytes() {
        return table.byteSize()
                + buckets.byteSize()
                + (filter == null ? 0 : filter.bytes())
                + four.bytes()
                + six.bytes();
    }

    /** Holds it once more; false when its memory is gone. */
    public boolean hold() {
        for (int now = holders.get(); now > 0; now = holders.get()) {
            if (holders.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Lets go of it.
     *
     * @throws IllegalStateException when nobody held it
     */
    public void release() {
        int left = holders.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("a set of indicators was let go of more often than it was held");
        }
        if (left == 0) {
            arena.close();
        }
    }

    /** What {@link #candidates} is asked with. */
    long hash(IndicatorType type, byte[] b, int from, int length) {
        return keys[type.ordinal()].first(b, from, length);
    }

    /** Writes the indexes of the hashes whose values may be listed; returns how many. */
    int candidates(long[] hashes, int asked, int[] out) {
        if (filter != null) {
            return filter.candidates(hashes, asked, out);
        }
        for (int i = 0; i < asked; i++) {
            out[i] = i;
        }
        return count == 0 ? 0 : asked;
    }

    /** The indicator with this form of a value, or {@link #NONE}. */
    int find(IndicatorType type, byte[] b, int from, int length) {
        if (count == 0) {
            return NONE;
        }
        var key = keys[type.ordinal()];
        long first = key.first(b, from, length);
        if (filter != null && !filter.mayContain(first)) {
            return NONE;
        }
        int second = (int) key.second(b, from, length);
        long bucket = Math.unsignedMultiplyHigh(first, bucketCount);
        int end = buckets.getAtIndex(ValueLayout.JAVA_INT, bucket + 1);
        for (int i = buckets.getAtIndex(ValueLayout.JAVA_INT, bucket); i < end; i++) {
            long at = (long) i * ENTRY;
            if (table.get(ValueLayout.JAVA_LONG, at) == first && table.get(ValueLayout.JAVA_INT, at + 8) == second) {
                return table.get(ValueLayout.JAVA_INT, at + 12);
            }
        }
        return NONE;
    }

    /** False when the address is in no listed network, as far as can be told at once. */
    boolean mayHaveNetwork(AddressReader address) {
        return (address.six() ? six : four).mayContain(address.low());
    }

    /** The smallest listed network that an address is in, or {@link #NONE}. */
    int network(AddressReader address) {
        return (address.six() ? six : four).find(address.high(), address.low());
    }

    /** Whether any listed name has so many labels: others need not be looked up. */
    boolean hasDepth(int labels) {
        return labels < 128 && (depths[labels >> 6] >>> labels & 1) != 0;
    }
}
