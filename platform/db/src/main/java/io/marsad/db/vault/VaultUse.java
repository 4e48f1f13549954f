package io.marsad.db.vault;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Which data keys there are over all tenants, and how many secrets each encrypts. */
final class VaultUse {
    private VaultUse() {}

    record DataKeyUse(TenantId tenant, int id, String master, boolean inUse, Instant made, long secrets) {
        /** Whether it is to be replaced when data keys have to be from then or later. */
        boolean leaves(Instant from) {
            return !inUse || made.isBefore(from);
        }
    }

    /** One question however many tenants there are. */
    static List<DataKeyUse> of(Database database) {
        return database.inInstallation(connection -> {
            var all = new ArrayList<DataKeyUse>();
            try (var select = connection.prepareStatement(
                            "SELECT tenant, data_key, master, used, made, secrets FROM vault_usage()");
                    var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(new DataKeyUse(
                            new TenantId(rows.getString(1)),
                            rows.getInt(2),
                            rows.getString(3),
                            rows.getBoolean(4),
                            rows.getTimestamp(5).toInstant(),
                            rows.getLong(6)));
                }
            }
            return all;
        });
    }
}
