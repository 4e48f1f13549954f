package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.store.EventScan;
import java.io.IOException;
import java.util.BitSet;

/** Gives all rows that fit to a sink, some at a time. One thread. */
final class RowScan implements Walk.Visitor {
    private static final int ROWS = 512;
    private static final int BYTES = 4 << 20;

    private final EventScan scan;
    private final EventScan.Sink sink;
    private final Pace pace;
    private final EventBatch batch;
    private final BitSet fields = new BitSet();

    RowScan(EventScan scan, EventScan.Sink sink, Pace pace) {
        this.scan = scan;
        this.sink = sink;
        this.pace = pace;
        batch = new EventBatch(scan.tenant());
        scan.fields().forEach(field -> fields.set(field.id()));
    }

    /** Gives what is left. */
    void end() {
        if (batch.rows() > 0) {
            give();
        }
    }

    @Override
    public void stored(BlockReader block, BitSet rows) throws IOException {
        var cursor = block.cursor();
        var some = new BitSet(block.rows());
        int n = 0;
        for (int r = rows.nextSetBit(0); r >= 0 && !pace.ended(); ) {
            some.set(r);
            n++;
            r = rows.nextSetBit(r + 1);
            if (n == 64 || r < 0) {
                if (scan.fields().isEmpty()) {
                    block.fetch(cursor, some, batch);
                } else {
                    block.fetch(cursor, some, fields, batch);
                }
                pace.found += n;
                some.clear();
                n = 0;
                giveWhenFull();
            }
        }
    }

    @Override
    public void open(EventBatch from, BitSet rows) {
        for (int r = rows.nextSetBit(0); r >= 0 && !pace.ended(); r = rows.nextSetBit(r + 1)) {
            if (scan.fields().isEmpty()) {
                batch.copyRow(from, r);
            } else {
                copy(from, r);
            }
            pace.found++;
            giveWhenFull();
        }
    }

    private void copy(EventBatch from, int r) {
        batch.beginRow(from.id(r), from.time(r), -1, "");
        batch.source(from.source(r));
        for (int e = from.first(r), end = from.end(r); e < end; e++) {
            if (fields.get(from.field(e))) {
                int at = batch.put(from.arena(), from.offset(e), from.length(e));
                batch.add(from.field(e), at, from.length(e), from.type(e));
            }
        }
        batch.endRow();
    }

    private void giveWhenFull() {
        if (batch.rows() >= ROWS || batch.bytes() >= BYTES) {
            give();
        }
    }

    /** The sink is told of progress where little fits, too. */
    @Override
    public void done() {
        if (pace.ticked()) {
            give();
        }
    }

    private void give() {
        if (pace.ended()) {
            return;
        }
        if (!sink.take(batch, pace.progress())) {
            pace.end();
        }
        batch.clear();
    }
}
