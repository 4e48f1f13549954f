package io.marsad.store.segment;

/** Puts a record together again from its skeleton and its values. */
final class Skeleton {
    private Skeleton() {}

    /**
     * A row's values in order.
     *
     * @param inRaw gets where in the record each value stands, where it does so as it is
     */
    record Values(byte[][] data, int[] start, int[] length, int[] inRaw) {}

    /** @param format of the block, see {@link BlockEncoder#FORMAT} */
    static void rebuild(byte[] bytes, int from, int to, int format, Values of, Sink raw) throws DamagedException {
        var in = new Source(bytes, from, to);
        int shift = Math.min(format, 1);
        int values = in.getCount(in.left()); // may be more than entries: one can stand there escaped twice
        var gaps = new int[values];
        var entries = new int[values];
        for (int i = 0; i < values; i++) {
            gaps[i] = in.getCount(in.left());
            entries[i] = in.getCount((of.length.length << shift) - 1);
        }
        raw.clear();
        for (int i = 0; i < values; i++) {
            raw.put(bytes, in.skip(gaps[i]), gaps[i]);
            int entry = entries[i] >>> shift;
            if (entry << shift != entries[i]) {
                Escaped.put(of.data[entry], of.start[entry], of.length[entry], raw);
                continue;
            }
            of.inRaw[entry] = raw.size;
            raw.put(of.data[entry], of.start[entry], of.length[entry]);
        }
        int rest = in.left();
        raw.put(bytes, in.skip(rest), rest);
    }
}
