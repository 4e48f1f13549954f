package io.marsad.respond.connection;

import io.marsad.db.vault.Vault;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Secrets by which requests of a product are known to be its: it signs with them. Thread-safe. */
public final class SharedSecrets {
    private final ConnectionVault vault;

    public SharedSecrets(Vault vault) {
        this.vault = new ConnectionVault(vault);
    }

    /**
     * One of them. Never printed.
     *
     * @param connection its name
     */
    public record Shared(String connection, String secret) {
        @Override
        public String toString() {
            return connection;
        }
    }

    /**
     * The secret of a connection that is switched on, in a transaction of the tenant.
     *
     * @param connector whose connection it has to be
     * @return null: there is none
     */
    public @Nullable Shared find(Connection sql, TenantId tenant, UUID connection, String connector, String secret)
            throws SQLException {
        for (var one : ConnectionRows.list(sql, tenant, vault.names(sql, tenant))) {
            var content = one.content();
            if (one.id().uuid().equals(connection)
                    && content.enabled()
                    && content.connector().equals(connector)) {
                var value = vault.values(sql, tenant, one).get(secret);
                return value == null || value.isEmpty() ? null : new Shared(content.name(), value);
            }
        }
        return null;
    }
}
