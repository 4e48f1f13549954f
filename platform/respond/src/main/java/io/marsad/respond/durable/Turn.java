package io.marsad.respond.durable;

import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.time.Instant;

/**
 * One transaction on the data of one tenant.
 *
 * @param now the one time that all of it is written with
 */
public record Turn(Connection connection, TenantId tenant, Instant now) {}
