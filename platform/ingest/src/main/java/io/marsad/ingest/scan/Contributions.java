package io.marsad.ingest.scan;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.RuleSet;
import io.marsad.sigma.correlation.CorrelationMatch;
import io.marsad.sigma.correlation.CorrelationState;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The events that correlations count, of each only what they look at, kept until all files are read: correlations are
 * about the order in time, and files come in any order.
 */
final class Contributions {
    /** How many are remembered. */
    static final int MOST = 1_000_000;

    private static final int ROWS_A_BATCH = 4096;

    /** Which fields are worth keeping, and how many events are kept by all threads. */
    static final class Wanted {
        private final BitSet fields = new BitSet();
        private final AtomicLong kept = new AtomicLong();
        private final AtomicLong forgotten = new AtomicLong();

        Wanted(RuleSet rules) {
            Slots.ALL.forEach(field -> fields.set(field.id()));
            for (Correlation correlation : rules.correlations()) {
                for (Correlation.Member member : correlation.members()) {
                    member.groups().forEach(slots -> slots.forEach(slot -> fields.set(slot.id())));
                    member.values().forEach(slots -> slots.forEach(slot -> fields.set(slot.id())));
                }
            }
        }

        long forgotten() {
            return forgotten.get();
        }
    }

    /** An event that counts for a correlation. */
    private record Use(Correlation correlation, Correlation.Member member, EventBatch batch, int row) {
        long time() {
            return batch.time(row);
        }
    }

    /** Told what correlations found; the row is the match's newest event. */
    interface Sink {
        void correlated(CorrelationMatch match, EventBatch batch, int row);
    }

    private final Wanted wanted;
    private final TenantId tenant;
    private final List<Use> uses = new ArrayList<>();
    private EventBatch open;

    Contributions(Wanted wanted, TenantId tenant) {
        this.wanted = wanted;
        this.tenant = tenant;
        open = new EventBatch(tenant, 16, 128, 4096);
    }

    void add(Correlation correlation, Correlation.Member member, EventBatch batch, int row) {
        if (wanted.kept.incrementAndGet() > MOST) {
            wanted.forgotten.incrementAndGet();
            return;
        }
        var id = batch.id(row);
        int last = open.rows() - 1;
        // One event may count for several correlations.
        if (last < 0 || open.idHigh(last) != id.high() || open.idLow(last) != id.low()) {
            if (open.rows() == ROWS_A_BATCH) {
                open = new EventBatch(tenant, ROWS_A_BATCH, 8 * ROWS_A_BATCH, 64 * ROWS_A_BATCH);
            }
            open.beginRow(id, batch.received(row), -1, "");
            open.time(batch.time(row));
            open.source(batch.source(row));
            for (int e = batch.first(row); e < batch.end(row); e++) {
                if (wanted.fields.get(batch.field(e))) {
                    open.add(
                            batch.field(e),
                            open.put(batch.arena(), batch.offset(e), batch.length(e)),
                            batch.length(e),
                            batch.type(e));
                }
            }
            open.endRow();
            last = open.rows() - 1;
        }
        uses.add(new Use(correlation, member, open, last));
    }

    /** Counts what all threads kept, in the order of the events' time. */
    static void correlate(List<Contributions> all, Sink sink) {
        var uses = new ArrayList<Use>();
        all.forEach(one -> uses.addAll(one.uses));
        uses.sort(Comparator.comparingLong(Use::time)
                .thenComparingLong(use -> use.batch.idHigh(use.row))
                .thenComparingLong(use -> use.batch.idLow(use.row)));
        var state = new CorrelationState();
        for (Use use : uses) {
            state.add(
                    use.correlation,
                    use.member,
                    use.batch,
                    use.row,
                    match -> sink.correlated(match, use.batch, use.row));
        }
    }
}
