package io.marsad.soc.audit;

import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where the newest signed checkpoint of each tenant is kept that who administers the database cannot change. Thread-safe. */
public interface KeptNotes {
    /** The tenant's; null when none was kept. */
    @Nullable
    String read(TenantId tenant) throws IOException;

    /** Durably, in place of the one before. */
    void keep(TenantId tenant, String note) throws IOException;
}
