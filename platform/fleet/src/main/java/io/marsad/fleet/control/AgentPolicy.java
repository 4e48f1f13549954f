package io.marsad.fleet.control;

import io.marsad.wire.FalcoRulesHash;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the agents of a group are to collect, as it was given out.
 *
 * @param version of the group's; the newest is in force
 * @param collectors canonical JSON of an object by their names
 * @param scripts that may be run when somebody orders it: canonical JSON of a list of name, sha256 and text
 * @param agent that the hosts are to run: canonical JSON of a list of {@link io.marsad.wire.AgentPackage}s
 * @param share percent of the group's hosts that take it
 * @param envelope as it was signed
 */
public record AgentPolicy(
        UUID id,
        String group,
        long version,
        String collectors,
        String scripts,
        String agent,
        int share,
        String note,
        String madeBy,
        Instant madeAt,
        String envelope) {
    private static final JsonMapper JSON = new JsonMapper();

    /** By which sensors name the rules for a Falco that are in force: {@link FalcoRulesHash}; empty: it has none. */
    public String falcoRulesSha256() {
        var falco = JSON.readTree(collectors).path("falco");
        return FalcoRulesHash.of(
                falco.path("rules").asString(""), names(falco.path("disable")), names(falco.path("enable")));
    }

    private static List<String> names(JsonNode list) {
        var names = new ArrayList<String>();
        list.forEach(one -> names.add(one.asString("")));
        return names;
    }
}
