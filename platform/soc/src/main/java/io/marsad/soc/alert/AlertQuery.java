package io.marsad.soc.alert;

import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.live.LiveFeed;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A filter as SQL, and the page that it gives. */
final class AlertQuery {
    private static final int MAX_WORDS = 10;

    /** Where a page ended: an alert's time and id. */
    private record Cursor(Instant time, UUID id) {
        String text() {
            var plain = time.toEpochMilli() + ":" + id;
            return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.US_ASCII));
        }

        static Cursor parse(String text) {
            try {
                var plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII);
                int colon = plain.indexOf(':');
                return new Cursor(
                        Instant.ofEpochMilli(Long.parseLong(plain.substring(0, Math.max(0, colon)))),
                        UUID.fromString(plain.substring(colon + 1)));
            } catch (IllegalArgumentException | DateTimeException e) {
                throw Problem.badRequest("invalid-cursor", "The cursor is not one that a page gave.")
                        .asException();
            }
        }
    }

    private final TenantId tenant;
    private final AlertFilter filter;
    private final StringBuilder where = new StringBuilder("tenant_id = ?");
    private final List<Object> values = new ArrayList<>();

    AlertQuery(TenantId tenant, AlertFilter filter) {
        this.tenant = tenant;
        this.filter = filter;
        values.add(tenant.value());
        and("rule_id = ?", filter.ruleId());
        and("time >= ?", timestamp(filter.from()));
        and("time < ?", timestamp(filter.to()));
        if (filter.entity() != null) {
            and("alert_id IN (SELECT alert_id FROM alert_entities WHERE tenant_id = ?", tenant.value());
            and("entity_key = ?)", Text.clean(filter.entity().strip().toLowerCase(Locale.ROOT), 512));
        }
        if (filter.tag() != null) {
            and("alert_id IN (SELECT alert_id FROM alert_tags WHERE tenant_id = ?", tenant.value());
            and("tag = ?)", Text.clean(filter.tag().strip().toLowerCase(Locale.ROOT), Act.MAX_TAG));
        }
        if (filter.words() != null) {
            var words = Text.clean(filter.words(), 512).strip().split("\\s+", MAX_WORDS);
            for (String word : words) {
                and("title ILIKE ?", '%' + word.replaceAll("([\\\\%_])", "\\\\$1") + '%');
            }
        }
    }

    AlertPage page(Connection connection, int limit, @Nullable String cursor) throws SQLException {
        var after = cursor == null ? null : Cursor.parse(cursor);
        long liveSeq =
                LiveFeed.lastSeq(connection, tenant); // before the page: what comes between is given twice, not never
        var counts = counts(connection);
        var alerts = rows(connection, limit + 1, after);
        String next = null;
        if (alerts.size() > limit) {
            alerts = alerts.subList(0, limit);
            var last = alerts.getLast();
            next = new Cursor(last.time(), last.id().uuid()).text();
        }
        long total = 0;
        var bySeverity = new EnumMap<Severity, Long>(Severity.class);
        var byStatus = new EnumMap<AlertStatus, Long>(AlertStatus.class);
        for (Severity severity : Severity.values()) {
            for (AlertStatus status : AlertStatus.values()) {
                long n = counts[severity.ordinal()][status.ordinal()];
                boolean severityFits =
                        filter.severity().isEmpty() || filter.severity().contains(severity);
                boolean statusFits =
                        filter.status().isEmpty() || filter.status().contains(status);
                total += severityFits && statusFits ? n : 0;
                bySeverity.merge(severity, statusFits ? n : 0, Long::sum);
                byStatus.merge(status, severityFits ? n : 0, Long::sum);
            }
        }
        return new AlertPage(alerts, next, total, Map.copyOf(bySeverity), Map.copyOf(byStatus), liveSeq);
    }

    private long[][] counts(Connection connection) throws SQLException {
        var counts = new long[Severity.values().length][AlertStatus.values().length];
        try (var select = connection.prepareStatement(
                "SELECT severity, status, count(*) FROM alerts WHERE " + where + " GROUP BY severity, status")) {
            bind(select, values);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    counts[rows.getInt(1) - 1][
                            AlertStatus.ofWord(rows.getString(2)).ordinal()] = rows.getLong(3);
                }
            }
        }
        return counts;
    }

    /** Only those that were raised until then. */
    void createdUntil(@Nullable Instant until) {
        and("created_at <= ?", timestamp(until));
    }

    /** At most so many of those that fit, locked until the transaction ends. */
    List<ActRows.Row> lock(ActRows rows, int most) throws SQLException {
        var condition = new StringBuilder(where);
        var all = new ArrayList<>(values);
        chosen(condition, all);
        return rows.lock(condition.toString(), all, most);
    }

    /** The parts that counts leave out. */
    private void chosen(StringBuilder sql, List<Object> all) {
        if (!filter.status().isEmpty()) {
            sql.append(" AND status = ANY (?)");
            all.add(filter.status().stream().map(AlertStatus::word).toArray(String[]::new));
        }
        if (!filter.severity().isEmpty()) {
            sql.append(" AND severity = ANY (?)");
            all.add(filter.severity().stream().map(Severity::rank).toArray(Integer[]::new));
        }
    }

    private List<Alert> rows(Connection connection, int limit, @Nullable Cursor after) throws SQLException {
        var sql = new StringBuilder("SELECT " + AlertRows.COLUMNS + " FROM alerts WHERE ").append(where);
        var all = new ArrayList<>(values);
        chosen(sql, all);
        if (after != null) {
            sql.append(" AND (time, alert_id) < (?, ?)");
            all.add(Timestamp.from(after.time()));
            all.add(after.id());
        }
        sql.append(" ORDER BY time DESC, alert_id DESC LIMIT ").append(limit);
        var alerts = new ArrayList<Alert>();
        try (var select = connection.prepareStatement(sql.toString())) {
            bind(select, all);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    alerts.add(AlertRows.read(rows));
                }
            }
        }
        return alerts;
    }

    private void and(String condition, @Nullable Object value) {
        if (value != null) {
            where.append(" AND ").append(condition);
            values.add(value);
        }
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
        return instant == null ? null : Timestamp.from(instant);
    }

    private static void bind(PreparedStatement statement, List<Object> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            bind(statement, i + 1, values.get(i));
        }
    }

    static void bind(PreparedStatement statement, int at, Object value) throws SQLException {
        switch (value) {
            case String[] texts ->
                statement.setArray(at, statement.getConnection().createArrayOf("text", texts));
            case Integer[] numbers ->
                statement.setArray(at, statement.getConnection().createArrayOf("int4", numbers));
            default -> statement.setObject(at, value);
        }
    }
}
