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
    private final Pace pace;
    private final Damage damage;
    private final EventBatch page;
    private final EventBatch early;
    private EventSearch.@Nullable Position after;
    private long to;
    private PriorityQueue<Hit> found;

    /** What there is to search, again after damage. */
    interface Parts {
        List<Part> all() throws IOException;
    }

    Search(EventSearch search, Selection selection, BlockCache cache, Pace pace, Damage damage) {
        this.search = search;
        this.selection = selection;
        this.cache = cache;
        this.pace = pace;
        this.damage = damage;
        page = new EventBatch(search.tenant());
        early = new EventBatch(search.tenant(), 16, 1024, 16 << 10);
        after = search.after();
        to = search.to();
        found = new PriorityQueue<>(NEWEST_FIRST.reversed());
    }

    static int compare(long time1, long high1, long low1, long time2, long high2, long low2) {
        int c = Long.compare(time1, time2);
        c = c != 0 ? c : Long.compareUnsigned(high1, high2);
        return c != 0 ? c : Long.compareUnsigned(low1, low2);
    }

    /**
     * A damaged block is left out, and the search goes on behind the last row that was given.
     *
     * @param parts sorted by their newest time, newest first
     */
    EventPage run(Parts parts) throws IOException {
        while (true) {
            try {
                return from(parts.all());
            } catch (DamagedBlock e) {
                damage.isolate(e.block, e);
            }
        }
    }

    private EventPage from(List<Part> parts) throws IOException {
        found = new PriorityQueue<>(Math.min(search.limit() + 1, 1024), NEWEST_FIRST.reversed());
        var position = after;
        to = position == null || position.time() == Long.MAX_VALUE
                ? search.to()
                : Math.min(search.to(), position.time() + 1);
        var walk = new Walk(search.from(), to, selection, cache, pace);
        boolean full = false;
        var touched = walk.touched(parts);
        for (var part : touched) {
            if (full || part.maxTime() < oldestOfInterest()) {
                break;
            }
            if (!pace.goOn()) {
                break;
            }
            if (pace.ticked()) {
                full = settle(part.maxTime());
            }
            switch (part) {
                case Part.Open open -> scan(open);
                case Part.Stored stored -> scan(stored, walk);
            }
            pace.scannedBytes += part.bytes();
            pace.found = page.rows() + found.size();
        }
        var hits = new ArrayList<>(found);
        hits.sort(NEWEST_FIRST);
        boolean more = hits.size() > wanted();
        if (more) {
            hits.removeLast();
        }
        int given = full ? 0 : give(hits);
        boolean rest = full || more || given < hits.size();
        return new EventPage(
                page, rest && page.rows() > 0 ? after : null, pace.ended(), pace.scannedEvents, pace.tookNanos());
    }

    /** Rows that are still to be given. */
    private int wanted() {
        return search.limit() - page.rows();
    }

    /** Gives what is newer than all that is still to come. Returns true when the page is full of bytes then. */
    private boolean settle(long newestToCome) throws IOException {
        var settled = new ArrayList<Hit>();
        for (var hit : found) {
            if (hit.time > newestToCome) {
                settled.add(hit);
            }
        }
        settled.sort(NEWEST_FIRST);
        if (settled.size() > wanted()) {
            settled.removeLast();
        }
        boolean whole = give(settled) == settled.size();
        found.removeAll(java.util.Set.copyOf(settled));
        return !whole || page.bytes() > PAGE_BYTES;
    }

    private long oldestOfInterest() {
        var worst = worst();
        return worst == null ? search.from() : Math.max(search.from(), worst.time);
    }

    private @Nullable Hit worst() {
        return found.size() > wanted() ? found.peek() : null;
    }

    private boolean wanted(long time) {
        return time >= search.from() && time < to;
    }

    private void offer(long time, long high, long low, Part part, int row) {
        var behind = after;
        if (behind != null && compare(time, high, low, behind.time(), behind.idHigh(), behind.idLow()) >= 0) {
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
        pace.scannedEvents += batch.rows();
        if (!selection.mayFit(batch)) {
            return;
        }
        for (int r = 0; r < batch.rows(); r++) {
            if (wanted(batch.time(r)) && batch.time(r) >= oldestOfInterest() && selection.test(batch, r)) {
                offer(batch.time(r), batch.idHigh(r), batch.idLow(r), open, r);
            }
            if ((r & 255) == 255 && !pace.goOn()) {
                return;
            }
        }
    }

    private void scan(Part.Stored stored, Walk walk) throws IOException {
        try {
            var reader = walk.open(stored.block());
            if (reader == null) {
                return;
            }
            var hits = walk.candidates(reader, oldestOfInterest());
            if (!hits.isEmpty() && !selection.everything()) {
                hits = selection.select(reader, hits);
            }
            if (hits.isEmpty() || pace.ended()) {
                return;
            }
            var times = reader.times();
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
    private int give(List<Hit> hits) throws IOException {
        int given = 0;
        int slice = 16; // the first events say how large they are
        while (given < hits.size()) {
            if (page.bytes() > PAGE_BYTES) {
                break;
            }
            var some = hits.subList(given, Math.min(hits.size(), given + slice));
            early.clear();
            give(some, fetch(some), early);
            for (int r = 0; r < early.rows(); r++) {
                page.copyRow(early, r);
            }
            pace.watch().settled(early);
            given += some.size();
            after = some.getLast().position();
            long each = Math.max(1, page.bytes() / page.rows());
            slice = Math.clamp((PAGE_BYTES - page.bytes()) / each, 16, 4096);
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
                    var reader = new BlockReader(cache.directory(block), cache.pages(), null);
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
