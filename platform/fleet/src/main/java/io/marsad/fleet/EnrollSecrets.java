package io.marsad.fleet;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.fleet.EnrollSecret.Purpose;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What lets hosts of the caller's tenant in. Thread-safe. */
public final class EnrollSecrets {
    private static final int MOST = 1_000;
    private static final String COLUMNS =
            "secret_id, name, purpose, endpoint_group, one_time, expires_at, revoked_at, uses,"
                    + " last_used_at, last_used_host, created_at";

    private final Database database;
    private final InstantSource clock;
    private final SecureRandom random;

    public EnrollSecrets(Database database, InstantSource clock, SecureRandom random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
    }

    /**
     * A new one.
     *
     * @param secret the whole text for the host; known here and now only
     */
    public record Created(EnrollSecret about, String secret) {
        @Override
        public String toString() {
            return about.toString();
        }
    }

    /** All, newest first; those that let nobody in any more too. */
    public List<EnrollSecret> list() {
        return database.inCallerTenant(connection -> {
            var all = new ArrayList<EnrollSecret>();
            try (var select = connection.prepareStatement("SELECT " + COLUMNS
                    + " FROM enroll_secrets WHERE tenant_id = ? ORDER BY created_at DESC, secret_id DESC")) {
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

    /**
     * Which one is wanted.
     *
     * @param group of the hosts that come by it
     * @param oneTime good for one host
     */
    public record Wanted(
            String name,
            Purpose purpose,
            String group,
            boolean oneTime,
            @Nullable Instant expiresAt) {}

    /**
     * Makes one.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-enroll-secret}; 409 {@code too-many-enroll-secrets}
     */
    public Created create(Wanted wanted) {
        var caller = CallerScope.current();
        var now = Instant.ofEpochMilli(clock.millis());
        requireSound(wanted.name, "name");
        requireSound(wanted.group, "group");
        var expiresAt = wanted.expiresAt;
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            throw Problem.badRequest("invalid-enroll-secret", "An enroll secret expires in the future.")
                    .asException();
        }
        var id = EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong())
                .uuid();
        var key = FleetKey.create(caller.tenant(), id, random);
        var made = new EnrollSecret(
                id,
                wanted.name.strip(),
                wanted.purpose,
                wanted.group.strip(),
                wanted.oneTime,
                expiresAt,
                null,
                0,
                null,
                null,
                now);
        database.inCallerTenant(connection -> {
            requireRoom(connection);
            try (var insert = connection.prepareStatement("INSERT INTO enroll_secrets (tenant_id, secret_id, name,"
                    + " secret_hash, endpoint_group, one_time, expires_at, created_by, created_at, purpose)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
                insert.setString(1, caller.tenant().value());
                insert.setObject(2, id);
                insert.setString(3, made.name());
                insert.setBytes(4, key.hash());
                insert.setString(5, made.group());
                insert.setBoolean(6, wanted.oneTime);
                insert.setTimestamp(7, expiresAt == null ? null : Timestamp.from(expiresAt));
                insert.setString(8, caller.subject());
                insert.setTimestamp(9, Timestamp.from(now));
                insert.setString(10, wanted.purpose.word());
                insert.executeUpdate();
            }
            return audit(connection, now, "enroll-secret.create", made);
        });
        return new Created(made, key.text(FleetKey.ENROLL));
    }

    /** Lets nobody in by it any more; who came by it stays. @throws io.marsad.kernel.problem.ProblemException 404 */
    public void revoke(UUID id) {
        var now = Instant.ofEpochMilli(clock.millis());
        database.inCallerTenant(connection -> {
            try (var update = connection.prepareStatement("UPDATE enroll_secrets SET revoked_at = ?"
                    + " WHERE tenant_id = ? AND secret_id = ? AND revoked_at IS NULL RETURNING " + COLUMNS)) {
                update.setTimestamp(1, Timestamp.from(now));
                update.setString(2, CallerScope.tenant().value());
                update.setObject(3, id);
                try (var rows = update.executeQuery()) {
                    if (!rows.next()) {
                        throw Problem.notFound("There is no enroll secret with this id that is not revoked.")
                                .asException();
                    }
                    return audit(connection, now, "enroll-secret.revoke", read(rows));
                }
            }
        });
    }

    private static void requireSound(String text, String what) {
        if (text.isBlank() || text.strip().length() > 100 || text.chars().anyMatch(Character::isISOControl)) {
            throw Problem.badRequest(
                            "invalid-enroll-secret",
                            "An enroll secret's " + what + " has 1 to 100 printable characters.")
                    .asException();
        }
    }

    private static void requireRoom(Connection connection) throws SQLException {
        try (var count = connection.prepareStatement(
                "SELECT count(*) FROM enroll_secrets WHERE tenant_id = ? AND revoked_at IS NULL")) {
            count.setString(1, CallerScope.tenant().value());
            try (var rows = count.executeQuery()) {
                if (rows.next() && rows.getLong(1) >= MOST) {
                    throw Problem.conflict(
                                    "too-many-enroll-secrets", "A tenant has at most " + MOST + " enroll secrets.")
                            .asException();
                }
            }
        }
    }

    private static long audit(Connection connection, Instant now, String action, EnrollSecret about)
            throws SQLException {
        var caller = CallerScope.current();
        var detail = AuditLog.detail(
                connection,
                "name",
                about.name(),
                "group",
                about.group(),
                "purpose",
                about.purpose().word());
        var entry = new AuditLog.Entry(now, caller.subject(), action, "enroll-secret:" + about.id(), detail);
        return AuditLog.append(connection, caller.tenant(), entry);
    }

    /** The one of this key, locked until the transaction ends; null when the key is none. */
    static @Nullable EnrollSecret lock(Connection connection, FleetKey key) throws SQLException {
        try (var select = connection.prepareStatement("SELECT secret_hash, " + COLUMNS
                + " FROM enroll_secrets WHERE tenant_id = ? AND secret_id = ? FOR UPDATE")) {
            select.setString(1, key.tenant().value());
            select.setObject(2, key.id());
            try (var rows = select.executeQuery()) {
                return rows.next() && key.hashesTo(rows.getBytes("secret_hash")) ? read(rows) : null;
            }
        }
    }

    private static EnrollSecret read(ResultSet row) throws SQLException {
        return new EnrollSecret(
                row.getObject("secret_id", UUID.class),
                row.getString("name"),
                Purpose.of(row.getString("purpose")),
                row.getString("endpoint_group"),
                row.getBoolean("one_time"),
                instant(row, "expires_at"),
                instant(row, "revoked_at"),
                row.getLong("uses"),
                instant(row, "last_used_at"),
                row.getString("last_used_host"),
                row.getTimestamp("created_at").toInstant());
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
