package io.marsad.soc.alert;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The alerts of all tenants. All but {@link #raise} work on the tenant of the running {@link CallerScope}, which the caller
 * has bound and whose permission was checked at the door. What people do with alerts: {@link Triage}.
 *
 * <p>Thread-safe.
 */
public final class Alerts {
    /** The largest page. */
    public static final int MAX_PAGE = 500;

    /** How far apart two firings of the same may be to be one alert, unless something else is set. */
    public static final Duration WINDOW = Duration.ofSeconds(300);

    private final Database database;
    private final InstantSource clock;
    private final Duration window;

    /** @param window see {@link #WINDOW}; zero: every firing makes an alert of its own */
    public Alerts(Database database, InstantSource clock, Duration window) {
        this.database = database;
        this.clock = clock;
        this.window = window;
    }

    /**
     * Raises alerts inside the caller's transaction, which is the tenant's: each firing is counted once, whatever was
     * raised before, so that a repeated batch changes nothing. A firing whose rule, actor and target are those of an open
     * alert with evidence at most {@link #WINDOW} (or what was set) away is counted into that one; a closed one is never
     * opened by it. New alerts are in the live feed as {@code alert.created}, grown and revised ones as
     * {@code alert.updated}.
     *
     * @param revised of alerts that were raised: late events have moved what they rest on. Status and verdict stay
     */
    public Intake raise(Connection connection, TenantId tenant, List<Detection> detections, List<Detection> revised)
            throws SQLException {
        var now = now();
        var raised = AlertIntake.raise(connection, tenant, now, window, detections);
        var changed = AlertRevision.revise(connection, tenant, now, revised);
        var intake = new Intake(raised.created(), raised.grown(), changed, raised.counted());
        AlertFollowers.put(connection, tenant, now, intake);
        AlertIntake.tell(connection, tenant, now, intake);
        return intake;
    }

    /**
     * A page of the queue, newest first.
     *
     * @param limit 1 to {@link #MAX_PAGE}
     * @param cursor of the page before, or null
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-cursor}
     */
    public AlertPage list(AlertFilter filter, int limit, @Nullable String cursor) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("a page has 1 to " + MAX_PAGE + " alerts");
        }
        var query = new AlertQuery(CallerScope.tenant(), filter);
        return database.inCallerTenant(connection -> query.page(connection, limit, cursor));
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public Alert get(EventId id) {
        return database.inCallerTenant(connection -> find(connection, id));
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public AlertDetail detail(EventId id) {
        return database.inCallerTenant(connection -> {
            try (var select = connection.prepareStatement(
                    "SELECT " + AlertRows.COLUMNS + ", event_count, evidence, snapshot FROM alerts"
                            + " JOIN rule_snapshots USING (tenant_id, rule_id)"
                            + " WHERE tenant_id = ? AND alert_id = ? AND revision = rule_revision")) {
                select.setString(1, CallerScope.tenant().value());
                select.setObject(2, id.uuid());
                try (var rows = select.executeQuery()) {
                    if (!rows.next()) {
                        throw notFound();
                    }
                    var alert = AlertRows.read(rows);
                    var rule = AlertJson.rule(rows.getString("snapshot"));
                    var evidence = AlertJson.evidence(rows.getString("evidence"));
                    var narrative = Narrative.of(rule, evidence, rows.getInt("event_count"));
                    evidence.addAll(evidence(connection, id));
                    return new AlertDetail(
                            alert,
                            rule,
                            narrative,
                            evidence,
                            history(connection, id),
                            ruleRecord(connection, alert.ruleId()),
                            ConfidenceRows.of(connection, CallerScope.tenant(), id));
                }
            }
        });
    }

    static Alert find(Connection connection, EventId id) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT " + AlertRows.COLUMNS + " FROM alerts WHERE tenant_id = ? AND alert_id = ?")) {
            select.setString(1, CallerScope.tenant().value());
            select.setObject(2, id.uuid());
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw notFound();
                }
                return AlertRows.read(rows);
            }
        }
    }

    /** Some of a tenant's alerts, the earliest first; those that are not there are left out. */
    public static List<Alert> of(Connection connection, TenantId tenant, Collection<EventId> ids) throws SQLException {
        var alerts = new ArrayList<Alert>();
        try (var select = connection.prepareStatement("SELECT " + AlertRows.COLUMNS + " FROM alerts"
                + " WHERE tenant_id = ? AND alert_id = ANY (?) ORDER BY first_time, alert_id")) {
            select.setString(1, tenant.value());
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "uuid", ids.stream().map(EventId::uuid).toArray()));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    alerts.add(AlertRows.read(rows));
                }
            }
        }
        return alerts;
    }

    /** What the newest firings after the first rest on, oldest first. */
    private static List<Evidence> evidence(Connection connection, EventId id) throws SQLException {
        var evidence = new ArrayList<Evidence>();
        try (var select = connection.prepareStatement(
                "SELECT evidence FROM alert_evidence WHERE tenant_id = ? AND alert_id = ?")) {
            select.setString(1, CallerScope.tenant().value());
            select.setObject(2, id.uuid());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    evidence.addAll(AlertJson.evidence(rows.getString(1)));
                }
            }
        }
        evidence.sort(Comparator.comparing(Evidence::time)
                .thenComparing(one -> one.event().toString()));
        return evidence;
    }

    private static List<AlertDetail.HistoryEntry> history(Connection connection, EventId id) throws SQLException {
        var history = new ArrayList<AlertDetail.HistoryEntry>();
        try (var select = connection.prepareStatement("SELECT at, actor, action, detail FROM alert_history"
                + " WHERE tenant_id = ? AND alert_id = ? ORDER BY version, firings")) {
            select.setString(1, CallerScope.tenant().value());
            select.setObject(2, id.uuid());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    history.add(new AlertDetail.HistoryEntry(
                            rows.getTimestamp(1).toInstant(), rows.getString(2), rows.getString(3), rows.getString(4)));
                }
            }
        }
        return history;
    }

    private static AlertDetail.RuleRecord ruleRecord(Connection connection, String ruleId) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT count(*), count(*) FILTER (WHERE status = 'resolved'),"
                        + " count(*) FILTER (WHERE verdict = 'false_positive') FROM alerts WHERE tenant_id = ? AND rule_id = ?")) {
            select.setString(1, CallerScope.tenant().value());
            select.setString(2, ruleId);
            try (var rows = select.executeQuery()) {
                rows.next();
                return new AlertDetail.RuleRecord(rows.getLong(1), rows.getLong(2), rows.getLong(3));
            }
        }
    }

    static RuntimeException notFound() {
        return Problem.notFound("There is no such alert.").asException();
    }

    /** What the database and the API both keep. */
    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
