package io.marsad.bench.sigma;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.match.CompiledPredicate;
import io.marsad.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.Arrays;
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

    /** The values of one field of the open event, as they are and lower-cased. */
    private static final class Values {
        private String[] plain = new String[4];
        private String[] lower = new String[4];
        private int count;

        void add(String text) {
            if (count == plain.length) {
                plain = Arrays.copyOf(plain, count * 2);
                lower = Arrays.copyOf(lower, count * 2);
            }
            plain[count] = text;
            lower[count++] = text.toLowerCase(Locale.ROOT);
        }
    }

    /** The open event: values by field, lower-cased once, of those fields that rules ask for. */
    private static final class Row {
        private final Map<Field, Values> values = new HashMap<>();
        private @Nullable Values[] byId = new @Nullable Values[0];
        private @Nullable EventBatch batch;
        private int index;

        /** Where the field's values will be: found once, when a rule is compiled. */
        Values of(Field field) {
            var of = values.computeIfAbsent(field, f -> new Values());
            if (field.id() >= byId.length) {
                byId = Arrays.copyOf(byId, field.id() + 1);
            }
            byId[field.id()] = of;
            return of;
        }

        void open(EventBatch from, int row) {
            values.values().forEach(v -> v.count = 0);
            batch = from;
            index = row;
            for (int e = from.first(row); e < from.end(row); e++) {
                var of = from.field(e) < byId.length ? byId[from.field(e)] : null;
                if (of != null && from.type(e) != EventBatch.NULL) {
                    of.add(from.text(e));
                }
            }
        }
    }

    /** A rule by its index. */
    private record Rule(int index, Check check) {}

    private final Map<LogSource, Rule[]> routes = new HashMap<>();
    private final List<SigmaRule> rules;
    private final Check[] checks;
    private final Row row = new Row();

    NaiveMatcher(List<SigmaRule> rules) {
        this.rules = rules;
        checks = rules.stream().map(r -> check(r.predicate())).toArray(Check[]::new);
    }

    /** Adds the indexes of the rules that fit, ascending. */
    int match(EventBatch batch, int index, List<Integer> found) {
        found.clear();
        var route = routes.computeIfAbsent(batch.source(index), this::route);
        if (route.length > 0) {
            row.open(batch, index);
            for (Rule rule : route) {
                if (rule.check.test(row)) {
                    found.add(rule.index);
                }
            }
        }
        return found.size();
    }

    private Rule[] route(LogSource source) {
        var route = new ArrayList<Rule>();
        for (int i = 0; i < checks.length; i++) {
            if (source.satisfies(rules.get(i).logSource())) {
                route.add(new Rule(i, checks[i]));
            }
        }
        return route.toArray(Rule[]::new);
    }

    private Check check(Predicate predicate) {
        return switch (predicate) {
            case Predicate.And(List<Predicate> all) -> several(all, true);
            case Predicate.Or(List<Predicate> any) when isList(any) -> texts(any);
            case Predicate.Or(List<Predicate> any) -> several(any, false);
            case Predicate.Not(Predicate of) -> {
                var inner = check(of);
                yield row -> !inner.test(row);
            }
            case Predicate.Text text when isText(text) -> texts(List.of(text));
            case Predicate.Regex regex
            when !regex.field().equals(Predicate.VALUES) && isJava(regex) -> {
                var pattern = Pattern.compile(regex.pattern(), flags(regex));
                var values = row.of(regex.field());
                yield row -> {
                    for (int v = 0; v < values.count; v++) {
                        if (pattern.matcher(values.plain[v]).find()) {
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

    private static boolean isText(Predicate predicate) {
        return predicate instanceof Predicate.Text text
                && !text.cased()
                && !text.field().equals(Predicate.VALUES);
    }

    /** Texts for one field, as a list of values in a rule is. */
    private static boolean isList(List<Predicate> any) {
        return !any.isEmpty()
                && any.stream().allMatch(NaiveMatcher::isText)
                && any.stream()
                                .map(p -> ((Predicate.Text) p).field())
                                .distinct()
                                .count()
                        == 1;
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

    private Check several(List<Predicate> parts, boolean all) {
        var checks = parts.stream().map(this::check).toArray(Check[]::new);
        return row -> {
            for (Check check : checks) {
                if (check.test(row) != all) {
                    return !all;
                }
            }
            return all;
        };
    }

    private record Text(Glob.Shape shape, String literal, java.util.function.Predicate<String> glob) {
        boolean fits(String value) {
            return switch (shape) {
                case EMPTY -> value.isEmpty();
                case ANYTHING -> true;
                case EQUALS -> value.equals(literal);
                case STARTS_WITH -> value.startsWith(literal);
                case ENDS_WITH -> value.endsWith(literal);
                case CONTAINS -> value.contains(literal);
                case GLOB -> glob.test(value);
            };
        }
    }

    private Check texts(List<Predicate> any) {
        var values = row.of(((Predicate.Text) any.getFirst()).field());
        var texts = any.stream()
                .map(p -> ((Predicate.Text) p).glob())
                .map(g -> new Text(g.shape(), g.text().toLowerCase(Locale.ROOT), glob(g)))
                .toArray(Text[]::new);
        return row -> {
            for (int v = 0; v < values.count; v++) {
                for (Text text : texts) {
                    if (text.fits(values.lower[v])) {
                        return true;
                    }
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
