package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.store.EventPage;
import io.marsad.kernel.store.EventSearch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * One search over one tenant's parts, newest part first, until what is left is older than what was found. Rows are
 * rebuilt for the page only. One thread.
 */
final class Search {
    /** A page of large events is cut short at this; the next page goes on. */
    private static final long PAGE_BYTES = 16L << 20;

    private static final Comparator<Hit> NEWEST_FIRST = (a, b) -> compare(b.time, b.high, b.low, a.time, a.high, a.low);

    private record Hit(long time, long high, long low, Part part, int row) {
        EventSearch.Position position() {
            return new EventSearch.Position(time, high, low);
        }
    }

    /** A block turned out to be damaged: to be left out, and the search to begin again. */
    static final class DamagedBlock extends IOException {
        final transient Block block;

        DamagedBlock(Block block, DamagedException cause) {
            super(cause);
            this.block = block;
        }
    }

    private final EventSearch search;
    private final Selection selection;
    private final BlockCache cache;
    private final long started = System.nanoTime();
    private final long to;
    private final PriorityQueue<Hit> found;
    private long scanned;

    Search(EventSearch search, Selection selection, BlockCache cache) {
        this.search = search;
        this.selection = selection;
        this.cache = cache;
        var after = search.after();
        to = after == null || after.time() == Long.MAX_VALUE ? search.to() : Math.min(search.to(), after.time() + 1);
        found = new PriorityQueue<>(Math.min(search.limit() + 1, 1024), NEWEST_FIRST.reversed());
    }

    static int compare(long time1, long high1, long low1, long time2, long high2, long low2) {
        int c = Long.compare(time1, time2);
        c = c != 0 ? c : Long.compareUnsigned(high1, high2);
        return c != 0 ? c : Long.compareUnsigned(low1, low2);
    }

    /** @param parts sorted by their newest time, newest first */
    EventPage run(List<Part> parts) throws IOException {
        boolean partial = false;
        for (var part : parts) {
            if (part.maxTime() < oldestOfInterest()) {
                break;
            }
            if (part.minTime() >= to) {
                continue;
            }
            if (System.nanoTime() - started > search.timeout().toNanos()) {
                partial = true;
                break;
            }
            switch (part) {
                case Part.Open open -> scan(open);
                case Part.Stored stored -> scan(stored);
            }
        }
        var hits = new ArrayList<>(found);
        hits.sort(NEWEST_FIRST);
        boolean more = hits.size() > search.limit();
        if (more) {
            hits.removeLast();
        }
        var batch = new EventBatch(search.tenant());
        int given = give(hits, batch);
        var next =
                given > 0 && (more || given < hits.size()) ? hits.get(given - 1).position() : null;
        return new EventPage(batch, next, partial, scanned, System.nanoTime() - started);
    }

    private long oldestOfInterest() {
        var worst = worst();
        return worst == null ? search.from() : Math.max(search.from(), worst.time);
    }

    private @Nullable Hit worst() {
        return found.size() > search.limit() ? found.peek() : null;
    }

    private boolean wanted(long time) {
        return time >= search.from() && time < to;
    }

    private void offer(long time, long high, long low, Part part, int row) {
        var after = search.after();
        if (after != null && compare(time, high, low, after.time(), after.idHigh(), after.idLow()) >= 0) {
            return;
        }
        var worst = worst();
        if (worst != null) {
            if (compare(time, high, low, worst.time, worst.high, worst.low) <= 0) {
                return;
            }
            found.remove();
        }
        found.add(new Hit(time, high, low, part, row));
    }

    private void scan(Part.Open open) {
        var batch = open.batch();
        scanned += batch.rows();
        for (int r = 0; r < batch.rows(); r++) {
            if (wanted(batch.time(r)) && batch.time(r) >= oldestOfInterest() && selection.test(batch, r)) {
                offer(batch.time(r), batch.idHigh(r), batch.idLow(r), open, r);
            }
        }
    }

    private void scan(Part.Stored stored) throws IOException {
        try {
            var directory = cache.directory(stored.block());
            if (!selection.mayFit(directory, cache)) {
                return;
            }
            var reader = new BlockReader(directory, cache.files());
            scanned += reader.rows();
            var times = reader.times();
            long oldest = oldestOfInterest();
            var candidates = new BitSet(times.length);
            for (int r = 0; r < times.length; r++) {
                if (wanted(times[r]) && times[r] >= oldest) {
                    candidates.set(r);
                }
            }
            if (candidates.isEmpty()) {
                return;
            }
            var hits = selection.select(reader, candidates);
            for (int r = hits.nextSetBit(0); r >= 0; r = hits.nextSetBit(r + 1)) {
                if (times[r] >= oldestOfInterest()) {
                    offer(times[r], reader.idHigh(r), reader.idLow(r), stored, r);
                }
            }
        } catch (DamagedException e) {
            throw new DamagedBlock(stored.block(), e);
        }
    }

    /** Rebuilds the rows in order, some at a time so that large ones do not pile up; returns how many were given. */
    private int give(List<Hit> hits, EventBatch into) throws IOException {
        int given = 0;
        int slice = 16; // the first events say how large they are
        while (given < hits.size()) {
            var some = hits.subList(given, Math.min(hits.size(), given + slice));
            give(some, fetch(some), into);
            given += some.size();
            if (into.bytes() > PAGE_BYTES) {
                break;
            }
            long each = Math.max(1, into.bytes() / given);
            slice = Math.clamp((PAGE_BYTES - into.bytes()) / each, 16, 4096);
        }
        return given;
    }

    private static void give(List<Hit> hits, Map<Part, Fetched> fetched, EventBatch into) {
        for (var hit : hits) {
            switch (hit.part) {
                case Part.Open open -> into.copyRow(open.batch(), hit.row);
                case Part.Stored stored -> {
                    var rows = fetched.get(stored);
                    if (rows == null) {
                        throw new IllegalStateException("a hit's block was fetched");
                    }
                    Integer at = rows.rowOf.get(hit.row);
                    into.copyRow(rows.batch, at == null ? -1 : at);
                }
            }
        }
    }

    private record Fetched(EventBatch batch, BitSet rows, Map<Integer, Integer> rowOf) {}

    private Map<Part, Fetched> fetch(List<Hit> hits) throws IOException {
        var parts = new IdentityHashMap<Part, Fetched>();
        for (var hit : hits) {
            if (hit.part instanceof Part.Stored) {
                parts.computeIfAbsent(
                                hit.part,
                                p -> new Fetched(
                                        new EventBatch(search.tenant(), 16, 1024, 16 << 10),
                                        new BitSet(),
                                        new HashMap<>()))
                        .rows
                        .set(hit.row);
            }
        }
        for (var entry : parts.entrySet()) {
            if (entry.getKey() instanceof Part.Stored(Block block)) {
                var fetched = entry.getValue();
                try {
                    var reader = new BlockReader(cache.directory(block), cache.files());
                    reader.fetch(reader.cursor(), fetched.rows, fetched.batch);
                } catch (DamagedException e) {
                    throw new DamagedBlock(block, e);
                }
                fetched.rows.stream().forEach(r -> fetched.rowOf.put(r, fetched.rowOf.size()));
            }
        }
        return parts;
    }
}
