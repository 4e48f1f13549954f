package io.marsad.match;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The meaning of predicates over strings, as plainly as it can be written; shares nothing with the engine. */
final class SlowOracle {
    /** An event: pairs of field and value, null for null; and the raw record. */
    record Event(List<Pair> pairs, String raw, LogSource source) {}

    record Pair(Field field, @Nullable String value) {}

    private SlowOracle() {}

    static boolean test(Predicate predicate, Event event) {
        return switch (predicate) {
            case Predicate.And(List<Predicate> all) -> all.stream().allMatch(p -> test(p, event));
            case Predicate.Or(List<Predicate> any) -> any.stream().anyMatch(p -> test(p, event));
            case Predicate.Not(Predicate of) -> !test(of, event);
            case Predicate.Text t -> values(t.field(), event).stream().anyMatch(v -> glob(t.glob(), v, t.cased()));
            case Predicate.Regex r ->
                values(r.field(), event).stream()
                        .anyMatch(v -> regex(r).matcher(v).find());
            case Predicate.Cidr c -> values(c.field(), event).stream().anyMatch(v -> inside(c.network(), v));
            case Predicate.Number n ->
                values(n.field(), event).stream()
                        .filter(v -> v.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?"))
                        .anyMatch(v ->
                                compare(n.comparison(), new BigDecimal(v).compareTo(BigDecimal.valueOf(n.value()))));
            case Predicate.DatePart d ->
                values(d.field(), event).stream()
                        .filter(v -> v.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ"))
                        .anyMatch(v -> compare(d.comparison(), Integer.compare(part(d.unit(), v), d.value())));
            case Predicate.Exists(Field f) ->
                event.pairs.stream().anyMatch(p -> p.field.equals(f))
                        || f.equals(Predicate.VALUES) && !event.pairs.isEmpty()
                        || f.equals(Predicate.ANYWHERE);
            case Predicate.IsNull(Field f) ->
                event.pairs.stream().noneMatch(p -> p.field.equals(f))
                        || event.pairs.stream().anyMatch(p -> p.field.equals(f) && p.value == null);
            case Predicate.OfSource(String product, String category, String service) -> {
                var s = event.source;
                yield (product == null || product.equals(s.product()))
                        && (category == null
                                || Arrays.asList(String.valueOf(s.category()).split(","))
                                        .contains(category))
                        && (service == null || service.equals(s.service()));
            }
            case Predicate.FieldRef r -> reference(r, event);
        };
    }

    private static List<String> values(Field field, Event event) {
        var values = new ArrayList<String>();
        boolean all = field.equals(Predicate.VALUES) || field.equals(Predicate.ANYWHERE);
        for (Pair pair : event.pairs) {
            if (pair.value != null && (all || pair.field.equals(field))) {
                values.add(pair.value);
            }
        }
        if (field.equals(Predicate.ANYWHERE)) {
            values.add(event.raw);
        }
        return values;
    }

    private static int[] fold(String text, boolean cased) {
        return text.codePoints()
                .map(c -> cased || c == 0x130 || c == 0x131 ? c : Character.toLowerCase(Character.toUpperCase(c)))
                .toArray();
    }

    /** Which prefixes of the value the pattern so far can cover. */
    private static boolean glob(Glob glob, String value, boolean cased) {
        int[] v = fold(value, cased);
        boolean[] reach = new boolean[v.length + 1];
        reach[0] = true;
        for (Glob.Part part : glob.parts()) {
            boolean[] next = new boolean[v.length + 1];
            for (int i = 0; i <= v.length; i++) {
                if (!reach[i]) {
                    continue;
                }
                switch (part) {
                    case Glob.Part.Literal(String text) -> {
                        int[] l = fold(text, cased);
                        if (i + l.length <= v.length && Arrays.equals(v, i, i + l.length, l, 0, l.length)) {
                            next[i + l.length] = true;
                        }
                    }
                    case Glob.Part.Wild.ANY -> Arrays.fill(next, i, v.length + 1, true);
                    case Glob.Part.Wild.ONE -> {
                        if (i < v.length) {
                            next[i + 1] = true;
                        }
                    }
                }
            }
            reach = next;
        }
        return reach[v.length];
    }

    private static Pattern regex(Predicate.Regex r) {
        int flags = Pattern.UNIX_LINES;
        for (Predicate.Regex.Flag flag : r.flags()) {
            flags |= switch (flag) {
                case IGNORE_CASE -> Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
                case MULTILINE -> Pattern.MULTILINE;
                case DOTALL -> Pattern.DOTALL;
            };
        }
        return Pattern.compile(r.pattern(), flags);
    }

    private static boolean inside(String network, String value) {
        boolean four = value.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        if (!four && !value.matches("[0-9a-fA-F:]*:[0-9a-fA-F:]*(:\\d{1,3}(\\.\\d{1,3}){3})?")
                || four == network.contains(":")) {
            return false;
        }
        try {
            var a = InetAddress.getByName(value).getAddress();
            var n = InetAddress.getByName(network.substring(0, network.indexOf('/')))
                    .getAddress();
            if (a.length != n.length) {
                return false; // an IPv4 address in IPv6 clothes
            }
            int bits = Integer.parseInt(network.substring(network.indexOf('/') + 1));
            for (int i = 0; i < bits; i++) {
                if ((a[i / 8] >> 7 - i % 8 & 1) != (n[i / 8] >> 7 - i % 8 & 1)) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException notAnAddress) {
            return false;
        }
    }

    private static int part(Predicate.DatePart.Unit unit, String v) {
        var date = LocalDateTime.parse(v.substring(0, 19));
        return switch (unit) {
            case MINUTE -> date.getMinute();
            case HOUR -> date.getHour();
            case DAY -> date.getDayOfMonth();
            case WEEK -> date.get(java.time.temporal.WeekFields.ISO.weekOfWeekBasedYear());
            case MONTH -> date.getMonthValue();
            case YEAR -> date.getYear();
        };
    }

    private static boolean compare(Predicate.Comparison comparison, int sign) {
        return switch (comparison) {
            case EQUAL -> sign == 0;
            case LESS -> sign < 0;
            case LESS_OR_EQUAL -> sign <= 0;
            case GREATER -> sign > 0;
            case GREATER_OR_EQUAL -> sign >= 0;
        };
    }

    private static boolean reference(Predicate.FieldRef r, Event event) {
        BiPredicate<String, String> relation = switch (r.relation()) {
            case EQUALS -> String::equals;
            case STARTS_WITH -> String::startsWith;
            case ENDS_WITH -> String::endsWith;
            case CONTAINS -> String::contains;
        };
        for (String left : values(r.field(), event)) {
            for (String right : values(r.other(), event)) {
                int[] l = fold(left, false);
                int[] o = fold(right, false);
                if (relation.test(new String(l, 0, l.length), new String(o, 0, o.length))) {
                    return true;
                }
            }
        }
        return false;
    }
}
