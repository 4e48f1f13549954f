package io.marsad.soc.risk;

import io.marsad.kernel.tenant.TenantId;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/** What a tenant knows of its entities besides alerts. */
@FunctionalInterface
public interface Weighing {
    /** Nothing. */
    Weighing NOTHING = (_, _) -> (_, _) -> BigDecimal.ZERO;

    /** What is known now. */
    Known read(Connection connection, TenantId tenant) throws SQLException;

    /** Of each entity. */
    @FunctionalInterface
    interface Known {
        /** −1 to 1: by how much its alerts of that time weigh more, or less. */
        BigDecimal context(EntityKey entity, Instant at);
    }
}
