package io.marsad.respond.variable;

import org.jspecify.annotations.Nullable;

/**
 * A variable of a playbook or of one of its steps (CACAO 2.0, 10.18).
 *
 * @param name with its underscores: {@code __source_ip__}
 * @param value what it holds at first; null: not known
 * @param constant it never changes
 * @param external whoever starts the playbook gives its value
 */
public record Variable(
        String name,
        VariableType type,
        @Nullable String description,
        @Nullable String value,
        boolean constant,
        boolean external) {
    /** The longest value that is kept, in characters. */
    public static final int MOST_VALUE = 65_536;
}
