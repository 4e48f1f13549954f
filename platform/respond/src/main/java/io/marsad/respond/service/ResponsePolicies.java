package io.marsad.respond.service;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.respond.action.ActionPolicy;
import io.marsad.respond.action.ActionPolicy.Maturity;
import io.marsad.respond.action.ActionPolicy.Trusted;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.durable.ActionRequests;
import io.marsad.respond.durable.Turn;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.context.CrownJewels;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** What the tenant has done by itself, and what it wants to be asked for. Thread-safe. */
public final class ResponsePolicies implements ActionRequests.Policies {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** Whose crown jewels are known by which kind of entity. */
    private static final Map<String, Entity.Kind> KINDS = Map.of(
            "host", Entity.Kind.HOST,
            "user", Entity.Kind.USER,
            "ip", Entity.Kind.IP,
            "domain", Entity.Kind.DOMAIN,
            "instance", Entity.Kind.HOST);

    private final Database database;
    private final Catalogue catalogue;
    private final InstantSource clock;

    public ResponsePolicies(Database database, Catalogue catalogue, InstantSource clock) {
        this.database = database;
        this.catalogue = catalogue;
        this.clock = clock;
    }

    /** @param updatedBy null: the tenant has never said anything */
    public record Kept(
            ActionPolicy policy,
            @Nullable String updatedBy,
            @Nullable Instant updatedAt) {}

    /** Of the tenant of the running {@link CallerScope}. */
    public Kept find() {
        return database.inCallerTenant(connection -> {
            var turn = new Turn(connection, CallerScope.tenant(), Instant.ofEpochMilli(clock.millis()));
            var kept = read(turn);
            var names = Names.of(turn, java.util.Collections.singletonList(kept.updatedBy()));
            return new Kept(kept.policy(), names.orNull(kept.updatedBy()), kept.updatedAt());
        });
    }

    /**
     * Puts another in its place.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code unknown-action}
     */
    public Kept put(ActionPolicy wanted) {
        var named = new TreeSet<>(wanted.alwaysAsked());
        named.addAll(wanted.never());
        wanted.trusted().forEach(one -> named.add(one.action()));
        named.removeIf(name -> catalogue.find(name).isPresent());
        if (!named.isEmpty()) {
            throw Problem.badRequest("unknown-action", "There is no action " + String.join(", ", named) + ".")
                    .asException();
        }
        database.inCallerTenant(connection -> {
            var turn = new Turn(connection, CallerScope.tenant(), Instant.ofEpochMilli(clock.millis()));
            var before = read(turn).policy();
            var by = CallerScope.current().subject();
            try (var put =
                    connection.prepareStatement("INSERT INTO response_policies VALUES (?, ?, ?, ?, ?::jsonb, ?, ?)"
                            + " ON CONFLICT (tenant_id) DO UPDATE SET level = excluded.level,"
                            + " always_asked = excluded.always_asked, never = excluded.never, trusted = excluded.trusted,"
                            + " updated_by = excluded.updated_by, updated_at = excluded.updated_at")) {
                put.setString(1, turn.tenant().value());
                put.setString(2, wanted.maturity().name());
                put.setArray(3, texts(connection, wanted.alwaysAsked()));
                put.setArray(4, texts(connection, wanted.never()));
                put.setString(5, trusted(wanted));
                put.setString(6, by);
                put.setTimestamp(7, java.sql.Timestamp.from(turn.now()));
                put.executeUpdate();
            }
            var detail = JsonNodeFactory.instance.objectNode();
            detail.set("before", tree(before));
            detail.set("after", tree(wanted));
            AuditLog.append(
                    connection,
                    turn.tenant(),
                    new AuditLog.Entry(
                            turn.now(), by, "response_policy.update", "response_policy:", detail.toString()));
            return true;
        });
        return find();
    }

    private static java.sql.Array texts(Connection connection, Set<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.stream().sorted().toArray());
    }

    private static String trusted(ActionPolicy policy) {
        return tree(policy).get("trusted").toString();
    }

    private static JsonNode tree(ActionPolicy policy) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("level", policy.maturity().name());
        var asked = node.putArray("always_asked");
        policy.alwaysAsked().stream().sorted().forEach(asked::add);
        var never = node.putArray("never");
        policy.never().stream().sorted().forEach(never::add);
        var trusted = node.putArray("trusted");
        policy.trusted().stream()
                .sorted(java.util.Comparator.comparing(Trusted::action).thenComparing(Trusted::target))
                .forEach(one -> trusted.addObject().put("action", one.action()).put("target", one.target()));
        return node;
    }

    @Override
    public ActionPolicy of(Turn turn) throws SQLException {
        return read(turn).policy();
    }

    @Override
    public boolean isCrownJewel(Turn turn, String kind, String target) throws SQLException {
        var entity = KINDS.get(kind);
        return entity != null
                && CrownJewels.read(turn.connection(), turn.tenant())
                        .among(List.of(new Entity(entity, target, kind)), turn.now());
    }

    static Kept read(Turn turn) throws SQLException {
        var rows = new Sql("SELECT level, always_asked, never, trusted, updated_by, updated_at FROM response_policies"
                        + " WHERE tenant_id = ?")
                .add("", turn.tenant().value())
                .list(turn.connection(), ResponsePolicies::read);
        return rows.isEmpty() ? new Kept(ActionPolicy.standard(), null, null) : rows.getFirst();
    }

    private static Kept read(ResultSet row) throws SQLException {
        Set<Trusted> trusted = new LinkedHashSet<>();
        for (var one : MAPPER.readTree(row.getString("trusted"))) {
            trusted.add(new Trusted(
                    one.path("action").asString(""), one.path("target").asString("")));
        }
        var policy = new ActionPolicy(
                Maturity.valueOf(row.getString("level").toUpperCase(Locale.ROOT)),
                texts(row, "always_asked"),
                texts(row, "never"),
                trusted);
        return new Kept(policy, row.getString("updated_by"), Sql.time(row, "updated_at"));
    }

    private static Set<String> texts(ResultSet row, String column) throws SQLException {
        return Set.of((String[]) row.getArray(column).getArray());
    }
}
