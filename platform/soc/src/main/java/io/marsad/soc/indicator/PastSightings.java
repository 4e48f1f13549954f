package io.marsad.soc.indicator;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.indicator.IndicatorMatcher;
import io.marsad.match.indicator.IndicatorSetBuilder;
import io.marsad.soc.alert.Match;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a value was seen before anybody listed it: the store is asked for events that may have it, and each is looked at as
 * the stream looks at events, so that both give the same answer. Thread-safe.
 */
public final class PastSightings {
    /** How far back. */
    public static final Duration BACK = Duration.ofDays(30);

    private static final int MOST = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final EventStore store;
    private final InstantSource clock;

    public PastSightings(EventStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * What was found.
     *
     * @param newest first, of about 1,000 events at most
     * @param events how many different events these are
     * @param partial there may be more: of older events, or because it took too long
     * @param scanned events that had to be looked at
     */
    public record Past(List<Sighting> newest, int events, boolean partial, long scanned, Duration took) {
        public Past {
            newest = List.copyOf(newest);
        }
    }

    /** Looks through the last 30 days, by event time. */
    public Past of(TenantId tenant, Listed.Value value) throws IOException {
        long began = System.nanoTime();
        long to = clock.millis() + 1;
        var where = PastCandidates.of(value);
        var found = new ArrayList<Sighting>();
        var events = new HashSet<EventId>();
        long scanned = 0;
        boolean partial = false;
        EventSearch.@Nullable Position after = null;
        do { // of what only looks like it there may be more than a page
            var left = PATIENCE.minusNanos(System.nanoTime() - began);
            if (left.isNegative() || left.isZero()) {
                partial = true;
                break;
            }
            var page = store.search(new EventSearch(tenant, to - BACK.toMillis(), to, where, MOST, after, left));
            verify(page.events(), value, found);
            found.forEach(one -> events.add(one.event()));
            scanned += page.scannedEvents();
            partial |= page.partial();
            after = page.next();
        } while (after != null && events.size() < MOST);
        found.sort(Comparator.comparing(Sighting::time).reversed());
        var took = Duration.ofNanos(System.nanoTime() - began);
        return new Past(found, events.size(), partial || after != null, scanned, took);
    }

    private static void verify(EventBatch batch, Listed.Value value, List<Sighting> out) {
        try (var builder = new IndicatorSetBuilder(0, 0)) { // of one value: there is nothing to collide with
            Sightings.add(builder, value, 0);
            var set = builder.build();
            try {
                new IndicatorMatcher().match(set, batch, (row, entry, _) -> out.add(sighting(batch, row, entry)));
            } finally {
                set.release();
            }
        }
    }

    private static Sighting sighting(EventBatch batch, int row, int entry) {
        return new Sighting(
                batch.id(row),
                Instant.ofEpochMilli(batch.time(row)),
                Field.byId(batch.field(entry)).path(),
                new Match("", batch.text(entry), "", "").value());
    }
}
