package io.marsad.soc.alert;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What people can change of an alert.
 *
 * @param verdict there exactly when it is resolved
 * @param until there exactly when it is snoozed
 * @param tags sorted
 */
record AlertState(
        AlertStatus status,
        @Nullable Verdict verdict,
        @Nullable String assignee,
        @Nullable Instant until,
        boolean escalated,
        List<String> tags) {
    static final String COLUMNS = "status, verdict, assignee, snoozed_until, escalated, tags";

    AlertState {
        tags = List.copyOf(tags);
    }

    static AlertState of(Alert alert) {
        return new AlertState(
                alert.status(),
                alert.verdict(),
                alert.assignee(),
                alert.snoozedUntil(),
                alert.escalated(),
                alert.tags());
    }

    static AlertState read(ResultSet row) throws SQLException {
        var verdict = row.getString("verdict");
        var until = row.getTimestamp("snoozed_until");
        return new AlertState(
                AlertStatus.ofWord(row.getString("status")),
                verdict == null ? null : Verdict.ofWord(verdict),
                row.getString("assignee"),
                until == null ? null : until.toInstant(),
                row.getBoolean("escalated"),
                AlertRows.strings(row.getArray("tags")));
    }

    AlertState escalated(boolean now) {
        return new AlertState(status, verdict, assignee, until, now, tags);
    }

    AlertState tagged(Collection<String> add, Collection<String> remove) {
        var now = new TreeSet<>(tags);
        now.removeAll(remove);
        now.addAll(add);
        return new AlertState(status, verdict, assignee, until, escalated, List.copyOf(now));
    }
}
