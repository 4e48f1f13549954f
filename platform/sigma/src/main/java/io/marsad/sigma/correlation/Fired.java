package io.marsad.sigma.correlation;

import io.marsad.sigma.correlation.Entries.Mark;
import java.io.IOException;

/**
 * A window in which the condition held.
 *
 * @param period what the numbers are within
 * @param number the how manieth it is of its group in the period, from 1
 * @param first the first entry that counted
 * @param last the one that made the condition hold
 * @param count how many entries counted
 */
record Fired(long period, int number, Mark first, Mark last, int count, double value) {

    void write(SnapshotWriter out) {
        out.number(period);
        out.number(number);
        for (Mark mark : new Mark[] {first, last}) {
            out.number(mark.time());
            out.fixed(mark.high());
            out.fixed(mark.low());
            out.fixedUnlessZero(mark.part());
        }
        out.number(count);
        out.fixed(Double.doubleToRawLongBits(value));
    }

    static Fired read(SnapshotReader in) throws IOException {
        return new Fired(
                in.number(),
                in.count(Integer.MAX_VALUE),
                mark(in),
                mark(in),
                in.count(Integer.MAX_VALUE),
                Double.longBitsToDouble(in.fixed()));
    }

    private static Mark mark(SnapshotReader in) throws IOException {
        return new Mark(in.number(), in.fixed(), in.fixed(), in.fixedUnlessZero());
    }
}
