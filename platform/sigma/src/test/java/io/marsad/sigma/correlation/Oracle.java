package io.marsad.sigma.correlation;

import io.marsad.kernel.event.EventId;
import io.marsad.sigma.SigmaCorrelation.Bound;
import io.marsad.sigma.SigmaCorrelation.Bound.Operator;
import io.marsad.sigma.SigmaCorrelation.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What correlations make known, slowly: all events sorted, every window written out. From docs/decisions on correlation and
 * the specification; shares nothing with the engine but the names of types and operators.
 */
final class Oracle {
    private static final long DAY = 86_400_000;

    /** A rule by the kind of event that it fits, or a correlation. */
    sealed interface Ref {}

    record Kind(String name) implements Ref {}

    record Spec(
            String id,
            Type type,
            List<Ref> refs,
            List<String> groupBy,
            Map<String, List<String>> aliases,
            long span,
            List<Bound> bounds,
            List<String> fields,
            double percentile)
            implements Ref {
        /** What a group-by name is called in events of this reference. */
        String nameFor(int ref, String name) {
            var alias = aliases.get(name);
            return alias == null ? name : alias.get(ref);
        }

        boolean waits() {
            return type == Type.VALUE_AVG
                    || type == Type.VALUE_PERCENTILE
                    || bounds.stream().anyMatch(b -> b.operator() != Operator.GT && b.operator() != Operator.GTE);
        }

        boolean temporal() {
            return type == Type.TEMPORAL || type == Type.TEMPORAL_ORDERED;
        }
    }

    /** An event, or an alert of an inner correlation. {@code event} is what is shown for it. */
    record Item(long time, EventId id, EventId event, long tie, Map<String, List<String>> fields) {}

    record Entry(Item item, int ref, List<String> values) {
        double number() {
            return Double.parseDouble(values.getFirst());
        }

        boolean before(Entry other) {
            if (item.time != other.item.time) {
                return item.time < other.item.time;
            }
            int c = Long.compareUnsigned(item.id.high(), other.item.id.high());
            c = c != 0 ? c : Long.compareUnsigned(item.id.low(), other.item.id.low());
            return c < 0;
        }
    }

    record Alert(EventId id, List<String> group, long first, long last, double value, List<EventId> events) {}

    private final String tenant;
    private final List<Item> events;

    Oracle(String tenant, List<Item> events) {
        this.tenant = tenant;
        this.events = List.copyOf(new LinkedHashMap<>(byId(events)).values());
    }

    private static Map<EventId, Item> byId(List<Item> events) {
        var map = new LinkedHashMap<EventId, Item>();
        events.forEach(e -> map.put(e.id, e));
        return map;
    }

    List<Alert> alerts(Spec spec) {
        var alerts = new ArrayList<Alert>();
        groups(spec)
                .forEach((group, entries) -> alertsOf(spec, group, entries).forEach(fired -> alerts.add(fired.alert)));
        return alerts;
    }

    private record Fired(Alert alert, Entry last) {}

    /** What the reference gives, as items. */
    private List<Item> items(Ref ref, boolean pulses) {
        return switch (ref) {
            case Kind(String name) ->
                events.stream()
                        .filter(e -> e.fields.getOrDefault("kind", List.of()).contains(name))
                        .toList();
            case Spec inner -> {
                var items = new LinkedHashMap<String, Item>();
                groups(inner).forEach((group, entries) -> {
                    if (pulses && !inner.waits()) {
                        for (Entry end : entries) {
                            if (holds(inner, window(inner, entries, end, Long.MIN_VALUE))) {
                                items.put(
                                        group + " " + end.item.id + " " + end.item.tie,
                                        new Item(
                                                end.item.time,
                                                end.item.id,
                                                end.item.event,
                                                tie(inner, group, end),
                                                known(inner, group, end)));
                            }
                        }
                    } else {
                        for (Fired fired : alertsOf(inner, group, entries)) {
                            items.put(
                                    fired.alert.id.toString(),
                                    new Item(
                                            fired.alert.last,
                                            fired.alert.id,
                                            fired.last.item.event,
                                            0,
                                            known(inner, group, fired.last)));
                        }
                    }
                });
                yield List.copyOf(items.values());
            }
        };
    }

