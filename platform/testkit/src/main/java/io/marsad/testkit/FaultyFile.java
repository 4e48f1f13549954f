package io.marsad.testkit;

import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/** A file of a {@link FaultyDisk}: what was written, and what of it is durable. */
final class FaultyFile {
    static final int SECTOR = 512;

    byte[] now = new byte[0];
    int size;
    byte[] durable = new byte[0];
    final BitSet dirty = new BitSet();

    /** What is found of it when the power comes back: each piece that was not synced is there or not. */
    FaultyFile survivor(int piece, SplittableRandom random) {
        var copy = new FaultyFile();
        int shorter = Math.min(size, durable.length);
        int length = size == durable.length ? size : shorter + random.nextInt(Math.abs(size - durable.length) + 1);
        copy.now = Arrays.copyOf(durable, length);
        copy.size = length;
        int likely = random.nextInt(101);
        long decided = -1;
        boolean kept = false;
        for (int s = dirty.nextSetBit(0); s >= 0; s = dirty.nextSetBit(s + 1)) {
            int from = s * SECTOR;
            int to = Math.min(from + SECTOR, Math.min(length, size));
            if (decided != from / piece) {
                decided = from / piece;
                kept = random.nextInt(100) < likely;
            }
            if (kept && from < to) {
                System.arraycopy(now, from, copy.now, from, to - from);
            }
        }
        copy.durable = copy.now.clone();
        return copy;
    }
}
