package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;

/** What the shapes of a block's rows tell about a column without reading it. */
final class Shapes {
    private Shapes() {}

    /**
     * The candidates that have a value in the column.
     *
     * @param column -1 when the block has none
     * @param onlyNull those that have one that is null
     */
    static BitSet having(BlockReader block, BitSet candidates, int column, boolean onlyNull) throws IOException {
        var found = new BitSet(block.rows());
        if (column < 0) {
            return found;
        }
        var shapes = block.shapes();
        var fits = new boolean[shapes.length];
        for (int s = 0; s < shapes.length; s++) {
            for (int entry : shapes[s]) {
                fits[s] |= entry >>> 2 == column && (!onlyNull || (entry & 3) + 1 == EventBatch.NULL);
            }
        }
        var shapeOf = block.shapeOf();
        for (int r = candidates.nextSetBit(0); r >= 0; r = candidates.nextSetBit(r + 1)) {
            if (fits[shapeOf[r]]) {
                found.set(r);
            }
        }
        return found;
    }

    /** For each shape the types of the entries that it has in the column. */
    static byte[][] kinds(int[][] shapes, int column) {
        var kinds = new byte[shapes.length][];
        var types = new byte[16];
        for (int s = 0; s < shapes.length; s++) {
            int n = 0;
            for (int entry : shapes[s]) {
                if (entry >>> 2 == column) {
                    if (n == types.length) {
                        types = Arrays.copyOf(types, n * 2);
                    }
                    types[n++] = (byte) ((entry & 3) + 1);
                }
            }
            kinds[s] = Arrays.copyOf(types, n);
        }
        return kinds;
    }
}
