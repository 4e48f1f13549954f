package io.marsad.soc.cases;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.cases.CaseClocks.Goal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long detecting, acknowledging, containing and resolving took in the tenant of the running {@link CallerScope}, by the
 * week in which a case was opened and its severity now; and what was late. Weeks begin on Monday, in UTC. Thread-safe.
 *
 * <p>Detecting: from the oldest event of the case to its first alert. The others: from the opening, or the last reopening, to
 * the act. Cases that were found to be false positives count for acknowledging only; those that no person has touched for
 * detecting only, so that what ends by itself makes nobody look fast.
 */
public final class CaseMetrics {
    /** The most weeks at once. */
    public static final int MOST_WEEKS = 53;

    private static final int MOST_BREACHES = 200;
    private static final String ACKNOWLEDGED = "touched";
    private static final String REAL = "status <> 'false_positive'";
    private static final String MEASURES = """
            WITH measured AS (
                SELECT c.severity, c.status, c.touched,
                    (date_trunc('week', c.created_at AT TIME ZONE 'UTC'))::date AS week,
                    extract(epoch FROM (SELECT min(a.created_at) FROM case_alerts l JOIN alerts a
                        ON a.tenant_id = l.tenant_id AND a.alert_id = l.alert_id
                        WHERE l.tenant_id = c.tenant_id AND l.case_id = c.case_id) - c.first_time) AS detect,
                    extract(epoch FROM k.met_at - k.started_at) AS acknowledge,
                    extract(epoch FROM n.met_at - n.started_at) AS contain,
                    extract(epoch FROM r.met_at - r.started_at) AS resolve
                FROM cases c
                LEFT JOIN case_clocks k ON k.tenant_id = c.tenant_id AND k.case_id = c.case_id AND k.kind = 'acknowledge'
                LEFT JOIN case_clocks n ON n.tenant_id = c.tenant_id AND n.case_id = c.case_id AND n.kind = 'contain'
                LEFT JOIN case_clocks r ON r.tenant_id = c.tenant_id AND r.case_id = c.case_id AND r.kind = 'resolve'
                WHERE c.tenant_id = ? AND c.created_at >= ? AND c.merged_into IS NULL)
            SELECT week, severity, count(*) AS opened,\s"""
            + measure("detect", REAL + " AND detect >= 0") + ", "
            + measure("acknowledge", ACKNOWLEDGED) + ", "
            + measure("contain", ACKNOWLEDGED + " AND " + REAL) + ", "
            + measure("resolve", ACKNOWLEDGED + " AND " + REAL)
            + " FROM measured GROUP BY week, severity ORDER BY week DESC, severity DESC";

    private final Database database;
    private final InstantSource clock;

    public CaseMetrics(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * What was measured.
     *
     * @param n of how many cases
     * @param median seconds; null of none
     * @param p90 seconds in which nine of ten were done; null of none
     */
    public record Measure(
            long n, @Nullable Long median, @Nullable Long p90) {}

    /** Cases of one severity that were opened in one week. */
    public record Row(
            LocalDate week,
            Severity severity,
            long opened,
            Measure detect,
            Measure acknowledge,
            Measure contain,
            Measure resolve) {}

    /**
     * Something that was not done in time.
     *
     * @param at when it was recorded
     * @param met when it was done after all, or null
     * @param assignee who has the case now, or null
     */
    public record Breach(
            EventId kase,
            long number,
            String title,
            Severity severity,
            Goal goal,
            Instant due,
            Instant at,
            @Nullable Instant met,
            @Nullable String assignee) {}

    /**
     * All of it.
     *
     * @param from the first Monday
     * @param late of all breaches since then the newest 200, newest first
     * @param breaches how many there are
     */
    public record Report(LocalDate from, List<Row> rows, List<Breach> late, long breaches) {}

    /** @param weeks with the one that runs, 1 to {@link #MOST_WEEKS} */
    public Report of(int weeks) {
        var from = LocalDate.ofInstant(Instant.ofEpochMilli(clock.millis()), ZoneOffset.UTC)
                .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
                .minusWeeks(weeks - 1L);
        var since = from.atStartOfDay().toInstant(ZoneOffset.UTC);
        var tenant = CallerScope.tenant().value();
        return database.inCallerTenant(connection -> {
            var rows = Sql.list(connection, MEASURES, CaseMetrics::row, tenant, since);
            var late = Sql.list(
                    connection,
                    "SELECT k.case_id, c.number, c.title, c.severity, k.kind, k.due, k.breached_at, k.met_at, c.assignee"
                            + " FROM case_clocks k JOIN cases c ON c.tenant_id = k.tenant_id AND c.case_id = k.case_id"
                            + " WHERE k.tenant_id = ? AND k.breached_at >= ? ORDER BY k.breached_at DESC, c.number DESC"
                            + " LIMIT " + MOST_BREACHES,
                    CaseMetrics::breach,
                    tenant,
                    since);
            var all = Sql.one(
                    connection,
                    "SELECT count(*) FROM case_clocks WHERE tenant_id = ? AND breached_at >= ?",
                    row -> row.getLong(1),
                    tenant,
                    since);
            return new Report(from, rows, late, all == null ? 0 : all);
        });
    }

    private static String measure(String what, String which) {
        var filter = " FILTER (WHERE " + what + " IS NOT NULL AND " + which + ")";
        return "count(*)" + filter + " AS " + what + "_n, percentile_cont(0.5) WITHIN GROUP (ORDER BY " + what + ")"
                + filter + " AS " + what + "_median, percentile_cont(0.9) WITHIN GROUP (ORDER BY " + what + ")" + filter
                + " AS " + what + "_p90";
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getObject("week", LocalDate.class),
                Severity.ofRank(row.getInt("severity")),
                row.getLong("opened"),
                measured(row, "detect"),
                measured(row, "acknowledge"),
                measured(row, "contain"),
                measured(row, "resolve"));
    }

    private static Measure measured(ResultSet row, String what) throws SQLException {
        return new Measure(row.getLong(what + "_n"), seconds(row, what + "_median"), seconds(row, what + "_p90"));
    }

    private static @Nullable Long seconds(ResultSet row, String column) throws SQLException {
        double seconds = row.getDouble(column);
        return row.wasNull() ? null : Math.round(seconds);
    }

    private static Breach breach(ResultSet row) throws SQLException {
        return new Breach(
                Sql.id(row, "case_id"),
                row.getLong("number"),
                row.getString("title"),
                Severity.ofRank(row.getInt("severity")),
                Goal.ofWord(row.getString("kind")),
                Sql.time(row, "due"),
                Sql.time(row, "breached_at"),
                Sql.optionalTime(row, "met_at"),
                row.getString("assignee"));
    }
}
