package io.marsad.soc.indicator;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Some indicators, newest first.
 *
 * @param total of all that fit
 * @param next where the next page begins; null when there is none
 */
public record IndicatorPage(
        List<Listed> indicators, long total, @Nullable String next) {
    public IndicatorPage {
        indicators = List.copyOf(indicators);
    }

    private record Where(String sql, List<Object> values) {}

    static IndicatorPage read(
            Connection connection, IndicatorFilter filter, int limit, @Nullable String cursor, Instant now)
            throws SQLException {
        var where = where(filter, now);
        long total;
        try (var count = connection.prepareStatement("SELECT count(*) FROM indicators WHERE " + where.sql)) {
            bind(count, where.values);
            try (var rows = count.executeQuery()) {
                rows.next();
                total = rows.getLong(1);
            }
        }
        var values = new ArrayList<>(where.values);
        var sql = where.sql;
        if (cursor != null) {
            sql += " AND (created_at, indicator_id) < (?, ?)";
            values.addAll(after(cursor));
        }
        values.add(limit + 1);
        var found = new ArrayList<Listed>();
        try (var select = connection.prepareStatement("SELECT " + IndicatorRows.COLUMNS + " FROM indicators WHERE "
                + sql + " ORDER BY created_at DESC, indicator_id DESC LIMIT ?")) {
            bind(select, values);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(IndicatorRows.read(rows));
                }
            }
        }
        boolean more = found.size() > limit;
        var page = more ? found.subList(0, limit) : found;
        return new IndicatorPage(page, total, more ? cursor(page.getLast()) : null);
    }

    private static Where where(IndicatorFilter filter, Instant now) {
        var sql = new StringBuilder("tenant_id = ?");
        var values = new ArrayList<Object>();
        values.add(CallerScope.tenant().value());
        if (filter.type() != null) {
            sql.append(" AND type = ?");
            values.add(filter.type());
        }
        var state = filter.state();
        if (state != null) {
            sql.append(" AND ").append(condition(state));
            for (int i = 0; i < times(state); i++) {
                values.add(Timestamp.from(now));
            }
        }
        var words = filter.words();
        if (words != null && !words.isBlank()) {
            sql.append(" AND (value LIKE ? OR lower(source) LIKE ? OR lower(description) LIKE ? OR ? = ANY (tags))");
            var plain = words.strip().toLowerCase(Locale.ROOT);
            var like = "%" + plain.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
            values.addAll(List.of(like, like, like, words.strip()));
        }
        return new Where(sql.toString(), values);
    }

    /** As {@link Listed#state} tells it of one. */
    private static String condition(String state) {
        return switch (state) {
            case "active" -> IndicatorRows.LIVE;
            case "expired" -> "NOT revoked AND valid_until <= ?";
            case "revoked" -> "revoked";
            case "warned" -> "NOT revoked AND warning IS NOT NULL AND (valid_until IS NULL OR valid_until > ?)";
            case "waiting" ->
                "NOT revoked AND warning IS NULL AND valid_from > ? AND (valid_until IS NULL OR valid_until > ?)";
            case "seen" -> "sightings > 0";
            default -> throw new IllegalArgumentException("no state: " + state);
        };
    }

    private static long times(String state) {
        return condition(state).chars().filter(c -> c == '?').count();
    }

    private static void bind(java.sql.PreparedStatement statement, List<Object> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
    }

    private static String cursor(Listed last) {
        return last.made().at().toEpochMilli() + "." + last.id();
    }

    private static List<Object> after(String cursor) {
        int dot = cursor.indexOf('.');
        try {
            var at = Instant.ofEpochMilli(Long.parseLong(cursor.substring(0, Math.max(0, dot))));
            return List.of(
                    Timestamp.from(at), EventId.parse(cursor.substring(dot + 1)).uuid());
        } catch (IllegalArgumentException | DateTimeException e) {
            throw Problem.badRequest("invalid-cursor", "This is no cursor of a page of indicators.")
                    .asException();
        }
    }
}
