package io.marsad.agent.act;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Does actions of one kind. Called by one thread at a time for each kind. */
interface HostAction {
    /** As the catalogue calls them. */
    Set<String> names();

    /** Whether it may take minutes: others do not wait for it. */
    default boolean isSlow() {
        return false;
    }

    /** Whether doing it again after an interruption does nothing twice. */
    default boolean isRepeatable() {
        return true;
    }

    /**
     * Does it, and looks whether it is so.
     *
     * @throws ActionFailed when nothing was done
     * @throws IOException likewise
     */
    Done perform(Told told) throws ActionFailed, IOException, InterruptedException;

    /** What is to be done. */
    record Told(UUID id, String action, ObjectNode parameters) {
        /** @throws ActionFailed when it is missing */
        String text(String name) throws ActionFailed {
            var value = optional(name);
            if (value == null) {
                throw new ActionFailed(name + " is missing");
            }
            return value;
        }

        /** Null when it was not said. */
        @Nullable
        String optional(String name) {
            var node = parameters.get(name);
            if (node == null || node.isNull() || node.asString("").isBlank()) {
                return null;
            }
            return node.asString("").strip();
        }

        /** Null when it was not said. @throws ActionFailed when it is no number */
        @Nullable
        Long number(String name) throws ActionFailed {
            var text = optional(name);
            try {
                return text == null ? null : Long.valueOf(text);
            } catch (NumberFormatException e) {
                throw new ActionFailed(name + " is no whole number", e);
            }
        }
    }

    /**
     * It is done.
     *
     * @param outputs by name
     * @param proof what was seen, before and after
     */
    record Done(Map<String, String> outputs, ObjectNode proof) {
        public Done {
            outputs = Map.copyOf(outputs);
        }

        static ObjectNode seen() {
            return JsonNodeFactory.instance.objectNode();
        }
    }
}
