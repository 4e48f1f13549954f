package io.marsad.sigma;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.match.CompiledPredicate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** One rule after the other over lower-cased strings, stopping as early as it can: what a matcher is measured against. */
final class NaiveMatcher {
    private interface Check {
        boolean test(Row row);
    }

    /** The open event: values by field, lower-cased once. */
    private static final class Row {
        private final Map<Field, List<String>> plain = new HashMap<>();
        private final Map<Field, List<String>> lower = new HashMap<>();
        private EventBatch batch = Events.batch();
        private int index;

        void open(EventBatch from, int row) {
            plain.clear();
            lower.clear();
            batch = from;
            index = row;
            for (int e = from.first(row); e < from.end(row); e++) {
                var text = from.text(e);
                plain.computeIfAbsent(Field.byId(from.field(e)), f -> new ArrayList<>(1))
                        .add(text);
                lower.computeIfAbsent(Field.byId(from.field(e)), f -> new ArrayList<>(1))
                        .add(text.toLowerCase(Locale.ROOT));
            }
        }

        List<String> lower(Field field) {
            return lower.getOrDefault(field, List.of());
        }
    }

    private final List<Check> checks;
    private final Row row = new Row();

    NaiveMatcher(List<SigmaRule> rules) {
        checks = rules.stream().map(r -> check(r.predicate())).toList();
    }

    List<Integer> match(EventBatch batch, int index) {
        row.open(batch, index);
        var found = new ArrayList<Integer>();
        for (int i = 0; i < checks.size(); i++) {
            if (checks.get(i).test(row)) {
                found.add(i);
            }
        }
        return found;
    }

    private static Check check(Predicate predicate) {
        return switch (predicate) {
            case Predicate.And(List<Predicate> all) -> several(all, true);
            case Predicate.Or(List<Predicate> any) -> several(any, false);
            case Predicate.Not(Predicate of) -> {
                var inner = check(of);
                yield row -> !inner.test(row);
            }
            case Predicate.Text text when !text.cased() && !text.field().equals(Predicate.VALUES) -> text(text);
            case Predicate.Regex regex
            when !regex.field().equals(Predicate.VALUES) -> {
                var pattern = Pattern.compile(regex.pattern(), regex.flags().isEmpty() ? 0 : Pattern.CASE_INSENSITIVE);
                yield row -> {
                    for (String value : row.plain.getOrDefault(regex.field(), List.of())) {
                        if (pattern.matcher(value).find()) {
                            return true;
                        }
                    }
                    return false;
                };
            }
            default -> {
                var compiled = CompiledPredicate.of(predicate);
                yield row -> compiled.test(row.batch, row.index);
            }
        };
    }

    private static Check several(List<Predicate> parts, boolean all) {
        var checks = parts.stream().map(NaiveMatcher::check).toArray(Check[]::new);
        return row -> {
            for (Check check : checks) {
                if (check.test(row) != all) {
                    return !all;
                }
            }
            return all;
        };
    }

    private static Check text(Predicate.Text text) {
        var field = text.field();
        var literal = text.glob().text().toLowerCase(Locale.ROOT);
        java.util.function.Predicate<String> fits = switch (text.glob().shape()) {
            case EMPTY -> String::isEmpty;
            case ANYTHING -> v -> true;
            case EQUALS -> literal::equals;
            case STARTS_WITH -> v -> v.startsWith(literal);
            case ENDS_WITH -> v -> v.endsWith(literal);
            case CONTAINS -> v -> v.contains(literal);
            case GLOB -> glob(text.glob())::test;
        };
        return row -> {
            for (String value : row.lower(field)) {
                if (fits.test(value)) {
                    return true;
                }
            }
            return false;
        };
    }

    private static java.util.function.Predicate<String> glob(Glob glob) {
        var regex = new StringBuilder("(?s)");
        for (Glob.Part part : glob.parts()) {
            regex.append(
                    switch (part) {
                        case Glob.Part.Literal(String l) -> Pattern.quote(l.toLowerCase(Locale.ROOT));
                        case Glob.Part.Wild wild -> wild == Glob.Part.Wild.ANY ? ".*" : ".";
                    });
        }
        return Pattern.compile(regex.toString()).asMatchPredicate();
    }
}
