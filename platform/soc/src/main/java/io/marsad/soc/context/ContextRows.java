package io.marsad.soc.context;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.alert.Verdict;
import io.marsad.soc.context.ContextFact.Content;
import io.marsad.soc.risk.RiskModel;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table, and stored alerts against what is in it, in a transaction of the tenant. */
final class ContextRows {
    static final int DAYS = 30;

    private static final String COLUMNS =
            "fact_id, name, kind, entity_kind, pattern, risk, severity_shift, reason, owner,"
                    + " owner_name, starts_at, expires_at, created_at, updated_at, version";
    private static final int LOOKED_AT = 1_000;
    private static final int EXAMPLES = 20;
    private static final String ABOUT = " FROM alert_entities AS e JOIN alerts AS a USING (tenant_id, alert_id)"
            + " WHERE tenant_id = ? AND e.entity_key LIKE ? AND (?::text IS NULL OR e.kind = ?) AND a.time >= ?";

    private ContextRows() {}

    static List<ContextFact> list(Connection connection, TenantId tenant) throws SQLException {
        var all = new ArrayList<ContextFact>();
        try (var select = connection.prepareStatement(
                "SELECT " + COLUMNS + " FROM context_facts WHERE tenant_id = ? ORDER BY created_at DESC, fact_id")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(read(rows));
                }
            }
        }
        return all;
    }

    static @Nullable ContextFact lock(Connection connection, TenantId tenant, EventId id) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT " + COLUMNS + " FROM context_facts WHERE tenant_id = ? AND fact_id = ? FOR UPDATE")) {
            select.setString(1, tenant.value());
            select.setObject(2, id.uuid());
            try (var rows = select.executeQuery()) {
                return rows.next() ? read(rows) : null;
            }
        }
    }

    static void insert(Connection connection, TenantId tenant, ContextFact fact) throws SQLException {
        try (var insert =
                connection.prepareStatement("INSERT INTO context_facts (name, kind, entity_kind, pattern, risk,"
                        + " severity_shift, reason, starts_at, expires_at, updated_at, version, tenant_id, fact_id, owner,"
                        + " owner_name, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            bind(insert, fact);
            insert.setString(12, tenant.value());
            insert.setObject(13, fact.id().uuid());
            insert.setString(14, fact.owner());
            insert.setString(15, fact.ownerName());
            insert.setTimestamp(16, Timestamp.from(fact.createdAt()));
            insert.executeUpdate();
        }
    }

    static void update(Connection connection, TenantId tenant, ContextFact fact) throws SQLException {
        try (var update = connection.prepareStatement("UPDATE context_facts SET name = ?, kind = ?, entity_kind = ?,"
                + " pattern = ?, risk = ?, severity_shift = ?, reason = ?, starts_at = ?, expires_at = ?, updated_at = ?,"
                + " version = ? WHERE tenant_id = ? AND fact_id = ?")) {
            bind(update, fact);
            update.setString(12, tenant.value());
            update.setObject(13, fact.id().uuid());
            update.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, ContextFact fact) throws SQLException {
        var content = fact.content();
        var kind = content.entityKind();
        statement.setString(1, content.name());
        statement.setString(2, content.kind());
        statement.setObject(3, kind == null ? null : kind.word(), Types.VARCHAR);
        statement.setString(4, content.pattern());
        statement.setBigDecimal(5, content.risk());
        statement.setInt(6, content.severityShift());
        statement.setString(7, content.reason());
        statement.setTimestamp(8, Timestamp.from(content.starts()));
        statement.setTimestamp(9, Timestamp.from(content.expires()));
        statement.setTimestamp(10, Timestamp.from(fact.updatedAt()));
        statement.setInt(11, fact.version());
    }

    static void delete(Connection connection, TenantId tenant, EventId id) throws SQLException {
        try (var delete =
                connection.prepareStatement("DELETE FROM context_facts WHERE tenant_id = ? AND fact_id = ?")) {
            delete.setString(1, tenant.value());
            delete.setObject(2, id.uuid());
            delete.executeUpdate();
        }
    }

    /** Alerts since then that name what this is about, the newest first. */
    static List<UUID> alerts(Connection connection, TenantId tenant, Content content, Instant since, int most)
            throws SQLException {
        var ids = new ArrayList<UUID>();
        try (var select = connection.prepareStatement(
                "SELECT a.alert_id" + ABOUT + " GROUP BY a.alert_id, a.time ORDER BY a.time DESC LIMIT " + most)) {
            about(select, tenant, content, since);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getObject(1, UUID.class));
                }
            }
        }
        return ids;
    }

    static ContextPreview preview(Connection connection, TenantId tenant, Content content, Instant now)
            throws SQLException {
        var since = now.minus(Duration.ofDays(DAYS));
        long alerts;
        long entities;
        try (var select = connection.prepareStatement(
                "SELECT count(DISTINCT a.alert_id), count(DISTINCT (e.kind, e.entity_key))" + ABOUT)) {
            about(select, tenant, content, since);
            try (var rows = select.executeQuery()) {
                rows.next();
                alerts = rows.getLong(1);
                entities = rows.getLong(2);
            }
        }
        int severities = 0;
        var examples = new ArrayList<ContextPreview.Example>();
        try (var select = connection.prepareStatement("SELECT a.alert_id, a.time, a.title,"
                + " coalesce(a.rule_severity, a.severity) AS severity, a.verdict, min(e.entity_key) AS entity" + ABOUT
                + " GROUP BY a.alert_id, a.time, a.title, a.rule_severity, a.severity, a.verdict"
                + " ORDER BY a.time DESC, a.alert_id LIMIT " + LOOKED_AT)) {
            about(select, tenant, content, since);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var example = example(rows, content);
                    severities += example.severityBefore().equals(example.severityAfter()) ? 0 : 1;
                    if (examples.size() < EXAMPLES) {
                        examples.add(example);
                    }
                }
            }
        }
        return new ContextPreview(DAYS, alerts, severities, entities, examples);
    }

    private static ContextPreview.Example example(ResultSet row, Content content) throws SQLException {
        var word = row.getString("verdict");
        var verdict = word == null ? null : Verdict.ofWord(word);
        var before = Severity.ofRank(row.getInt("severity"));
        var after = before.shifted(content.severityShift());
        return new ContextPreview.Example(
                id(row, "alert_id"),
                row.getTimestamp("time").toInstant(),
                row.getString("title"),
                row.getString("entity"),
                before.word(),
                after.word(),
                RiskModel.points(before, BigDecimal.ZERO, verdict),
                RiskModel.points(after, content.risk(), verdict));
    }

    private static void about(PreparedStatement select, TenantId tenant, Content content, Instant since)
            throws SQLException {
        var kind = content.entityKind();
        var word = kind == null ? null : kind.word();
        select.setString(1, tenant.value());
        select.setString(2, content.pattern().replaceAll("([\\\\%_])", "\\\\$1").replace('*', '%'));
        select.setObject(3, word, Types.VARCHAR);
        select.setObject(4, word, Types.VARCHAR);
        select.setTimestamp(5, Timestamp.from(since));
    }

    private static ContextFact read(ResultSet row) throws SQLException {
        var kind = row.getString("entity_kind");
        var content = new Content(
                row.getString("name"),
                row.getString("kind"),
                kind == null ? null : Entity.Kind.ofWord(kind),
                row.getString("pattern"),
                row.getBigDecimal("risk"),
                row.getInt("severity_shift"),
                row.getString("reason"),
                row.getTimestamp("starts_at").toInstant(),
                row.getTimestamp("expires_at").toInstant());
        return new ContextFact(
                id(row, "fact_id"),
                content,
                row.getString("owner"),
                row.getString("owner_name"),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("updated_at").toInstant(),
                row.getInt("version"));
    }

    private static EventId id(ResultSet row, String column) throws SQLException {
        var uuid = row.getObject(column, UUID.class);
        return new EventId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }
}
