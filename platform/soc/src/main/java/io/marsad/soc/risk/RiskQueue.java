package io.marsad.soc.risk;

import io.marsad.db.Database;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Entity;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The entities of the tenant of the running {@link CallerScope} by how much speaks against them now. Thread-safe. */
public final class RiskQueue {
    /** The largest page. */
    public static final int MAX_PAGE = 100;

    /** How far apart the points of a trend are. */
    public static final Duration STEP = Duration.ofHours(2);

    private static final int STEPS = 12;

    private final Database database;
    private final RiskModel model;
    private final RiskFollower follower;
    private final InstantSource clock;

    public RiskQueue(Database database, RiskModel model, RiskFollower follower, InstantSource clock) {
        this.database = database;
        this.model = model;
        this.follower = follower;
        this.clock = clock;
    }

    /** Which are wanted; empty for all. */
    public record Filter(Set<Entity.Kind> kinds, Set<Risk.Band> bands) {
        public static final Filter ALL = new Filter(Set.of(), Set.of());

        public Filter {
            kinds = Set.copyOf(kinds);
            bands = Set.copyOf(bands);
        }
    }

    /**
     * One entity.
     *
     * @param alerts that count, in the window
     * @param trend scores of the last day, one every {@link #STEP}, the oldest first; the last is that of now
     */
    public record Row(EntityKey entity, String value, Risk risk, int alerts, List<BigDecimal> trend) {
        public Row {
            trend = List.copyOf(trend);
        }
    }

    /**
     * A part of the queue, the highest first.
     *
     * @param at when these scores were right
     * @param next where the next page starts; null when there is none
     * @param total how many fit the filter
     * @param byBand how many fit the filter without its bands
     */
    public record Page(Instant at, List<Row> rows, @Nullable String next, long total, Map<Risk.Band, Long> byBand) {
        public Page {
            rows = List.copyOf(rows);
        }
    }

    /**
     * A page.
     *
     * @param cursor of the page before, or null
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-cursor}
     */
    public Page list(Filter filter, int limit, @Nullable String cursor) {
        var after = cursor == null ? null : Place.parse(cursor);
        var now = Instant.ofEpochMilli(clock.millis());
        var tenant = CallerScope.tenant();
        return database.inCallerTenant(connection -> {
            follower.expire(connection, tenant, now);
            return page(connection, tenant, filter, limit, after, now);
        });
    }

    /** When an entity was promoted, the newest first; at most 50. */
    public List<Promotion> promotions(EntityKey entity) {
        return database.inCallerTenant(connection -> PromotionRows.of(connection, CallerScope.tenant(), entity));
    }

    /**
     * The risk of one entity over time.
     *
     * @param scores one every step, the oldest first; the last is that of now
     */
    public record Course(Risk now, List<Point> scores) {
        public Course {
            scores = List.copyOf(scores);
        }
    }

    /** A score at a time. */
    public record Point(Instant at, BigDecimal score) {}

    /** The course of an entity's risk, whether it is in the queue or not. */
    public Course course(EntityKey entity, Duration span, Duration step) {
        var now = Instant.ofEpochMilli(clock.millis());
        var tenant = CallerScope.tenant();
        var all = database.inCallerTenant(connection -> new RiskRows(connection, tenant, model)
                .contributions(List.of(entity), now, span, step)
                .getOrDefault(entity, List.of()));
        var points = new ArrayList<Point>();
        for (long back = span.dividedBy(step); back >= 0; back--) {
            var at = now.minus(step.multipliedBy(back));
            points.add(new Point(at, model.at(at, all).score()));
        }
        return new Course(model.at(now, all), points);
    }

    /** How much the risk of these is now. */
    public Map<EntityKey, Risk.Band> bands(Collection<EntityKey> entities) {
        var now = Instant.ofEpochMilli(clock.millis());
        var tenant = CallerScope.tenant();
        var all = database.inCallerTenant(connection ->
                new RiskRows(connection, tenant, model).contributions(entities, now, Duration.ZERO, model.window()));
        var bands = new TreeMap<EntityKey, Risk.Band>();
        all.forEach((entity, contributions) ->
                bands.put(entity, model.at(now, contributions).band()));
        return bands;
    }

    /** Where a page ended. */
    private record Place(double heat, String kind, String key) {
        String text() {
            var plain = heat + " " + kind + " " + key;
            return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
        }

        static Place parse(String text) {
            try {
                var parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", 3);
                if (parts.length == 3 && parts[2].indexOf('\0') < 0 && parts[1].indexOf('\0') < 0) {
                    return new Place(Double.parseDouble(parts[0]), parts[1], parts[2]);
                }
            } catch (IllegalArgumentException e) {
                throw invalid();
            }
            throw invalid();
        }

        private static RuntimeException invalid() {
            return Problem.badRequest("invalid-cursor", "The cursor is not one that a page gave.")
                    .asException();
        }
    }

    private record Found(EntityKey entity, String value, int alerts, double heat) {}

