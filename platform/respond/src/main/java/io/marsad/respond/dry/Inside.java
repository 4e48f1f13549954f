package io.marsad.respond.dry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * All that a dry run can reach: it reads what the platform itself keeps, and nothing else. Whoever implements it asks
 * nobody outside and changes nothing.
 */
public interface Inside {
    /** Nothing is known: every answer is assumed. */
    Inside NOTHING = new Inside() {
        @Override
        public @Nullable Read read(String action, Map<String, JsonNode> parameters) {
            return null;
        }

        @Override
        public Would would(String action, Map<String, JsonNode> parameters) {
            return new Would(null, null, null);
        }
    };

    /**
     * Answers an action that changes nothing, from what the platform keeps.
     *
     * @return null: the platform itself does not answer it
     */
    @Nullable
    Read read(String action, Map<String, JsonNode> parameters);

    /** Who would carry it out, and what would be sent; nothing is. */
    Would would(String action, Map<String, JsonNode> parameters);

    /**
     * An answer.
     *
     * @param failed why there is none; null: there is one
     * @param note what a real run would be answered by besides, for people; null: nothing
     */
    record Read(
            Map<String, @Nullable String> outputs,
            @Nullable String failed,
            @Nullable String note) {
        public Read(Map<String, @Nullable String> outputs, @Nullable String failed) {
            this(outputs, failed, null);
        }

        public Read {
            outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        }
    }

    /**
     * What a real run would do.
     *
     * @param by who carries it out, for people; null: not known
     * @param text what would be sent
     * @param problem why it could not be done
     */
    record Would(
            @Nullable String by,
            @Nullable String text,
            @Nullable String problem) {}
}
