package io.marsad.bench.sigma;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.match.CompiledPredicate;
import io.marsad.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One rule after the other, those for the event's log source, each compiled once, over strings that are lower-cased once
 * per event, stopping as early as it can: how rule engines are usually written.
 */
final class NaiveMatcher {
    private interface Check {
        boolean test(Row row);
    }

    /** The open event: values by field, lower-cased once. */
    private static final class Row {
        private final Map<Field, List<String>> plain = new HashMap<>();
        private final Map<Field, List<String>> lower = new HashMap<>();
        private @Nullable EventBatch batch;
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

    /** A rule by its index. */
    private record Rule(int index, Check check) {}

    private final Map<LogSource, List<Rule>> routes = new HashMap<>();
    private final List<SigmaRule> rules;
    private final List<Check> checks;
    private final Row row = new Row();

    NaiveMatcher(List<SigmaRule> rules) {
        this.rules = rules;
        checks = rules.stream().map(r -> check(r.predicate())).toList();
    }

    /** Adds the indexes of the rules that fit, ascending. */
    int match(EventBatch batch, int index, List<Integer> found) {
        found.clear();
        var route = routes.computeIfAbsent(batch.source(index), this::route);
        if (!route.isEmpty()) {
            row.open(batch, index);
            for (Rule rule : route) {
                if (rule.check.test(row)) {
                    found.add(rule.index);
                }
            }
        }
        return found.size();
    }

    private List<Rule> route(LogSource source) {
        var route = new ArrayList<Rule>();
        for (int i = 0; i < checks.size(); i++) {
            if (source.satisfies(rules.get(i).logSource())) {
                route.add(new Rule(i, checks.get(i)));
            }
        }
        return route;
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
            when !regex.field().equals(Predicate.VALUES) && isJava(regex) -> {
                var pattern = Pattern.compile(regex.pattern(), flags(regex));
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
                yield row -> compiled.test(Objects.requireNonNull(row.batch), row.index);
            }
        };
    }

    /** Where the line ends mean something else to Java, the matcher's own expressions stand in. */
    private static boolean isJava(Predicate.Regex regex) {
        return !regex.pattern().contains("$") && !regex.pattern().contains("(?U)");
    }

    private static int flags(Predicate.Regex regex) {
        int flags = Pattern.UNIX_LINES;
        for (Predicate.Regex.Flag flag : regex.flags()) {
            flags |= switch (flag) {
                case IGNORE_CASE -> Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
                case MULTILINE -> Pattern.MULTILINE;
                case DOTALL -> Pattern.DOTALL;
            };
        }
        return flags;
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
