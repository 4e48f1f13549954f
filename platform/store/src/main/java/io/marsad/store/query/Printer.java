package io.marsad.store.query;

import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.store.query.Expression.Operator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes a query so that reading it gives the same again. */
final class Printer {
    private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.\\-]*");
    private static final Set<String> RESERVED = Set.of("and", "or", "not");

    private final StringBuilder out = new StringBuilder();

    private Printer() {}

    static String print(Expression expression) {
        var printer = new Printer();
        printer.write(expression, 0);
        return printer.out.toString();
    }

    /** A text as a value of a condition. */
    static String value(String text) {
        var printer = new Printer();
        printer.value(Glob.literal(text));
        return printer.out.toString();
    }

    /** @param around how tightly what stands around binds: 0 or, 1 and, 2 not */
    private void write(Expression expression, int around) {
        switch (expression) {
            case Expression.And(List<Expression> all) -> join(all, " and ", 1, around);
            case Expression.Or(List<Expression> any) -> join(any, " or ", 0, around);
            case Expression.Not(Expression of) -> {
                out.append("not ");
                write(of, 2);
            }
            case Expression.Everything e -> out.append('*');
            case Expression.Words(Glob glob) -> value(glob);
            case Expression.Compare compare -> compare(compare);
            case Expression.Matches(String field, String regex, boolean cased) -> {
                name(field).append(cased ? " matches_cs '" : " ~ '");
                out.append(regex.replace("'", "''")).append('\'');
            }
            case Expression.InNetwork(String field, List<String> networks) ->
                name(field)
                        .append(" in cidr(\"")
                        .append(String.join("\", \"", networks))
                        .append("\")");
            case Expression.Measure(String field, var comparison, double value) -> {
                var operator = switch (comparison) {
                    case EQUAL -> " = ";
                    case LESS -> " < ";
                    case LESS_OR_EQUAL -> " <= ";
                    case GREATER -> " > ";
                    case GREATER_OR_EQUAL -> " >= ";
                };
                name(field).append(operator).append(number(value));
            }
            case Expression.Between(String field, double low, double high) ->
                name(field)
                        .append(" between ")
                        .append(number(low))
                        .append(" and ")
                        .append(number(high));
            case Expression.OfSources(var sources) -> sources(sources);
            case Expression.Exists(String field) -> name(field).append(" exists");
            case Expression.IsNull(String field) -> name(field).append(" is null");
        }
    }

    private void sources(List<Predicate.OfSource> sources) {
        out.append(Sources.NAME).append(sources.size() == 1 ? " = " : " in (");
        for (int i = 0; i < sources.size(); i++) {
            out.append(i == 0 ? "" : ", ").append(Sources.written(sources.get(i)));
        }
        out.append(sources.size() == 1 ? "" : ")");
    }

    static String number(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
        return whole ? Long.toString((long) value) : Double.toString(value);
    }

    private void join(List<Expression> parts, String word, int binds, int around) {
        boolean parentheses = around > binds;
        out.append(parentheses ? "(" : "");
        for (int i = 0; i < parts.size(); i++) {
            out.append(i == 0 ? "" : word);
            write(parts.get(i), binds + 1);
        }
        out.append(parentheses ? ")" : "");
    }

    private void compare(Expression.Compare compare) {
        boolean cased = compare.cased();
        name(compare.field()).append(' ');
        if (compare.values().size() == 1) {
            boolean star = compare.operator() == Operator.EQUALS
                    && !cased
                    && (compare.values().getFirst().shape() == Glob.Shape.ANYTHING
                            || network(compare.values().getFirst()));
            var word = compare.operator().word(cased);
            out.append(star ? "like" : word).append(' ');
            value(compare.values().getFirst());
            return;
        }
        out.append(cased ? "in_cs (" : "in (");
        for (int i = 0; i < compare.values().size(); i++) {
            out.append(i == 0 ? "" : ", ");
            value(compare.values().get(i));
        }
        out.append(')');
    }

    /** Text that "=" would take for a network. */
    private static boolean network(Glob glob) {
        return glob.shape() == Glob.Shape.EQUALS && glob.text().indexOf('/') > 0;
    }

    private StringBuilder name(String field) {
        var lower = field.toLowerCase(Locale.ROOT);
        boolean plain = Lexer.isPath(field) && !RESERVED.contains(lower) && !lower.equals(Sources.NAME);
        return plain
                ? out.append(field)
                : out.append('`').append(field.replace("`", "``")).append('`');
    }

    private void value(Glob glob) {
        if (glob.shape() == Glob.Shape.EQUALS
                && BARE.matcher(glob.text()).matches()
                && !RESERVED.contains(glob.text().toLowerCase(Locale.ROOT))) {
            out.append(glob.text());
            return;
        }
        out.append('"');
        for (var part : glob.parts()) {
            switch (part) {
                case Glob.Part.Literal(String text) -> literal(text);
                case Glob.Part.Wild wild -> out.append(wild == Glob.Part.Wild.ANY ? '*' : '?');
            }
        }
        out.append('"');
    }

    private void literal(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ("\\*?\"".indexOf(c) >= 0) {
                out.append('\\');
            }
            out.append(c);
        }
    }
}
