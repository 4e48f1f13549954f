package io.marsad.fleet;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The hosts of the caller's tenant that report. Thread-safe. */
public final class Endpoints {
    private static final String COLUMNS = "endpoint_id, kind, host_identifier, hardware_uuid, hostname, platform,"
            + " os_version, software, endpoint_group, enrolled_at, last_seen_at, last_address, revoked_at,"
            + " lost_records, lost_bytes, waiting_records, waiting_bytes, policy_version, policy_refused,"
            + " update_refused";

    private final Database database;
    private final InstantSource clock;

    public Endpoints(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Which ones.
     *
     * @param text in the host's name or identifier, case aside; empty: any
     * @param group empty: any
     * @param before those with a smaller id only, or null
     */
    public record Wanted(
            String text, String group, @Nullable UUID before, int limit) {}

    /** The newest first. */
    public List<Endpoint> list(Wanted wanted) {
        return database.inCallerTenant(connection -> {
            var found = new ArrayList<Endpoint>();
            try (var select = connection.prepareStatement("SELECT " + COLUMNS + " FROM endpoints WHERE tenant_id = ?"
                    + " AND kind <> 'relay' AND (position(lower(?) in lower(hostname)) > 0"
                    + " OR position(lower(?) in lower(host_identifier)) > 0)"
                    + " AND (? = '' OR endpoint_group = ?) AND (?::uuid IS NULL OR endpoint_id < ?::uuid)"
                    + " ORDER BY endpoint_id DESC LIMIT ?")) {
                select.setString(1, CallerScope.tenant().value());
                select.setString(2, wanted.text);
                select.setString(3, wanted.text);
                select.setString(4, wanted.group);
                select.setString(5, wanted.group);
                select.setObject(6, wanted.before);
                select.setObject(7, wanted.before);
                select.setInt(8, wanted.limit);
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        found.add(read(rows));
                    }
                }
            }
            return found;
        });
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public Endpoint find(UUID id) {
        return one("SELECT " + COLUMNS + " FROM endpoints WHERE tenant_id = ? AND endpoint_id = ?", id, null);
    }

    /** Its key is good no more, and it is not let in again. @throws io.marsad.kernel.problem.ProblemException 404 */
    public Endpoint revoke(UUID id) {
        var revoke = "UPDATE endpoints SET revoked_at = coalesce(revoked_at, now())"
                + " WHERE tenant_id = ? AND endpoint_id = ? RETURNING " + COLUMNS;
        return one(revoke, id, "endpoint.revoke");
    }

    /** Forgets it: with a good secret the host may come again, as a new one. */
    public Endpoint delete(UUID id) {
        return one(
                "DELETE FROM endpoints WHERE tenant_id = ? AND endpoint_id = ? RETURNING " + COLUMNS,
                id,
                "endpoint.delete");
    }

    private Endpoint one(String statement, UUID id, @Nullable String act) {
        return database.inCallerTenant(connection -> {
            var caller = CallerScope.current();
            try (var one = connection.prepareStatement(statement)) {
                one.setString(1, caller.tenant().value());
                one.setObject(2, id);
                try (var rows = one.executeQuery()) {
                    if (!rows.next()) {
                        throw Problem.notFound("There is no endpoint with this id.")
                                .asException();
                    }
                    var endpoint = read(rows);
                    if (act != null) {
                        var detail = AuditLog.detail(
                                connection, "host", endpoint.host().name());
                        var now = Instant.ofEpochMilli(clock.millis());
                        var entry = new AuditLog.Entry(now, caller.subject(), act, "endpoint:" + id, detail);
                        AuditLog.append(connection, caller.tenant(), entry);
                    }
                    return endpoint;
                }
            }
        });
    }

    private static Endpoint read(ResultSet row) throws SQLException {
        return new Endpoint(
                row.getObject("endpoint_id", UUID.class),
                row.getString("kind"),
                new Endpoint.Host(
                        row.getString("host_identifier"),
                        row.getString("hardware_uuid"),
                        row.getString("hostname"),
                        row.getString("platform"),
                        row.getString("os_version"),
                        row.getString("software")),
                row.getString("endpoint_group"),
                row.getTimestamp("enrolled_at").toInstant(),
                row.getTimestamp("last_seen_at").toInstant(),
                row.getString("last_address"),
                EnrollSecrets.instant(row, "revoked_at"),
                new Endpoint.Spool(
                        row.getLong("lost_records"),
                        row.getLong("lost_bytes"),
                        row.getLong("waiting_records"),
                        row.getLong("waiting_bytes")),
                new Endpoint.InForce(
                        row.getLong("policy_version"),
                        row.getString("policy_refused"),
                        row.getString("update_refused")));
    }
}
