package io.marsad.soc.alert;

import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Acts on alerts as a part of somebody's transaction: the same states, history, audit and live feed as by {@link Triage}.
 * First all alerts are locked, then each is acted on at most once, then {@link #write}, and {@link #tell} last of all. For
 * one transaction of one thread.
 */
public final class OwnActs {
    private final ActRows rows;
    private final Connection connection;
    private final TenantId tenant;
    private final By by;
    private final Map<EventId, ActRows.Row> locked = new HashMap<>();
    private final List<ActRows.Change> changes = new ArrayList<>();
    private final List<Planned> planned = new ArrayList<>();
    private List<Alert> after = List.of();

    /**
     * Who acts.
     *
     * @param subject for the audit log: {@code system:decisions}
     * @param name for the history
     */
    public record By(String subject, String name, Instant at) {}

    private record Planned(
            EventId id,
            AlertState before,
            Act act,
            @Nullable String comment) {}

    public OwnActs(Connection connection, TenantId tenant, By by) {
        this.connection = connection;
        this.tenant = tenant;
        this.by = by;
        this.rows = new ActRows(connection, tenant);
    }

    /** Nobody else acts on them until the transaction ends. */
    public void lock(Collection<EventId> ids) throws SQLException {
        rows.lock(ids).forEach(row -> locked.put(row.id(), row));
    }

    /** What people have made of it by now; null when it is not there or not locked. */
    public @Nullable AlertStatus status(EventId id) {
        var row = locked.get(id);
        return row == null ? null : row.state().status();
    }

    /** Whether it is marked as escalated. */
    public boolean escalated(EventId id) {
        var row = locked.get(id);
        return row != null && row.state().escalated();
    }

    /**
     * Acts, one act after the other.
     *
     * @return whether anything changes: not when one of them is not legal
     */
    public boolean act(EventId id, List<Act> acts, @Nullable String comment) {
        var row = locked.get(id);
        if (row == null) {
            return false;
        }
        var state = row.state();
        try {
            for (Act act : acts) {
                state = act.on(state, by.at, by.name);
            }
        } catch (ProblemException e) {
            return false; // somebody was quicker: it stays as people left it
        }
        if (state.equals(row.state())) {
            return false;
        }
        changes.add(ActWords.change(row, state, acts.getLast(), comment));
        planned.add(new Planned(id, row.state(), acts.getLast(), comment));
        return true;
    }

    /** Makes the changes, with history and audit entries. */
    public void write() throws SQLException {
        after = rows.write(changes, by.at, by.name);
        var byId = new HashMap<EventId, Alert>();
        after.forEach(alert -> byId.put(alert.id(), alert));
        var entries = new ArrayList<AuditLog.Entry>();
        for (Planned one : planned) {
            var alert = byId.get(one.id);
            if (alert != null) {
                entries.add(new AuditLog.Entry(
                        by.at,
                        by.subject,
                        ActWords.audited(one.act),
                        "alert:" + one.id,
                        ActWords.audit(one.before, alert, one.comment)));
            }
        }
        if (!entries.isEmpty()) {
            AuditLog.append(connection, tenant, entries);
        }
    }

    /** Tells those who look at the queue: last, because it holds the tenant's place in the feed. */
    public void tell() throws SQLException {
        if (!after.isEmpty()) {
            rows.tell(after, by.at);
        }
    }
}
