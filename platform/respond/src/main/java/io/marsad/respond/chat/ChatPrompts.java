package io.marsad.respond.chat;

import io.marsad.connect.run.Mode;
import io.marsad.connect.run.Outcome;
import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.connection.Connections;
import io.marsad.respond.durable.Turn;
import io.marsad.respond.link.ApprovalPrompts;
import io.marsad.respond.link.ApprovalText;
import io.marsad.respond.service.ActionView;
import io.marsad.respond.service.Actions;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Posts what waits for somebody's consent into the channel that a Slack connection names for it, with buttons that carry the
 * action and the hash of its parameters. What may have arrived is not posted again. Thread-safe.
 */
public final class ChatPrompts implements ApprovalPrompts.Way {
    /** Instead of buttons. */
    public static final String TOO_LONG = "Its parameters are too long to be shown here: approve it in the console.";

    private static final String CHANNEL = "approvals_channel";

    private final Database database;
    private final Connections connections;
    private final Actions actions;
    private final InstantSource clock;

    public ChatPrompts(Database database, Connections connections, Actions actions, InstantSource clock) {
        this.database = database;
        this.connections = connections;
        this.actions = actions;
        this.clock = clock;
    }

    /** What is still to be posted. */
    private record Due(ActionView action, Connections.Open open, String channel) {
        UUID connection() {
            return open.kept().id().uuid();
        }
    }

    @Override
    public void tell(TenantId tenant, List<UUID> waiting) throws IOException {
        List<Due> all = database.inTenant(tenant, connection -> due(connection, tenant, waiting));
        for (var one : all) {
            post(tenant, one);
        }
    }

    private List<Due> due(Connection connection, TenantId tenant, List<UUID> waiting) throws SQLException {
        var all = new ArrayList<Due>();
        var system = Caller.system(tenant, "chat");
        var turn = new Turn(connection, tenant, now());
        for (var open : connections.enabled(connection, tenant, "slack")) {
            var channel = open.account().config().path(CHANNEL).asString("");
            for (var id : channel.isEmpty() ? List.<UUID>of() : waiting) {
                var action = actions.seenBy(turn, system, id);
                if (action != null
                        && action.may().refuse()
                        && !isPosted(connection, tenant, open.kept().id().uuid(), id)) {
                    all.add(new Due(action, open, channel));
                }
            }
        }
        return all;
    }

    private void post(TenantId tenant, Due due) throws IOException {
        boolean fits = ApprovalText.fits(due.action);
        var parameters = JsonNodeFactory.instance.objectNode().put("channel", due.channel);
        if (fits) {
            parameters.put("text", ApprovalText.brief(due.action)).put("value", value(due.action));
        } else {
            parameters.put("text", ApprovalText.brief(due.action) + "\n" + TOO_LONG);
        }
        var key = due.action.id() + "." + due.connection();
        var outcome = connections
                .engine()
                .call(due.open.account(), fits ? "ask" : "post_message", parameters, key, Mode.LIVE);
        switch (outcome) {
            case Outcome.Succeeded _, Outcome.Simulated _ -> posted(tenant, due, "posted");
            case Outcome.Unknown unknown -> posted(tenant, due, "nobody knows: " + unknown.reason());
            case Outcome.Refused refused -> posted(tenant, due, "refused: " + refused.reason());
            case Outcome.Temporary temporary -> {
                if (temporary.maybe()) {
                    posted(tenant, due, "nobody knows: " + temporary.reason());
                } else {
                    throw new IOException(due.open.shown() + ": " + temporary.reason());
                }
            }
        }
    }

    /** What a button sends back. */
    public static String value(ActionView action) {
        return action.id() + " " + action.hash();
    }

    private void posted(TenantId tenant, Due due, String outcome) {
        database.inTenant(tenant, connection -> {
            try (var insert =
                    connection.prepareStatement("INSERT INTO chat_prompts (tenant_id, connection_id, action_id, at)"
                            + " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
                insert.setString(1, tenant.value());
                insert.setObject(2, due.connection());
                insert.setObject(3, due.action.id());
                insert.setTimestamp(4, Timestamp.from(now()));
                insert.executeUpdate();
            }
            var detail =
                    AuditLog.detail(connection, "chat", due.open.shown(), "channel", due.channel, "outcome", outcome);
            var object = "action:" + due.action.id();
            return AuditLog.append(
                    connection, tenant, new AuditLog.Entry(now(), "system:actions", "action.post", object, detail));
        });
    }

    private static boolean isPosted(Connection connection, TenantId tenant, UUID chat, UUID action)
            throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT FROM chat_prompts WHERE tenant_id = ? AND connection_id = ? AND action_id = ?")) {
            select.setString(1, tenant.value());
            select.setObject(2, chat);
            select.setObject(3, action);
            try (var rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
