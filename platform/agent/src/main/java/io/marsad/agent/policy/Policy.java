package io.marsad.agent.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What is collected.
 *
 * @param version grows; a lower one is refused
 * @param notAfter from then on it is not applied any more where it is not applied yet
 * @param collectors by name, only those that are on
 * @param scripts that may be run when somebody orders it: their texts by SHA-256
 */
public record Policy(long version, Instant notAfter, Map<String, Collection> collectors, Map<String, String> scripts) {
    /**
     * How one collector works.
     *
     * @param every the time between two looks
     * @param paths of files; empty for collectors that read none
     * @param address of a service on the host; empty: where it usually is
     * @param certificates folder of what is shown to it; empty: where they usually are
     */
    public record Collection(
            Duration every,
            long recordsPerSecond,
            long bytesPerSecond,
            List<String> paths,
            String address,
            String certificates) {
        /** To look just once. */
        public static final Collection ONCE =
                new Collection(Duration.ofSeconds(1), Long.MAX_VALUE, Long.MAX_VALUE, List.of(), "", "");
    }
}
