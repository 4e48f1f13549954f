package io.marsad.soc.alert;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.CallerScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Alerts with an alert's signature: the same rule, about the same hosts, users, addresses and programs. In the tenant of the
 * running {@link CallerScope}. Thread-safe.
 */
public final class AlikeAlerts {
    /** The most that are listed, the newest. */
    public static final int MOST = 500;

    private final Database database;

    public AlikeAlerts(Database database) {
        this.database = database;
    }

    /**
     * The others, the newest first.
     *
     * @param signature null when the alert names nobody, was handed in by another product, or where no firings are counted
     *     together: then nobody can say which are the same
     * @param total how many there are, listed or not
     */
    public record Alike(@Nullable String signature, long total, List<Alert> alerts) {
        public Alike {
            alerts = List.copyOf(alerts);
        }
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public Alike of(EventId id) {
        return database.inCallerTenant(connection -> {
            var signature = signature(connection, id);
            if (signature == null) {
                return new Alike(null, 0, List.of());
            }
            return read(connection, id, signature);
        });
    }

    private static @Nullable String signature(Connection connection, EventId id) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT encode(fingerprint, 'hex') FROM alerts WHERE tenant_id = ? AND alert_id = ?")) {
            select.setString(1, CallerScope.tenant().value());
            select.setObject(2, id.uuid());
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw Alerts.notFound();
                }
                return rows.getString(1);
            }
        }
    }

    private static Alike read(Connection connection, EventId id, String signature) throws SQLException {
        var alerts = new ArrayList<Alert>();
        long total = 0;
        try (var select = connection.prepareStatement(
                "SELECT " + AlertRows.COLUMNS + ", count(*) OVER () AS total FROM alerts WHERE tenant_id = ?"
                        + " AND fingerprint = decode(?, 'hex') AND alert_id <> ?"
                        + " ORDER BY time DESC, alert_id DESC LIMIT " + MOST)) {
            select.setString(1, CallerScope.tenant().value());
            select.setString(2, signature);
            select.setObject(3, id.uuid());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    alerts.add(AlertRows.read(rows));
                    total = rows.getLong("total");
                }
            }
        }
        return new Alike(signature, total, alerts);
    }
}
