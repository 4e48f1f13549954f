package io.marsad.ingest.offline;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.RuleSet;
import io.marsad.sigma.correlation.CorrelationMatch;
import io.marsad.sigma.correlation.CorrelationSink;
import io.marsad.sigma.correlation.CorrelationState;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The events that correlations count, of each only what they look at, kept until all are read: correlations are about the
 * order in time, and files and stored blocks come in any order. One thread adds.
 */
public final class Contributions {
    /** How many are remembered. */
    public static final int MOST = 1_000_000;

    private static final int ROWS_A_BATCH = 4096;
    private static final Comparator<Use> ORDER = Comparator.comparingLong(Use::time)
            .thenComparing((a, b) -> Long.compareUnsigned(a.batch.idHigh(a.row), b.batch.idHigh(b.row)))
            .thenComparing((a, b) -> Long.compareUnsigned(a.batch.idLow(a.row), b.batch.idLow(b.row)));

    /** Which fields are worth keeping, and how many events are kept by all threads. */
    public static final class Wanted {
        private final BitSet fields = new BitSet();
        private final AtomicLong kept = new AtomicLong();
        private final AtomicLong forgotten = new AtomicLong();

        /** @param shown fields that whoever is told of matches wants to read, beside those that correlations look at */
        public Wanted(RuleSet rules, List<Field> shown) {
            shown.forEach(field -> fields.set(field.id()));
            for (Correlation correlation : rules.correlations()) {
                for (Correlation.Member member : correlation.members()) {
                    member.groups().forEach(slots -> slots.forEach(slot -> fields.set(slot.id())));
                    member.values().forEach(slots -> slots.forEach(slot -> fields.set(slot.id())));
                    member.carried().forEach(slots -> slots.forEach(slot -> fields.set(slot.id())));
                }
            }
        }

        /** How many contributions were too many to be kept. */
        public long forgotten() {
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
    @FunctionalInterface
    public interface Sink {
        void correlated(CorrelationMatch match, EventBatch batch, int row);
    }

    private final Wanted wanted;
    private final TenantId tenant;
    private final List<Use> uses = new ArrayList<>();
    private EventBatch open;

    public Contributions(Wanted wanted, TenantId tenant) {
        this.wanted = wanted;
        this.tenant = tenant;
        open = new EventBatch(tenant, 16, 128, 4096);
    }

    /** Keeps what the correlation looks at. */
    public void add(Correlation correlation, Correlation.Member member, EventBatch batch, int row) {
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
            open.beginRow(id, batch.time(row), -1, ""); // as if each had arrived when it happened
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
    public static void correlate(RuleSet rules, List<Contributions> all, Sink sink) {
        var uses = new ArrayList<Use>();
        all.forEach(one -> uses.addAll(one.uses));
        uses.sort(ORDER);
        var state = new CorrelationState(rules);
        CorrelationSink found = match -> {
            int newest = newest(uses, match);
            if (newest >= 0) {
                var use = uses.get(newest);
                sink.correlated(match, use.batch, use.row);
            }
        };
        for (Use use : uses) {
            state.add(use.correlation, use.member, use.batch, use.row, found);
        }
        state.finish(found);
    }

    private static int newest(List<Use> uses, CorrelationMatch match) {
        var id = match.events().getLast();
        int from = 0;
        int to = uses.size() - 1;
        while (from <= to) {
            int middle = from + to >>> 1;
            var use = uses.get(middle);
            int c = Long.compare(use.time(), match.last());
            c = c != 0 ? c : Long.compareUnsigned(use.batch.idHigh(use.row), id.high());
            c = c != 0 ? c : Long.compareUnsigned(use.batch.idLow(use.row), id.low());
            if (c == 0) {
                return middle;
            }
            if (c < 0) {
                from = middle + 1;
            } else {
                to = middle - 1;
            }
        }
        return -1;
    }
}
