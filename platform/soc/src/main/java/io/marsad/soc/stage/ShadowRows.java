package io.marsad.soc.stage;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.Detection;
import io.marsad.soc.stage.Shadow.Day;
import io.marsad.soc.stage.Shadow.Named;
import io.marsad.soc.stage.Shadow.OfEntity;
import java.sql.Array;
import java.sql.Connection;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/** What rules in the shadow found, in the tenant's transaction. */
final class ShadowRows {
    /** Of each rule; what is older stays in the count of its day. */
    private static final int KEPT = 1_000;

    private static final int SHOWN = 20;
    private static final int ENTITIES_SHOWN = 10;
    private static final int ENTITIES_KEPT = 16;
    private static final int DAYS_SHOWN = 90;
    private static final int LONGEST_TITLE = 512;

    private ShadowRows() {}

    private record Key(String rule, LocalDate day) {}

    /** Counts each firing once, however often it is found. */
    static void add(Connection connection, TenantId tenant, List<Detection> detections) throws SQLException {
        var counted = new TreeMap<Key, Long>(Comparator.comparing(Key::rule).thenComparing(Key::day));
        var ordered = new ArrayList<>(detections);
        ordered.sort(Comparator.comparing(one -> one.alertId(tenant).toString())); // rows are locked in order
        try (var insert = connection.prepareStatement("INSERT INTO shadow_firings (tenant_id, rule_id, firing_id, time,"
                + " title, level, fingerprint, event_id, entity_types, entity_values) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT DO NOTHING")) {
            for (Detection one : ordered) {
                var title = one.rule().title().replace('\0', ' ');
                insert.setString(1, tenant.value());
                insert.setString(2, one.rule().id());
                insert.setObject(3, one.alertId(tenant).uuid());
                insert.setTimestamp(4, Timestamp.from(one.time()));
                insert.setString(5, title.substring(0, Math.min(LONGEST_TITLE, title.length())));
                insert.setString(6, one.rule().level());
                insert.setString(7, one.fingerprint());
                insert.setObject(8, one.evidence().getFirst().event().uuid());
                var about = one.entities().stream().limit(ENTITIES_KEPT).toList();
                insert.setArray(
                        9,
                        texts(
                                connection,
                                about.stream().map(entity -> entity.kind().word())));
                insert.setArray(
                        10,
                        texts(
                                connection,
                                about.stream().map(entity -> entity.value().replace('\0', ' '))));
                insert.addBatch();
            }
            var inserted = insert.executeBatch();
            for (int i = 0; i < inserted.length; i++) {
                if (inserted[i] > 0) {
                    var one = ordered.get(i);
                    var day = LocalDate.ofInstant(one.time(), ZoneOffset.UTC);
                    counted.merge(new Key(one.rule().id(), day), 1L, Long::sum);
                }
            }
        }
        if (!counted.isEmpty()) {
            count(connection, tenant, counted);
        }
    }

    private static void count(Connection connection, TenantId tenant, Map<Key, Long> counted) throws SQLException {
        var full = new TreeSet<String>();
        var sql = "INSERT INTO shadow_days AS d VALUES (?, ?, ?, ?) ON CONFLICT (tenant_id, rule_id, day)"
                + " DO UPDATE SET firings = d.firings + excluded.firings RETURNING firings";
        for (var one : counted.entrySet()) {
            try (var upsert = connection.prepareStatement(sql)) {
                upsert.setString(1, tenant.value());
                upsert.setString(2, one.getKey().rule());
                upsert.setDate(3, Date.valueOf(one.getKey().day()));
                upsert.setLong(4, one.getValue());
                try (var rows = upsert.executeQuery()) {
                    rows.next();
                    long now = rows.getLong(1);
                    if (now / KEPT != (now - one.getValue()) / KEPT) {
                        full.add(one.getKey().rule());
                    }
                }
            }
        }
        for (String rule : full) {
            try (var prune =
                    connection.prepareStatement("DELETE FROM shadow_firings WHERE tenant_id = ? AND rule_id = ?"
                            + " AND firing_id NOT IN (SELECT firing_id FROM shadow_firings WHERE tenant_id = ? AND rule_id = ?"
                            + " ORDER BY time DESC, firing_id LIMIT " + KEPT + ")")) {
                prune.setString(1, tenant.value());
                prune.setString(2, rule);
                prune.setString(3, tenant.value());
                prune.setString(4, rule);
                prune.executeUpdate();
            }
        }
    }

