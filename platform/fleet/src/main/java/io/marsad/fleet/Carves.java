package io.marsad.fleet;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** Files of the caller's tenant that hosts sent. Thread-safe. */
public final class Carves {
    static final String COLUMNS = "carve_id, endpoint_id, hostname, host_carve_id, request_id, state, size, block_size,"
            + " block_count, received, sha256, started_at";

    private static final int MOST = 500;

    private final Database database;
    private final InstantSource clock;

    public Carves(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** The newest 500, newest first. */
    public List<Carve> list() {
        return database.inCallerTenant(connection -> {
            var all = new ArrayList<Carve>();
            try (var select = connection.prepareStatement(
                    "SELECT " + COLUMNS + " FROM carves WHERE tenant_id = ? ORDER BY carve_id DESC LIMIT " + MOST)) {
                select.setString(1, CallerScope.tenant().value());
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        all.add(read(rows));
                    }
                }
            }
            return all;
        });
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public Carve find(UUID id) {
        return database.inCallerTenant(connection ->
                one(connection, "SELECT " + COLUMNS + " FROM carves WHERE tenant_id = ? AND carve_id = ?", id));
    }

    /** Forgets it with all that it has. @throws io.marsad.kernel.problem.ProblemException 404 */
    public void delete(UUID id) {
        database.inCallerTenant(connection -> {
            var gone =
                    one(connection, "DELETE FROM carves WHERE tenant_id = ? AND carve_id = ? RETURNING " + COLUMNS, id);
            return audit(connection, "carve.delete", gone);
        });
    }

    /**
     * One that is complete, to be read: what is kept was compared with its SHA-256, and that it is read is in the audit log.
     *
     * @throws io.marsad.kernel.problem.ProblemException 404; 409 {@code carve-incomplete}, {@code carve-changed}
     */
    public Carve open(UUID id) {
        return database.inCallerTenant(connection -> {
            var carve = one(connection, "SELECT " + COLUMNS + " FROM carves WHERE tenant_id = ? AND carve_id = ?", id);
            if (carve.sha256() == null) {
                throw Problem.conflict("carve-incomplete", "Not all of it has come yet.")
                        .asException();
            }
            var now = HexFormat.of().formatHex(digest(connection, CallerScope.tenant(), carve));
            if (!now.equals(carve.sha256())) {
                throw Problem.conflict("carve-changed", "What is kept is not what came: its SHA-256 differs.")
                        .asException();
            }
            audit(connection, "carve.download", carve);
            return carve;
        });
    }

    /** Writes it out, a block at a time. */
    public void write(Carve carve, OutputStream out) throws IOException {
        for (int i = 0; i < carve.blockCount(); i++) {
            int block = i;
            out.write(
                    database.inCallerTenant(connection -> block(connection, CallerScope.tenant(), carve.id(), block)));
        }
    }

    /** SHA-256 of the whole as it is kept. */
    static byte[] digest(Connection connection, TenantId tenant, Carve carve) throws SQLException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (int i = 0; i < carve.blockCount(); i++) {
                digest.update(block(connection, tenant, carve.id(), i));
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    private static byte[] block(Connection connection, TenantId tenant, UUID id, int block) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT data FROM carve_blocks WHERE tenant_id = ? AND carve_id = ? AND block = ?")) {
            select.setString(1, tenant.value());
            select.setObject(2, id);
            select.setInt(3, block);
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw Problem.conflict("carve-changed", "A part of it is not there any more.")
                            .asException();
                }
                return rows.getBytes(1);
            }
        }
    }

    private static Carve one(Connection connection, String statement, UUID id) throws SQLException {
        try (var one = connection.prepareStatement(statement)) {
            one.setString(1, CallerScope.tenant().value());
            one.setObject(2, id);
            try (var rows = one.executeQuery()) {
                if (!rows.next()) {
                    throw Problem.notFound("There is no carve with this id.").asException();
                }
                return read(rows);
            }
        }
    }

    private long audit(Connection connection, String act, Carve carve) throws SQLException {
        var caller = CallerScope.current();
        var detail = AuditLog.detail(connection, "host", carve.hostname(), "sha256", carve.sha256());
        var now = Instant.ofEpochMilli(clock.millis());
        var entry = new AuditLog.Entry(now, caller.subject(), act, "carve:" + carve.id(), detail);
        return AuditLog.append(connection, caller.tenant(), entry);
    }

    static Carve read(ResultSet row) throws SQLException {
        var sha256 = row.getBytes("sha256");
        return new Carve(
                row.getObject("carve_id", UUID.class),
                row.getObject("endpoint_id", UUID.class),
                row.getString("hostname"),
                row.getString("host_carve_id"),
                row.getString("request_id"),
                row.getString("state"),
                row.getLong("size"),
                row.getInt("block_size"),
                row.getInt("block_count"),
                row.getInt("received"),
                sha256 == null ? null : HexFormat.of().formatHex(sha256),
                row.getTimestamp("started_at").toInstant());
    }
}
