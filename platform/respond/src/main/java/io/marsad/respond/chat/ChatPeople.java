package io.marsad.respond.chat;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.identity.Persons;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which person of the tenant a user of a chat is. They make a code where they are signed in, and say it in the chat: so both
 * are known to be theirs. Thread-safe.
 */
public final class ChatPeople {
    /** So long a code is good. */
    static final Duration GOOD = Duration.ofMinutes(10);

    private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"; // none that looks like another
    private static final int LENGTH = 12; // 60 bits
    private static final int LONGEST_USER = 100;

    private final Database database;
    private final InstantSource clock;
    private final SecureRandom random;

    public ChatPeople(Database database, InstantSource clock, SecureRandom random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
    }

    /** What somebody says in the chat, once, until then. */
    public record Code(String text, Instant expires) {}

    /** A user of a chat that is the person. @param chat name of the connection */
    public record Linked(UUID id, String chat, String chatUser, Instant at) {}

    /**
     * Another code for the person of the running scope; those before are good no more.
     *
     * @throws io.marsad.kernel.problem.ProblemException 403 for whoever has no account here
     */
    public Code code() {
        var text = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        var code = new Code(text.toString(), now().plus(GOOD));
        database.inCallerTenant(connection -> {
            var person = person(connection);
            try (var put =
                    connection.prepareStatement("INSERT INTO chat_codes (tenant_id, user_id, code_hash, expires_at)"
                            + " VALUES (?, ?, ?, ?) ON CONFLICT (tenant_id, user_id) DO UPDATE SET"
                            + " code_hash = excluded.code_hash, expires_at = excluded.expires_at")) {
                put.setString(1, CallerScope.tenant().value());
                put.setObject(2, person);
                put.setBytes(3, hash(code.text));
                put.setTimestamp(4, Timestamp.from(code.expires));
                put.executeUpdate();
            }
            return audit(connection, CallerScope.tenant(), "chat.code", "user:" + person, "{}");
        });
        return code;
    }

    /** Of the person of the running scope, the newest first. */
    public List<Linked> mine() {
        return database.inCallerTenant(connection -> {
            var all = new ArrayList<Linked>();
            try (var select = connection.prepareStatement("SELECT p.link_id, c.name, p.chat_user, p.linked_at"
                    + " FROM chat_people p JOIN connections c USING (tenant_id, connection_id)"
                    + " WHERE p.tenant_id = ? AND p.user_id = ? ORDER BY p.linked_at DESC, p.link_id")) {
                select.setString(1, CallerScope.tenant().value());
                select.setObject(2, person(connection));
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        all.add(new Linked(
                                rows.getObject(1, UUID.class),
                                rows.getString(2),
                                rows.getString(3),
                                rows.getTimestamp(4).toInstant()));
                    }
                }
            }
            return all;
        });
    }

    /**
     * The chat's user is nobody any more.
     *
     * @throws io.marsad.kernel.problem.ProblemException 404 when it is none of the person's
     */
    public void unlink(UUID link) {
        database.inCallerTenant(connection -> {
            try (var delete = connection.prepareStatement(
                    "DELETE FROM chat_people WHERE tenant_id = ? AND link_id = ? AND user_id = ?")) {
                delete.setString(1, CallerScope.tenant().value());
                delete.setObject(2, link);
                delete.setObject(3, person(connection));
                if (delete.executeUpdate() == 0) {
                    throw Problem.notFound("There is no such chat of yours.").asException();
                }
            }
            return audit(connection, CallerScope.tenant(), "chat.unlink", "chat-link:" + link, "{}");
        });
    }

    /** Makes the chat's user the person who made the code, which is then used up; null when it is none that is good. */
    public Persons.@Nullable Person link(ChatApp app, String chatUser, String code) {
        if (chatUser.isEmpty() || chatUser.length() > LONGEST_USER) {
            return null;
        }
        return database.<Persons.@Nullable Person>inTenant(app.tenant(), connection -> {
            var user = redeem(connection, app.tenant(), code.strip().toUpperCase(Locale.ROOT));
            var person = user == null ? null : Persons.find(connection, app.tenant(), user);
            if (person == null) {
                return null;
            }
            try (var put = connection.prepareStatement("INSERT INTO chat_people (tenant_id, link_id, connection_id,"
                    + " chat_user, user_id, linked_at) VALUES (?, ?, ?, ?, ?, ?)"
                    + " ON CONFLICT (tenant_id, connection_id, chat_user) DO UPDATE SET user_id = excluded.user_id,"
                    + " linked_at = excluded.linked_at")) {
                put.setString(1, app.tenant().value());
                put.setObject(2, UUID.randomUUID());
                put.setObject(3, app.connection());
                put.setString(4, chatUser);
                put.setObject(5, person.id());
                put.setTimestamp(6, Timestamp.from(now()));
                put.executeUpdate();
            }
            var detail = AuditLog.detail(connection, "chat", app.name(), "chat_user", chatUser);
            var entry = new AuditLog.Entry(
                    now(), "user:" + person.id(), "chat.link", "connection:" + app.connection(), detail);
            AuditLog.append(connection, app.tenant(), entry);
            return person;
        });
    }

    private @Nullable UUID redeem(Connection connection, TenantId tenant, String code) throws SQLException {
        try (var delete = connection.prepareStatement(
                "DELETE FROM chat_codes WHERE tenant_id = ? AND code_hash = ? AND expires_at > ? RETURNING user_id")) {
            delete.setString(1, tenant.value());
            delete.setBytes(2, hash(code));
            delete.setTimestamp(3, Timestamp.from(now()));
            try (var rows = delete.executeQuery()) {
                return rows.next() ? rows.getObject(1, UUID.class) : null;
            }
        }
    }

    /** Who the chat's user is, with what they may do now; null: nobody who may sign in. */
    public Persons.@Nullable Person find(ChatApp app, String chatUser) {
        return database.<Persons.@Nullable Person>inTenant(app.tenant(), connection -> {
            try (var select = connection.prepareStatement(
                    "SELECT user_id FROM chat_people WHERE tenant_id = ? AND connection_id = ? AND chat_user = ?")) {
                select.setString(1, app.tenant().value());
                select.setObject(2, app.connection());
                select.setString(3, chatUser);
                try (var rows = select.executeQuery()) {
                    return rows.next() ? Persons.find(connection, app.tenant(), rows.getObject(1, UUID.class)) : null;
                }
            }
        });
    }

    private static UUID person(Connection connection) throws SQLException {
        var subject = CallerScope.current().subject();
        var id = subject.startsWith("user:") ? UUID.fromString(subject.substring("user:".length())) : null;
        if (id == null || Persons.find(connection, CallerScope.tenant(), id) == null) {
            throw Problem.forbidden("Only accounts of this tenant have a chat.").asException();
        }
        return id;
    }

    private long audit(Connection connection, TenantId tenant, String action, String object, String detail)
            throws SQLException {
        var by = CallerScope.current().subject();
        return AuditLog.append(connection, tenant, new AuditLog.Entry(now(), by, action, object, detail));
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