    private static Array texts(Connection connection, Stream<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }

    /** A new time in the shadow begins with nothing. */
    static void forget(Connection connection, TenantId tenant, String rule) throws SQLException {
        for (var table : List.of("shadow_firings", "shadow_days")) {
            try (var delete =
                    connection.prepareStatement("DELETE FROM " + table + " WHERE tenant_id = ? AND rule_id = ?")) {
                delete.setString(1, tenant.value());
                delete.setString(2, rule);
                delete.executeUpdate();
            }
        }
    }

    static Shadow read(Connection connection, TenantId tenant, String rule) throws SQLException {
        var days = days(connection, tenant, rule);
        long kept;
        long alerts;
        try (var select = connection.prepareStatement("SELECT count(*), count(*) FILTER (WHERE gap IS NULL OR gap > ?)"
                + " FROM (SELECT extract(epoch FROM time - lag(time) OVER (PARTITION BY"
                + " coalesce(fingerprint, firing_id::text) ORDER BY time)) AS gap FROM shadow_firings"
                + " WHERE tenant_id = ? AND rule_id = ?) AS gaps")) {
            select.setLong(1, Alerts.WINDOW.toSeconds());
            select.setString(2, tenant.value());
            select.setString(3, rule);
            try (var rows = select.executeQuery()) {
                rows.next();
                kept = rows.getLong(1);
                alerts = rows.getLong(2);
            }
        }
        return new Shadow(
                days.stream().mapToLong(Day::firings).sum(),
                kept,
                alerts,
                days.subList(0, Math.min(DAYS_SHOWN, days.size())),
                entities(connection, tenant, rule),
                newest(connection, tenant, rule));
    }

    private static List<Day> days(Connection connection, TenantId tenant, String rule) throws SQLException {
        var days = new ArrayList<Day>();
        try (var select = connection.prepareStatement(
                "SELECT day, firings FROM shadow_days WHERE tenant_id = ? AND rule_id = ? ORDER BY day DESC")) {
            select.setString(1, tenant.value());
            select.setString(2, rule);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    days.add(new Day(rows.getDate(1).toLocalDate(), rows.getLong(2)));
                }
            }
        }
        return days;
    }

    private static List<OfEntity> entities(Connection connection, TenantId tenant, String rule) throws SQLException {
        var most = new ArrayList<OfEntity>();
        try (var select = connection.prepareStatement("SELECT e.type, e.value, count(*) AS n FROM shadow_firings,"
                + " unnest(entity_types, entity_values) AS e (type, value) WHERE tenant_id = ? AND rule_id = ?"
                + " GROUP BY 1, 2 ORDER BY n DESC, type, value LIMIT " + ENTITIES_SHOWN)) {
            select.setString(1, tenant.value());
            select.setString(2, rule);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    most.add(new OfEntity(rows.getString(1), rows.getString(2), rows.getLong(3)));
                }
            }
        }
        return most;
    }

    private static List<Shadow.Firing> newest(Connection connection, TenantId tenant, String rule) throws SQLException {
        var newest = new ArrayList<Shadow.Firing>();
        try (var select = connection.prepareStatement(
                "SELECT firing_id, time, title, level, entity_types, entity_values, event_id"
                        + " FROM shadow_firings WHERE tenant_id = ? AND rule_id = ? ORDER BY time DESC, firing_id LIMIT "
                        + SHOWN)) {
            select.setString(1, tenant.value());
            select.setString(2, rule);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    newest.add(firing(rows));
                }
            }
        }
        return newest;
    }

    private static Shadow.Firing firing(ResultSet row) throws SQLException {
        var named = new ArrayList<Named>();
        if (row.getArray("entity_types").getArray() instanceof String[] types
                && row.getArray("entity_values").getArray() instanceof String[] values) {
            for (int i = 0; i < types.length; i++) {
                named.add(new Named(types[i], values[i]));
            }
        }
        return new Shadow.Firing(
                id(row, "firing_id"),
                row.getTimestamp("time").toInstant(),
                row.getString("title"),
                row.getString("level"),
                named,
                id(row, "event_id"));
    }

    private static EventId id(ResultSet row, String column) throws SQLException {
        var uuid = row.getObject(column, UUID.class);
        return new EventId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }
}
