package io.marsad.sigma.correlation;

import io.marsad.kernel.event.EventId;
import io.marsad.sigma.SigmaCorrelation.Bound;
import io.marsad.sigma.SigmaCorrelation.Bound.Operator;
import io.marsad.sigma.SigmaCorrelation.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A correlation of any type over rules for events of some kind, or over other correlations, and events for it. */
final class RandomScenario {
    private static final List<String> KINDS = List.of("a", "b", "c");
    private static final long DAY = 86_400_000;

    private final SplittableRandom random;
    private final StringBuilder yaml = new StringBuilder();
    private final Oracle.Spec spec;
    private int made;

    RandomScenario(SplittableRandom random) {
        this.random = random;
        for (String kind : KINDS) {
            yaml.append("title: kind ").append(kind).append("\nname: k").append(kind);
            yaml.append("\nlogsource: {product: t}\ndetection:\n  s:\n    kind: ")
                    .append(kind);
            yaml.append("\n  condition: s\n---\n");
        }
        spec = correlation(random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0);
    }

    String yaml() {
        return yaml.toString();
    }

    Oracle.Spec spec() {
        return spec;
    }

    private Oracle.Spec correlation(int depth) {
        var refs = new ArrayList<Oracle.Ref>();
        var names = new ArrayList<String>();
        var type = Type.values()[random.nextInt(Type.values().length)];
        int n = 1 + random.nextInt(type == Type.TEMPORAL || type == Type.TEMPORAL_ORDERED ? 3 : 2);
        for (int i = 0; i < n; i++) {
            if (depth > 0 && (i == 0 || random.nextInt(4) == 0)) {
                var inner = correlation(depth - 1);
                refs.add(inner);
                names.add("c" + inner.id().substring(35));
            } else {
                var kind = KINDS.get(random.nextInt(KINDS.size()));
                refs.add(new Oracle.Kind(kind));
                names.add("k" + kind);
            }
        }
        var id = String.format("00000000-0000-4000-8000-%012d", ++made);
        boolean alias = random.nextInt(4) == 0 && names.stream().distinct().count() == n && depth == 0;
        var groupBy = alias
                ? List.of("who")
                : List.of(List.of("user"), List.of("user"), List.of("user", "host"), List.of("host"), List.<String>of())
                        .get(random.nextInt(5));
        Map<String, List<String>> aliases = alias
                ? Map.of(
                        "who",
                        names.stream()
                                .map(m -> random.nextBoolean() ? "user" : "account")
                                .toList())
                : Map.of();
        long span = 1000L * (random.nextInt(5) == 0 ? 4000 : 2 + random.nextInt(60));
        var fields = fields(type);
        var made =
                new Oracle.Spec(id, type, refs, groupBy, aliases, span, bounds(type), fields, random.nextInt(0, 101));
        write(made, names);
        return made;
    }

    private List<String> fields(Type type) {
        return switch (type) {
            case EVENT_COUNT, TEMPORAL, TEMPORAL_ORDERED -> List.of();
            case VALUE_COUNT -> random.nextBoolean() ? List.of("host") : List.of("host", "account");
            case VALUE_SUM, VALUE_AVG, VALUE_PERCENTILE -> List.of("bytes");
        };
    }

    private List<Bound> bounds(Type type) {
        boolean temporal = type == Type.TEMPORAL || type == Type.TEMPORAL_ORDERED;
        if (temporal && random.nextInt(4) != 0) {
            return List.of();
        }
        double most = switch (type) {
            case EVENT_COUNT -> 6;
            case VALUE_COUNT -> 4;
            case TEMPORAL, TEMPORAL_ORDERED -> 3;
            case VALUE_SUM -> 900;
            case VALUE_AVG, VALUE_PERCENTILE -> 200;
        };
        double value = Math.floor(1 + random.nextDouble(most));
        return switch (random.nextInt(6)) {
            case 0 -> List.of(new Bound(Operator.GT, value - 1));
            case 1 -> List.of(new Bound(Operator.GTE, value), new Bound(Operator.LTE, value + 1));
            case 2 -> List.of(new Bound(Operator.values()[2 + random.nextInt(4)], value));
            default -> List.of(new Bound(Operator.GTE, value));
        };
    }

