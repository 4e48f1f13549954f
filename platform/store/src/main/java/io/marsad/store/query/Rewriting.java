package io.marsad.store.query;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From a predicate back to the filter that a person would write. What the language has no words for is left out so that
 * the filter finds more, never less, and is named.
 */
final class Rewriting {
    private static final int MAX_NAME = 400;

    private final List<String> missing = new ArrayList<>();

    /** What had to be left out, for people. */
    List<String> missing() {
        return missing;
    }

    Expression rewrite(Predicate predicate) {
        return rewrite(predicate, true);
    }

    /** @param wider what is left out must make the filter find more; behind a "not" it is the other way round */
    private Expression rewrite(Predicate predicate, boolean wider) {
        return switch (predicate) {
            case Predicate.And(List<Predicate> all) ->
                Expression.and(all.stream().map(one -> rewrite(one, wider)).toList());
            case Predicate.Or(List<Predicate> any) -> any(any, wider);
            case Predicate.Not(Predicate of) -> new Expression.Not(rewrite(of, !wider));
            case Predicate.Text text -> known(text.field(), wider, text(text));
            case Predicate.Regex(Field field, String pattern, var flags) -> {
                var inline = (flags.contains(Predicate.Regex.Flag.MULTILINE) ? "m" : "")
                        + (flags.contains(Predicate.Regex.Flag.DOTALL) ? "s" : "");
                var regex = inline.isEmpty() ? pattern : "(?" + inline + ")" + pattern;
                boolean cased = !flags.contains(Predicate.Regex.Flag.IGNORE_CASE);
                yield known(field, wider, new Expression.Matches(name(field), regex, cased));
            }
            case Predicate.Cidr(Field field, String network) ->
                known(field, wider, new Expression.InNetwork(name(field), List.of(network)));
            case Predicate.Number number ->
                number.comparison() == Predicate.Comparison.EQUAL
                        ? leftOut("a number equal to " + Printer.number(number.value()), wider)
                        : known(
                                number.field(),
                                wider,
                                new Expression.Measure(name(number.field()), number.comparison(), number.value()));
            case Predicate.Exists(Field field) -> known(field, wider, new Expression.Exists(name(field)));
            case Predicate.IsNull(Field field) -> known(field, wider, new Expression.IsNull(name(field)));
            case Predicate.OfSource source -> new Expression.OfSources(List.of(source));
            case Predicate.DatePart part -> leftOut("a part of the date in " + part.field(), wider);
            case Predicate.FieldRef reference ->
                leftOut(reference.field() + " compared with " + reference.other(), wider);
        };
    }

    private Expression leftOut(String what, boolean wider) {
        missing.add(what);
        return wider ? Expression.Everything.EVERYTHING : nothing();
    }

    private static Expression nothing() {
        return new Expression.Not(Expression.Everything.EVERYTHING);
    }

    private Expression any(List<Predicate> any, boolean wider) {
        if (any.isEmpty()) {
            return nothing();
        }
        var list = list(any);
        return list != null
                ? list
                : Expression.or(any.stream().map(one -> rewrite(one, wider)).toList());
    }

    /** Several patterns of one field as a list, or null. */
    private static @Nullable Expression list(List<Predicate> any) {
        if (any.size() < 2 || any.size() > 1_000 || !(any.getFirst() instanceof Predicate.Text first)) {
            return null;
        }
        var values = new ArrayList<Glob>();
        for (var one : any) {
            boolean same = one instanceof Predicate.Text text
                    && text.field() == first.field()
                    && text.cased() == first.cased()
                    && text.glob().shape() != Glob.Shape.CONTAINS
                    && text.glob().text().indexOf('/') < 0; // in a list it may be read as a network
            if (!same || !writable(first.field())) {
                return null;
            }
            values.add(((Predicate.Text) one).glob());
        }
        return new Expression.Compare(name(first.field()), Expression.Operator.EQUALS, first.cased(), values);
    }

    private Expression known(Field field, boolean wider, Expression condition) {
        return writable(field) ? condition : leftOut("the field " + field, wider);
    }

    private static boolean writable(Field field) {
        return field.path().length() < MAX_NAME && !field.path().contains("[]");
    }

    private static Expression text(Predicate.Text text) {
        var glob = text.glob();
        if (text.field() == Predicate.ANYWHERE && !text.cased() && glob.shape() == Glob.Shape.CONTAINS) {
            return new Expression.Words(Glob.literal(glob.text()));
        }
        var operator = switch (glob.shape()) {
            case CONTAINS -> Expression.Operator.CONTAINS;
            case STARTS_WITH -> Expression.Operator.STARTS_WITH;
            case ENDS_WITH -> Expression.Operator.ENDS_WITH;
            case EMPTY, EQUALS, ANYTHING, GLOB -> Expression.Operator.EQUALS;
        };
        var value = operator == Expression.Operator.EQUALS ? glob : Glob.literal(glob.text());
        return new Expression.Compare(name(text.field()), operator, text.cased(), List.of(value));
    }

    /** A name that stands for this field and no other. */
    private static String name(Field field) {
        if (field == Predicate.VALUES) {
            return Names.ANY_VALUE;
        }
        if (field == Predicate.ANYWHERE) {
            return Names.ANYTHING;
        }
        return field.path().indexOf('.') > 0 ? field.path() : "." + field.path();
    }
}
