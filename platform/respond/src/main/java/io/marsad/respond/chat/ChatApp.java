package io.marsad.respond.chat;

import io.marsad.kernel.tenant.TenantId;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A chat that talks to the platform: a connection of a tenant.
 *
 * @param name of the connection
 */
public record ChatApp(TenantId tenant, UUID connection, String name) {
    private static final Pattern ADDRESS =
            Pattern.compile("([a-z0-9][a-z0-9-]{1,61}[a-z0-9])\\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

    /** What its address ends with: {@code TENANT.CONNECTION}, so that it is looked up under its tenant's row security. */
    record Address(TenantId tenant, UUID connection) {
        /** Null when the text is not of this form. */
        static @Nullable Address parse(String text) {
            var match = ADDRESS.matcher(text);
            return match.matches() ? new Address(new TenantId(match.group(1)), UUID.fromString(match.group(2))) : null;
        }
    }
}