    private void write(Oracle.Spec one, List<String> names) {
        yaml.append("title: correlation\nid: ").append(one.id()).append("\nname: c");
        yaml.append(one.id().substring(35)).append("\ncorrelation:\n  type: ");
        yaml.append(one.type().text()).append("\n  rules: ").append(names);
        yaml.append("\n  group-by: ").append(one.groupBy());
        yaml.append("\n  timespan: ").append(one.span() / 1000).append("s\n");
        if (!one.aliases().isEmpty()) {
            yaml.append("  aliases:\n    who:\n");
            for (int i = 0; i < names.size(); i++) {
                yaml.append("      ").append(names.get(i)).append(": ");
                yaml.append(one.nameFor(i, "who")).append('\n');
            }
        }
        if (!one.bounds().isEmpty()) {
            yaml.append("  condition:\n");
            if (!one.fields().isEmpty()) {
                yaml.append("    field: ").append(one.fields()).append('\n');
            }
            if (one.type() == Type.VALUE_PERCENTILE) {
                yaml.append("    percentile: ").append(one.percentile()).append('\n');
            }
            for (Bound bound : one.bounds()) {
                yaml.append("    ").append(bound.operator().name().toLowerCase(Locale.ROOT));
                yaml.append(": ").append(bound.value()).append('\n');
            }
        }
        yaml.append("---\n");
    }

    /** Events about as dense as the timespan, in seconds so that many are of the same time, often around midnight. */
    List<Oracle.Item> events(SplittableRandom of) {
        int n = 3 + of.nextInt(50);
        long start = 20_000 * DAY + (of.nextBoolean() ? 0 : of.nextLong(DAY / 1000) * 1000);
        long step = Math.max(1, spec.span() / 1000 * 2 / (1 + of.nextInt(8)));
        long time = start - of.nextLong(n) * 1000 * step / 2;
        var items = new ArrayList<Oracle.Item>();
        for (int i = 0; i < n; i++) {
            long gap = of.nextInt(15) == 0 ? step * 20 : of.nextInt(3) == 0 ? 0 : of.nextLong(step + 1);
            time += gap * 1000;
            var id = new EventId(of.nextLong(), of.nextLong());
            items.add(new Oracle.Item(time, id, id, 0, fields(of)));
        }
        return items;
    }

    private static Map<String, List<String>> fields(SplittableRandom of) {
        var fields = new TreeMap<String, List<String>>();
        fields.put("kind", some(of, "a", "b", "c", "a", "b", "d"));
        fields.put("user", some(of, "bob", "BOB", "bob", "eve"));
        fields.put("account", some(of, "bob", "eve", "Eve"));
        fields.put("host", some(of, "h1", "h2", "H2", "h3"));
        fields.put("bytes", List.of(of.nextInt(12) == 0 ? "-5.5" : of.nextInt(20) == 0 ? "x" : number(of)));
        fields.values().removeIf(values -> values.isEmpty());
        return fields;
    }

    private static String number(SplittableRandom of) {
        return of.nextBoolean() ? "" + of.nextInt(300) : "" + of.nextInt(300) / 7.0;
    }

    /** Mostly one, sometimes none or two different ones. */
    private static List<String> some(SplittableRandom of, String... values) {
        var one = values[of.nextInt(values.length)];
        var other = values[of.nextInt(values.length)];
        return switch (of.nextInt(14)) {
            case 0 -> List.of();
            case 1 -> one.equalsIgnoreCase(other) ? List.of(one) : List.of(one, other);
            default -> List.of(one);
        };
    }
}
