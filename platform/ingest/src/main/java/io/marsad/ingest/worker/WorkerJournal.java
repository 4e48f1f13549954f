package io.marsad.ingest.worker;

import io.marsad.db.Database;
import io.marsad.db.DatabaseException;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the workers keep in PostgreSQL: positions, snapshots, and with each step of a position all that follows from it.
 * Thread-safe.
 */
public final class WorkerJournal {
    /** Senders name their sources: those of a tenant beyond so many are counted as one for each format. */
    static final int MOST_SOURCES = 500;

    static final String OTHER_SOURCES = "(other sources)";

    private static final Logger LOG = LoggerFactory.getLogger(WorkerJournal.class);
    private static final int PART = 4 << 20;

    private static final String COUNT = """
            INSERT INTO source_counters AS c (tenant_id, origin, format, received, stored, deduplicated, dead, bytes,
                log_sources, first_received_at, last_received_at, last_event_at, last_dead_at, last_error, last_error_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (tenant_id, origin, format) DO UPDATE SET
                received = c.received + excluded.received,
                stored = c.stored + excluded.stored,
                deduplicated = c.deduplicated + excluded.deduplicated,
                dead = c.dead + excluded.dead,
                bytes = c.bytes + excluded.bytes,
                log_sources = CASE WHEN c.log_sources @> excluded.log_sources OR cardinality(c.log_sources) >= 64
                    THEN c.log_sources
                    ELSE ARRAY(SELECT DISTINCT s FROM unnest(c.log_sources || excluded.log_sources) s ORDER BY s) END,
                first_received_at = least(c.first_received_at, excluded.first_received_at),
                last_received_at = greatest(c.last_received_at, excluded.last_received_at),
                last_event_at = greatest(c.last_event_at, excluded.last_event_at),
                last_dead_at = greatest(c.last_dead_at, excluded.last_dead_at),
                last_error = coalesce(excluded.last_error, c.last_error),
                last_error_at = coalesce(excluded.last_error_at, c.last_error_at)""";
    private static final String BURY = """
            INSERT INTO dead_letters AS d (tenant_id, record_id, received_at, died_at, origin, format, flags, reason,
                record, copies, state)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 'dead')
            ON CONFLICT (tenant_id, record_id) DO UPDATE SET died_at = excluded.died_at, reason = excluded.reason,
                copies = d.copies + 1, state = 'dead', replayed_at = NULL""";

    private final Database database;
    private final InstantSource clock;
    private final ConcurrentMap<TenantId, Set<SourceCount.Key>> sources = new ConcurrentHashMap<>();

