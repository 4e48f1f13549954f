package io.marsad.soc.indicator;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.store.EventPage;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.indicator.IndicatorFields;
import io.marsad.match.indicator.IndicatorFields.Holds;
import io.marsad.match.indicator.IndicatorMatcher;
import io.marsad.match.indicator.IndicatorSetBuilder;
import io.marsad.soc.alert.Match;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Where a value was seen before anybody listed it: the store is asked for events that may have it, and each is looked at as
 * the stream looks at events, so that both give the same answer. A network's addresses in links and mailboxes are not
 * searched for. Thread-safe.
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
     * @param newest first, at most 1,000
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
        long to = clock.millis() + 1;
        var search = new EventSearch(tenant, to - BACK.toMillis(), to, candidates(value), MOST, null, PATIENCE);
        var page = store.search(search);
        var found = new ArrayList<Sighting>();
        int events = verified(page, value, found);
        return new Past(
                found,
                events,
                page.partial() || page.next() != null,
                page.scannedEvents(),
                Duration.ofNanos(page.tookNanos()));
    }

    private static int verified(EventPage page, Listed.Value value, List<Sighting> out) {
        var batch = page.events();
        try (var builder = new IndicatorSetBuilder(0, 0)) { // of one value: there is nothing to collide with
            Sightings.add(builder, value, 0);
            var set = builder.build();
            try {
                new IndicatorMatcher().match(set, batch, (row, entry, _) -> out.add(sighting(batch, row, entry)));
            } finally {
                set.release();
            }
        }
        out.sort(java.util.Comparator.comparing(Sighting::time).reversed());
        return (int) out.stream().map(Sighting::event).distinct().count();
    }

    private static Sighting sighting(EventBatch batch, int row, int entry) {
        return new Sighting(
                batch.id(row),
                Instant.ofEpochMilli(batch.time(row)),
                Field.byId(batch.field(entry)).path(),
                new Match("", batch.text(entry), "", "").value());
    }

    /** True of every event that the stream would find it in, and of some others. */
    static Predicate candidates(Listed.Value value) {
        var text = value.text();
        var any = new ArrayList<Predicate>();
        switch (value.type()) {
            case "ip" -> {
                each(
                        Holds.HOSTS,
                        any,
                        field -> new Predicate.Or(List.of(
                                new Predicate.Cidr(field, text + (text.indexOf(':') < 0 ? "/32" : "/128")),
                                glob(field, Glob.contains(text)))));
                inLinks(text, any);
            }
            case Listed.Value.NETWORK -> each(Holds.HOSTS, any, field -> new Predicate.Cidr(field, text));
            case "domain" -> {
                each(Holds.HOSTS, any, field -> glob(field, Glob.contains(text)));
                inLinks(text, any);
            }
            case "hash" ->
                each(Holds.HASHES, any, field -> glob(field, Glob.literal(text).withStars(true, true)));
            case "url" -> each(Holds.URLS, any, field -> glob(field, Glob.contains(host(text))));
            case "email" -> {
                var domain = text.substring(text.lastIndexOf('@') + 1);
                each(Holds.MAILBOXES, any, field -> glob(field, Glob.contains(domain)));
            }
            default -> throw new IllegalArgumentException("no type: " + value.type());
        }
        return new Predicate.Or(any);
    }

    private static void inLinks(String host, List<Predicate> any) {
        each(Holds.URLS, any, field -> glob(field, Glob.contains(host)));
        each(Holds.MAILBOXES, any, field -> glob(field, Glob.contains(host)));
    }

    private static void each(Holds what, List<Predicate> any, Function<Field, Predicate> of) {
        IndicatorFields.known(what).forEach(field -> any.add(of.apply(field)));
    }

    private static Predicate glob(Field field, Glob glob) {
        return new Predicate.Text(field, glob, false);
    }

    /** Of a URL in its one form. */
    private static String host(String url) {
        int scheme = url.indexOf("://");
        int from = scheme < 0 ? 0 : scheme + 3;
        int end = from;
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        var authority = url.substring(from, end);
        var bare = authority.substring(authority.lastIndexOf('@') + 1);
        int colon = bare.startsWith("[") ? bare.indexOf(']') + 1 : bare.indexOf(':');
        return colon > 0 && colon < bare.length() ? bare.substring(0, colon) : bare;
    }
}
