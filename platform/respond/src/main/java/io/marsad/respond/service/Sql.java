package io.marsad.respond.service;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement whose conditions come one by one with their values. */
final class Sql {
    private final StringBuilder text;
    private final List<@Nullable Object> values = new ArrayList<>();

    Sql(String text) {
        this.text = new StringBuilder(text);
    }

    /** Appends, with the values of its question marks. */
    Sql add(String more, @Nullable Object... bound) {
        text.append(more);
        for (var value : bound) {
            values.add(value instanceof Instant at ? Timestamp.from(at) : value);
        }
        return this;
    }

    /** Appends a condition when there is a value for it. */
    Sql and(String condition, @Nullable Object value) {
        return value == null ? this : add(" AND " + condition, value);
    }

    @FunctionalInterface
    interface Reading<T> {
        T read(ResultSet row) throws SQLException;
    }

    <T> List<T> list(java.sql.Connection connection, Reading<T> reading) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(text.toString())) {
            for (int i = 0; i < values.size(); i++) {
                select.setObject(i + 1, values.get(i));
            }
            var all = new ArrayList<T>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(reading.read(rows));
                }
            }
            return all;
        }
    }

    static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        var at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }

    /** A title of what is named by {@code alert:UUID} or {@code case:UUID} in the column. */
    static String titleOf(String about, String tenant) {
        return "CASE WHEN " + about + " LIKE 'alert:%' THEN (SELECT t.title FROM alerts t WHERE t.tenant_id = " + tenant
                + " AND t.alert_id = substring(" + about + " FROM 7)::uuid) WHEN " + about
                + " LIKE 'case:%' THEN (SELECT t.title FROM cases t WHERE t.tenant_id = " + tenant
                + " AND t.case_id = substring(" + about + " FROM 6)::uuid) END";
    }
}
