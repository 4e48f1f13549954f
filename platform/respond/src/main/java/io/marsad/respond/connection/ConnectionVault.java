package io.marsad.respond.connection;

import io.marsad.connect.run.Secrets;
import io.marsad.db.vault.SecretName;
import io.marsad.db.vault.SecretValue;
import io.marsad.db.vault.Vault;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** The secrets of connections. Thread-safe. */
final class ConnectionVault {
    private static final String KIND = "connection";

    private final Vault vault;

    ConnectionVault(Vault vault) {
        this.vault = vault;
    }

    /** Names of what there is, by connection. */
    Map<UUID, Set<String>> names(Connection connection, TenantId tenant) throws SQLException {
        var names = new HashMap<UUID, Set<String>>();
        for (var kept : vault.list(connection, tenant, KIND)) {
            var name = kept.name().name();
            int slash = name.indexOf('/');
            names.computeIfAbsent(UUID.fromString(name.substring(0, slash)), _ -> new TreeSet<>())
                    .add(name.substring(slash + 1));
        }
        return names;
    }

    Secrets read(Connection connection, TenantId tenant, TenantConnection of) throws SQLException {
        return new Secrets(values(connection, tenant, of));
    }

    Map<String, String> values(Connection connection, TenantId tenant, TenantConnection of) throws SQLException {
        var values = new HashMap<String, String>();
        for (var name : of.secrets()) {
            try (var value = vault.read(connection, tenant, name(of.id(), name))) {
                if (value != null) {
                    values.put(name, value.text());
                }
            }
        }
        return values;
    }

    /** @param value empty: forgotten */
    void put(Connection connection, TenantId tenant, EventId id, String name, String value) throws SQLException {
        if (value.isBlank()) {
            vault.remove(connection, tenant, name(id, name));
            return;
        }
        try (var secret = SecretValue.of(value.strip())) {
            vault.put(connection, tenant, name(id, name), secret);
        }
    }

    void forget(Connection connection, TenantId tenant, TenantConnection of) throws SQLException {
        for (var name : of.secrets()) {
            vault.remove(connection, tenant, name(of.id(), name));
        }
    }

    private static SecretName name(EventId id, String secret) {
        return new SecretName(KIND, id.uuid() + "/" + secret);
    }
}
