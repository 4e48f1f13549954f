package io.marsad.ingest.worker;

import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Makes alerts of findings. */
@FunctionalInterface
public interface FindingSink {
    /**
     * Writes what follows from the findings, inside the transaction that also moves the worker's position: with it or
     * not at all. May be called again with the same findings when the transaction has to be run again, and after a
     * restart for none that was committed. Does not commit.
     */
    void raise(Connection connection, TenantId tenant, List<Finding> findings) throws SQLException;
}
