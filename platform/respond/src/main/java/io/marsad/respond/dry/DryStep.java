package io.marsad.respond.dry;

import io.marsad.respond.action.ActionPolicy;
import io.marsad.respond.run.StepChange;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A step of a dry run.
 *
 * @param visit its number in the run, from 1
 * @param parent visit of the step whose branch it is in; 0 for the workflow itself
 * @param step its id
 * @param at from the beginning of the run to that of the step, as it would pass
 * @param values that it gave to variables
 * @param asked what it asks for; null: nothing
 */
public record DryStep(
        int visit,
        int parent,
        String step,
        String name,
        String type,
        StepChange.Status status,
        @Nullable String detail,
        Duration at,
        Map<String, @Nullable String> values,
        @Nullable Asked asked) {
    public DryStep {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * What a step asks for, at its last try.
     *
     * @param action of the catalogue, {@code task} for what a person does, {@code playbook} for a call
     * @param verdict who would have to agree; null where nobody is asked
     * @param by who would carry it out; null: not known
     * @param read it was really asked, because it changes nothing and stays inside
     * @param assumed what came of it was assumed
     * @param would what would be sent, or why it could not be; of what was read, who would be asked besides
     */
    public record Asked(
            String action,
            Map<String, JsonNode> parameters,
            String target,
            ActionPolicy.@Nullable Verdict verdict,
            @Nullable String by,
            boolean read,
            boolean assumed,
            @Nullable String would) {
        public Asked {
            parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }
    }
}
