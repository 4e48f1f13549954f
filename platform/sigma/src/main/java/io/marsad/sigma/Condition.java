package io.marsad.sigma;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.predicate.Predicate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A rule's condition as a tree over the names of its selections (rules specification, condition). */
public sealed interface Condition {
    /** All hold. */
    record All(List<Condition> of) implements Condition {
        public All {
            of = List.copyOf(of);
        }
    }

    /** One holds. */
    record Any(List<Condition> of) implements Condition {
        public Any {
            of = List.copyOf(of);
        }
    }

    record Not(Condition of) implements Condition {}

    /** The selection of that name holds. */
    record Named(String selection) implements Condition {}

    /**
     * {@code 1 of filter_*}, {@code all of them}.
     *
     * @param all every one of them has to hold; else one
     * @param pattern as written
     * @param selections whose names fit; empty when none does, which then never holds
     */
    record Several(boolean all, String pattern, List<String> selections) implements Condition {
        public Several {
            selections = List.copyOf(selections);
        }
    }

    /**
     * Reads a condition.
     *
     * @param selections the names that there are, in the order of the file
     * @param file what faults call the file
     * @param line where the condition stands
     */
    static Condition parse(String text, List<String> selections, String file, int line) throws ContentException {
        return new ConditionParser(text, selections, file, line).parse();
    }

    /** As one predicate. */
    default Predicate predicate(Map<String, Predicate> selections) {
        return switch (this) {
            case All(List<Condition> of) -> Predicate.and(predicates(of, selections));
            case Any(List<Condition> of) -> Predicate.or(predicates(of, selections));
            case Not(Condition of) -> new Predicate.Not(of.predicate(selections));
            case Named(String name) -> predicate(name, selections);
            case Several(boolean all, String _, List<String> names) -> {
                var parts = names.stream().map(n -> predicate(n, selections)).toList();
                yield all ? Predicate.and(parts) : Predicate.or(parts);
            }
        };
    }

    private static List<Predicate> predicates(List<Condition> conditions, Map<String, Predicate> selections) {
        return conditions.stream().map(c -> c.predicate(selections)).toList();
    }

    private static Predicate predicate(String name, Map<String, Predicate> selections) {
        var predicate = selections.get(name);
        if (predicate == null) {
            throw new IllegalArgumentException("there is no selection '" + name + "'");
        }
        return predicate;
    }

    /** Adds the names of the selections that the condition looks at, and the patterns that fit none. */
    default void names(Set<String> used, List<String> unmatched) {
        switch (this) {
            case All(List<Condition> of) -> of.forEach(c -> c.names(used, unmatched));
            case Any(List<Condition> of) -> of.forEach(c -> c.names(used, unmatched));
            case Not(Condition of) -> of.names(used, unmatched);
            case Named(String name) -> used.add(name);
            case Several(boolean _, String pattern, List<String> names) -> {
                used.addAll(names);
                if (names.isEmpty()) {
                    unmatched.add(pattern);
                }
            }
        }
    }

    /** As written, but for the blanks. */
    default String text() {
        return switch (this) {
            case All(List<Condition> of) -> joined(of, " and ");
            case Any(List<Condition> of) -> joined(of, " or ");
            case Not(Condition of) -> "not " + nested(of);
            case Named(String name) -> name;
            case Several(boolean all, String pattern, List<String> _) -> (all ? "all of " : "1 of ") + pattern;
        };
    }

    private static String joined(List<Condition> parts, String word) {
        var texts = new ArrayList<String>();
        parts.forEach(part -> texts.add(nested(part)));
        return String.join(word, texts);
    }

    private static String nested(Condition part) {
        return part instanceof All || part instanceof Any ? "(" + part.text() + ")" : part.text();
    }
}
