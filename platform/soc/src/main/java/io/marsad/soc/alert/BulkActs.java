package io.marsad.soc.alert;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Acts on many alerts at once, and their undoing, in the tenant of the running {@link CallerScope}: one transaction, one
 * entry in the audit log, a history entry for each alert.
 *
 * <p>Thread-safe.
 */
public final class BulkActs {
    /** The most alerts that one act changes. */
    public static final int MOST = 10_000;

    /** For how long it can be undone. */
    public static final Duration UNDOABLE = Duration.ofMinutes(15);

    private static final int NAMED = 100;

    private final Database database;
    private final InstantSource clock;
    private final RandomGenerator random;

    public BulkActs(Database database, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
    }

    /** Which alerts. */
    public sealed interface Which {
        /** @param createdUntil those that were raised later are left alone; null for all */
        record Fitting(AlertFilter filter, @Nullable Instant createdUntil) implements Which {}

        record Named(Collection<EventId> ids) implements Which {}
    }

    /**
     * What it did, or would do.
     *
     * @param matched how many there are
     * @param changed how many of them are another now
     * @param skipped how many stayed as they were, by why: the type of the problem that the act alone would have
     * @param at of the question: giving it as {@code createdUntil} acts on just what was counted
     * @param undo what {@link #undo} takes; null when nothing was changed
     */
    public record Result(
            int matched,
            int changed,
            Map<String, Integer> skipped,
            Instant at,
            @Nullable EventId undo) {
        public Result {
            skipped = Map.copyOf(skipped);
        }
    }

    /**
     * What became of an undoing.
     *
     * @param restored how many are as they were
     * @param changed how many were changed by somebody since, and stay so
     * @param ids the first 100 of these
     */
    public record Undone(int restored, int changed, List<EventId> ids) {
        public Undone {
            ids = List.copyOf(ids);
        }
    }

    /**
     * Acts on all of them for which it is legal.
     *
     * @param dry counts and changes nothing
     * @throws io.marsad.kernel.problem.ProblemException 400 for an act that fits no alert; 422 {@code too-many} when there are
     *     more than {@link #MOST}, {@code no-such-user}
     */
    public Result act(Which which, Act act, @Nullable String comment, boolean dry) {
        Triage.requireComment(comment);
        var at = Instant.ofEpochMilli(clock.millis());
        act.requireSound(at);
        return database.inCallerTenant(connection -> {
            var caller = CallerScope.current();
            AlertIntake.lock(connection, caller.tenant());
            var rows = new ActRows(connection, caller.tenant());
            var found = find(rows, caller, which);
            if (found.size() > MOST) {
                throw Problem.unprocessable(
                                "too-many",
                                "More than " + MOST + " alerts fit, which is the most for one act: narrow the filter.")
                        .asException();
            }
            var me = Actors.name(connection, caller);
            var skipped = new TreeMap<String, Integer>();
            var changes = changes(found, Triage.named(rows, act, me), comment, new By(at, me), skipped);
            if (dry || changes.isEmpty()) {
                return new Result(found.size(), changes.size(), skipped, at, null);
            }
            var after = rows.write(changes, at, me);
            rows.mention(comment, after, at, me);
            var bulk = EventId.atTime(at.toEpochMilli(), random.nextLong(), random.nextLong());
            remember(connection, caller, bulk, changes, at);
            var detail = BulkWords.audit(which, act, comment, found.size(), changes.size());
            AuditLog.append(
                    connection,
                    caller.tenant(),
                    new AuditLog.Entry(at, caller.subject(), "alert.bulk", "bulk:" + bulk, detail));
            rows.tell(after, at);
            return new Result(found.size(), changes.size(), skipped, at, bulk);
        });
    }

    private record By(Instant at, String me) {}

    private static List<ActRows.Row> find(ActRows rows, Caller caller, Which which) throws SQLException {
        return switch (which) {
            case Which.Named(var ids) -> rows.lock(ids);
            case Which.Fitting(var filter, var createdUntil) -> {
                var query = new AlertQuery(caller.tenant(), filter);
                query.createdUntil(createdUntil);
                yield query.lock(rows, MOST + 1);
            }
        };
    }

    private static List<ActRows.Change> changes(
            List<ActRows.Row> found, Act act, @Nullable String comment, By by, Map<String, Integer> skipped) {
        var changes = new ArrayList<ActRows.Change>();
        for (var row : found) {
            try {
                var after = act.on(row.state(), by.at, by.me);
                if (after.equals(row.state())) {
                    skipped.merge("unchanged", 1, Integer::sum);
                } else {
                    changes.add(ActWords.change(row, after, act, comment));
                }
            } catch (ProblemException e) {
                skipped.merge(e.problem().type(), 1, Integer::sum);
            }
        }
        return changes;
    }

