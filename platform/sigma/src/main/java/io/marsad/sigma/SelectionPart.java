package io.marsad.sigma;

import io.marsad.kernel.predicate.Predicate;
import java.util.ArrayList;
import java.util.List;

/** A selection as its author built it, for saying which part of it held. */
sealed interface SelectionPart {
    Predicate predicate();

    /** A map (all) or a list (any). */
    record Group(boolean all, List<SelectionPart> parts) implements SelectionPart {
        public Group {
            parts = List.copyOf(parts);
        }

        @Override
        public Predicate predicate() {
            var predicates = parts.stream().map(SelectionPart::predicate).toList();
            return all ? Predicate.and(predicates) : Predicate.or(predicates);
        }
    }

    /**
     * A field with its modifiers and values.
     *
     * @param key as written, modifiers included; empty for keywords
     * @param all every value has to fit; else one
     * @param not none may
     */
    record Item(String key, boolean all, boolean not, List<Selection.Test> tests) implements SelectionPart {
        public Item {
            tests = List.copyOf(tests);
        }

        @Override
        public Predicate predicate() {
            var predicates = tests.stream().map(Selection.Test::predicate).toList();
            if (!not) {
                return all ? Predicate.and(predicates) : Predicate.or(predicates);
            }
            // The tests of a negated item are negated one by one, so that each can be shown: De Morgan.
            return all ? Predicate.or(predicates) : Predicate.and(predicates);
        }
    }

    /** Every single comparison, in the order of the file. */
    default List<Selection.Test> tests() {
        return switch (this) {
            case Group(boolean _, List<SelectionPart> parts) -> {
                var tests = new ArrayList<Selection.Test>();
                parts.forEach(part -> tests.addAll(part.tests()));
                yield tests;
            }
            case Item item -> item.tests;
        };
    }
}
