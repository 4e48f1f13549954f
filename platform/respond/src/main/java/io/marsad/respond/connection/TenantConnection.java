package io.marsad.respond.connection;

import io.marsad.kernel.event.EventId;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * An account of a tenant at a product, and how its last test went.
 *
 * @param secrets names of those that the vault has; nobody is ever told what
 * @param problem of the last test; null when it went well, or there was none
 * @param failingSince when a test failed after it had worked, or the first time; null unless it fails
 */
public record TenantConnection(
        EventId id,
        Content content,
        Set<String> secrets,
        State state,
        @Nullable String problem,
        @Nullable Instant failingSince,
        @Nullable Instant testedAt,
        Instant updatedAt) {
    public TenantConnection {
        secrets = java.util.Collections.unmodifiableSet(new TreeSet<>(secrets));
    }

    /**
     * What a person says of it.
     *
     * @param connector the name of its manifest
     * @param config as the manifest asks for it; not changed after
     */
    public record Content(String connector, String name, ObjectNode config, boolean enabled) {}

    /** What is known of whether it works. */
    public enum State {
        UNTESTED,
        OK,
        FAILING;

        /** As it is kept and shown. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
