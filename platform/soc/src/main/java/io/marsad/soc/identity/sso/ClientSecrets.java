package io.marsad.soc.identity.sso;

import io.marsad.db.vault.SecretName;
import io.marsad.db.vault.SecretValue;
import io.marsad.db.vault.Vault;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What providers know us by, in the vault. Thread-safe. */
final class ClientSecrets {
    private static final String KIND = "oidc.client_secret";

    private final Vault vault;

    ClientSecrets(Vault vault) {
        this.vault = vault;
    }

    /** Keeps it in the place of the one before; null forgets that. */
    void set(Connection connection, TenantId tenant, UUID provider, @Nullable String secret) throws SQLException {
        var name = name(provider);
        if (secret == null) {
            vault.remove(connection, tenant, name);
            return;
        }
        try (var value = SecretValue.of(secret)) {
            vault.put(connection, tenant, name, value);
        }
    }

    /** Null when there is none. */
    @Nullable
    String read(Connection connection, TenantId tenant, UUID provider) throws SQLException {
        try (var value = vault.read(connection, tenant, name(provider))) {
            return value == null ? null : value.text();
        }
    }

    private static SecretName name(UUID provider) {
        return new SecretName(KIND, provider.toString());
    }
}
