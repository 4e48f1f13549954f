package io.marsad.fleet.control;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A package of the agent that a tenant keeps.
 *
 * @param version as the package says; empty until its first block is here
 * @param platform system and processor; empty until its first block is here
 * @param size of the whole, in bytes
 * @param received blocks of {@link io.marsad.wire.AgentPackage#BLOCK} bytes that are here
 * @param sha256 of the whole in hexadecimal digits; null until it is complete
 * @param groups whose newest policy names it
 */
public record KeptPackage(
        UUID id,
        String version,
        String platform,
        long size,
        int received,
        @Nullable String sha256,
        String madeBy,
        Instant madeAt,
        List<String> groups) {}
