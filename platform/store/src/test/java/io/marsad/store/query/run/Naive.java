package io.marsad.store.query.run;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Groups and measures in the plainest way, to compare with. */
final class Naive {
    private Naive() {}

    static int bytes(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private static final Comparator<List<Object>> BY_KEYS = (a, b) -> {
        for (int i = 0; i < a.size(); i++) {
            var x = a.get(i);
            var y = b.get(i);
            int c = x == null || y == null
                    ? Boolean.compare(x != null, y != null)
                    : x instanceof Long n ? n.compareTo((Long) y) : bytes((String) x, (String) y);
            if (c != 0) {
                return c;
            }
        }
        return 0;
    };

    /** @param keys fields, or {@code span MILLIS} */
    static Map<List<Object>, List<Sample.Event>> groups(List<Sample.Event> events, List<String> keys) {
        var groups = new HashMap<List<Object>, List<Sample.Event>>();
        for (var event : events) {
            List<List<Object>> own = List.of(List.of());
            for (var key : keys) {
                var values = new LinkedHashSet<Object>();
                if (key.startsWith("span ")) {
                    long span = Long.parseLong(key.substring(5));
                    values.add(Math.floorDiv(event.time(), span) * span);
                } else {
                    values.addAll(event.of(key));
                }
                if (values.isEmpty()) {
                    values.add(null);
                }
                var more = new ArrayList<List<Object>>();
                for (var before : own) {
                    for (var value : values) {
                        var longer = new ArrayList<>(before);
                        longer.add(value);
                        more.add(longer);
                    }
                }
                own = more;
            }
            own.forEach(
                    key -> groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(event));
        }
        var order = new ArrayList<>(groups.keySet());
        boolean time = keys.stream().anyMatch(key -> key.startsWith("span "));
        Comparator<List<Object>> most = Comparator.comparingInt(
                key -> -groups.getOrDefault(key, List.of()).size());
        order.sort(time ? BY_KEYS : most.thenComparing(BY_KEYS));
        var sorted = new LinkedHashMap<List<Object>, List<Sample.Event>>();
        order.forEach(key -> sorted.put(key, groups.getOrDefault(key, List.of())));
        return sorted;
    }

    /** @param events of a group, newest first */
    static @Nullable Object measure(String measure, @Nullable String field, List<Sample.Event> events) {
        if (measure.equals("count")) {
            return field == null
                    ? (Object) (long) events.size()
                    : (Object)
                            events.stream().filter(e -> !e.of(field).isEmpty()).count();
        }
        if (field == null) {
            throw new AssertionError(measure);
        }
        var oldestFirst = events.reversed();
        var all = oldestFirst.stream().flatMap(e -> e.of(field).stream()).toList();
        var numbers = all.stream()
                .filter(v -> v.matches("[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)"))
                .map(Double::valueOf)
                .sorted()
                .toList();
        double sum = numbers.stream().mapToDouble(d -> d).sum();
        return switch (measure) {
            case "dc" -> all.stream().distinct().count();
            case "sum" -> numbers.isEmpty() ? null : (Object) sum;
            case "avg" -> numbers.isEmpty() ? null : (Object) (sum / numbers.size());
            case "min" -> numbers.isEmpty() ? all.stream().min(Naive::bytes).orElse(null) : (Object) numbers.getFirst();
            case "max" -> numbers.isEmpty() ? all.stream().max(Naive::bytes).orElse(null) : (Object) numbers.getLast();
            case "p50", "p90", "p99" -> {
                double part = Double.parseDouble(measure.substring(1));
                int at = (int) Math.ceil(part / 100 * numbers.size()) - 1;
                yield numbers.isEmpty() ? null : (Object) numbers.get(Math.max(0, at));
            }
            case "values" -> {
                var counts = new HashMap<String, Integer>();
                all.forEach(value -> counts.merge(value, 1, Integer::sum));
                yield counts.keySet().stream()
                        .sorted(Comparator.<String>comparingInt(v -> -counts.getOrDefault(v, 0))
                                .thenComparing(Naive::bytes))
                        .limit(100)
                        .toList();
            }
            case "list" -> all.stream().limit(100).toList();
            case "first" -> all.isEmpty() ? null : all.getFirst();
            case "last" ->
                events.stream()
                        .filter(e -> !e.of(field).isEmpty())
                        .map(e -> (Object) e.of(field).getFirst())
                        .findFirst()
                        .orElse(null);
            default -> throw new AssertionError(measure);
        };
    }
}
