package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.store.EventPage;
import io.marsad.kernel.store.EventScan;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.store.EventSummary;
import io.marsad.kernel.store.FieldCounts;
import io.marsad.kernel.store.LogRange;
import io.marsad.kernel.store.SearchWatch;
import io.marsad.kernel.store.SummaryTable;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The store's reading side: every question of a tenant's parts. Thread-safe. */
final class Searches implements AutoCloseable {
    private final Parts parts;
    private final BlockCache cache;
    private final Damage damage;
    private final Turns turns = new Turns(Runtime.getRuntime().availableProcessors());

    /** Gives what a tenant has, the newest first, damaged blocks left out. */
    interface Parts {
        List<Part> of(TenantId tenant, LogRange came) throws IOException;
    }

    Searches(Parts parts, BlockCache cache, Damage damage) {
        this.parts = parts;
        this.cache = cache;
        this.damage = damage;
    }

    EventPage search(EventSearch search, SearchWatch watch) throws IOException {
        var selection = selection(search.where(), search.tenant(), search.came());
        try (var turn = turns.take(search.tenant())) {
            var pace = new Pace(watch, search.timeout(), turn);
            return new Search(search, selection, cache, pace, damage)
                    .run(() -> parts.of(search.tenant(), search.came()));
        }
    }

    long[] histogram(EventSearch search, int buckets) throws IOException {
        if (buckets < 1 || buckets > 1000) {
            throw new IllegalArgumentException("a histogram has 1 to 1000 buckets");
        }
        var selection = selection(search.where(), search.tenant(), search.came());
        return counted(search.tenant(), SearchWatch.NONE, search.timeout(), pace -> {
            var walk = new Walk(search.from(), search.to(), selection, cache, pace);
            return new Histogram(search, buckets).run(walk, walk.touched(parts.of(search.tenant(), search.came())));
        });
    }

    SummaryTable summarize(EventSummary summary, SearchWatch watch) throws IOException {
        var selection = selection(summary.where(), summary.tenant(), LogRange.ALL);
        return counted(summary.tenant(), watch, summary.timeout(), pace -> {
            var walk = new Walk(summary.from(), summary.to(), selection, cache, pace);
            return new Summary(summary, pace).run(walk, walk.touched(parts.of(summary.tenant(), LogRange.ALL)));
        });
    }

    FieldCounts fields(EventScan scan, Duration timeout, SearchWatch watch) throws IOException {
        var selection = selection(scan.where(), scan.tenant(), scan.came());
        return counted(scan.tenant(), watch, timeout, pace -> {
            var walk = new Walk(scan.from(), scan.to(), selection, cache, pace);
            return new FieldCounting(scan.fields(), pace).run(walk, walk.touched(parts.of(scan.tenant(), scan.came())));
        });
    }

    /** A block that is found damaged on the way is left out; what it had given before stays given. */
    void scan(EventScan scan, EventScan.Sink sink) throws IOException {
        var selection = selection(scan.where(), scan.tenant(), scan.came());
        try (var turn = turns.take(scan.tenant())) {
            var pace = new Pace(SearchWatch.NONE, Duration.ofDays(1), turn);
            var walk = new Walk(scan.from(), scan.to(), selection, cache, pace);
            var rows = new RowScan(scan, sink, pace);
            var left = walk.touched(parts.of(scan.tenant(), scan.came()));
            while (!left.isEmpty()) {
                try {
                    walk.over(left, rows);
                    left = List.of();
                } catch (Search.DamagedBlock e) {
                    damage.isolate(e.block, e);
                    left = left.subList(indexOf(left, e.block) + 1, left.size());
                }
            }
            rows.end();
        }
    }

    private static int indexOf(List<Part> parts, Block block) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof Part.Stored(Block one) && one == block) {
                return i;
            }
        }
        return -1;
    }

    private interface Counting<T> {
        T run(Pace pace) throws IOException;
    }

    /** A damaged block never makes half an answer: it is left out, and the counting begins again. */
    private <T> T counted(TenantId tenant, SearchWatch watch, Duration timeout, Counting<T> counting)
            throws IOException {
        try (var turn = turns.take(tenant)) {
            while (true) {
                try {
                    return counting.run(new Pace(watch, timeout, turn));
                } catch (Search.DamagedBlock e) {
                    damage.isolate(e.block, e);
                }
            }
        }
    }

    private static Selection selection(Predicate where, TenantId tenant, LogRange came) {
        try {
            return new Selection(where, tenant, came);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("invalid-query", String.valueOf(e.getMessage()))
                    .asException();
        }
    }

    @Nullable
    EventBatch find(TenantId tenant, EventId id) throws IOException {
        var all = parts.of(tenant, LogRange.ALL);
        while (true) {
            try {
                return find(all, tenant, id);
            } catch (Search.DamagedBlock e) {
                damage.isolate(e.block, e);
                all = parts.of(tenant, LogRange.ALL);
            }
        }
    }

    private @Nullable EventBatch find(Collection<Part> all, TenantId tenant, EventId id) throws IOException {
        for (var part : all) {
            var found = switch (part) {
                case Part.Open open -> find(open.batch(), id);
                case Part.Stored(Block block) -> find(block, tenant, id);
            };
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable EventBatch find(EventBatch open, EventId id) {
        for (int r = 0; r < open.rows(); r++) {
            if (open.idLow(r) == id.low() && open.idHigh(r) == id.high()) {
                var one = new EventBatch(open.tenant(), 1, 64, 4096);
                one.copyRow(open, r);
                return one;
            }
        }
        return null;
    }

    private @Nullable EventBatch find(Block block, TenantId tenant, EventId id) throws IOException {
        try {
            var directory = cache.directory(block);
            var filter = cache.filter(directory);
            if (filter != null && !filter.mayHaveId(Hash.ofId(id.high(), id.low()))) {
                return null;
            }
            var reader = new BlockReader(directory, cache.pages(), null);
            for (int r = 0; r < reader.rows(); r++) {
                if (reader.idLow(r) == id.low() && reader.idHigh(r) == id.high()) {
                    var one = new EventBatch(tenant, 1, 64, 4096);
                    var row = new BitSet();
                    row.set(r);
                    reader.fetch(reader.cursor(), row, one);
                    return one;
                }
            }
            return null;
        } catch (DamagedException e) {
            throw new Search.DamagedBlock(block, e);
        }
    }

    @Override
    public void close() {
        cache.close();
    }
}
