package io.marsad.soc.risk;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Makes cases of promoted entities, or adds to those that there are. */
@FunctionalInterface
public interface Promotions {
    /** Nobody makes cases: promotions are kept, and shown, all the same. */
    Promotions NONE = (_, _, _) -> null;

    /**
     * Takes one over, in the transaction that keeps it.
     *
     * @return the case, or null
     */
    @Nullable
    EventId take(Connection connection, TenantId tenant, Promotion promotion) throws SQLException;
}