    /** What an outer correlation knows of an inner one's alert: its group, else the first values of the last event. */
    private static Map<String, List<String>> known(Spec inner, List<String> group, Entry last) {
        var fields = new TreeMap<String, List<String>>();
        last.item.fields.forEach((name, values) -> fields.put(name, List.of(values.getFirst())));
        for (int i = 0; i < group.size(); i++) {
            fields.put(inner.groupBy.get(i), List.of(group.get(i)));
        }
        return fields;
    }

    private static long order(List<String> values) {
        return EventId.derived(
                        "value",
                        values.stream().map(v -> v.toLowerCase(Locale.ROOT)).toArray(String[]::new))
                .low();
    }

    private static long tie(Spec inner, List<String> group, Entry end) {
        var parts = new ArrayList<>(group);
        parts.add("" + (inner.temporal() ? end.item.tie : 0));
        return EventId.derived("pulse", parts.toArray(String[]::new)).low() & (1L << 47) - 1;
    }

    /** The entries of each group, sorted, each once. */
    private Map<List<String>, List<Entry>> groups(Spec spec) {
        var groups = new LinkedHashMap<List<String>, List<Entry>>();
        for (int ref = 0; ref < spec.refs.size(); ref++) {
            for (Item item : items(spec.refs.get(ref), spec.temporal())) {
                for (List<String> values : tuples(spec, ref, spec.fields, item)) {
                    if (!countable(spec, values)) {
                        continue;
                    }
                    for (List<String> group : tuples(spec, ref, spec.groupBy, item)) {
                        var folded = group.stream()
                                .map(v -> v.toLowerCase(Locale.ROOT))
                                .toList();
                        groups.computeIfAbsent(folded, g -> new ArrayList<>()).add(new Entry(item, ref, values));
                    }
                }
            }
        }
        groups.replaceAll((group, entries) -> sorted(spec, entries));
        return groups;
    }

