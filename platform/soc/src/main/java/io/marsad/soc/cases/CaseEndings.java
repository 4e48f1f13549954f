package io.marsad.soc.cases;

import io.marsad.kernel.event.EventId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which cases end by themselves: those that no person has done anything to, whose alerts are all closed and whose tasks are
 * done. Where all were false positives, so was the case. Should one of its alerts be opened again, so is the case, unless a
 * person has done something to it since. In the tenant's transaction.
 */
final class CaseEndings {
    private static final String STANDING = """
            SELECT c.case_id, c.status, count(*) FILTER (WHERE a.status NOT IN ('resolved', 'dismissed')) AS open,
                bool_and(a.verdict IS NOT DISTINCT FROM 'false_positive') AS all_false
            FROM cases c JOIN case_alerts k ON k.tenant_id = c.tenant_id AND k.case_id = c.case_id
            JOIN alerts a ON a.tenant_id = k.tenant_id AND a.alert_id = k.alert_id
            WHERE c.tenant_id = ? AND c.case_id = ANY (?) AND c.merged_into IS NULL AND NOT c.touched
                AND c.assignee IS NULL AND c.status IN ('open', 'closed', 'false_positive')
                AND NOT EXISTS (SELECT FROM case_tasks t WHERE t.tenant_id = c.tenant_id AND t.case_id = c.case_id
                    AND t.done_at IS NULL)
            GROUP BY c.case_id, c.status ORDER BY c.case_id""";

    private CaseEndings() {}

    /** A step that is to be made. */
    record Step(EventId kase, CaseStatus to, String why) {}

    static List<Step> due(Connection connection, String tenant, Collection<EventId> cases) throws SQLException {
        var steps = new ArrayList<Step>();
        if (!cases.isEmpty()) {
            Sql.list(
                    connection,
                    STANDING,
                    row -> {
                        var step = step(
                                Sql.id(row, "case_id"),
                                CaseStatus.ofWord(row.getString("status")),
                                row.getLong("open"),
                                row.getBoolean("all_false"));
                        return step == null || steps.add(step);
                    },
                    tenant,
                    Sql.ids(connection, cases));
        }
        return steps;
    }

    private static @Nullable Step step(EventId kase, CaseStatus status, long open, boolean allFalse) {
        if (status.active() == open > 0) {
            return null;
        }
        if (open > 0) {
            return new Step(kase, CaseStatus.OPEN, "one of its alerts is open again");
        }
        return allFalse
                ? new Step(kase, CaseStatus.FALSE_POSITIVE, "all its alerts are false positives")
                : new Step(kase, CaseStatus.CLOSED, "all its alerts are closed");
    }
}
