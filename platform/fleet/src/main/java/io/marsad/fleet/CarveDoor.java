package io.marsad.fleet;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.fleet.Enrollment.Node;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.TenantId;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes files that hosts send in blocks, one after another. A block that is sent again is taken as sent; one out of turn is
 * refused. Thread-safe.
 */
public final class CarveDoor {
    /** The longest archive, bytes. */
    public static final long MOST_BYTES = 256L << 20;
    /** The longest block, bytes. */
    public static final int MOST_BLOCK = 8 << 20;

    private static final String SESSION = "msc_";
    private static final String ACTOR = "system:osquery";
    private static final long MOST_OF_TENANT = 4L << 30;
    private static final int MOST_OPEN_OF_HOST = 5;
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Database database;
    private final InstantSource clock;
    private final SecureRandom random;

    public CarveDoor(Database database, InstantSource clock, SecureRandom random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
    }

    /**
     * A host begins.
     *
     * @return the session, which the host shows with each block
     * @throws ProblemException 400 {@code invalid-carve}; 413 when it is too long; 409 {@code too-many-carves}
     */
    public String begin(Node host, Carve.Announced what) {
        requireSound(what);
        var now = Instant.ofEpochMilli(clock.millis());
        var key = FleetKey.create(host.tenant(), newId(now), random);
        return database.inTenant(host.tenant(), connection -> {
            insert(connection, host, what, key, now);
            return key.text(SESSION);
        });
    }

    /**
     * A host that is known by its certificate begins, or goes on with what it has begun.
     *
     * @throws ProblemException as {@link #begin}
     */
    public Carve resume(Node host, Carve.Announced what) {
        requireSound(what);
        var now = Instant.ofEpochMilli(clock.millis());
        var key = FleetKey.create(host.tenant(), newId(now), random); // nobody is given it
        return database.inTenant(host.tenant(), connection -> {
            var known = find(connection, host, what);
            if (known == null) {
                insert(connection, host, what, key, now);
                known = find(connection, host, what);
            }
            if (known == null) {
                throw new IllegalStateException("a carve that was just begun is not there");
            }
            return known;
        });
    }

    private static @Nullable Carve find(Connection connection, Node host, Carve.Announced what) throws SQLException {
        try (var select = connection.prepareStatement("SELECT " + Carves.COLUMNS + " FROM carves WHERE tenant_id = ?"
                + " AND endpoint_id = ? AND host_carve_id = ? AND size = ? AND block_size = ?")) {
            select.setString(1, host.tenant().value());
            select.setObject(2, host.id());
            select.setString(3, what.hostCarveId());
            select.setLong(4, what.size());
            select.setInt(5, (int) what.blockSize());
            try (var rows = select.executeQuery()) {
                return rows.next() ? Carves.read(rows) : null;
            }
        }
    }

