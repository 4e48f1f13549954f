package io.marsad.match.indicator;

import io.marsad.match.Network;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes an {@link IndicatorSet} of values in any order. While they come it takes 16 bytes of each outside the heap, while
 * the set is made 40 at most. One thread uses it; {@link #close} frees what it took, the set that it made stays.
 */
public final class IndicatorSetBuilder implements AutoCloseable {
    /** How many values, and how many networks, a set takes. */
    public static final int MOST_VALUES = 100_000_000, MOST_NETWORKS = 1_000_000;

    private static final int CHUNK = 1 << 16;
    private static final int PER_BUCKET = 8;

    private final Arena scratch = Arena.ofShared();
    private final List<MemorySegment> chunks = new ArrayList<>();
    private final List<AddressRanges.Listed> four = new ArrayList<>();
    private final List<AddressRanges.Listed> six = new ArrayList<>();
    private final long[] depths = new long[2];
    private final ValueForm form = new ValueForm();
    private final SipHash[] keys;
    private int count;

    /** @param key0 one half of the hash's key, random and told to nobody; {@code key1} is the other */
    public IndicatorSetBuilder(long key0, long key1) {
        var master = new SipHash(key0, key1);
        keys = new SipHash[IndicatorType.values().length];
        for (int type = 0; type < keys.length; type++) {
            var name = new byte[] {(byte) type};
            keys[type] = new SipHash(master.first(name, 0, 1), master.second(name, 0, 1));
        }
    }

    /**
     * Lists a value. What is listed twice has the smaller of the numbers.
     *
     * @param id the indicator's number, 0 or more
     * @return false when it is no value of its type, and was not taken
     */
    public boolean add(IndicatorType type, byte[] value, int offset, int length, int id) {
        if (id < 0) {
            throw new IllegalArgumentException("an indicator's number is 0 or more");
        }
        if (!form.read(type, value, offset, length)) {
            return false;
        }
        if (count == MOST_VALUES) {
            throw new IllegalStateException("a set takes " + MOST_VALUES + " indicators at most");
        }
        if (count % CHUNK == 0) {
            chunks.add(scratch.allocate((long) CHUNK * IndicatorSet.ENTRY, 8));
        }
        if (type == IndicatorType.DOMAIN) {
            int labels = HostNames.labels(form.bytes(), form.length());
            depths[labels >> 6] |= 1L << labels;
        }
        var key = keys[type.ordinal()];
        var chunk = chunks.getLast();
        long at = (long) (count % CHUNK) * IndicatorSet.ENTRY;
        chunk.set(ValueLayout.JAVA_LONG, at, key.first(form.bytes(), 0, form.length()));
        chunk.set(ValueLayout.JAVA_INT, at + 8, (int) key.second(form.bytes(), 0, form.length()));
        chunk.set(ValueLayout.JAVA_INT, at + 12, id);
        count++;
        return true;
    }

    public boolean add(IndicatorType type, String value, int id) {
        var bytes = value.getBytes(StandardCharsets.UTF_8);
        return add(type, bytes, 0, bytes.length, id);
    }

    /** Lists a network: every address in it, and of several the smallest. IPv4 mapped into IPv6 is IPv4. */
    public void add(Network network, int id) {
        if (id < 0) {
            throw new IllegalArgumentException("an indicator's number is 0 or more");
        }
        if (four.size() + six.size() == MOST_NETWORKS) {
            throw new IllegalStateException("a set takes " + MOST_NETWORKS + " networks at most");
        }
        boolean mapped =
                network.version() == 6 && network.bits() >= 96 && network.high() == 0 && network.low() >>> 32 == 0xFFFF;
        var plain = mapped ? new Network(4, 0, network.low() & 0xFFFF_FFFFL, network.bits() - 96) : network;
        (plain.version() == 4 ? four : six).add(new AddressRanges.Listed(plain, id));
    }

    /** Makes the set, which the caller then holds. Ends the builder. */
    public IndicatorSet build() {
        var arena = Arena.ofShared();
        try {
            var table = table(arena);
            close();
            var filter = table.count() == 0 ? null : FuseFilter.of(table.entries(), table.count(), arena);
            return new IndicatorSet(
                    arena,
                    keys,
                    table,
                    filter,
                    AddressRanges.of(false, four, arena),
                    AddressRanges.of(true, six, arena),
                    depths);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private IndicatorSet.Table table(Arena arena) {
        int bucketCount = Math.max(1, count / PER_BUCKET);
        var entries = arena.allocate(Math.max(1, count) * (long) IndicatorSet.ENTRY, 8);
        var buckets = arena.allocate((bucketCount + 1) * 4L, 4);
        for (int i = 0; i < count; i++) {
            long bucket = Math.unsignedMultiplyHigh(waiting(i), bucketCount);
            setBucket(buckets, bucket + 1, bucket(buckets, bucket + 1) + 1);
        }
        for (long b = 1; b <= bucketCount; b++) {
            setBucket(buckets, b, bucket(buckets, b) + bucket(buckets, b - 1));
        }
        // From each bucket's end to its begin, which turns ends into begins.
        for (int i = 0; i < count; i++) {
            long bucket = Math.unsignedMultiplyHigh(waiting(i), bucketCount);
            int place = bucket(buckets, bucket + 1) - 1;
            setBucket(buckets, bucket + 1, place);
            MemorySegment.copy(
                    chunks.get(i / CHUNK),
                    (long) (i % CHUNK) * IndicatorSet.ENTRY,
                    entries,
                    (long) place * IndicatorSet.ENTRY,
                    IndicatorSet.ENTRY);
        }
        int kept = 0;
        for (long b = 0; b < bucketCount; b++) {
            int from = bucket(buckets, b + 1);
            int end = b + 2 <= bucketCount ? bucket(buckets, b + 2) : count;
            setBucket(buckets, b, kept);
            kept = keep(entries, from, end, kept);
        }
        setBucket(buckets, bucketCount, kept);
        return new IndicatorSet.Table(entries, buckets, bucketCount, kept);
    }

    private long waiting(int i) {
        return chunks.get(i / CHUNK).get(ValueLayout.JAVA_LONG, (long) (i % CHUNK) * IndicatorSet.ENTRY);
    }

    private static int bucket(MemorySegment buckets, long index) {
        return buckets.getAtIndex(ValueLayout.JAVA_INT, index);
    }

    private static void setBucket(MemorySegment buckets, long index, int value) {
        buckets.setAtIndex(ValueLayout.JAVA_INT, index, value);
    }

    /** Moves a bucket's entries to the front, in order and each value once; returns the index after the last. */
    private static int keep(MemorySegment entries, int from, int end, int to) {
        int last = to;
        for (int i = from; i < end; i++) {
            long hash = entries.get(ValueLayout.JAVA_LONG, (long) i * IndicatorSet.ENTRY);
            long rest = entries.get(ValueLayout.JAVA_LONG, (long) i * IndicatorSet.ENTRY + 8);
            int place = last;
            while (place > to && order(entries, place - 1, hash, (int) rest) > 0) {
                place--;
            }
            if (place > to && order(entries, place - 1, hash, (int) rest) == 0) {
                long at = (long) (place - 1) * IndicatorSet.ENTRY + 12;
                int id = Math.min(entries.get(ValueLayout.JAVA_INT, at), (int) (rest >>> 32));
                entries.set(ValueLayout.JAVA_INT, at, id);
                continue;
            }
            MemorySegment.copy(
                    entries,
                    (long) place * IndicatorSet.ENTRY,
                    entries,
                    (long) (place + 1) * IndicatorSet.ENTRY,
                    (long) (last - place) * IndicatorSet.ENTRY);
            entries.set(ValueLayout.JAVA_LONG, (long) place * IndicatorSet.ENTRY, hash);
            entries.set(ValueLayout.JAVA_LONG, (long) place * IndicatorSet.ENTRY + 8, rest);
            last++;
        }
        return last;
    }

    private static int order(MemorySegment entries, int index, long hash, int second) {
        long at = (long) index * IndicatorSet.ENTRY;
        int order = Long.compareUnsigned(entries.get(ValueLayout.JAVA_LONG, at), hash);
        return order != 0 ? order : Integer.compareUnsigned(entries.get(ValueLayout.JAVA_INT, at + 8), second);
    }

    /** Frees what was taken for values; a second time does nothing. */
    @Override
    public void close() {
        if (scratch.scope().isAlive()) {
            scratch.close();
        }
        chunks.clear();
    }
}
