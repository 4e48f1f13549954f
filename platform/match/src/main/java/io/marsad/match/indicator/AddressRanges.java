package io.marsad.match.indicator;

import io.marsad.match.Network;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * Networks of one IP version, laid flat: where each stretch of addresses begins, and the smallest network that it is in.
 * At most two stretches a network and one more, found by halving.
 */
final class AddressRanges {
    private final boolean six;
    private final MemorySegment starts;
    private final MemorySegment ids;
    private final int count;
    /** Of IPv4, which of the 65,536 blocks of the first 16 bits have a listed address: most have none. */
    private final long[] blocks;

    private AddressRanges(boolean six, MemorySegment starts, MemorySegment ids, int count, long[] blocks) {
        this.six = six;
        this.starts = starts;
        this.ids = ids;
        this.count = count;
        this.blocks = blocks;
    }

    /** A listed network. */
    record Listed(Network network, int id) {}

    private record Stretch(long high, long low, int id) {}

    /** @param listed of one version; the same one twice has the smaller id */
    static AddressRanges of(boolean six, List<Listed> listed, Arena arena) {
        var sorted = new ArrayList<>(listed);
        sorted.sort(Comparator.<Listed>comparingLong(r -> r.network().high() + Long.MIN_VALUE)
                .thenComparingLong(r -> r.network().low() + Long.MIN_VALUE)
                .thenComparingInt(r -> r.network().bits())
                .thenComparing(Listed::id, Comparator.reverseOrder()));
        var flat = new ArrayList<Stretch>();
        Deque<Listed> open = new ArrayDeque<>();
        for (Listed next : sorted) {
            var network = next.network();
            while (!open.isEmpty() && before(open.getLast(), network.high(), network.low())) {
                close(open, flat);
            }
            begin(flat, network.high(), network.low(), next.id());
            open.addLast(next);
        }
        while (!open.isEmpty()) {
            close(open, flat);
        }
        int width = six ? 16 : 4;
        var starts = arena.allocate(Math.max(1, flat.size()) * (long) width, 8);
        var ids = arena.allocate(Math.max(1, flat.size()) * 4L, 4);
        for (int i = 0; i < flat.size(); i++) {
            var stretch = flat.get(i);
            if (six) {
                starts.setAtIndex(ValueLayout.JAVA_LONG, i * 2L, stretch.high());
                starts.setAtIndex(ValueLayout.JAVA_LONG, i * 2L + 1, stretch.low());
            } else {
                starts.setAtIndex(ValueLayout.JAVA_INT, i, (int) stretch.low());
            }
            ids.setAtIndex(ValueLayout.JAVA_INT, i, stretch.id());
        }
        return new AddressRanges(six, starts, ids, flat.size(), six ? new long[0] : blocks(flat));
    }

    private static long[] blocks(List<Stretch> flat) {
        var blocks = new long[1024];
        for (int i = 0; i < flat.size(); i++) {
            long last = i + 1 < flat.size() ? flat.get(i + 1).low() - 1 : 0xFFFF_FFFFL;
            for (long block = flat.get(i).low() >>> 16; flat.get(i).id() >= 0 && block <= last >>> 16; block++) {
                blocks[(int) (block >>> 6)] |= 1L << block;
            }
        }
        return blocks;
    }

    private static boolean before(Listed open, long high, long low) {
        int order = Long.compareUnsigned(open.network().lastHigh(), high);
        return order < 0 || order == 0 && Long.compareUnsigned(open.network().lastLow(), low) < 0;
    }

    /** Ends the innermost network: from there on counts the one around it. */
    private static void close(Deque<Listed> open, List<Stretch> flat) {
        var done = open.removeLast();
        long low = done.network().lastLow() + 1;
        long high = done.network().lastHigh() + (low == 0 ? 1 : 0);
        boolean end = done.network().version() == 4 ? low > 0xFFFF_FFFFL : high == 0 && low == 0;
        if (!end) {
            begin(
                    flat,
                    high,
                    low,
                    open.isEmpty() ? IndicatorSet.NONE : open.getLast().id());
        }
    }

    private static void begin(List<Stretch> flat, long high, long low, int id) {
        if (!flat.isEmpty() && flat.getLast().high() == high && flat.getLast().low() == low) {
            flat.removeLast();
        }
        if (flat.isEmpty() || flat.getLast().id() != id) {
            flat.add(new Stretch(high, low, id));
        }
    }

    /** False when no network has the address, as far as can be told at once. */
    boolean mayContain(long low) {
        return six ? count > 0 : (blocks[(int) (low >>> 22)] >>> (low >>> 16) & 1) != 0;
    }

    /** The smallest network that the address is in, or {@link IndicatorSet#NONE}. */
    int find(long high, long low) {
        if (!mayContain(low)) {
            return IndicatorSet.NONE;
        }
        int from = 0;
        int to = count;
        while (from < to) {
            int middle = from + to >>> 1;
            if (beginsAfter(middle, high, low)) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from == 0 ? IndicatorSet.NONE : ids.getAtIndex(ValueLayout.JAVA_INT, from - 1);
    }

    private boolean beginsAfter(int index, long high, long low) {
        if (!six) {
            return (starts.getAtIndex(ValueLayout.JAVA_INT, index) & 0xFFFF_FFFFL) > low;
        }
        int order = Long.compareUnsigned(starts.getAtIndex(ValueLayout.JAVA_LONG, index * 2L), high);
        return order > 0
                || order == 0
                        && Long.compareUnsigned(starts.getAtIndex(ValueLayout.JAVA_LONG, index * 2L + 1), low) > 0;
    }

    long bytes() {
        return starts.byteSize() + ids.byteSize() + 8L * blocks.length;
    }
}
