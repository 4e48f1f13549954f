package io.marsad.soc.report;

import io.marsad.db.Database;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.decision.service.ThresholdPreview;
import io.marsad.soc.decision.service.ThresholdReplay;
import io.marsad.soc.record.OutcomeRows.Version;
import io.marsad.soc.record.Tuning;
import io.marsad.soc.report.ReportRows.Done;
import io.marsad.soc.report.ReportRows.Span;
import io.marsad.soc.report.WeeklyReport.Counts;
import io.marsad.soc.report.WeeklyReport.RuleRow;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The weekly feedback report of the tenant of the running {@link CallerScope}: computed when it is asked for, out of what
 * is known then. The same data gives the same report. Thread-safe.
 */
public final class Reports {
    /** So many versions of rules are shown one by one. */
    static final int SHOWN = 100;

    private static final int MOST_VERSIONS = 10_000;

    private final Database database;
    private final InstantSource clock;

    public Reports(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Of a week like {@code 2026-W47}.
     *
     * @param asked null: the last whole week
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-week}: no week, or one that has not begun
     */
    public WeeklyReport of(@Nullable String asked) {
        var now = Instant.ofEpochMilli(clock.millis());
        var current = Week.of(now);
        var week = asked == null ? current.before() : week(asked);
        if (week.compareTo(current) > 0) {
            throw Problem.badRequest("invalid-week", week + " has not begun: it is " + current + " now.")
                    .asException();
        }
        var tenant = CallerScope.tenant();
        return database.inCallerTenant(connection -> of(connection, tenant, week, week.compareTo(current) < 0));
    }

    private static Week week(String asked) {
        try {
            return Week.parse(asked);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("invalid-week", "There is no such week: " + e.getMessage() + ".")
                    .asException();
        }
    }

    private static WeeklyReport of(Connection connection, TenantId tenant, Week week, boolean complete)
            throws SQLException {
        var span = new Span(week.from(), week.to());
        var before = week.from().minus(Duration.ofDays(7));
        var decided = ReportRows.decided(connection, tenant, before, span);
        var times = ReportRows.times(connection, tenant, before, span);
        var replay = ThresholdReplay.load(
                connection, tenant, span.to().minus(Duration.ofDays(ThresholdPreview.DAYS)), span.to());
        return new WeeklyReport(
                week,
                complete,
                new WeeklyReport.Decided(decided.lanes(), times.get(true), times.get(false)),
                decided.closed(),
                rules(connection, tenant, span),
                Advisor.advise(replay),
                ReportRows.model(connection, tenant, span));
    }

    private static WeeklyReport.Rules rules(Connection connection, TenantId tenant, Span week) throws SQLException {
        var from = week.to().minus(Duration.ofDays(WeeklyReport.DAYS));
        var done = ReportRows.rules(connection, tenant, from, week, MOST_VERSIONS);
        if (done.isEmpty()) {
            return new WeeklyReport.Rules(List.of(), 0, Counts.NONE, Counts.NONE);
        }
        var rows = new ArrayList<RuleRow>();
        for (Done one : done) {
            var version = one.version();
            if (version != null) {
                var tuning = Tuning.of(one.days().outcomes(), one.last(), week.to());
                rows.add(new RuleRow(version, "", one.week(), one.days(), tuning));
            }
        }
        rows.sort(Comparator.comparing((RuleRow row) -> Objects.requireNonNullElse(row.falseAlerts(), BigDecimal.ZERO))
                .thenComparing(row -> row.days().outcomes().falsePositives())
                .thenComparing(row -> row.week().fired())
                .thenComparing(row -> row.days().fired())
                .reversed()
                .thenComparing(row -> row.version().ruleId())
                .thenComparing(row -> row.version().version()));
        var shown = rows.subList(0, Math.min(SHOWN, rows.size()));
        var titles = ReportRows.titles(
                connection, tenant, shown.stream().map(RuleRow::version).toList());
        return new WeeklyReport.Rules(
                shown.stream().map(row -> titled(row, titles)).toList(),
                rows.size(),
                done.getFirst().week(),
                done.getFirst().days());
    }

    private static RuleRow titled(RuleRow row, Map<Version, String> titles) {
        return new RuleRow(row.version(), titles.getOrDefault(row.version(), ""), row.week(), row.days(), row.tuning());
    }
}