    public WorkerJournal(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Another worker is at the same partition. */
    static final class PositionTakenException extends RuntimeException {
        PositionTakenException(String message) {
            super(message);
        }
    }

    /** A state and the offset that it was taken at. */
    record Snapshot(long offset, byte[] state) {}

    /** Decisions were taken for no record of the partition from this offset on. */
    public long position(int partition) {
        return positions(partition).values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    /** For each tenant: decisions were taken for all of its records in the partition before this offset. */
    Map<TenantId, Long> positions(int partition) {
        return database.inInstallation(connection -> {
            var positions = new HashMap<TenantId, Long>();
            try (var query = connection.prepareStatement(
                    "SELECT stream, next_offset FROM worker_positions WHERE log_partition = ?")) {
                query.setInt(1, partition);
                try (var rows = query.executeQuery()) {
                    while (rows.next()) {
                        positions.put(new TenantId(rows.getString(1)), rows.getLong(2));
                    }
                }
            }
            return positions;
        });
    }

    private static long lockedPosition(Connection connection, int partition, TenantId tenant) throws SQLException {
        try (var query = connection.prepareStatement(
                "SELECT next_offset FROM worker_positions WHERE log_partition = ? AND stream = ? FOR UPDATE")) {
            query.setInt(1, partition);
            query.setString(2, tenant.value());
            try (var rows = query.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }

    /**
     * Moves a tenant's position from one offset to the next, together with all that follows from the records between.
     *
     * @param eachAlone findings are raised one by one and those that fail are left out: for when raising all of them failed
     * @return how many findings were left out
     * @throws PositionTakenException when the position is another: a second worker is at this partition
     */
    int commit(int partition, long from, long to, Pass pass, FindingSink sink, boolean eachAlone) {
        var tenant = pass.events().tenant();
        return database.inTenant(tenant, connection -> {
            long at = lockedPosition(connection, partition, tenant);
            if (at == to) {
                return 0; // the answer to an earlier try got lost, but it was committed
            }
            if (at != from) {
                throw new PositionTakenException("log partition " + partition + " was processed up to " + at
                        + " by somebody else, and up to " + from + " here");
            }
            move(connection, partition, tenant, to);
            count(connection, tenant, pass.counts());
            bury(connection, tenant, pass.dead());
            return eachAlone
                    ? raiseEach(connection, tenant, pass.findings(), sink)
                    : raise(connection, tenant, pass.findings(), sink);
        });
    }

    /**
     * Raises what was found as time went by, not on records.
     *
     * @return how many findings were left out
     */
    int raise(TenantId tenant, List<Finding> findings, FindingSink sink, boolean eachAlone) {
        return database.inTenant(
                tenant,
                connection -> eachAlone
                        ? raiseEach(connection, tenant, findings, sink)
                        : raise(connection, tenant, findings, sink));
    }

    private static int raise(Connection connection, TenantId tenant, List<Finding> findings, FindingSink sink)
            throws SQLException {
        if (!findings.isEmpty()) {
            sink.raise(connection, tenant, findings);
        }
        return 0;
    }

    private static int raiseEach(Connection connection, TenantId tenant, List<Finding> findings, FindingSink sink)
            throws SQLException {
        int failed = 0;
        for (var finding : findings) {
            var before = connection.setSavepoint();
            try {
                sink.raise(connection, tenant, List.of(finding));
                connection.releaseSavepoint(before);
            } catch (SQLException | RuntimeException e) {
                connection.rollback(before);
                if (e instanceof SQLException failure && DatabaseException.mayPass(failure)) {
                    throw failure; // a full disk or a lock is no fault of the finding: it is raised later
                }
                LOG.error("a finding on event {} cannot be raised", finding.event(), e);
                failed++;
            }
        }
        return failed;
    }

    private void move(Connection connection, int partition, TenantId tenant, long to) throws SQLException {
        try (var update = connection.prepareStatement("""
                INSERT INTO worker_positions (log_partition, stream, next_offset, committed_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (log_partition, stream) DO UPDATE SET next_offset = excluded.next_offset,
                    committed_at = excluded.committed_at""")) {
            update.setInt(1, partition);
            update.setString(2, tenant.value());
            update.setLong(3, to);
            update.setTimestamp(4, new Timestamp(clock.millis()));
            update.executeUpdate();
        }
    }

    private void count(Connection connection, TenantId tenant, Map<SourceCount.Key, SourceCount> counts)
            throws SQLException {
        // a statement may touch a row only once, and a batch may become one statement
        var rows = new LinkedHashMap<SourceCount.Key, SourceCount>();
        for (var entry : counts.entrySet()) {
            if (entry.getValue().received > 0) {
                var source = counted(connection, tenant, entry.getKey());
                rows.merge(
                        new SourceCount.Key(printable(source.origin()), source.format()),
                        entry.getValue(),
                        SourceCount::plus);
            }
        }
        var now = new Timestamp(clock.millis());
        try (var insert = connection.prepareStatement(COUNT)) {
            for (var row : rows.entrySet()) {
                var source = row.getKey();
                var count = row.getValue();
                insert.setString(1, tenant.value());
                insert.setString(2, source.origin());
                insert.setString(3, source.format());
                insert.setLong(4, count.received);
                insert.setLong(5, count.stored);
                insert.setLong(6, count.deduplicated);
                insert.setLong(7, count.dead);
                insert.setLong(8, count.bytes);
                insert.setArray(9, connection.createArrayOf("text", count.logSources.toArray()));
                insert.setTimestamp(10, new Timestamp(count.firstReceived));
                insert.setTimestamp(11, new Timestamp(count.lastReceived));
                insert.setTimestamp(12, count.stored == 0 ? null : new Timestamp(count.lastEvent));
                insert.setTimestamp(13, count.dead == 0 ? null : now);
                insert.setString(14, clean(count.lastError));
                insert.setTimestamp(15, count.lastError == null ? null : now);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** The row that a source is counted in: its own, unless its tenant has too many. */
    private SourceCount.Key counted(Connection connection, TenantId tenant, SourceCount.Key source)
            throws SQLException {
        var known = sources.get(tenant);
        if (known == null) {
            known = sources(connection);
            sources.put(tenant, known);
        }
        if (known.contains(source)) {
            return source;
        }
        if (known.size() >= MOST_SOURCES) {
            return new SourceCount.Key(OTHER_SOURCES, source.format());
        }
        known.add(source);
        return source;
    }

    /** The names of the tenant's sources are read again when it has any. */
    void forget(TenantId tenant) {
        sources.remove(tenant);
    }

    private static Set<SourceCount.Key> sources(Connection connection) throws SQLException {
        var known = ConcurrentHashMap.<SourceCount.Key>newKeySet();
        try (var query = connection.prepareStatement("SELECT origin, format FROM source_counters");
                var rows = query.executeQuery()) {
            while (rows.next()) {
                known.add(new SourceCount.Key(rows.getString(1), rows.getString(2)));
            }
        }
        return known;
    }

    /** PostgreSQL's text has no zero character. */
    private static @Nullable String clean(@Nullable String text) {
        return text == null ? null : printable(text);
    }

    private static String printable(String text) {
        return text.replace('\0', '\uFFFD');
    }

    private void bury(Connection connection, TenantId tenant, List<DeadRecord> dead) throws SQLException {
        if (dead.isEmpty()) {
            return;
        }
        var now = new Timestamp(clock.millis());
        var pending = new HashSet<EventId>();
        try (var insert = connection.prepareStatement(BURY)) {
            for (var one : dead) {
                var records = one.records();
                var id = records.id(one.index());
                if (!pending.add(id)) { // a statement may touch a row only once, and a batch may become one statement
                    insert.executeBatch();
                    pending.clear();
                    pending.add(id);
                }
                int from = records.offset(one.index());
                insert.setString(1, tenant.value());
                insert.setObject(2, id.uuid());
                insert.setTimestamp(3, new Timestamp(records.received()));
                insert.setTimestamp(4, now);
                insert.setString(5, clean(records.origin()));
                insert.setString(6, records.format());
                insert.setShort(7, records.flags(one.index()));
                insert.setString(8, clean(one.reason()));
                insert.setBytes(9, Arrays.copyOfRange(records.bytes(), from, from + records.length(one.index())));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    // ---- snapshots

    void save(int partition, Snapshot snapshot) {
        database.inInstallation(connection -> {
            execute(
                    connection,
                    "DELETE FROM worker_snapshots WHERE log_partition = ? AND next_offset = ?",
                    partition,
                    snapshot.offset);
            int parts = Math.max(1, Math.ceilDiv(snapshot.state.length, PART));
            try (var insert = connection.prepareStatement(
                    "INSERT INTO worker_snapshots (log_partition, next_offset, part, parts, state) VALUES (?, ?, ?, ?, ?)")) {
                for (int part = 0; part < parts; part++) {
                    int from = part * PART;
                    insert.setInt(1, partition);
                    insert.setLong(2, snapshot.offset);
                    insert.setInt(3, part);
                    insert.setInt(4, parts);
                    insert.setBytes(
                            5, Arrays.copyOfRange(snapshot.state, from, Math.min(snapshot.state.length, from + PART)));
                    insert.executeUpdate();
                }
            }
            return true;
        });
    }

    /** The newest snapshot at or before the offset, or null. */
    @Nullable
    Snapshot load(int partition, long notAfter) {
        return database.inInstallation(connection -> {
            try (var query = connection.prepareStatement("""
                    SELECT next_offset, state FROM worker_snapshots WHERE log_partition = ? AND next_offset =
                        (SELECT max(next_offset) FROM worker_snapshots WHERE log_partition = ? AND next_offset <= ?)
                    ORDER BY part""")) {
                query.setInt(1, partition);
                query.setInt(2, partition);
                query.setLong(3, notAfter);
                long offset = -1;
                var state = new ByteArrayOutputStream();
                try (var rows = query.executeQuery()) {
                    while (rows.next()) {
                        offset = rows.getLong(1);
                        state.writeBytes(rows.getBytes(2));
                    }
                }
                return offset < 0 ? null : new Snapshot(offset, state.toByteArray());
            }
        });
    }

    void dropBefore(int partition, long offset) {
        database.inInstallation(connection -> {
            execute(
                    connection,
                    "DELETE FROM worker_snapshots WHERE log_partition = ? AND next_offset < ?",
                    partition,
                    offset);
            return true;
        });
    }

    private static void execute(Connection connection, String sql, int partition, long offset) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setInt(1, partition);
            statement.setLong(2, offset);
            statement.executeUpdate();
        }
    }
}
