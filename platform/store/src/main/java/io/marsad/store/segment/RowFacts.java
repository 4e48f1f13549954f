package io.marsad.store.segment;

import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.predicate.Predicate;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** What a block's rows have beside their values, id and time. */
record RowFacts(
        long[] received, long[] logOffset, String[] origins, LogSource[] sources, int[] originOf, int[] sourceOf) {
    static RowFacts read(Source names, Source codes, long[] received, long[] logOffset) throws DamagedException {
        int rows = received.length;
        var origins = new String[names.getCount(rows)];
        for (int i = 0; i < origins.length; i++) {
            origins[i] = names.getText();
        }
        var sources = new LogSource[names.getCount(rows)];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = LogSource.of(optional(names), optional(names), optional(names));
        }
        var originOf = new int[rows];
        var sourceOf = new int[rows];
        for (int r = 0; r < rows; r++) {
            originOf[r] = codes.getCount(origins.length - 1);
            sourceOf[r] = codes.getCount(sources.length - 1);
        }
        return new RowFacts(received, logOffset, origins, sources, originOf, sourceOf);
    }

    private static @Nullable String optional(Source in) throws DamagedException {
        return in.getByte() == 0 ? null : in.getText();
    }

    /** The candidates that are from such a log. */
    BitSet ofSource(Predicate.OfSource wanted, BitSet candidates) {
        var fits = new boolean[sources.length];
        for (int i = 0; i < fits.length; i++) {
            fits[i] = sources[i].satisfies(wanted.product(), wanted.category(), wanted.service());
        }
        var found = new BitSet(originOf.length);
        for (int r = candidates.nextSetBit(0); r >= 0; r = candidates.nextSetBit(r + 1)) {
            if (fits[sourceOf[r]]) {
                found.set(r);
            }
        }
        return found;
    }
}
