package io.marsad.respond.run;

import io.marsad.respond.cacao.AgentTarget;
import io.marsad.respond.cacao.Command;
import io.marsad.respond.cacao.TypedAction;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a run wants to be done. (run, visit, attempt, command) is the key by which a repetition is told. */
public sealed interface RunEffect {
    int visit();

    int attempt();

    /**
     * An action of the catalogue.
     *
     * @param parameters with the values of variables in them
     */
    record Perform(int visit, int attempt, String step, TypedAction action, Map<String, JsonNode> parameters)
            implements RunEffect {
        public Perform {
            parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }
    }

    /**
     * A command of a step, with the values of variables in it, each as safe as its place asks for.
     *
     * @param command from 0
     * @param headers of a request over HTTP
     * @param outArgs variables that what comes of it may give values to
     */
    record Carry(
            int visit,
            int attempt,
            int command,
            String step,
            Command.Kind kind,
            String text,
            Map<String, List<String>> headers,
            @Nullable String content,
            List<AgentTarget> whom,
            List<String> outArgs)
            implements RunEffect {
        public Carry {
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
            whom = List.copyOf(whom);
            outArgs = List.copyOf(outArgs);
        }
    }

    /**
     * A run of another playbook.
     *
     * @param version its {@code modified}; null: the newest
     */
    record Call(
            int visit,
            int attempt,
            String step,
            String playbook,
            @Nullable String version,
            Map<String, @Nullable String> given)
            implements RunEffect {
        public Call {
            given = Collections.unmodifiableMap(new LinkedHashMap<>(given));
        }
    }

    /** What was asked for is not wanted any more: what has not been done is not to be done. */
    record Withdraw(int visit, int attempt, String reason) implements RunEffect {}
}
