package io.marsad.store.segment;

/**
 * Tells what a block has not, as {@link Filter} wrote it. "May be there" can be wrong; "is not there" never is. Text is
 * asked for in ASCII with letters in lower case; a block with letters outside ASCII that fold into it says so and denies
 * nothing. Immutable.
 */
final class BlockFilter {
    private static final int RUNS = 0;
    private static final int VALUES = 1;
    private static final int GAPS = 2;
    private static final int COLUMNS = 3;

    private final byte[] bytes;
    private final boolean foldsIntoAscii;
    private final boolean adjacent;
    private final Edges gapEnds;
    private final Edges gapStarts;
    private final int[] start;
    private final int[] mask;

    /** @param columns how many the block has */
    BlockFilter(byte[] bytes, int length, int columns) throws DamagedException {
        this.bytes = bytes;
        var in = new Source(bytes, 0, length);
        int flags = in.getByte();
        foldsIntoAscii = (flags & 1) != 0;
        adjacent = (flags & 2) != 0;
        gapEnds = new Edges(in);
        gapStarts = new Edges(in);
        start = new int[COLUMNS + columns];
        mask = new int[COLUMNS + columns];
        for (int i = 0; i < start.length; i++) {
            int log = in.getByte();
            if (log == Filter.EMPTY) {
                mask[i] = -1;
                continue;
            }
            if (log < Filter.SMALLEST_BITS || log > 26) {
                throw new DamagedException("a filter of 2^" + log + " bits");
            }
            mask[i] = (1 << log) - 1;
            start[i] = in.skip(1 << log - 3);
        }
    }

    /** In bytes of memory, roughly. */
    int weight() {
        return bytes.length + start.length * 8 + gapEnds.weight() + gapStarts.weight();
    }

    /** Is there a letter outside ASCII in the block that folds into ASCII? */
    boolean foldsIntoAscii() {
        return foldsIntoAscii;
    }

    private boolean bit(int map, int position) {
        int wrap = mask[map];
        if (wrap < 0) {
            return false;
        }
        int bit = position & wrap;
        return (bytes[start[map] + (bit >>> 3)] & 1 << (bit & 7)) != 0;
    }

    private boolean triples(int map, byte[] lower, int from, int to) {
        for (int i = from; i + 3 <= to; i++) {
            if (!bit(map, Filter.tripleHash(Hash.word(lower, i)))) {
                return false;
            }
        }
        return true;
    }

    private boolean runs(byte[] lower, int from, int to) {
        for (int i = from; i + 8 <= to; i++) {
            long run = Hash.word(lower, i);
            if ((Filter.sampled(run) & 0x80) != 0 && !bit(RUNS, Filter.runHash(run))) {
                return false;
            }
        }
        return true;
    }

    /** May a value of the column have the text in it? The text has eight bytes to spare. */
    boolean mayBeIn(int column, byte[] lower, int length) {
        return foldsIntoAscii || triples(COLUMNS + column, lower, 0, length) && runs(lower, 0, length);
    }

    /** May a value of any column have the text in it? */
    boolean mayBeInAny(byte[] lower, int length) {
        return foldsIntoAscii || mayBeInAny(lower, 0, length);
    }

    private boolean mayBeInAny(byte[] lower, int from, int to) {
        if (!runs(lower, from, to)) {
            return false;
        }
        for (int map = COLUMNS; map < start.length; map++) {
            if (triples(map, lower, from, to)) {
                return true;
            }
        }
        return false;
    }

    /** May the text stand in a record between values, or reach from there into a value? */
    boolean mayTouchGap(byte[] lower, int length) {
        if (foldsIntoAscii || adjacent) {
            return true;
        }
        int seams = 0;
        for (int i = 1; i < length; i++) {
            boolean intoValue = gapEnds.mayBeAt(lower, i - 1, -1, i);
            boolean outOfValue = gapStarts.mayBeAt(lower, i, 1, length - i);
            if (intoValue && mayBeInAny(lower, i, length) || outOfValue && mayBeInAny(lower, 0, i)) {
                return true;
            }
            seams += intoValue || outOfValue ? 1 : 0;
        }
        return seams > 1 || triples(GAPS, lower, 0, length) && runs(lower, 0, length);
    }

    /** @param hash of field and value, lower case */
    boolean mayHaveValue(long hash) {
        return foldsIntoAscii || mayHaveId(hash);
    }

    boolean mayHaveId(long hash) {
        int a = (int) hash;
        int b = (int) (hash >>> 32) | 1;
        for (int i = 0; i < Filter.PROBES; i++) {
            if (!bit(VALUES, a)) {
                return false;
            }
            a += b;
        }
        return true;
    }
}
