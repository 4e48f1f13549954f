package io.marsad.respond.condition;

import io.marsad.respond.variable.VariableType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an if or a while of a playbook asks: comparisons of variables by the grammar of STIX 2.1 patterns
 * ({@code __score__:value > 80 AND NOT __ip__:value ISSUBSET '10.0.0.0/8'}). Says true, false, or why it cannot say; ends
 * always. NOT binds closer than AND, AND closer than OR.
 */
public sealed interface Condition {
    /** @throws ConditionException when it is none, with the column */
    static Condition parse(String text) throws ConditionException {
        return new ConditionParser(text).condition();
    }

    /**
     * What a variable holds.
     *
     * @param text null: not known
     */
    record Value(VariableType type, @Nullable String text) {}

    record And(List<Condition> all) implements Condition {
        public And {
            all = List.copyOf(all);
        }
    }

    record Or(List<Condition> any) implements Condition {
        public Or {
            any = List.copyOf(any);
        }
    }

    record Not(Condition not) implements Condition {}

    /** @param variable with its underscores; it holds something */
    record Exists(String variable) implements Condition {}

    /**
     * @param variable with its underscores
     * @param literals one, of IN one and more
     */
    record Comparison(String variable, Operator operator, List<Operand> literals) implements Condition {
        public Comparison {
            literals = List.copyOf(literals);
        }
    }

    /** What a variable is compared with. */
    sealed interface Operand {
        /** As it means, without quotes. */
        record Literal(String text) implements Operand {}

        /** @param name of another variable, with its underscores */
        record Other(String name) implements Operand {}
    }

    /** How. */
    enum Operator {
        EQUAL("="),
        NOT_EQUAL("!="),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">="),
        IN("IN"),
        LIKE("LIKE"),
        MATCHES("MATCHES"),
        ISSUBSET("ISSUBSET"),
        ISSUPERSET("ISSUPERSET");

        private final String word;

        Operator(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /** The variables that it asks about. */
    default Set<String> variables() {
        var names = new LinkedHashSet<String>();
        collect(this, names);
        return names;
    }

    private static void collect(Condition condition, Set<String> into) {
        switch (condition) {
            case And and -> and.all().forEach(part -> collect(part, into));
            case Or or -> or.any().forEach(part -> collect(part, into));
            case Not not -> collect(not.not(), into);
            case Exists exists -> into.add(exists.variable());
            case Comparison comparison -> {
                into.add(comparison.variable());
                for (var operand : comparison.literals()) {
                    if (operand instanceof Operand.Other other) {
                        into.add(other.name());
                    }
                }
            }
        }
    }

    /**
     * What can be said against it before it is asked.
     *
     * @param types of the variables by name; null for one that is not declared
     */
    default List<String> faults(Function<String, @Nullable VariableType> types) {
        var faults = new ArrayList<String>();
        check(this, types, faults);
        return faults;
    }

    private static void check(
            Condition condition, Function<String, @Nullable VariableType> types, List<String> faults) {
        switch (condition) {
            case And and -> and.all().forEach(part -> check(part, types, faults));
            case Or or -> or.any().forEach(part -> check(part, types, faults));
            case Not not -> check(not.not(), types, faults);
            case Exists exists -> {
                if (types.apply(exists.variable()) == null) {
                    faults.add("there is no variable " + exists.variable());
                }
            }
            case Comparison comparison -> {
                var type = types.apply(comparison.variable());
                if (type == null) {
                    faults.add("there is no variable " + comparison.variable());
                } else {
                    faults.addAll(Comparing.faults(comparison, type, types));
                }
            }
        }
    }

    /**
     * Whether it is so.
     *
     * @param values of the variables by name; null for one that is not declared
     * @throws ConditionException when it cannot be said: a variable is not known, or does not hold what its type says
     */
    default boolean holds(Function<String, @Nullable Value> values) throws ConditionException {
        switch (this) {
            case And and -> {
                for (var part : and.all()) {
                    if (!part.holds(values)) {
                        return false;
                    }
                }
                return true;
            }
            case Or or -> {
                for (var part : or.any()) {
                    if (part.holds(values)) {
                        return true;
                    }
                }
                return false;
            }
            case Not not -> {
                return !not.not().holds(values);
            }
            case Exists exists -> {
                var value = values.apply(exists.variable());
                return value != null && value.text() != null;
            }
            case Comparison comparison -> {
                return Comparing.holds(comparison, values);
            }
        }
    }
}
