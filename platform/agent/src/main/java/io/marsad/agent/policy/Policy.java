package io.marsad.agent.policy;

import io.marsad.wire.AgentPackage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is collected.
 *
 * @param version grows; a lower one is refused
 * @param notAfter from then on it is not applied any more where it is not applied yet
 * @param collectors by name, only those that are on
 * @param scripts that may be run when somebody orders it: their texts by SHA-256
 * @param agent that is to run, of each platform one; none: the one that does
 */
public record Policy(
        long version,
        Instant notAfter,
        Map<String, Collection> collectors,
        Map<String, String> scripts,
        List<AgentPackage> agent) {
    /**
     * How one collector works.
     *
     * @param every the time between two looks
     * @param paths of files; empty for collectors that read none
     * @param falco of the collector that listens to one, and of no other
     */
    public record Collection(
            Duration every,
            long recordsPerSecond,
            long bytesPerSecond,
            List<String> paths,
            @Nullable Falco falco) {
        /** To look just once. */
        public static final Collection ONCE =
                new Collection(Duration.ofSeconds(1), Long.MAX_VALUE, Long.MAX_VALUE, List.of(), null);
    }

    /**
     * The Falco on the host.
     *
     * @param address where it serves gRPC
     * @param certificates folder of what is shown to it
     * @param folder of its configuration
     * @param rules for it, as its rules files are written; empty: none
     * @param disable names of rules that are switched off
     * @param enable names of rules that are switched on
     */
    public record Falco(
            String address,
            String certificates,
            String folder,
            String rules,
            List<String> disable,
            List<String> enable) {
        /** Where it usually is, with the rules that it has. */
        public static final Falco USUAL =
                new Falco("unix:///run/falco/falco.sock", "/etc/falco/certs", "/etc/falco", "", List.of(), List.of());

        public Falco {
            disable = List.copyOf(disable);
            enable = List.copyOf(enable);
        }
    }
}
