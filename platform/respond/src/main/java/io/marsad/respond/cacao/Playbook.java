package io.marsad.respond.cacao;

import io.marsad.respond.variable.Variable;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A playbook that can be run: what CACAO 2.0 has of it that matters for that. The document itself is
 * {@link PlaybookText}. Its version is (id, modified).
 *
 * @param id {@code playbook--} with a UUID
 * @param exception the step that is gone to when a failure is nobody else's
 * @param variables by name
 * @param agents who may do something or be its target, by id
 */
public record Playbook(
        String id,
        String name,
        @Nullable String description,
        Instant modified,
        @Nullable Instant validUntil,
        boolean revoked,
        String start,
        @Nullable String exception,
        Map<String, Step> workflow,
        Map<String, Variable> variables,
        Map<String, AgentTarget> agents,
        List<Trigger> triggers) {
    public Playbook {
        workflow = Collections.unmodifiableMap(new LinkedHashMap<>(workflow));
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
        agents = Collections.unmodifiableMap(new LinkedHashMap<>(agents));
        triggers = List.copyOf(triggers);
    }

    /**
     * The step that is there.
     *
     * @throws IllegalArgumentException when there is none: a checked playbook names none such
     */
    public Step step(String id) {
        var step = workflow.get(id);
        if (step == null) {
            throw new IllegalArgumentException("there is no step " + id);
        }
        return step;
    }

    /** What the name means in the step: its own variable, or else the playbook's; null when there is none. */
    public @Nullable Variable variable(Step in, String name) {
        var own = in.common().variables().get(name);
        return own == null ? variables.get(name) : own;
    }
}
