package io.marsad.respond.host;

import io.marsad.db.Database;
import io.marsad.db.outbox.Outbox;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.durable.ActionRequests;
import io.marsad.wire.SignedAction;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** What agents are to do, from when it is signed for one until it has said what came of it. Thread-safe. */
public final class HostOrders {
    private static final int MOST_OPEN = 1_000;
    private static final int LONGEST_REASON = 1_000;
    private static final int MOST_OUTPUTS = 256 << 10;
    private static final int MOST_PROOF = 512 << 10;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Database database;
    private final InstantSource clock;

    public HostOrders(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** How far an order is. */
    public enum State {
        WAITING,
        BEGUN,
        COMPLETED,
        FAILED,
        /** The agent did not accept it, or does not know how. */
        REFUSED,
        /** It was interrupted: nobody can say. */
        UNKNOWN;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean isOpen() {
            return this == WAITING || this == BEGUN;
        }
    }

    /** What is signed for an agent. @param envelope DSSE, as JSON */
    public record Order(UUID action, UUID endpoint, String hostname, String envelope, Instant expires) {}

    /** An order, and what the agent said. @param proofHash SHA-256 of what proves it; empty: it has proved nothing */
    public record Kept(Order order, State state, String reason, Map<String, String> outputs, String proofHash) {
        public Kept {
            outputs = Map.copyOf(outputs);
        }
    }

    /** What an agent says. @param proof JSON; empty: none */
    public record Report(UUID action, State state, String reason, Map<String, String> outputs, String proof) {
        public Report {
            outputs = Map.copyOf(outputs);
        }
    }

    /** Keeps an order; the first one stands. In a transaction of the tenant. */
    public void put(Connection connection, TenantId tenant, Order order) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO endpoint_actions (tenant_id, action_id, endpoint_id,"
                + " hostname, envelope, state, asked_at, expires_at) VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?)"
                + " ON CONFLICT DO NOTHING")) {
            insert.setString(1, tenant.value());
            insert.setObject(2, order.action);
            insert.setObject(3, order.endpoint);
            insert.setString(4, order.hostname);
            insert.setString(5, order.envelope);
            insert.setTimestamp(6, Timestamp.from(clock.instant()));
            insert.setTimestamp(7, Timestamp.from(order.expires));
            insert.executeUpdate();
        }
    }

    /** Null when no agent was told. In a transaction of the tenant. */
    public @Nullable Kept find(Connection connection, TenantId tenant, UUID action) throws SQLException {
        try (var select =
                connection.prepareStatement("SELECT endpoint_id, hostname, envelope, expires_at, state, reason,"
                        + " outputs, proof_hash FROM endpoint_actions WHERE tenant_id = ? AND action_id = ?")) {
            select.setString(1, tenant.value());
            select.setObject(2, action);
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    return null;
                }
                Map<String, String> outputs = new LinkedHashMap<>();
                JSON.readTree(rows.getString("outputs"))
                        .forEachEntry((name, value) -> outputs.put(name, value.asString("")));
                return new Kept(
                        new Order(
                                action,
                                rows.getObject("endpoint_id", UUID.class),
                                rows.getString("hostname"),
                                rows.getString("envelope"),
                                rows.getTimestamp("expires_at").toInstant()),
                        State.valueOf(rows.getString("state").toUpperCase(Locale.ROOT)),
                        rows.getString("reason"),
                        outputs,
                        rows.getString("proof_hash"));
            }
        }
    }

    /** Of whom it is not known yet what came of it, the oldest first. */
    public List<Order> open(TenantId tenant) {
        return database.inTenant(tenant, connection -> {
            var open = new ArrayList<Order>();
            try (var select =
                    connection.prepareStatement("SELECT action_id, endpoint_id, hostname, envelope, expires_at"
                            + " FROM endpoint_actions WHERE tenant_id = ? AND state IN ('waiting', 'begun') AND expires_at > ?"
                            + " ORDER BY asked_at LIMIT ?")) {
                select.setString(1, tenant.value());
                select.setTimestamp(2, Timestamp.from(clock.instant()));
                select.setInt(3, MOST_OPEN);
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        open.add(new Order(
                                rows.getObject(1, UUID.class),
                                rows.getObject(2, UUID.class),
                                rows.getString(3),
                                rows.getString(4),
                                rows.getTimestamp(5).toInstant()));
                    }
                }
            }
            return open;
        });
    }

    /** The host's name while it is to do the action; null: it is not. */
    public @Nullable String isDoing(TenantId tenant, UUID endpoint, UUID action) {
        return database.<@Nullable String>inTenant(tenant, connection -> {
            var kept = find(connection, tenant, action);
            return kept != null && kept.order.endpoint.equals(endpoint) && kept.state.isOpen()
                    ? kept.order.hostname
                    : null;
        });
    }

    /**
     * Takes what an agent says, once: what is known stays. The action goes on.
     *
     * @return false when it says so of what it was not told, or what is known already
     */
    public boolean reported(TenantId tenant, UUID endpoint, Report report) {
        var now = clock.instant();
        return database.inTenant(tenant, connection -> {
            var open = report.state == State.BEGUN ? "state = 'waiting'" : "state IN ('waiting', 'begun')";
            try (var update = connection.prepareStatement("UPDATE endpoint_actions SET state = ?, reason = ?,"
                    + " outputs = ?, proof = ?, proof_hash = ?, reported_at = ? WHERE tenant_id = ? AND action_id = ?"
                    + " AND endpoint_id = ? AND " + open)) {
                var proof = clean(report.proof, MOST_PROOF);
                update.setString(1, report.state.word());
                update.setString(2, clean(report.reason, LONGEST_REASON));
                update.setString(3, outputs(report.outputs));
                update.setString(4, proof);
                update.setString(5, proof.isEmpty() ? "" : SignedAction.hash(proof));
                update.setTimestamp(6, Timestamp.from(now));
                update.setString(7, tenant.value());
                update.setObject(8, report.action);
                update.setObject(9, endpoint);
                if (update.executeUpdate() == 0) {
                    return false;
                }
            }
            if (!report.state.isOpen()) {
                Outbox.put(connection, tenant, now, List.of(ActionRequests.QUEUE), List.of(report.action));
            }
            return true;
        });
    }

    private static String outputs(Map<String, String> given) {
        var node = JsonNodeFactory.instance.objectNode();
        int left = MOST_OUTPUTS;
        for (var one : given.entrySet()) {
            var value = clean(one.getValue(), left);
            left -= value.length();
            node.put(clean(one.getKey(), 100), value);
        }
        return node.toString();
    }

    /** Agents are not believed to send what a text of the database may hold. */
    private static String clean(String text, int most) {
        var fit = text.length() <= most ? text : text.substring(0, most);
        return fit.replace("\0", "").replaceAll("[\\ud800-\\udbff]$", "");
    }
}
