package io.marsad.respond.link;

import io.marsad.db.Database;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.durable.Turn;
import io.marsad.respond.service.ActionView;
import io.marsad.respond.service.Actions;
import io.marsad.soc.alert.AlertReading;
import io.marsad.soc.identity.Persons;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Links by which one person agrees to one action with the parameters that it had, or refuses it: once, until it expires,
 * with what they may do at that moment. Thread-safe.
 */
public final class ApprovalLinks {
    private static final String PURPOSE = "approve";
    private static final String ALERT = "alert:";
    private static final String FIND =
            "SELECT link_id, action_id, user_id, parameters_hash, expires_at, sent_at, used_at"
                    + " FROM approval_links WHERE tenant_id = ? AND ";

    private final Database database;
    private final LinkKeys keys;
    private final Actions actions;
    private final InstantSource clock;

    public ApprovalLinks(Database database, LinkKeys keys, Actions actions, InstantSource clock) {
        this.database = database;
        this.keys = keys;
        this.actions = actions;
        this.clock = clock;
    }

    /** As it is kept. */
    private record Row(
            UUID id,
            UUID action,
            UUID user,
            String hash,
            Instant expires,
            @Nullable Instant sent,
            @Nullable Instant used) {
        /** What is signed. */
        String[] fields() {
            return new String[] {
                PURPOSE, id.toString(), action.toString(), user.toString(), hash, Long.toString(expires.toEpochMilli())
            };
        }
    }

    /**
     * A link that somebody holds who was sent it.
     *
     * @param hash of the parameters that they were asked about
     * @param person null: they may not sign in any more
     * @param used when it was; null: it was not
     */
    public record Held(
            TenantId tenant,
            UUID id,
            UUID action,
            String hash,
            Instant expires,
            Persons.@Nullable Person person,
            @Nullable Instant used) {}

    /** What the link is; null: it is none of ours. Nothing is changed by asking. */
    public @Nullable Held find(String text) {
        var link = SignedLink.parse(text);
        if (link == null) {
            return null;
        }
        return database.<@Nullable Held>inTenant(link.tenant(), connection -> {
            var row = row(connection, link.tenant(), "link_id = ?", List.of(link.id()));
            if (row == null || !keys.holds(connection, link.tenant(), link.proof(), row.fields())) {
                return null;
            }
            var person = Persons.find(connection, link.tenant(), row.user);
            return new Held(link.tenant(), row.id, row.action, row.hash, row.expires, person, row.used);
        });
    }

    /**
     * What somebody is asked about.
     *
     * @param alert that it is about; null: none that they may read
     */
    public record Looked(ActionView action, @Nullable AlertReading alert) {}

    /** The action as the person sees it now; null: there is none any more. */
    public @Nullable Looked look(Held held, Persons.Person as) {
        return database.<@Nullable Looked>inTenant(held.tenant, connection -> {
            var action = actions.seenBy(new Turn(connection, held.tenant, now()), as.caller(), held.action);
            return action == null ? null : new Looked(action, alert(connection, held.tenant, action, as));
        });
    }

    private static @Nullable AlertReading alert(
            Connection connection, TenantId tenant, ActionView action, Persons.Person as) throws SQLException {
        var about = action.about();
        if (about == null || !about.startsWith(ALERT) || !as.caller().may("alerts:read")) {
            return null;
        }
        var id = UUID.fromString(about.substring(ALERT.length()));
        var found = AlertReading.of(connection, tenant, List.of(id));
        return found.isEmpty() ? null : found.getFirst();
    }

    /**
     * Agrees or refuses as the person of the running scope, as {@link Actions#say} does; the link is used by it.
     *
     * @throws io.marsad.kernel.problem.ProblemException 409 {@code link-used}; 409 {@code too-late}; as {@link Actions#say}
     */
    public ActionView say(Held held, boolean agrees, @Nullable String comment) {
        return database.inOneTransaction(held.tenant, connection -> {
            if (!now().isBefore(held.expires)) {
                throw Problem.conflict("too-late", "The time to agree is over.").asException();
            }
            if (!use(connection, held)) {
                throw Problem.conflict("link-used", "This link was used already.")
                        .asException();
            }
            return actions.say(held.action, agrees, held.hash, comment);
        });
    }

    private boolean use(Connection connection, Held held) throws SQLException {
        try (var update = connection.prepareStatement(
                "UPDATE approval_links SET used_at = ? WHERE tenant_id = ? AND link_id = ? AND used_at IS NULL")) {
            update.setTimestamp(1, Timestamp.from(now()));
            update.setString(2, held.tenant.value());
            update.setObject(3, held.id);
            return update.executeUpdate() == 1;
        }
    }

    /**
     * A link for somebody, in the caller's transaction; the same when it is asked for again.
     *
     * @param sent whether they were sent it
     */
    record Made(UUID id, String text, boolean sent) {}

    /** Null when the action cannot be agreed to for a while. */
    @Nullable
    Made make(Connection connection, TenantId tenant, ActionView action, UUID person) throws SQLException {
        var expires = action.times().expires();
        if (expires == null) {
            return null;
        }
        try (var insert =
                connection.prepareStatement("INSERT INTO approval_links (tenant_id, link_id, action_id, user_id,"
                        + " parameters_hash, expires_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            insert.setString(1, tenant.value());
            insert.setObject(2, UUID.randomUUID());
            insert.setObject(3, action.id());
            insert.setObject(4, person);
            insert.setString(5, action.hash());
            insert.setTimestamp(6, Timestamp.from(expires));
            insert.executeUpdate();
        }
        var row = row(connection, tenant, "action_id = ? AND user_id = ?", List.of(action.id(), person));
        if (row == null) {
            throw new IllegalStateException("a link that was just made is not there");
        }
        var proof = keys.sign(connection, tenant, row.fields());
        return new Made(row.id, new SignedLink(tenant, row.id, proof).text(), row.sent != null);
    }

    /** That somebody was sent it. */
    static void sent(Connection connection, TenantId tenant, UUID link, Instant now) throws SQLException {
        try (var update = connection.prepareStatement(
                "UPDATE approval_links SET sent_at = ? WHERE tenant_id = ? AND link_id = ?")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setString(2, tenant.value());
            update.setObject(3, link);
            update.executeUpdate();
        }
    }

    private static @Nullable Row row(Connection connection, TenantId tenant, String which, List<UUID> ids)
            throws SQLException {
        try (var select = connection.prepareStatement(FIND + which)) {
            select.setString(1, tenant.value());
            for (int i = 0; i < ids.size(); i++) {
                select.setObject(i + 2, ids.get(i));
            }
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    return null;
                }
                var sent = rows.getTimestamp(6);
                var used = rows.getTimestamp(7);
                return new Row(
                        rows.getObject(1, UUID.class),
                        rows.getObject(2, UUID.class),
                        rows.getObject(3, UUID.class),
                        rows.getString(4),
                        rows.getTimestamp(5).toInstant(),
                        sent == null ? null : sent.toInstant(),
                        used == null ? null : used.toInstant());
            }
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