    private UUID newId(Instant now) {
        return EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong())
                .uuid();
    }

    private static void requireSound(Carve.Announced what) {
        if (what.size() > MOST_BYTES || what.blockSize() > MOST_BLOCK) {
            throw Problem.tooLarge("A carve has at most 256 MiB, and its blocks 8 MiB each.")
                    .asException();
        }
        if (what.size() < 1
                || what.blockSize() < 1
                || what.blockCount() != Math.ceilDiv(what.size(), what.blockSize())) {
            throw Problem.badRequest("invalid-carve", "block_count, block_size and carve_size do not fit each other.")
                    .asException();
        }
    }

    private static void insert(Connection connection, Node host, Carve.Announced what, FleetKey key, Instant now)
            throws SQLException {
        makeRoom(connection, host, what.size(), now);
        try (var insert = connection.prepareStatement("INSERT INTO carves (tenant_id, carve_id, endpoint_id, hostname,"
                + " host_carve_id, request_id, secret_hash, state, size, block_size, block_count, started_at,"
                + " last_block_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'receiving', ?, ?, ?, ?, ?)")) {
            insert.setString(1, host.tenant().value());
            insert.setObject(2, key.id());
            insert.setObject(3, host.id());
            insert.setString(4, host.hostname());
            insert.setString(5, what.hostCarveId());
            insert.setString(6, what.requestId());
            insert.setBytes(7, key.hash());
            insert.setLong(8, what.size());
            insert.setInt(9, (int) what.blockSize());
            insert.setInt(10, (int) what.blockCount());
            insert.setTimestamp(11, Timestamp.from(now));
            insert.setTimestamp(12, Timestamp.from(now));
            insert.executeUpdate();
        }
        var detail = AuditLog.detail(
                connection, "host", host.hostname(), "bytes", Long.toString(what.size()), "query", what.requestId());
        AuditLog.append(
                connection, host.tenant(), new AuditLog.Entry(now, ACTOR, "carve.begin", "carve:" + key.id(), detail));
    }

    /** What was begun and not continued gives its room back. */
    private static void makeRoom(Connection connection, Node host, long size, Instant now) throws SQLException {
        try (var lock = connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtext('carves'), hashtext(?))")) {
            lock.setString(1, host.tenant().value());
            lock.executeQuery().close();
        }
        try (var delete = connection.prepareStatement(
                "DELETE FROM carves WHERE tenant_id = ? AND state = 'receiving' AND last_block_at < ?")) {
            delete.setString(1, host.tenant().value());
            delete.setTimestamp(2, Timestamp.from(now.minus(ABANDONED)));
            delete.executeUpdate();
        }
        try (var sum = connection.prepareStatement("SELECT coalesce(sum(size), 0)::bigint, count(*) FILTER (WHERE"
                + " endpoint_id = ? AND state = 'receiving') FROM carves WHERE tenant_id = ?")) {
            sum.setObject(1, host.id());
            sum.setString(2, host.tenant().value());
            try (var rows = sum.executeQuery()) {
                rows.next();
                if (rows.getLong(1) + size > MOST_OF_TENANT || rows.getInt(2) >= MOST_OPEN_OF_HOST) {
                    throw Problem.conflict(
                                    "too-many-carves",
                                    "A tenant keeps 4 GiB of carves, and a host sends five at once: delete some first.")
                            .asException();
                }
            }
        }
    }

    /** Of whom a session is said to be; null when it is none. */
    public static @Nullable TenantId tenantOf(String session) {
        var key = FleetKey.parse(SESSION, session);
        return key == null ? null : key.tenant();
    }

    /**
     * Takes a block; with the last one the whole gets its SHA-256.
     *
     * @throws ProblemException 404 for a session that is none, or has ended; 400 {@code invalid-carve-block} for a block that is
     *     out of turn or has another length than announced
     */
    public void block(String session, long block, byte[] data) {
        var key = FleetKey.parse(SESSION, session);
        if (key == null) {
            throw unknown();
        }
        take(new Sent(key.tenant(), key.id(), block, data, null), "secret_hash", key.hash());
    }

    /**
     * As {@link #block(String, long, byte[])}, of a host that is known by its certificate and has said what the whole is.
     *
     * @param sha256 of the whole, in hexadecimal digits
     * @return how many are here
     */
    public int block(Node host, UUID carve, long block, byte[] data, String sha256) {
        return take(new Sent(host.tenant(), carve, block, data, sha256), "endpoint_id", host.id());
    }

    /** @param data not copied @param sha256 of the whole; null: nobody has said */
    private record Sent(
            TenantId tenant,
            UUID carve,
            long block,
            byte[] data,
            @Nullable String sha256) {}

    /** @param column that shows who sends it, and what is in it */
    private int take(Sent sent, String column, Object shown) {
        var now = Instant.ofEpochMilli(clock.millis());
        return database.inTenant(sent.tenant, connection -> {
            var carve = lock(connection, sent, column, shown);
            if (sent.block >= 0 && sent.block < carve.received()) {
                return carve.received(); // sent again: the answer was lost
            }
            if (!carve.state().equals("receiving")) {
                throw unknown();
            }
            boolean last = sent.block == carve.blockCount() - 1;
            long wanted = last ? carve.size() - sent.block * carve.blockSize() : carve.blockSize();
            if (sent.block != carve.received() || sent.data.length != wanted) {
                throw Problem.badRequest(
                                "invalid-carve-block",
                                "Block " + carve.received() + " is next, and has the length that was announced.")
                        .asException();
            }
            insert(connection, sent);
            var whole = last ? Carves.digest(connection, sent.tenant, carve) : null;
            if (whole != null
                    && sent.sha256 != null
                    && !HexFormat.of().formatHex(whole).equals(sent.sha256)) {
                throw Problem.badRequest("invalid-carve", "The whole is not what was announced.")
                        .asException();
            }
            advance(connection, sent, carve, whole, now);
            return carve.received() + 1;
        });
    }

    private static Carve lock(Connection connection, Sent sent, String column, Object shown) throws SQLException {
        try (var select = connection.prepareStatement("SELECT " + Carves.COLUMNS
                + " FROM carves WHERE tenant_id = ? AND carve_id = ? AND " + column + " = ? FOR UPDATE")) {
            select.setString(1, sent.tenant.value());
            select.setObject(2, sent.carve);
            select.setObject(3, shown);
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw unknown();
                }
                return Carves.read(rows);
            }
        }
    }

    private static void insert(Connection connection, Sent sent) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO carve_blocks VALUES (?, ?, ?, ?)")) {
            insert.setString(1, sent.tenant.value());
            insert.setObject(2, sent.carve);
            insert.setInt(3, (int) sent.block);
            insert.setBytes(4, sent.data);
            insert.executeUpdate();
        }
    }

    private static void advance(Connection connection, Sent sent, Carve carve, byte @Nullable [] sha256, Instant now)
            throws SQLException {
        try (var update = connection.prepareStatement("UPDATE carves SET received = received + 1, last_block_at = ?,"
                + " sha256 = ?, state = ? WHERE tenant_id = ? AND carve_id = ?")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setBytes(2, sha256);
            update.setString(3, sha256 == null ? "receiving" : "complete");
            update.setString(4, sent.tenant.value());
            update.setObject(5, sent.carve);
            update.executeUpdate();
        }
        if (sha256 != null) {
            var detail = AuditLog.detail(
                    connection,
                    "host",
                    carve.hostname(),
                    "sha256",
                    HexFormat.of().formatHex(sha256));
            var object = "carve:" + carve.id();
            AuditLog.append(connection, sent.tenant, new AuditLog.Entry(now, ACTOR, "carve.complete", object, detail));
        }
    }

    private static ProblemException unknown() {
        return Problem.notFound("There is no carve under way in this session.").asException();
    }
}
