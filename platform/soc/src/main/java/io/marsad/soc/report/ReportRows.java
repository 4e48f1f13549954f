package io.marsad.soc.report;

import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.decision.Ruling;
import io.marsad.soc.record.OutcomeRows.Version;
import io.marsad.soc.record.Outcomes;
import io.marsad.soc.report.WeeklyReport.Closed;
import io.marsad.soc.report.WeeklyReport.Counts;
import io.marsad.soc.report.WeeklyReport.Lane;
import io.marsad.soc.report.WeeklyReport.ModelUse;
import io.marsad.soc.report.WeeklyReport.Times;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a report counts. Each question goes by an index over the time that it is about. Stateless. */
final class ReportRows {
    private static final String OUTCOMES =
            " LEFT JOIN rule_outcomes o ON o.tenant_id = d.tenant_id AND o.alert_id = d.alert_id";
    private static final String COUNTS = """
            count(*) FILTER (WHERE WHEN) AS fired
            count(*) FILTER (WHERE WHEN AND auto_decision = 'escalate') AS escalated
            count(*) FILTER (WHERE WHEN AND auto_decision = 'auto_close') AS closed
            count(*) FILTER (WHERE WHEN AND auto_decision = 'human_review') AS reviewed
            count(*) FILTER (WHERE WHEN AND human_override <> auto_decision) AS changed
            count(*) FILTER (WHERE WHEN AND disposition = 'true_positive') AS tp
            count(*) FILTER (WHERE WHEN AND disposition = 'benign') AS benign
            count(*) FILTER (WHERE WHEN AND disposition = 'false_positive') AS fp""";
    // the ledger's time of a decision is the decision's own: both sides of the join are the two weeks and no more
    private static final String LANES = """
            SELECT d.decided_at >= ? AS now, d.decision, coalesce(d.rule_triggered, d.review_reason, 'model') AS lane,
                d.effect, count(*) AS count,
                count(*) FILTER (WHERE o.human_override IS NOT NULL OR o.disposition IS NOT NULL) AS looked,
                count(*) FILTER (WHERE o.human_override <> d.decision) AS changed,
                count(*) FILTER (WHERE o.disposition IN ('true_positive', 'benign', 'false_positive')) AS judged,
                count(*) FILTER (WHERE o.disposition = 'true_positive') AS attacks
            FROM decisions d""" + OUTCOMES + " AND o.decided_at >= ? AND o.decided_at < ?"
            + " WHERE d.tenant_id = ? AND d.decided_at >= ? AND d.decided_at < ? GROUP BY 1, 2, 3, 4";
    private static final String TIMES = """
            SELECT now, percentile_disc(0.5) WITHIN GROUP (ORDER BY took) AS median,
                percentile_disc(0.95) WITHIN GROUP (ORDER BY took) AS p95, max(took) AS most
            FROM (SELECT decided_at >= ? AS now,
                greatest(0, (extract(epoch FROM decided_at - fired_at) * 1000)::bigint) AS took
                FROM rule_outcomes WHERE tenant_id = ? AND decided_at >= ? AND decided_at < ?) t
            GROUP BY now""";
    private static final String RULES =
            "SELECT rule_id, rule_version, grouping(rule_id) = 1 AS total, max(fired_at) AS last_at, "
                    + counted("", "true") + ", " + counted("week_", "fired_at >= week") + """
             FROM rule_outcomes, (SELECT ?::timestamptz AS week) w
            WHERE tenant_id = ? AND fired_at >= ? AND fired_at < ?
            GROUP BY GROUPING SETS ((rule_id, rule_version), ())
            ORDER BY total DESC, fp DESC, fired DESC, rule_id, rule_version LIMIT ?""";
    private static final String MODEL = """
            WITH calls AS (SELECT * FROM model_calls WHERE tenant_id = ? AND asked_at >= ? AND asked_at < ?),
            verdicts AS (SELECT DISTINCT ON (alert_id) alert_id, model, prompt_version FROM calls
                WHERE outcome = 'said' ORDER BY alert_id, asked_at DESC, call_id DESC),
            decided AS (SELECT v.model, v.prompt_version, count(*) AS verdicts,
                count(*) FILTER (WHERE o.human_override IS NOT NULL OR o.disposition IS NOT NULL) AS looked,
                count(*) FILTER (WHERE o.human_override <> d.decision) AS changed
                FROM verdicts v JOIN decisions d ON d.tenant_id = ? AND d.alert_id = v.alert_id
                    AND d.rule_triggered IS NULL AND coalesce(d.review_reason, 'llm_undecided') = 'llm_undecided'
            """ + OUTCOMES + """
                GROUP BY v.model, v.prompt_version)
            SELECT c.model, c.prompt_version, count(*) AS calls, count(*) FILTER (WHERE outcome = 'said') AS said,
                count(*) FILTER (WHERE outcome NOT IN ('said', 'over_budget')) AS failed,
                count(*) FILTER (WHERE outcome = 'over_budget') AS over_budget, sum(tokens) AS tokens,
                coalesce(max(d.verdicts), 0) AS verdicts, coalesce(max(d.looked), 0) AS looked,
                coalesce(max(d.changed), 0) AS changed
            FROM calls c LEFT JOIN decided d USING (model, prompt_version)
            GROUP BY c.model, c.prompt_version ORDER BY c.model, c.prompt_version LIMIT 100""";

