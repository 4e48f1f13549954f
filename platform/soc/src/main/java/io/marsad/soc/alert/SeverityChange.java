package io.marsad.soc.alert;

import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.live.LiveFeed;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An alert is more or less severe than its rule says, or is so no longer, by what is known of those whom it names.
 *
 * @param rule what the rule says
 * @param why for the history
 */
public record SeverityChange(EventId alert, Severity from, Severity to, Severity rule, String why) {
    private static final String ACTOR = "system:context";

    /**
     * Writes them, with history, in the tenant's transaction; alerts are locked in the order of their ids, and audit log and live
     * feed are left for {@link #tell}.
     *
     * @return the alerts as they are now
     */
    public static List<Alert> write(Connection connection, TenantId tenant, Instant now, List<SeverityChange> changes)
            throws SQLException {
        var sorted = new ArrayList<>(changes);
        sorted.sort(Comparator.comparing(change -> change.alert().toString()));
        var changed = new ArrayList<Alert>();
        for (var change : sorted) {
            var alert = change.update(connection, tenant, now);
            if (alert != null) {
                changed.add(alert);
                change.history(connection, tenant, alert, now);
            }
        }
        AlertFollowers.severer(connection, tenant, now, sorted);
        return changed;
    }

    /** Tells the audit log and then the live feed; the last thing that a transaction does. */
    public static void tell(
            Connection connection, TenantId tenant, Instant now, List<SeverityChange> changes, List<Alert> changed)
            throws SQLException {
        for (var change : changes) {
            var detail = AuditLog.detail(
                    connection,
                    "from",
                    change.from.word(),
                    "to",
                    change.to.word(),
                    "rule",
                    change.rule.word(),
                    "why",
                    change.why);
            var entry = new AuditLog.Entry(now, ACTOR, "alert.severity", "alert:" + change.alert, detail);
            AuditLog.append(connection, tenant, entry);
        }
        if (!changed.isEmpty()) {
            var news = changed.stream()
                    .map(alert -> new LiveFeed.News("alert.updated", AlertJson.text(alert)))
                    .toList();
            LiveFeed.append(connection, tenant, now, news);
        }
    }

    private @Nullable Alert update(Connection connection, TenantId tenant, Instant now) throws SQLException {
        try (var update =
                connection.prepareStatement("UPDATE alerts SET severity = ?, rule_severity = ?, updated_at = ?,"
                        + " version = version + 1 WHERE tenant_id = ? AND alert_id = ? RETURNING "
                        + AlertRows.COLUMNS)) {
            update.setInt(1, to.rank());
            update.setObject(2, to == rule ? null : rule.rank(), java.sql.Types.SMALLINT);
            update.setTimestamp(3, Timestamp.from(now));
            update.setString(4, tenant.value());
            update.setObject(5, alert.uuid());
            try (var rows = update.executeQuery()) {
                return rows.next() ? AlertRows.read(rows) : null;
            }
        }
    }

    private void history(Connection connection, TenantId tenant, Alert changed, Instant now) throws SQLException {
        try (var insert = connection.prepareStatement(
                "INSERT INTO alert_history (tenant_id, alert_id, version, firings, at, actor, action, detail)"
                        + " VALUES (?, ?, ?, ?, ?, ?, 'severity', ?)")) {
            insert.setString(1, tenant.value());
            insert.setObject(2, alert.uuid());
            insert.setInt(3, changed.version());
            insert.setLong(4, changed.count());
            insert.setTimestamp(5, Timestamp.from(now));
            insert.setString(6, ACTOR);
            insert.setString(7, from.word() + " to " + to.word() + ": " + why);
            insert.executeUpdate();
        }
    }
}
