package io.marsad.api.events;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Route;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.store.EventScan;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.store.EventSummary;
import io.marsad.kernel.store.SearchWatch;
import io.marsad.kernel.store.SummaryTable;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.rule.RuleCatalog;
import io.marsad.store.query.Completion;
import io.marsad.store.query.Query;
import io.marsad.store.query.run.Lookups;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/** Which fields and values there are, for the side of a result list and for completion; always of the caller's tenant. */
final class FieldRoutes {
    private static final Duration TIME_LIMIT = Duration.ofSeconds(10);
    /** What comes later is not looked at any more; the newest events are looked at first. */
    private static final Duration COMPLETION_TIME_LIMIT = Duration.ofMillis(150);

    private static final int SAMPLE = 1_000;
    private static final int TOP = 5;
    private static final int VALUES = 10;
    private static final int CANDIDATES = 30;

    private final EventStore store;
    private final Lookups lookups;
    private final RuleCatalog rules;
    private final InstantSource clock;

    FieldRoutes(EventStore store, Lookups lookups, RuleCatalog rules, InstantSource clock) {
        this.store = store;
        this.lookups = lookups;
        this.rules = rules;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                new Route("fieldsOfEvents", this::fields),
                new Route("valuesOfEvents", this::values),
                new Route("completeQuery", this::complete));
    }

    /** How often values are there. */
    private static final class Values {
        private final Map<String, Integer> counts = new HashMap<>();

        void add(String value) {
            counts.merge(value, 1, Integer::sum);
        }

        void write(JsonGenerator to) {
            to.writeNumberProperty("distinct", counts.size());
            to.writeArrayPropertyStart("top");
            counts.entrySet().stream()
                    .sorted(Map.Entry.<String, Integer>comparingByValue()
                            .reversed()
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(TOP)
                    .forEach(entry -> {
                        to.writeStartObject();
                        to.writeStringProperty("value", entry.getKey());
                        to.writeNumberProperty("count", entry.getValue());
                        to.writeEndObject();
                    });
            to.writeEndArray();
        }
    }

    /** How many events have a field is counted in all of them; its values in the newest. */
    private void fields(Exchange exchange) throws IOException {
        var body = exchange.json();
        var asked = Asked.read(body, clock.millis()).ofRule(body, rules);
        var where = asked.query().predicate();
        var tenant = CallerScope.tenant();
        var counts = store.fields(
                new EventScan(tenant, asked.from(), asked.to(), where, Set.of()), TIME_LIMIT, SearchWatch.NONE);
        var page = store.search(new EventSearch(tenant, asked.from(), asked.to(), where, SAMPLE, null, TIME_LIMIT));
        var values = sample(page.events());
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("fields");
            for (var count : counts.fields()) {
                to.writeStartObject();
                to.writeStringProperty("name", count.field().path());
                to.writeNumberProperty("count", count.events());
                values.getOrDefault(count.field().id(), new Values()).write(to);
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeNumberProperty("events", counts.events());
            to.writeNumberProperty("sample", page.events().rows());
            to.writeBooleanProperty("partial", counts.partial() || page.partial());
            to.writeEndObject();
        });
    }

    private static Map<Integer, Values> sample(EventBatch events) {
        var values = new HashMap<Integer, Values>();
        for (int row = 0; row < events.rows(); row++) {
            for (int e = events.first(row), end = events.end(row); e < end; e++) {
                if (events.type(e) != EventBatch.NULL) {
                    values.computeIfAbsent(events.field(e), _ -> new Values()).add(shown(events.text(e)));
                }
            }
        }
        return values;
    }

    private static String shown(String value) {
        return value.length() <= 1_000 ? value : value.substring(0, 1_000) + "…";
    }

    private void values(Exchange exchange) throws IOException {
        var body = exchange.json();
        var asked = Asked.read(body, clock.millis()).ofRule(body, rules);
        var name = body.get("field").stringValue();
        var fields = Query.fields(name);
        int limit = Asked.number(body, "limit", VALUES);
        var table = summarize(asked, fields, limit + 1, TIME_LIMIT);
        long missing = 0;
        var groups = new ArrayList<SummaryTable.Group>();
        for (var group : table.groups()) {
            if (group.keys().getFirst() == null) {
                missing = group.events();
            } else {
                groups.add(group);
            }
        }
        long left = table.droppedGroups() + Math.max(0, groups.size() - limit);
        long none = missing;
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeStringProperty("field", name);
            to.writeArrayPropertyStart("values");
            for (var group : groups.subList(0, Math.min(limit, groups.size()))) {
                to.writeStartObject();
                to.writeStringProperty(
                        "value", shown(String.valueOf(group.keys().getFirst())));
                to.writeNumberProperty("count", group.events());
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeNumberProperty("events", table.events());
            to.writeNumberProperty("missing", none);
            to.writeNumberProperty("other", left);
            to.writeBooleanProperty("partial", table.partial());
            to.writeEndObject();
        });
    }

    private SummaryTable summarize(Asked asked, List<Field> fields, int groups, Duration limit) throws IOException {
        return store.summarize(
                new EventSummary(
                        CallerScope.tenant(),
                        asked.from(),
                        asked.to(),
                        asked.query().predicate(),
                        List.of(new EventSummary.OfField(fields)),
                        List.of(),
                        groups,
                        limit),
                SearchWatch.NONE);
    }

    private void complete(Exchange exchange) throws IOException {
        var body = exchange.json();
        var text = body.get("query").stringValue();
        int position = Math.min(body.get("position").intValue(), text.length());
        int limit = Asked.number(body, "limit", CANDIDATES);
        var range = Asked.range(body, clock.millis());
        var place = Completion.at(text, position);
        var field = place.field();
        var found = new ArrayList<>(place.candidates());
        if (place.wantsFields()) {
            found.addAll(fieldCandidates(place, range));
        }
        if (field != null) {
            found.addAll(valueCandidates(place, field, range));
        }
        if (place.wantsLists()) {
            lookups.names(CallerScope.tenant()).stream()
                    .filter(place::fits)
                    .forEach(name -> found.add(new Completion.Candidate(name, Completion.Kind.LIST, "a list")));
        }
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeNumberProperty("start", place.start());
            to.writeNumberProperty("end", place.end());
            to.writeArrayPropertyStart("candidates");
            for (var candidate : found.stream().distinct().limit(limit).toList()) {
                to.writeStartObject();
                to.writeStringProperty("text", candidate.text());
                to.writeStringProperty("kind", candidate.kind().word());
                to.writeStringProperty("detail", candidate.detail());
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    /** The tenant's own fields in the range, the most frequent first. */
    private List<Completion.Candidate> fieldCandidates(Completion.Place place, Asked range) throws IOException {
        var scan = new EventScan(
                CallerScope.tenant(), range.from(), range.to(), range.query().predicate(), Set.of());
        var counts = store.fields(scan, COMPLETION_TIME_LIMIT, SearchWatch.NONE);
        return counts.fields().stream()
                .filter(count -> place.fits(count.field().path()))
                .sorted(Comparator.comparing(
                        count -> !place.begins(count.field().path())))
                .map(count -> new Completion.Candidate(
                        place.quotedName(count.field().path()), Completion.Kind.FIELD, count.events() + " events"))
                .toList();
    }

    private List<Completion.Candidate> valueCandidates(Completion.Place place, String field, Asked range)
            throws IOException {
        var table = summarize(range, Query.fields(field), 1_000, COMPLETION_TIME_LIMIT);
        var found = new ArrayList<Completion.Candidate>();
        for (var group : table.groups()) {
            if (group.keys().getFirst() instanceof String value && value.length() <= 200 && place.fits(value)) {
                found.add(new Completion.Candidate(
                        place.quotedValue(value), Completion.Kind.VALUE, group.events() + " events"));
            }
        }
        return found;
    }
}