    private static boolean countable(Spec spec, List<String> values) {
        if (spec.type != Type.VALUE_SUM && spec.type != Type.VALUE_AVG && spec.type != Type.VALUE_PERCENTILE) {
            return true;
        }
        try {
            double number = Double.parseDouble(values.getFirst());
            return spec.type != Type.VALUE_SUM || spec.waits() || number >= 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static List<Entry> sorted(Spec spec, List<Entry> entries) {
        var once = new LinkedHashMap<String, Entry>();
        for (Entry e : entries) {
            var part = spec.temporal() ? e.ref + " " + e.item.tie : spec.type == Type.VALUE_COUNT ? fold(e.values) : "";
            once.putIfAbsent(e.item.id + " " + e.item.time + " " + part, e);
        }
        var sorted = new ArrayList<>(once.values());
        // one event in several roles: the later step first, so that it is never two steps of an order
        int step = spec.type == Type.TEMPORAL_ORDERED ? -1 : spec.temporal() ? 1 : 0;
        sorted.sort((a, b) -> {
            if (a.before(b) || b.before(a)) {
                return a.before(b) ? -1 : 1;
            }
            if (spec.type == Type.VALUE_COUNT) { // several values of one event: in any order, but always the same
                return Long.compare(order(a.values), order(b.values));
            }
            int c = Integer.compare(a.ref * step, b.ref * step);
            return c != 0 || step == 0 ? c : Long.compare(a.item.tie, b.item.tie);
        });
        return sorted;
    }

    private static String fold(List<String> values) {
        return values.toString().toLowerCase(Locale.ROOT);
    }

    private static List<List<String>> tuples(Spec spec, int ref, List<String> names, Item item) {
        List<List<String>> tuples = List.of(List.of());
        for (String name : names) {
            var longer = new ArrayList<List<String>>();
            for (List<String> tuple : tuples) {
                for (String value : item.fields.getOrDefault(spec.nameFor(ref, name), List.of())) {
                    var one = new ArrayList<>(tuple);
                    one.add(value);
                    longer.add(one);
                }
            }
            tuples = longer;
        }
        return tuples;
    }

    private List<Fired> alertsOf(Spec spec, List<String> group, List<Entry> entries) {
        var alerts = new ArrayList<Fired>();
        if (spec.waits()) {
            var left = new ArrayList<>(entries);
            while (!left.isEmpty()) {
                long end = left.getFirst().item.time + spec.span;
                var window = left.stream().filter(e -> e.item.time <= end).toList();
                if (holds(spec, window)) {
                    alerts.add(
                            alert(spec, group, window, window.getFirst().item.id.toString()));
                }
                left.removeAll(window);
            }
            return alerts;
        }
        long length = (Math.max(DAY, 8 * spec.span) + DAY - 1) / DAY * DAY;
        var periods = new TreeSet<Long>();
        entries.forEach(e -> periods.add(Math.floorDiv(e.item.time, length)));
        for (long period : periods) {
            long taken = Long.MIN_VALUE;
            int number = 0;
            for (Entry end : entries) {
                if (Math.floorDiv(end.item.time, length) == period && end.item.time > taken) {
                    var window = window(spec, entries, end, taken);
                    if (holds(spec, window)) {
                        number++;
                        alerts.add(alert(spec, group, window, period * length + " " + number));
                        taken = window.getFirst().item.time + spec.span;
                    }
                }
            }
        }
        return alerts;
    }

    /** The timespan that ends with the entry, without what is taken. */
    private static List<Entry> window(Spec spec, List<Entry> entries, Entry end, long taken) {
        var window = new ArrayList<Entry>();
        for (Entry e : entries) {
            if (e.item.time >= end.item.time - spec.span && e.item.time > taken) {
                window.add(e);
            }
            if (e == end) {
                break;
            }
        }
        return window;
    }

    private Fired alert(Spec spec, List<String> group, List<Entry> window, String which) {
        var parts = new ArrayList<String>();
        parts.add(spec.id);
        parts.add(tenant);
        parts.addAll(group);
        parts.add("");
        parts.add(which);
        var first = window.getFirst().item;
        var last = window.getLast().item;
        return new Fired(
                new Alert(
                        EventId.derived("correlation", parts.toArray(String[]::new)),
                        group,
                        first.time,
                        last.time,
                        value(spec, window),
                        window.stream().map(e -> e.item.event).distinct().toList()),
                window.getLast());
    }

    private static boolean holds(Spec spec, List<Entry> window) {
        double value = value(spec, window);
        if (spec.temporal() && spec.bounds.isEmpty()) {
            return value == spec.refs.size();
        }
        return spec.bounds.stream().allMatch(b -> compare(b.operator(), value, b.value()));
    }

    private static boolean compare(Operator operator, double a, double b) {
        return switch (operator) {
            case GT -> a > b;
            case GTE -> a >= b;
            case LT -> a < b;
            case LTE -> a <= b;
            case EQ -> a == b;
            case NEQ -> a != b;
        };
    }

    private static double value(Spec spec, List<Entry> window) {
        return switch (spec.type) {
            case EVENT_COUNT -> window.size();
            case VALUE_COUNT ->
                window.stream().map(e -> fold(e.values)).distinct().count();
            case TEMPORAL -> window.stream().map(Entry::ref).distinct().count();
            case TEMPORAL_ORDERED -> steps(spec, window);
            case VALUE_SUM -> sum(window);
            case VALUE_AVG -> sum(window) / window.size();
            case VALUE_PERCENTILE -> percentile(window, spec.percentile);
        };
    }

    private static double sum(List<Entry> window) {
        double sum = 0;
        for (Entry e : window) {
            sum += e.number();
        }
        return sum;
    }

    /** The smallest of the values that at least so many percent of them do not exceed. */
    private static double percentile(List<Entry> window, double percentile) {
        var numbers = window.stream().mapToDouble(Entry::number).sorted().toArray();
        for (double candidate : numbers) {
            long within = Arrays.stream(numbers).filter(n -> n <= candidate).count();
            if (within * 100.0 >= percentile * numbers.length) {
                return candidate;
            }
        }
        throw new AssertionError("no percentile of " + Arrays.toString(numbers));
    }

    /** How many of the references, from the first, come one after the other. */
    private static int steps(Spec spec, List<Entry> window) {
        int steps = 0;
        @Nullable Entry at = null;
        while (steps < spec.refs.size()) {
            @Nullable Entry next = null;
            for (Entry e : window) {
                if (next == null && e.ref == steps && (at == null || at.before(e))) {
                    next = e;
                }
            }
            if (next == null) {
                return steps;
            }
            at = next;
            steps++;
        }
        return steps;
    }

    static List<EventId> shortened(List<EventId> events, int most) {
        if (events.size() <= most) {
            return events;
        }
        var kept = new ArrayList<>(events.subList(0, most / 2));
        kept.addAll(events.subList(events.size() - most / 2, events.size()));
        return kept;
    }
}
