package io.marsad.fleet.control;

import java.time.Instant;
import java.util.UUID;

/**
 * What the agents of a group are to collect, as it was given out.
 *
 * @param version of the group's; the newest is in force
 * @param collectors canonical JSON of an object by their names
 * @param scripts that may be run when somebody orders it: canonical JSON of a list of name, sha256 and text
 * @param envelope as it was signed
 */
public record AgentPolicy(
        UUID id,
        String group,
        long version,
        String collectors,
        String scripts,
        String note,
        String madeBy,
        Instant madeAt,
        String envelope) {}
