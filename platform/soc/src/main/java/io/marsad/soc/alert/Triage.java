package io.marsad.soc.alert;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What people do to single alerts, in the tenant of the running {@link CallerScope}, and what time does: snoozed ones come
 * back. For many at once see {@link BulkActs}.
 *
 * <p>Thread-safe.
 */
public final class Triage {
    private static final int MAX_COMMENT = 4_000;
    private static final int WOKEN_AT_ONCE = 1_000;
    private static final String WAKER = "system:snooze";

    private final Database database;
    private final InstantSource clock;

    public Triage(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Does it: state, history, audit and live feed in one transaction. What changes nothing is answered with the alert as
     * it is.
     *
     * @param comment for the history, at most 4,000 characters
     * @param version refused when the alert is no longer at it
     * @throws io.marsad.kernel.problem.ProblemException 404; 400 for an act that fits no alert; 409 {@code claimed} with who
     *     has it, {@code version-conflict}; 422 {@code illegal-transition} with what would be legal, {@code no-such-user},
     *     {@code too-many-tags}
     */
    public Alert act(EventId id, Act act, @Nullable String comment, @Nullable Integer version) {
        requireComment(comment);
        var at = Instant.ofEpochMilli(clock.millis());
        act.requireSound(at);
        return database.inCallerTenant(connection -> {
            var caller = CallerScope.current();
            var rows = new ActRows(connection, caller.tenant());
            var before = rows.lock(List.of(id)).stream().findFirst().orElseThrow(Alerts::notFound);
            var me = Actors.name(connection, caller);
            var after = named(rows, act, me).on(before.state(), at, me); // who has it tells more than a version
            if (version != null && version != before.version()) {
                throw changed(before);
            }
            if (after.equals(before.state())) {
                return Alerts.find(connection, id);
            }
            var change = ActWords.change(before, after, act, comment);
            var changed = rows.write(List.of(change), at, me);
            rows.mention(comment, changed, at, me);
            var detail = ActWords.audit(before.state(), changed.getFirst(), comment);
            var entry = new AuditLog.Entry(at, caller.subject(), ActWords.audited(act), "alert:" + id, detail);
            AuditLog.append(connection, caller.tenant(), entry);
            rows.tell(changed, at);
            return changed.getFirst();
        });
    }

    /** The act with the assignee's name as the account has it. */
    static Act named(ActRows rows, Act act, String me) throws SQLException {
        if (!(act instanceof Act.Move move) || move.assignee() == null) {
            return act;
        }
        var wanted = move.assignee();
        var name = wanted.equalsIgnoreCase(me) ? me : rows.account(wanted);
        if (name == null) {
            throw Problem.unprocessable("no-such-user", "There is no account of that name that can sign in here.")
                    .asException();
        }
        return new Act.Move(move.to(), move.verdict(), name, move.until());
    }

    static void requireComment(@Nullable String comment) {
        if (comment != null && comment.length() > MAX_COMMENT) {
            throw Problem.badRequest("comment-too-long", "A comment has at most " + MAX_COMMENT + " characters.")
                    .asException();
        }
    }

    private static RuntimeException changed(ActRows.Row alert) {
        var assignee = alert.state().assignee();
        return Problem.conflict(
                        "version-conflict",
                        "The alert has changed since: it is at version " + alert.version() + ", "
                                + alert.state().status().word() + (assignee == null ? "" : " of " + assignee) + ".")
                .asException();
    }

    /**
     * Puts alerts whose time has come back into the queue, of all tenants; one question however many are snoozed.
     *
     * @return how many came back
     */
    public int wakeDue() {
        var now = Instant.ofEpochMilli(clock.millis());
        var due = database.<Map<TenantId, List<EventId>>>inInstallation(connection -> due(connection, now));
        int woken = 0;
        for (var one : due.entrySet()) {
            woken += wake(one.getKey(), one.getValue(), now);
        }
        return woken;
    }

    private int wake(TenantId tenant, List<EventId> ids, Instant now) {
        return database.<Integer>inTenant(tenant, connection -> {
            AlertIntake.lock(connection, tenant);
            var rows = new ActRows(connection, tenant);
            var changes = new ArrayList<ActRows.Change>();
            var back = new Act.Move(AlertStatus.NEW, null, null, null);
            for (var row : rows.lock(ids)) {
                var until = row.state().until();
                if (until != null && !until.isAfter(now)) { // it may have been snoozed anew since
                    var after = back.on(row.state(), now, WAKER);
                    changes.add(ActWords.change(row, after, back, null));
                }
            }
            rows.tell(rows.write(changes, now, WAKER), now);
            return changes.size();
        });
    }

    private static Map<TenantId, List<EventId>> due(Connection connection, Instant now) throws SQLException {
        var due = new TreeMap<TenantId, List<EventId>>(java.util.Comparator.comparing(TenantId::value));
        try (var select = connection.prepareStatement(
                "SELECT tenant_id, alert_id FROM alert_snoozes WHERE until <= ? ORDER BY until LIMIT ?")) {
            select.setTimestamp(1, Timestamp.from(now));
            select.setInt(2, WOKEN_AT_ONCE);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    due.computeIfAbsent(new TenantId(rows.getString(1)), _ -> new ArrayList<>())
                            .add(AlertRows.id(rows.getObject(2, UUID.class)));
                }
            }
        }
        return due;
    }
}