    private Page page(
            Connection connection, TenantId tenant, Filter filter, int limit, @Nullable Place after, Instant now)
            throws SQLException {
        var counts = counts(connection, tenant, filter.kinds(), now);
        var found = find(connection, tenant, filter, limit + 1, after, now);
        String next = null;
        if (found.size() > limit) {
            found = found.subList(0, limit);
            var last = found.getLast();
            next = new Place(
                            last.heat(),
                            last.entity().kind().word(),
                            last.entity().key())
                    .text();
        }
        var rows = new RiskRows(connection, tenant, model)
                .contributions(found.stream().map(Found::entity).toList(), now, STEP.multipliedBy(STEPS), STEP);
        var page = new ArrayList<Row>();
        for (var one : found) {
            var all = rows.getOrDefault(one.entity(), List.of());
            var trend = new ArrayList<BigDecimal>();
            for (int back = STEPS; back >= 0; back--) {
                trend.add(model.at(now.minus(STEP.multipliedBy(back)), all).score());
            }
            page.add(new Row(one.entity(), one.value(), model.at(now, all), one.alerts(), trend));
        }
        long total = 0;
        for (var count : counts.entrySet()) {
            total += filter.bands().isEmpty() || filter.bands().contains(count.getKey()) ? count.getValue() : 0;
        }
        return new Page(now, page, next, total, Map.copyOf(counts));
    }

    private Map<Risk.Band, Long> counts(
            Connection connection, TenantId tenant, Collection<Entity.Kind> kinds, Instant now) throws SQLException {
        var counts = new EnumMap<Risk.Band, Long>(Risk.Band.class);
        long above = 0;
        for (var band : Risk.Band.values()) {
            if (band != Risk.Band.NONE) {
                long from = countFrom(connection, tenant, kinds, heat(band, now));
                counts.put(band, from - above);
                above = from;
            }
        }
        return counts;
    }

    private static long countFrom(Connection connection, TenantId tenant, Collection<Entity.Kind> kinds, double heat)
            throws SQLException {
        try (var select =
                connection.prepareStatement("SELECT count(*) FROM risk_entities WHERE tenant_id = ? AND heat >= ?"
                        + (kinds.isEmpty() ? "" : " AND kind = ANY (?)"))) {
            select.setString(1, tenant.value());
            select.setDouble(2, heat);
            if (!kinds.isEmpty()) {
                select.setArray(3, words(connection, kinds));
            }
            try (var rows = select.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private List<Found> find(
            Connection connection, TenantId tenant, Filter filter, int limit, @Nullable Place after, Instant now)
            throws SQLException {
        var sql = new StringBuilder("SELECT kind, entity_key, value, alerts, heat FROM risk_entities"
                + " WHERE tenant_id = ? AND heat >= ?");
        sql.append(filter.kinds().isEmpty() ? "" : " AND kind = ANY (?)");
        if (!filter.bands().isEmpty()) {
            sql.append(filter.bands().stream()
                    .filter(band -> band != Risk.Band.NONE)
                    .map(_ -> "heat >= ? AND heat < ?")
                    .collect(Collectors.joining(" OR ", " AND (", " OR false)")));
        }
        sql.append(after == null ? "" : " AND heat <= ? AND (heat < ? OR (kind, entity_key) > (?, ?))");
        sql.append(" ORDER BY heat DESC, kind, entity_key LIMIT ").append(limit);
        var found = new ArrayList<Found>();
        try (var select = connection.prepareStatement(sql.toString())) {
            select.setString(1, tenant.value());
            select.setDouble(2, heat(Risk.Band.LOW, now));
            bind(select, filter, after, now);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(new Found(
                            RiskRows.key(rows),
                            rows.getString("value"),
                            rows.getInt("alerts"),
                            rows.getDouble("heat")));
                }
            }
        }
        return found;
    }

    private void bind(PreparedStatement select, Filter filter, @Nullable Place after, Instant now) throws SQLException {
        int at = 3;
        if (!filter.kinds().isEmpty()) {
            select.setArray(at++, words(select.getConnection(), filter.kinds()));
        }
        for (var band : filter.bands()) {
            if (band != Risk.Band.NONE) {
                select.setDouble(at++, heat(band, now));
                select.setDouble(
                        at++,
                        band == Risk.Band.CRITICAL
                                ? Double.POSITIVE_INFINITY
                                : heat(Risk.Band.values()[band.ordinal() - 1], now));
            }
        }
        if (after != null) {
            select.setDouble(at++, after.heat());
            select.setDouble(at++, after.heat());
            select.setString(at++, after.kind());
            select.setString(at, after.key());
        }
    }

    private double heat(Risk.Band band, Instant now) {
        return model.heat(RiskModel.pointsOf(band.from()), now);
    }

    private static java.sql.Array words(Connection connection, Collection<Entity.Kind> kinds) throws SQLException {
        return connection.createArrayOf(
                "text", kinds.stream().map(Entity.Kind::word).toArray());
    }
}