    private static void remember(
            Connection connection, Caller caller, EventId bulk, List<ActRows.Change> changes, Instant at)
            throws SQLException {
        try (var prune =
                connection.prepareStatement("DELETE FROM alert_bulks WHERE tenant_id = ? AND expires_at <= ?")) {
            prune.setString(1, caller.tenant().value());
            prune.setTimestamp(2, Timestamp.from(at));
            prune.executeUpdate();
        }
        try (var insert = connection.prepareStatement("INSERT INTO alert_bulks VALUES (?, ?, ?, ?, ?)")) {
            insert.setString(1, caller.tenant().value());
            insert.setObject(2, bulk.uuid());
            insert.setString(3, caller.subject());
            insert.setTimestamp(4, Timestamp.from(at));
            insert.setTimestamp(5, Timestamp.from(at.plus(UNDOABLE)));
            insert.executeUpdate();
        }
        try (var insert = connection.prepareStatement("""
                INSERT INTO alert_bulk_items (tenant_id, bulk_id, alert_id, version, status, verdict, assignee,
                    snoozed_until, escalated, tags)
                SELECT ?, ?, id, version, status, verdict, assignee, until, escalated, tags
                FROM jsonb_to_recordset(?::jsonb) AS i (id uuid, version integer, status text, verdict text,
                    assignee text, until timestamptz, escalated boolean, tags text[])""")) {
            insert.setString(1, caller.tenant().value());
            insert.setObject(2, bulk.uuid());
            insert.setString(3, IntakeRows.array(changes, BulkWords::item));
            insert.executeUpdate();
        }
    }

    /**
     * Puts every alert of the act back that nobody has changed since; firing again is no change. A snooze whose time has
     * passed meanwhile leaves the alert new. Once, and by whoever acted.
     *
     * @throws io.marsad.kernel.problem.ProblemException 404 when there is no such act of the caller, or no more
     */
    public Undone undo(EventId bulk) {
        var at = Instant.ofEpochMilli(clock.millis());
        return database.inCallerTenant(connection -> {
            var caller = CallerScope.current();
            AlertIntake.lock(connection, caller.tenant());
            requireOwn(connection, caller, bulk, at);
            var rows = new ActRows(connection, caller.tenant());
            var before = items(connection, caller, bulk);
            var changes = new ArrayList<ActRows.Change>();
            var changed = new ArrayList<EventId>();
            var gone = new HashMap<>(before);
            for (var row : rows.lock(before.keySet())) {
                var was = gone.remove(row.id());
                if (was != null && was.version() == row.version()) {
                    changes.add(new ActRows.Change(
                            row,
                            was.at(at),
                            "undone",
                            "was " + row.state().status().word()));
                } else {
                    changed.add(row.id());
                }
            }
            var me = Actors.name(connection, caller);
            var after = rows.write(changes, at, me);
            forget(connection, caller, bulk);
            var detail = BulkWords.auditUndo(changes.size(), changed.size());
            AuditLog.append(
                    connection,
                    caller.tenant(),
                    new AuditLog.Entry(at, caller.subject(), "alert.undo", "bulk:" + bulk, detail));
            rows.tell(after, at);
            return new Undone(changes.size(), changed.size(), changed.subList(0, Math.min(NAMED, changed.size())));
        });
    }

    /** @param version as the act left it */
    private record Item(int version, AlertState state) {
        AlertState at(Instant now) {
            var until = state.until();
            return until == null || until.isAfter(now)
                    ? state
                    : new AlertState(AlertStatus.NEW, null, null, null, state.escalated(), state.tags());
        }
    }

    private static void requireOwn(Connection connection, Caller caller, EventId bulk, Instant at) throws SQLException {
        try (var select = connection.prepareStatement("SELECT FROM alert_bulks WHERE tenant_id = ? AND bulk_id = ?"
                + " AND actor = ? AND expires_at > ? FOR UPDATE")) {
            select.setString(1, caller.tenant().value());
            select.setObject(2, bulk.uuid());
            select.setString(3, caller.subject());
            select.setTimestamp(4, Timestamp.from(at));
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw Problem.notFound(
                                    "There is no such act of yours that can be undone: it was, or it is older than "
                                            + UNDOABLE.toMinutes() + " minutes.")
                            .asException();
                }
            }
        }
    }

    private static Map<EventId, Item> items(Connection connection, Caller caller, EventId bulk) throws SQLException {
        var items = new HashMap<EventId, Item>();
        try (var select = connection.prepareStatement("SELECT alert_id, version, " + AlertState.COLUMNS
                + " FROM alert_bulk_items WHERE tenant_id = ? AND bulk_id = ?")) {
            select.setString(1, caller.tenant().value());
            select.setObject(2, bulk.uuid());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var id = AlertRows.id(rows.getObject("alert_id", UUID.class));
                    items.put(id, new Item(rows.getInt("version"), AlertState.read(rows)));
                }
            }
        }
        return items;
    }

    private static void forget(Connection connection, Caller caller, EventId bulk) throws SQLException {
        try (var delete = connection.prepareStatement("DELETE FROM alert_bulks WHERE tenant_id = ? AND bulk_id = ?")) {
            delete.setString(1, caller.tenant().value());
            delete.setObject(2, bulk.uuid());
            delete.executeUpdate();
        }
    }
}