    private ReportRows() {}

    /** Counts of those that are so, under names that begin so. */
    private static String counted(String prefix, String when) {
        return COUNTS.lines()
                .map(line -> line.replace("WHEN", when).replace("AS ", "AS " + prefix))
                .collect(Collectors.joining(", "));
    }

    /** From and to, exclusive. */
    record Span(Instant from, Instant to) {}

    /** Of the week and the one before. */
    record Decided(List<Lane> lanes, Closed closed) {}

    /** In the order in which people read them: by decision, then by name. */
    static Decided decided(Connection connection, TenantId tenant, Instant before, Span week) throws SQLException {
        var lanes = new TreeMap<String, Lane>();
        var closed = new Closed(0, 0, 0, 0, 0);
        try (var select = connection.prepareStatement(LANES)) {
            int at = 1;
            select.setTimestamp(at++, Timestamp.from(week.from));
            select.setTimestamp(at++, Timestamp.from(before));
            select.setTimestamp(at++, Timestamp.from(week.to));
            select.setString(at++, tenant.value());
            select.setTimestamp(at++, Timestamp.from(before));
            select.setTimestamp(at, Timestamp.from(week.to));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    boolean now = rows.getBoolean("now");
                    var lane = lane(rows, now);
                    lanes.merge(lane.ruling().ordinal() + lane.name(), lane, ReportRows::sum);
                    if (now) {
                        closed = with(closed, rows);
                    }
                }
            }
        }
        return new Decided(List.copyOf(lanes.values()), closed);
    }

    private static Lane lane(ResultSet row, boolean now) throws SQLException {
        long count = row.getLong("count");
        return new Lane(
                Ruling.ofWord(row.getString("decision")),
                row.getString("lane"),
                now ? count : 0,
                now ? 0 : count,
                now ? row.getLong("looked") : 0,
                now ? row.getLong("changed") : 0);
    }

    private static Lane sum(Lane a, Lane b) {
        return new Lane(
                a.ruling(),
                a.name(),
                a.count() + b.count(),
                a.before() + b.before(),
                a.lookedAt() + b.lookedAt(),
                a.changed() + b.changed());
    }

    private static Closed with(Closed so, ResultSet row) throws SQLException {
        long count = row.getLong("count");
        long attacks = row.getLong("attacks");
        return switch (row.getString("effect")) {
            case "closed" ->
                new Closed(so.closed() + count, so.closedAttacks() + attacks, so.sampled(), so.judged(), so.attacks());
            case "sampled" ->
                new Closed(
                        so.closed(),
                        so.closedAttacks(),
                        so.sampled() + count,
                        so.judged() + row.getLong("judged"),
                        so.attacks() + attacks);
            default -> so;
        };
    }

    /** Of the week (true) and of the one before (false), where something was decided. */
    static Map<Boolean, Times> times(Connection connection, TenantId tenant, Instant before, Span week)
            throws SQLException {
        var times = new HashMap<Boolean, Times>();
        try (var select = connection.prepareStatement(TIMES)) {
            select.setTimestamp(1, Timestamp.from(week.from));
            select.setString(2, tenant.value());
            select.setTimestamp(3, Timestamp.from(before));
            select.setTimestamp(4, Timestamp.from(week.to));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    times.put(
                            rows.getBoolean("now"),
                            new Times(rows.getLong("median"), rows.getLong("p95"), rows.getLong("most")));
                }
            }
        }
        return times;
    }

    /**
     * How one version did.
     *
     * @param version null: all of them
     * @param days of the whole time
     * @param week of that which begins with the week
     */
    record Done(@Nullable Version version, Counts days, Counts week, Instant last) {}

    /** All together first, then each version, those with the most false ones first; empty when nothing fired. */
    static List<Done> rules(Connection connection, TenantId tenant, Instant from, Span week, int most)
            throws SQLException {
        var all = new ArrayList<Done>();
        try (var select = connection.prepareStatement(RULES)) {
            select.setTimestamp(1, Timestamp.from(week.from));
            select.setString(2, tenant.value());
            select.setTimestamp(3, Timestamp.from(from));
            select.setTimestamp(4, Timestamp.from(week.to));
            select.setInt(5, most + 1);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var last = rows.getTimestamp("last_at"); // null: the sum of nothing
                    if (last != null) {
                        all.add(new Done(
                                rows.getBoolean("total")
                                        ? null
                                        : new Version(rows.getString("rule_id"), rows.getString("rule_version")),
                                counts(rows, ""),
                                counts(rows, "week_"),
                                last.toInstant()));
                    }
                }
            }
        }
        return all;
    }

    private static Counts counts(ResultSet row, String prefix) throws SQLException {
        return new Counts(
                row.getLong(prefix + "fired"),
                row.getLong(prefix + "escalated"),
                row.getLong(prefix + "closed"),
                row.getLong(prefix + "reviewed"),
                row.getLong(prefix + "changed"),
                new Outcomes(row.getLong(prefix + "tp"), row.getLong(prefix + "benign"), row.getLong(prefix + "fp")));
    }

    /** As the rules were called when they fired. */
    static Map<Version, String> titles(Connection connection, TenantId tenant, Collection<Version> versions)
            throws SQLException {
        var titles = new HashMap<Version, String>();
        try (var select = connection.prepareStatement("SELECT rule_id, revision, snapshot->>'title' FROM rule_snapshots"
                + " WHERE tenant_id = ? AND rule_id = ANY (?) AND revision = ANY (?)")) {
            select.setString(1, tenant.value());
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "text", versions.stream().map(Version::ruleId).toArray()));
            select.setArray(
                    3,
                    connection.createArrayOf(
                            "text", versions.stream().map(Version::version).toArray()));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var title = rows.getString(3);
                    titles.put(new Version(rows.getString(1), rows.getString(2)), title == null ? "" : title);
                }
            }
        }
        return titles;
    }

    static List<ModelUse> model(Connection connection, TenantId tenant, Span week) throws SQLException {
        var all = new ArrayList<ModelUse>();
        try (var select = connection.prepareStatement(MODEL)) {
            select.setString(1, tenant.value());
            select.setTimestamp(2, Timestamp.from(week.from));
            select.setTimestamp(3, Timestamp.from(week.to));
            select.setString(4, tenant.value());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(new ModelUse(
                            rows.getString("model"),
                            rows.getString("prompt_version"),
                            rows.getLong("calls"),
                            rows.getLong("said"),
                            rows.getLong("failed"),
                            rows.getLong("over_budget"),
                            rows.getLong("tokens"),
                            rows.getLong("verdicts"),
                            rows.getLong("looked"),
                            rows.getLong("changed")));
                }
            }
        }
        return all;
    }
}
