package io.marsad.respond.host;

import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Port: hosts of a tenant on which an agent runs that was let in. In transactions of the tenant. Thread-safe. */
public interface Agents {
    /** An agent. @param hostname as it calls itself @param seen when it was heard last */
    record Agent(UUID id, String hostname, Instant seen) {}

    /** Those that are meant by an id or a host's name, with its domain or without; at most a few. */
    List<Agent> named(Connection connection, TenantId tenant, String name) throws SQLException;

    /** Whether there is one at all. */
    boolean any(Connection connection, TenantId tenant) throws SQLException;
}
