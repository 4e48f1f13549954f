package io.marsad.store.segment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What the manifest says about a segment. Times are epoch milliseconds.
 *
 * @param number names the file
 * @param length bytes of the file that count
 * @param minOffset log offset of the oldest row by log order, {@code maxOffset} that of the youngest
 * @param spans the blocks' spans of event time added up: many times the segment's own when blocks lie over each other
 * @param tidy made by the upkeep: blocks are full and sorted by time, and rows of one day of receipt. Nothing is added
 * @param classes the rows' event classes ({@code class_uid}, 0 for none) in a tidy segment; otherwise not known, empty
 */
record SegmentFacts(
        long number,
        long length,
        long rows,
        int blocks,
        long minTime,
        long maxTime,
        long minReceived,
        long maxReceived,
        long minOffset,
        long maxOffset,
        long spans,
        boolean tidy,
        List<Integer> classes) {

    static SegmentFacts none(long number) {
        return new SegmentFacts(
                number,
                0,
                0,
                0,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                0,
                false,
                List.of());
    }

    /** Of rows that become one block, beside what the block's header says. */
    record Rows(long minReceived, long maxReceived, long minOffset, long maxOffset) {
        static Rows of(Collection<io.marsad.kernel.event.EventBatch> chunks) {
            long minReceived = Long.MAX_VALUE;
            long maxReceived = Long.MIN_VALUE;
            long minOffset = Long.MAX_VALUE;
            long maxOffset = Long.MIN_VALUE;
            for (var chunk : chunks) {
                for (int r = 0; r < chunk.rows(); r++) {
                    minReceived = Math.min(minReceived, chunk.received(r));
                    maxReceived = Math.max(maxReceived, chunk.received(r));
                    minOffset = Math.min(minOffset, chunk.logOffset(r));
                    maxOffset = Math.max(maxOffset, chunk.logOffset(r));
                }
            }
            return new Rows(minReceived, maxReceived, minOffset, maxOffset);
        }
    }

    SegmentFacts plus(Block block, Rows facts) {
        return new SegmentFacts(
                number,
                length + block.length,
                rows + block.rows,
                blocks + 1,
                Math.min(minTime, block.minTime),
                Math.max(maxTime, block.maxTime),
                Math.min(minReceived, facts.minReceived),
                Math.max(maxReceived, facts.maxReceived),
                Math.min(minOffset, facts.minOffset),
                Math.max(maxOffset, facts.maxOffset),
                spans + span(block.minTime, block.maxTime),
                tidy,
                classes);
    }

    SegmentFacts tidied(Collection<Integer> eventClasses) {
        return new SegmentFacts(
                number,
                length,
                rows,
                blocks,
                minTime,
                maxTime,
                minReceived,
                maxReceived,
                minOffset,
                maxOffset,
                spans,
                true,
                List.copyOf(eventClasses));
    }

    /** Over how many blocks, on average, an instant is spread. */
    double depth() {
        return rows == 0 ? 0 : spans / (double) Math.max(1, span(minTime, maxTime));
    }

    /** Bounded, so that a clock that is far off does not make sums overflow. */
    private static long span(long min, long max) {
        return Math.clamp(max - min, 0, 1L << 40);
    }

    void write(Sink out) {
        out.putVar(number);
        out.putVar(length);
        out.putVar(rows);
        out.putVar(blocks);
        out.putSigned(minTime);
        out.putSigned(maxTime);
        out.putSigned(minReceived);
        out.putSigned(maxReceived);
        out.putVar(minOffset);
        out.putVar(maxOffset);
        out.putVar(spans);
        out.putByte(tidy ? 1 : 0);
        out.putVar(classes.size());
        classes.forEach(out::putVar);
    }

    static SegmentFacts read(Source in) throws IOException {
        var facts = new SegmentFacts(
                in.getVar(),
                in.getVar(),
                in.getVar(),
                in.getCount(Integer.MAX_VALUE),
                in.getSigned(),
                in.getSigned(),
                in.getSigned(),
                in.getSigned(),
                in.getVar(),
                in.getVar(),
                in.getVar(),
                in.getByte() != 0,
                List.of());
        var classes = new ArrayList<Integer>();
        for (int n = in.getCount(in.left()); n > 0; n--) {
            classes.add(in.getCount(Integer.MAX_VALUE));
        }
        return facts.tidy ? facts.tidied(classes) : facts;
    }

    /** As version 1 of the manifest has it, with what it does not say taken to be anything. */
    static SegmentFacts readFirst(Source in, long sealedOffset) throws IOException {
        long number = in.getVar();
        long length = in.getVar();
        long rows = in.getVar();
        long minTime = in.getSigned();
        long maxTime = in.getSigned();
        int blocks = (int) Math.max(1, rows / Partition.BLOCK_ROWS);
        return new SegmentFacts(
                number, length, rows, blocks, minTime, maxTime, minTime, maxTime, 0, sealedOffset, 0, false, List.of());
    }
}
