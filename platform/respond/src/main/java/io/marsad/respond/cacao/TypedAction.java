package io.marsad.respond.cacao;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What the platform itself does for an action step, by the extension {@link #EXTENSION} of the step: an action of the
 * catalogue. The step's own commands say the same for people and for other engines.
 *
 * @param action its name in the catalogue
 * @param with its parameters; texts in them may name variables
 * @param queries names of those parameters that are questions in the search language
 * @param outputs names of what it gives with the variables that keep it
 * @param approval people who have to agree at least; a policy may ask for more
 * @param line of the file, from 1
 */
public record TypedAction(
        String action,
        Map<String, JsonNode> with,
        Set<String> queries,
        Map<String, String> outputs,
        Retry retry,
        Approval approval,
        int line) {
    /** Of the extension of steps, and of that of playbooks that says what starts them. */
    public static final String EXTENSION = "extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960";

    public TypedAction {
        with = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(with));
        queries = Set.copyOf(queries);
        outputs = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }

    /**
     * What is done when it fails and may be tried again.
     *
     * @param most tries after the first
     * @param backoff before the second try; doubled each time, at most an hour
     */
    public record Retry(int most, Duration backoff) {
        static final int MOST = 10;
        static final Retry NONE = new Retry(0, Duration.ofSeconds(5));

        /** Before the try with this number, from 1 for the first repetition. */
        public Duration pause(int repetition) {
            var pause = backoff.multipliedBy(1L << Math.min(repetition - 1, 20));
            return pause.compareTo(Duration.ofHours(1)) > 0 ? Duration.ofHours(1) : pause;
        }
    }

    /** How many people have to agree. */
    public enum Approval {
        NONE("none"),
        ONE("one"),
        TWO("two");

        private final String word;

        Approval(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        static Optional<Approval> of(String word) {
            for (var approval : values()) {
                if (approval.word.equals(word)) {
                    return Optional.of(approval);
                }
            }
            return Optional.empty();
        }
    }
}
