package io.marsad.fleet.control;

import com.google.protobuf.ByteString;
import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.fleet.relay.PackageDesk;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.proto.agent.v1.PackageBlock;
import io.marsad.wire.AgentPackage;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Packages of the agent that policies may name. They come in blocks of {@link AgentPackage#BLOCK} bytes, one after another; what a
 * package is called and its SHA-256 are read from what came, not believed. Thread-safe.
 */
public final class AgentPackages {
    private static final int MOST = 20; // of a tenant
    private static final Duration ABANDONED = Duration.ofHours(1);
    private static final String COLUMNS = "package_id, version, platform, size, received, sha256, made_by, made_at";

    private final Database database;
    private final InstantSource clock;
    private final RandomGenerator random;

    public AgentPackages(Database database, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
    }

    /** All of the tenant, the newest first. */
    public List<KeptPackage> list() {
        return database.inCallerTenant(connection -> {
            try (var select =
                    connection.prepareStatement(select("WHERE tenant_id = ? ORDER BY made_at DESC, package_id"))) {
                select.setString(1, CallerScope.tenant().value());
                return read(select);
            }
        });
    }

    /**
     * Announces one.
     *
     * @throws ProblemException 413 when it is too large; 409 {@code too-many-agent-packages}
     */
    public KeptPackage begin(long size) {
        if (size > AgentPackage.MOST_BYTES) {
            throw Problem.tooLarge("A package of the agent has at most 256 MiB.")
                    .asException();
        }
        if (size < 1) {
            throw unsound("The size of the package is missing.");
        }
        var caller = CallerScope.current();
        var now = Instant.ofEpochMilli(clock.millis());
        var id = EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong())
                .uuid();
        return database.inCallerTenant(connection -> {
            makeRoom(connection, caller.tenant(), now);
            try (var insert = connection.prepareStatement(
                    "INSERT INTO agent_packages (tenant_id, package_id, size, made_by, made_at) VALUES (?, ?, ?, ?, ?)")) {
                insert.setString(1, caller.tenant().value());
                insert.setObject(2, id);
                insert.setLong(3, size);
                insert.setString(4, caller.subject());
                insert.setTimestamp(5, Timestamp.from(now));
                insert.executeUpdate();
            }
            return one(connection, id, "");
        });
    }

    /** What was begun and not ended gives its room back. */
    private static void makeRoom(Connection connection, TenantId tenant, Instant now) throws SQLException {
        try (var lock =
                connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtext('agent-packages'), hashtext(?))")) {
            lock.setString(1, tenant.value());
            lock.execute();
        }
        try (var delete = connection.prepareStatement(
                "DELETE FROM agent_packages WHERE tenant_id = ? AND sha256 IS NULL AND made_at < ?")) {
            delete.setString(1, tenant.value());
            delete.setTimestamp(2, Timestamp.from(now.minus(ABANDONED)));
            delete.executeUpdate();
        }
        try (var count = connection.prepareStatement("SELECT count(*) FROM agent_packages WHERE tenant_id = ?")) {
            count.setString(1, tenant.value());
            try (var rows = count.executeQuery()) {
                if (rows.next() && rows.getInt(1) >= MOST) {
                    throw Problem.conflict(
                                    "too-many-agent-packages",
                                    "A tenant keeps " + MOST + " packages: delete one first.")
                            .asException();
                }
            }
        }
    }

    /**
     * The next block; the same once more is taken as sent. With the last one the package is complete.
     *
     * @throws ProblemException 404; 400 {@code invalid-agent-package} when it is no package, or the block is not the next; 409
     *     {@code agent-package-exists} when there is another of its version and platform
     */
    public KeptPackage block(UUID id, int block, byte[] data) {
        return database.inCallerTenant(connection -> {
            var kept = one(connection, id, " FOR UPDATE");
            if (block >= 0 && block < kept.received()) {
                return kept;
            }
            long wanted = Math.min(AgentPackage.BLOCK, kept.size() - (long) block * AgentPackage.BLOCK);
            if (block != kept.received() || data.length != wanted) {
                throw unsound("Block " + kept.received() + " is next; each has " + AgentPackage.BLOCK
                        + " bytes, and the last one the rest.");
            }
            insert(connection, id, block, data);
            if (block == 0) {
                name(connection, id, data);
            }
            boolean last = (long) block * AgentPackage.BLOCK + data.length == kept.size();
            advance(connection, id, block + 1, last ? digest(connection, id, block + 1) : null);
            var now = one(connection, id, "");
            if (last) {
                requireOnly(connection, now);
                audit(connection, "agent-package.create", now);
            }
            return now;
        });
    }

    private static ProblemException unsound(String why) {
        return Problem.badRequest("invalid-agent-package", why).asException();
    }

    private static void name(Connection connection, UUID id, byte[] start) throws SQLException {
        try {
            var name = PackageName.of(start);
            var sound = new AgentPackage(name.version(), name.platform(), "0".repeat(64), 1);
            try (var update = connection.prepareStatement(
                    "UPDATE agent_packages SET version = ?, platform = ? WHERE tenant_id = ? AND package_id = ?")) {
                update.setString(1, sound.version());
                update.setString(2, sound.platform());
                update.setString(3, CallerScope.tenant().value());
                update.setObject(4, id);
                update.executeUpdate();
            }
        } catch (IOException | IllegalArgumentException e) {
            throw unsound("This is no package of the agent: " + e.getMessage() + ". ./marsad agent package makes one.");
        }
    }

    private static void insert(Connection connection, UUID id, int block, byte[] data) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO agent_package_blocks VALUES (?, ?, ?, ?)")) {
            insert.setString(1, CallerScope.tenant().value());
            insert.setObject(2, id);
            insert.setInt(3, block);
            insert.setBytes(4, data);
            insert.executeUpdate();
        }
    }

    private static void advance(Connection connection, UUID id, int received, byte @Nullable [] sha256)
            throws SQLException {
        try (var update = connection.prepareStatement(
                "UPDATE agent_packages SET received = ? WHERE tenant_id = ? AND package_id = ?")) {
            update.setInt(1, received);
            update.setString(2, CallerScope.tenant().value());
            update.setObject(3, id);
            update.executeUpdate();
        }
        if (sha256 == null) {
            return;
        }
        try (var update = connection.prepareStatement(
                "UPDATE agent_packages SET sha256 = ? WHERE tenant_id = ? AND package_id = ? AND NOT EXISTS (SELECT 1 FROM"
                        + " agent_packages p WHERE p.tenant_id = ? AND p.sha256 IS NOT NULL AND (p.sha256 = ? OR (p.version,"
                        + " p.platform) = (agent_packages.version, agent_packages.platform)))")) {
            update.setBytes(1, sha256);
            update.setString(2, CallerScope.tenant().value());
            update.setObject(3, id);
            update.setString(4, CallerScope.tenant().value());
            update.setBytes(5, sha256);
            update.executeUpdate();
        }
    }

    private static void requireOnly(Connection connection, KeptPackage made) {
        if (made.sha256() == null) {
            throw Problem.conflict(
                            "agent-package-exists",
                            "There is a package of version " + made.version() + " for " + made.platform()
                                    + " already: a version is one package.")
                    .asException();
        }
    }

    private static byte[] digest(Connection connection, UUID id, int blocks) throws SQLException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (int i = 0; i < blocks; i++) {
                var block = bytes(connection, CallerScope.tenant(), id, i);
                if (block == null) {
                    throw new SQLException("block " + i + " of package " + id + " is not there");
                }
                digest.update(block);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    private static byte @Nullable [] bytes(Connection connection, TenantId tenant, UUID id, int block)
            throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT data FROM agent_package_blocks WHERE tenant_id = ? AND package_id = ? AND block = ?")) {
            select.setString(1, tenant.value());
            select.setObject(2, id);
            select.setInt(3, block);
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getBytes(1) : null;
            }
        }
    }

    /** Forgets it. @throws ProblemException 404; 409 {@code agent-package-used} when the newest policy of a group names it */
    public void delete(UUID id) {
        database.inCallerTenant(connection -> {
            var gone = one(connection, id, " FOR UPDATE");
            if (!gone.groups().isEmpty()) {
                throw Problem.conflict(
                                "agent-package-used",
                                "The policy of " + String.join(", ", gone.groups())
                                        + " names it: give these groups another one first.")
                        .asException();
            }
            try (var delete =
                    connection.prepareStatement("DELETE FROM agent_packages WHERE tenant_id = ? AND package_id = ?")) {
                delete.setString(1, CallerScope.tenant().value());
                delete.setObject(2, id);
                delete.executeUpdate();
            }
            return audit(connection, "agent-package.delete", gone);
        });
    }

    /** Those that are named by their SHA-256. In a transaction of the tenant. @return as many as there are */
    static List<AgentPackage> named(Connection connection, TenantId tenant, List<String> hashes) throws SQLException {
        var found = new ArrayList<AgentPackage>();
        try (var select = connection.prepareStatement("SELECT version, platform, encode(sha256, 'hex'), size FROM"
                + " agent_packages WHERE tenant_id = ? AND encode(sha256, 'hex') = ANY (?) ORDER BY platform")) {
            select.setString(1, tenant.value());
            select.setArray(2, connection.createArrayOf("text", hashes.toArray()));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(
                            new AgentPackage(rows.getString(1), rows.getString(2), rows.getString(3), rows.getLong(4)));
                }
            }
        }
        return found;
    }

    /** Gives those of one tenant out. */
    public PackageDesk desk(TenantId tenant) {
        return (sha256, offset) -> {
            var block = database.<@Nullable PackageBlock>inTenant(tenant, connection -> {
                try (var select = connection.prepareStatement("SELECT package_id, size FROM agent_packages WHERE"
                        + " tenant_id = ? AND encode(sha256, 'hex') = ?")) {
                    select.setString(1, tenant.value());
                    select.setString(2, sha256);
                    try (var rows = select.executeQuery()) {
                        var data = rows.next() && offset >= 0 && offset < rows.getLong(2)
                                ? bytes(connection, tenant, rows.getObject(1, UUID.class), (int)
                                        (offset / AgentPackage.BLOCK))
                                : null;
                        return data == null
                                ? null
                                : PackageBlock.newBuilder()
                                        .setData(ByteString.copyFrom(data))
                                        .setSize(rows.getLong(2))
                                        .build();
                    }
                }
            });
            if (block == null) {
                throw new IOException("there is no such package, or nothing of it there");
            }
            return block;
        };
    }

    private long audit(Connection connection, String act, KeptPackage what) throws SQLException {
        var caller = CallerScope.current();
        var detail = AuditLog.detail(
                connection, "version", what.version(), "platform", what.platform(), "sha256", what.sha256());
        var now = Instant.ofEpochMilli(clock.millis());
        var entry = new AuditLog.Entry(now, caller.subject(), act, "agent-package:" + what.id(), detail);
        return AuditLog.append(connection, caller.tenant(), entry);
    }

    private static KeptPackage one(Connection connection, UUID id, String how) throws SQLException {
        try (var select = connection.prepareStatement(select("WHERE tenant_id = ? AND package_id = ?" + how))) {
            select.setString(1, CallerScope.tenant().value());
            select.setObject(2, id);
            return read(select).stream()
                    .findFirst()
                    .orElseThrow(() -> Problem.notFound("There is no agent package with this id.")
                            .asException());
        }
    }

    /** With the groups whose newest policy names it. */
    private static String select(String rest) {
        return "SELECT " + COLUMNS + ", ARRAY(SELECT p.endpoint_group FROM agent_policies p WHERE p.tenant_id ="
                + " agent_packages.tenant_id AND position(encode(agent_packages.sha256, 'hex') IN p.agent) > 0 AND p.version ="
                + " (SELECT max(n.version) FROM agent_policies n WHERE n.tenant_id = p.tenant_id AND n.endpoint_group ="
                + " p.endpoint_group) ORDER BY 1) FROM agent_packages " + rest;
    }

    private static List<KeptPackage> read(PreparedStatement select) throws SQLException {
        var all = new ArrayList<KeptPackage>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                var sha256 = rows.getBytes(6);
                all.add(new KeptPackage(
                        rows.getObject(1, UUID.class),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getLong(4),
                        rows.getInt(5),
                        sha256 == null ? null : HexFormat.of().formatHex(sha256),
                        rows.getString(7),
                        rows.getTimestamp(8).toInstant(),
                        List.of((String[]) rows.getArray(9).getArray())));
            }
        }
        return all;
    }
}
