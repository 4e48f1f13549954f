package io.marsad.store.query;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * From names as written to fields: an alias of several fields asks for any of them.
 *
 * <p>Immutable.
 */
public final class Lowering {
    private final Function<String, List<Field>> slots;

    /** @param slots the fields that a name stands for */
    public Lowering(Function<String, List<Field>> slots) {
        this.slots = slots;
    }

    public Predicate lower(Expression expression) {
        return switch (expression) {
            case Expression.And(List<Expression> all) ->
                Predicate.and(all.stream().map(this::lower).toList());
            case Expression.Or(List<Expression> any) ->
                Predicate.or(any.stream().map(this::lower).toList());
            case Expression.Not(Expression of) -> new Predicate.Not(lower(of));
            case Expression.Everything e -> Predicate.EVERYTHING;
            case Expression.Words(Glob glob) ->
                new Predicate.Text(Predicate.ANYWHERE, glob.withStars(true, true), false);
            case Expression.Compare compare -> compare(compare);
            case Expression.Matches(String field, String regex, boolean cased) -> {
                Set<Predicate.Regex.Flag> flags = cased ? Set.of() : Set.of(Predicate.Regex.Flag.IGNORE_CASE);
                yield anySlot(field, slot -> new Predicate.Regex(slot, regex, flags));
            }
            case Expression.InNetwork(String field, List<String> networks) -> {
                var any = new ArrayList<Predicate>();
                for (var slot : slots.apply(field)) {
                    networks.forEach(network -> any.add(new Predicate.Cidr(slot, network)));
                }
                yield Predicate.or(any);
            }
            case Expression.Measure(String field, Predicate.Comparison comparison, double value) ->
                anySlot(field, slot -> new Predicate.Number(slot, comparison, value));
            case Expression.Between(String field, double low, double high) ->
                anySlot(
                        field,
                        slot -> Predicate.and(List.of(
                                new Predicate.Number(slot, Predicate.Comparison.GREATER_OR_EQUAL, low),
                                new Predicate.Number(slot, Predicate.Comparison.LESS_OR_EQUAL, high))));
            case Expression.Exists(String field) -> anySlot(field, Predicate.Exists::new);
            case Expression.OfSources(List<Predicate.OfSource> sources) -> Predicate.or(List.copyOf(sources));
            // Null is when none of the slots has a value.
            case Expression.IsNull(String field) ->
                Predicate.and(slots.apply(field).stream()
                        .map(slot -> (Predicate) new Predicate.IsNull(slot))
                        .toList());
        };
    }

    private Predicate compare(Expression.Compare compare) {
        var any = new ArrayList<Predicate>();
        for (var slot : slots.apply(compare.field())) {
            for (var value : compare.values()) {
                any.add(new Predicate.Text(slot, pattern(compare, value), compare.cased()));
            }
        }
        return Predicate.or(any);
    }

    private static Glob pattern(Expression.Compare compare, Glob value) {
        var glob =
                value.shape() == Glob.Shape.EQUALS ? Glob.literal(Names.number(compare.field(), value.text())) : value;
        return switch (compare.operator()) {
            case EQUALS -> glob;
            case CONTAINS -> glob.withStars(true, true);
            case STARTS_WITH -> glob.withStars(false, true);
            case ENDS_WITH -> glob.withStars(true, false);
        };
    }

    private Predicate anySlot(String name, Function<Field, Predicate> test) {
        return Predicate.or(slots.apply(name).stream().map(test).toList());
    }
}
