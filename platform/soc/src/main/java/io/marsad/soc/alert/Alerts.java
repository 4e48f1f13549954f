package io.marsad.soc.alert;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.live.LiveFeed;
import io.marsad.soc.live.LiveFeed.News;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The alerts of all tenants. All but {@link #raise} and {@link #revise} work on the tenant of the running {@link CallerScope}, which the
 * caller has bound and whose permission was checked at the door.
 *
 * <p>Thread-safe.
 */
public final class Alerts {
    /** The largest page. */
    public static final int MAX_PAGE = 500;

    private static final int MAX_COMMENT = 4_000;

    private final Database database;
    private final InstantSource clock;

    public Alerts(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Raises alerts inside the caller's transaction, which is the tenant's: each once, whatever was raised before, so that
     * a repeated batch changes nothing. Returns those that are new; they are in the live feed as {@code alert.created}.
     */
    public List<Alert> raise(Connection connection, TenantId tenant, List<Detection> detections) throws SQLException {
        return AlertIntake.raise(connection, tenant, now(), detections);
    }

    /**
     * Gives alerts that were raised the evidence of these detections, inside the caller's transaction: late events have
     * moved what they rest on. Status and verdict stay. Returns those that have changed; they are in the live feed as
     * {@code alert.updated}.
     */
    public List<Alert> revise(Connection connection, TenantId tenant, List<Detection> detections) throws SQLException {
        return AlertRevision.revise(connection, tenant, now(), detections);
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
        return database.inCallerTenant(connection -> find(connection, id, false));
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public AlertDetail detail(EventId id) {
        return database.inCallerTenant(connection -> {
            try (var select =
                    connection.prepareStatement("SELECT " + AlertRows.COLUMNS + ", evidence, snapshot FROM alerts"
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
                    return new AlertDetail(
                            alert,
                            rule,
                            Narrative.of(rule, evidence, alert.eventCount()),
                            evidence,
                            history(connection, id),
                            ruleRecord(connection, alert.ruleId()));
                }
            }
        });
    }

    /**
     * Takes, closes or reopens an alert: status, history, audit and live feed in one transaction. Taking assigns it to the
     * caller; putting it back to new frees it.
     *
     * @throws io.marsad.kernel.problem.ProblemException 404; 400 {@code verdict-required}, {@code verdict-refused},
     *     {@code comment-too-long}; 409 {@code version-conflict}, {@code illegal-transition}
     */
    public Alert transition(EventId id, Transition wanted) {
        requireSound(wanted);
        return database.inCallerTenant(connection -> {
            var before = find(connection, id, true);
            requirePossible(before, wanted);
            var caller = CallerScope.current();
            var name = actorName(connection, caller);
            var assignee = switch (wanted.to()) {
                case NEW -> null;
                case IN_PROGRESS -> name;
                case RESOLVED -> before.assignee();
            };
            var at = now();
            var after = update(connection, before, wanted, assignee, at);
            var detail = detail(before, wanted);
            addHistory(connection, after, name, detail);
            AuditLog.append(
                    connection,
                    caller.tenant(),
                    new AuditLog.Entry(
                            at,
                            caller.subject(),
                            "alert.transition",
                            "alert:" + id,
                            auditDetail(before, after, wanted)));
            LiveFeed.append(connection, caller.tenant(), at, List.of(new News("alert.updated", AlertJson.text(after))));
            return after;
        });
    }

    private static void requireSound(Transition wanted) {
        boolean closing = wanted.to() == AlertStatus.RESOLVED;
        if (closing && wanted.verdict() == null) {
            throw Problem.badRequest("verdict-required", "Closing an alert needs a verdict.")
                    .asException();
        }
        if (!closing && wanted.verdict() != null) {
            throw Problem.badRequest("verdict-refused", "A verdict comes with closing only.")
                    .asException();
        }
        var comment = wanted.comment();
        if (comment != null && comment.length() > MAX_COMMENT) {
            throw Problem.badRequest("comment-too-long", "A comment has at most " + MAX_COMMENT + " characters.")
                    .asException();
        }
    }

    private static void requirePossible(Alert alert, Transition wanted) {
        var version = wanted.version();
        if (version != null && version != alert.version()) {
            throw Problem.conflict(
                            "version-conflict",
                            "The alert has changed since: it is at version " + alert.version() + ", "
                                    + alert.status().word() + ".")
                    .asException();
        }
        if (!alert.status().mayBecome(wanted.to())) {
            throw Problem.conflict(
                            "illegal-transition",
                            "The alert is " + alert.status().word() + " and cannot become "
                                    + wanted.to().word() + ".")
                    .asException();
        }
    }

    private static Alert find(Connection connection, EventId id, boolean lock) throws SQLException {
        try (var select = connection.prepareStatement("SELECT " + AlertRows.COLUMNS
                + " FROM alerts WHERE tenant_id = ? AND alert_id = ?" + (lock ? " FOR UPDATE" : ""))) {
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

    private static Alert update(
            Connection connection, Alert alert, Transition wanted, @Nullable String assignee, Instant at)
            throws SQLException {
        try (var update = connection.prepareStatement("UPDATE alerts SET status = ?, verdict = ?, assignee = ?,"
                + " updated_at = ?, version = version + 1 WHERE tenant_id = ? AND alert_id = ? RETURNING "
                + AlertRows.COLUMNS)) {
            var verdict = wanted.verdict();
            update.setString(1, wanted.to().word());
            update.setObject(2, verdict == null ? null : verdict.word(), Types.VARCHAR);
            update.setObject(3, assignee, Types.VARCHAR);
            update.setTimestamp(4, Timestamp.from(at));
            update.setString(5, CallerScope.tenant().value());
            update.setObject(6, alert.id().uuid());
            try (var rows = update.executeQuery()) {
                rows.next();
                return AlertRows.read(rows);
            }
        }
    }

    private static void addHistory(Connection connection, Alert alert, String actor, String detail)
            throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO alert_history VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, CallerScope.tenant().value());
            insert.setObject(2, alert.id().uuid());
            insert.setInt(3, alert.version());
            insert.setTimestamp(4, Timestamp.from(alert.updatedAt()));
            insert.setString(5, actor);
            insert.setString(6, alert.status().word());
            insert.setString(7, detail);
            insert.executeUpdate();
        }
    }

    private static List<AlertDetail.HistoryEntry> history(Connection connection, EventId id) throws SQLException {
        var history = new ArrayList<AlertDetail.HistoryEntry>();
        try (var select = connection.prepareStatement("SELECT at, actor, action, detail FROM alert_history"
                + " WHERE tenant_id = ? AND alert_id = ? ORDER BY version")) {
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

    /** What people call the caller. */
    private static String actorName(Connection connection, Caller caller) throws SQLException {
        var subject = caller.subject();
        boolean user = subject.startsWith("user:");
        if (!user && !subject.startsWith("token:")) {
            return subject;
        }
        try (var select = connection.prepareStatement(
                user
                        ? "SELECT username FROM users WHERE tenant_id = ? AND user_id = ?::uuid"
                        : "SELECT name FROM api_tokens WHERE tenant_id = ? AND token_id = ?::uuid")) {
            select.setString(1, caller.tenant().value());
            select.setString(2, subject.substring(subject.indexOf(':') + 1));
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getString(1) : subject;
            }
        }
    }

    private static String detail(Alert before, Transition wanted) {
        var verdict = wanted.verdict();
        var comment = wanted.comment();
        return "was " + before.status().word() + (verdict == null ? "" : "; verdict " + verdict.word())
                + (comment == null || comment.isBlank() ? "" : "; " + Text.clean(comment, MAX_COMMENT));
    }

    private static String auditDetail(Alert before, Alert after, Transition wanted) {
        return AlertJson.build(to -> {
            to.writeStartObject();
            to.writeStringProperty("from", before.status().word());
            to.writeStringProperty("to", after.status().word());
            var verdict = after.verdict();
            AlertJson.optional(to, "verdict", verdict == null ? null : verdict.word());
            var comment = wanted.comment();
            AlertJson.optional(to, "comment", comment == null ? null : Text.clean(comment, MAX_COMMENT));
            to.writeNumberProperty("version", after.version());
            to.writeEndObject();
        });
    }

    private static RuntimeException notFound() {
        return Problem.notFound("There is no such alert.").asException();
    }

    /** What the database and the API both keep. */
    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
