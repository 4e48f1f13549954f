package io.marsad.ingest.ledger;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.log.EventLog;
import io.marsad.kernel.log.LogFullException;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Records that could not become events: to be looked at, and sent again when the reason is gone. Thread-safe. */
public final class DeadLetters {
    private static final int SAMPLE = 2000;

    private final Database database;
    private final EventLog log;
    private final InstantSource clock;

    public DeadLetters(Database database, EventLog log, InstantSource clock) {
        this.database = database;
        this.log = log;
        this.clock = clock;
    }

    /**
     * The newest first.
     *
     * @param limit 1 to 500
     * @param after goes on behind this one, or null
     */
    public List<DeadLetter> list(TenantId tenant, int limit, DeadLetter.@Nullable Position after) {
        return database.inTenant(tenant, connection -> {
            try (var query = connection.prepareStatement("""
                    SELECT record_id, received_at, origin, format, reason, substring(record FOR 8000), state
                    FROM dead_letters WHERE (received_at, record_id) < (?, ?)
                    ORDER BY received_at DESC, record_id DESC LIMIT ?""")) {
                query.setTimestamp(
                        1, Timestamp.from(after == null ? Instant.parse("9999-01-01T00:00:00Z") : after.receivedAt()));
                query.setObject(2, after == null ? new UUID(-1, -1) : after.id().uuid());
                query.setInt(3, Math.clamp(limit, 1, 500));
                var letters = new ArrayList<DeadLetter>();
                try (var rows = query.executeQuery()) {
                    while (rows.next()) {
                        var text = new String(rows.getBytes(6), StandardCharsets.UTF_8);
                        letters.add(new DeadLetter(
                                EventId.parse(rows.getString(1)),
                                rows.getTimestamp(2).toInstant(),
                                rows.getString(3),
                                rows.getString(4),
                                rows.getString(5),
                                text.length() > SAMPLE ? text.substring(0, SAMPLE) : text,
                                rows.getString(7).equals("replayed")));
                    }
                }
                return letters;
            }
        });
    }

    /**
     * Sends the record through the log again, under its own id: it becomes one event, however often this is done.
     *
     * @throws io.marsad.kernel.problem.ProblemException 404 when there is none, 409 when it was sent again already
     */
    public EventId replay(TenantId tenant, EventId id) throws IOException, LogFullException {
        try {
            return database.inTenant(tenant, connection -> {
                try {
                    log.append(take(connection, tenant, id));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (LogFullException e) {
                    throw new Refused(e);
                }
                // While this transaction has the row, a worker that buries the record anew waits: its word is the last.
                try (var update = connection.prepareStatement(
                        "UPDATE dead_letters SET state = 'replayed', replayed_at = ? WHERE record_id = ?")) {
                    update.setTimestamp(1, new Timestamp(clock.millis()));
                    update.setObject(2, id.uuid());
                    update.executeUpdate();
                }
                return id;
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (Refused e) {
            throw e.full;
        }
    }

    private static final class Refused extends RuntimeException {
        private final transient LogFullException full;

        Refused(LogFullException full) {
            super(full);
            this.full = full;
        }
    }

    /** The record as a batch of its own; keyed, so that two copies on the way are one event. */
    private static RecordBatch take(Connection connection, TenantId tenant, EventId id) throws SQLException {
        try (var query = connection.prepareStatement("""
                SELECT origin, format, received_at, flags, record, state FROM dead_letters WHERE record_id = ?
                FOR UPDATE""")) {
            query.setObject(1, id.uuid());
            try (var rows = query.executeQuery()) {
                if (!rows.next()) {
                    throw Problem.notFound("There is no dead letter with this id.")
                            .asException();
                }
                if (rows.getString(6).equals("replayed")) {
                    throw Problem.conflict("already-replayed", "The record was sent again already.")
                            .asException();
                }
                var record = rows.getBytes(5);
                var batch = new RecordBatch(
                        tenant,
                        rows.getString(1),
                        rows.getString(2),
                        rows.getTimestamp(3).getTime(),
                        record.length);
                batch.add(id, (byte) (rows.getShort(4) | RecordBatch.KEYED), record, 0, record.length);
                return batch;
            }
        }
    }

    /**
     * Forgets letters that were received before a time, and the oldest of those beyond a number or a sum of bytes.
     * Returns how many.
     */
    public int prune(TenantId tenant, Instant before, int mostLetters, long mostBytes) {
        return database.inTenant(tenant, connection -> {
            try (var delete = connection.prepareStatement("""
                    DELETE FROM dead_letters WHERE received_at < ? OR record_id IN (
                        SELECT record_id FROM (
                            SELECT record_id, row_number() OVER newest AS letters,
                                sum(octet_length(record)) OVER newest AS bytes
                            FROM dead_letters WINDOW newest AS (ORDER BY received_at DESC, record_id DESC)) AS kept
                        WHERE letters > ? OR bytes > ?)""")) {
                delete.setTimestamp(1, Timestamp.from(before));
                delete.setInt(2, mostLetters);
                delete.setLong(3, mostBytes);
                return delete.executeUpdate();
            }
        });
    }
}
