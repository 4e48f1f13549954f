package io.marsad.server.node;

import io.marsad.db.audit.AuditCheck;
import io.marsad.db.audit.AuditCheck.Verification;
import io.marsad.db.embedded.EmbeddedPostgres;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.server.config.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks the audit logs in the database itself, whether the platform runs or not: what a platform answers about itself is
 * not asked. With an embedded database that is stopped, it is started for the while.
 */
public final class AuditVerification {
    private AuditVerification() {}

    /** By tenant, in the order of their ids. */
    public static Map<TenantId, Verification> run(Config config, Path postgres) throws IOException {
        try (var parts = new Parts()) {
            var external = config.database();
            if (external != null) {
                return check(config, DriverManager.getConnection(external.url(), external.user(), external.password()));
            }
            var folder = config.data().resolve("postgres");
            var running = EmbeddedPostgres.administer(folder);
            if (running == null) {
                parts.add(DataLock.take(config.data()));
                parts.add(Storage.database(config, postgres, new SecureRandom(), parts));
                running = EmbeddedPostgres.administer(folder);
            }
            if (running == null) {
                throw new IOException("the database in " + folder + " does not take connections");
            }
            return check(config, running);
        } catch (SQLException e) {
            throw new IOException("the audit logs cannot be read: " + e.getMessage(), e);
        }
    }

    private static Map<TenantId, Verification> check(Config config, Connection opened)
            throws IOException, SQLException {
        var files = AuditFiles.in(config.data());
        try (var connection = opened;
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET search_path = marsad");
            statement.execute("SET default_transaction_read_only = on");
            var checked = new LinkedHashMap<TenantId, Verification>();
            for (var tenant : tenants(connection)) {
                scope(connection, tenant.value(), "tenant");
                checked.put(tenant, AuditCheck.verify(connection, tenant, files.seal(), files.read(tenant)));
                connection.commit();
            }
            return checked;
        }
    }

    private static List<TenantId> tenants(Connection connection) throws SQLException {
        scope(connection, "", "installation");
        var tenants = new ArrayList<TenantId>();
        try (var select = connection.prepareStatement("SELECT tenant_id FROM tenants ORDER BY tenant_id");
                var rows = select.executeQuery()) {
            while (rows.next()) {
                tenants.add(new TenantId(rows.getString(1)));
            }
        }
        connection.commit();
        return tenants;
    }

    private static void scope(Connection connection, String tenant, String scope) throws SQLException {
        try (var settings = connection.prepareStatement(
                "SELECT set_config('marsad.tenant', ?, true), set_config('marsad.scope', ?, true)")) {
            settings.setString(1, tenant);
            settings.setString(2, scope);
            settings.executeQuery().close();
        }
    }
}
