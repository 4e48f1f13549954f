package io.marsad.respond.action;

import io.marsad.respond.variable.VariableType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An action of the catalogue.
 *
 * @param name such as {@code block_ip}
 * @param title for people, in the imperative
 * @param says what it does, in one sentence
 * @param about what it is done to, such as {@code host}
 * @param permission whoever asks for it or agrees to it has to have {@code actions:} with this
 * @param reverse the action that takes it back; null: nothing does
 * @param parameters by name, in the order in which they are asked for
 * @param outputs what it gives, by name
 */
public record ActionKind(
        String name,
        String title,
        String says,
        String about,
        BlastRadius radius,
        Effect effect,
        String permission,
        @Nullable String reverse,
        Map<String, Parameter> parameters,
        Map<String, VariableType> outputs) {
    public ActionKind {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }

    /** What it changes. */
    public enum Effect {
        /** Nothing anywhere. */
        READ,
        /** Only what the platform itself keeps. */
        OWN,
        /** Something of somebody else's. */
        OUTSIDE
    }

    /**
     * What it has to be told.
     *
     * @param type of addresses either kind, when it says so
     * @param required whether it cannot be left out
     */
    public record Parameter(Type type, boolean required) {}

    /** Of a parameter: a type of variables, an address of either kind, or a question. */
    public sealed interface Type {
        /** What is expected, for a message. */
        String expected();

        boolean takes(String value);

        record One(VariableType type) implements Type {
            @Override
            public String expected() {
                return type.expected();
            }

            @Override
            public boolean takes(String value) {
                return !value.isEmpty() && type.takes(value);
            }
        }

        /** A question in the search language. */
        record Query() implements Type {
            @Override
            public String expected() {
                return "a question in the search language";
            }

            @Override
            public boolean takes(String value) {
                return !value.isBlank();
            }
        }

        record Address() implements Type {
            @Override
            public String expected() {
                return "an IP address or network";
            }

            @Override
            public boolean takes(String value) {
                return !value.isEmpty() && (VariableType.IPV4.takes(value) || VariableType.IPV6.takes(value));
            }
        }
    }
}
