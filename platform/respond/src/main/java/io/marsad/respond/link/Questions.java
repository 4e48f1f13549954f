package io.marsad.respond.link;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.db.outbox.Outbox;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.durable.ActionRequests;
import io.marsad.soc.notify.PersonalMail;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Questions to users that an action asks, by e-mail with a link: "was this you?", yes, no or not sure. Each is asked once,
 * answered once, and over at its time. Thread-safe.
 */
public final class Questions {
    private static final String PURPOSE = "answer";

    private final Database database;
    private final LinkKeys keys;
    private final PersonalMail mail;
    private final InstantSource clock;

    public Questions(Database database, LinkKeys keys, PersonalMail mail, InstantSource clock) {
        this.database = database;
        this.keys = keys;
        this.mail = mail;
        this.clock = clock;
    }

    /** What a user says. */
    public enum Answer {
        YES,
        NO,
        /** They do not know. */
        UNKNOWN;

        /** As playbooks read it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Null for any other word. */
        public static @Nullable Answer ofWord(String word) {
            for (var one : values()) {
                if (one.word().equals(word)) {
                    return one;
                }
            }
            return null;
        }
    }

    /**
     * A question.
     *
     * @param action that asks it
     * @param address of the user
     * @param sent null: it was not sent
     * @param answer null: there is none
     */
    public record Asked(
            TenantId tenant,
            UUID action,
            String address,
            String question,
            Instant expires,
            @Nullable Instant sent,
            @Nullable Answer answer) {
        String[] fields() {
            return new String[] {PURPOSE, action.toString(), address, Long.toString(expires.toEpochMilli())};
        }
    }

    /** Whether a user may be asked at the address: the tenant has e-mail sent to its domain already. */
    public boolean isOurs(TenantId tenant, String address) {
        var domain = address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        return mail.domains(tenant).contains(domain);
    }

    /** What is asked by the action; kept the first time, the same after. */
    public Asked keep(Asked wanted) {
        return database.inTenant(wanted.tenant, connection -> {
            try (var insert = connection.prepareStatement("INSERT INTO user_questions (tenant_id, action_id, address,"
                    + " question, expires_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
                insert.setString(1, wanted.tenant.value());
                insert.setObject(2, wanted.action);
                insert.setString(3, wanted.address);
                insert.setString(4, wanted.question);
                insert.setTimestamp(5, Timestamp.from(wanted.expires));
                insert.executeUpdate();
            }
            var kept = find(connection, wanted.tenant, wanted.action);
            if (kept == null) {
                throw new IllegalStateException("a question that was just kept is not there");
            }
            return kept;
        });
    }

    /**
     * Sends it, when it was not sent.
     *
     * @return why it cannot be; null: it is sent
     * @throws IOException when the mail server does not take it now
     */
    public @Nullable String send(Asked asked) throws IOException {
        URI origin = mail.origin();
        if (asked.sent != null) {
            return null;
        }
        if (origin == null) {
            return "the operator has not set http.origin, so that there is no link to answer by";
        }
        var proof = database.<String>inTenant(
                asked.tenant, connection -> keys.sign(connection, asked.tenant, asked.fields()));
        var link = origin.resolve("/answer/" + new SignedLink(asked.tenant, asked.action, proof).text());
        var now = now();
        var letter = new PersonalMail.Letter(
                "question." + asked.action, asked.address, "Was this you?", text(asked, link), now);
        if (!mail.send(asked.tenant, letter)) {
            return "no e-mail is sent: there is no mail server, no e-mail channel that is on, or the hour has no more";
        }
        database.inTenant(asked.tenant, connection -> {
            try (var update = connection.prepareStatement(
                    "UPDATE user_questions SET sent_at = ? WHERE tenant_id = ? AND action_id = ?")) {
                update.setTimestamp(1, Timestamp.from(now));
                update.setString(2, asked.tenant.value());
                update.setObject(3, asked.action);
                update.executeUpdate();
            }
            return audit(connection, asked, "action.ask_user", "address", asked.address);
        });
        return null;
    }

    private static String text(Asked asked, URI link) {
        return "The security team asks you:\n\n" + ApprovalText.visible(asked.question) + "\n\n"
                + "Answer until " + ApprovalText.time(asked.expires) + ": yes, no, or not sure.\n" + link + "\n\n"
                + "It is one click, and nobody asks you for a password. Opening the page answers nothing. The link is"
                + " yours alone: do not pass it on.\n";
    }

    /** What a link asks; null: it is none of ours. Nothing is changed by asking. */
    public @Nullable Asked find(String text) {
        var link = SignedLink.parse(text);
        if (link == null) {
            return null;
        }
        return database.<@Nullable Asked>inTenant(link.tenant(), connection -> {
            var asked = find(connection, link.tenant(), link.id());
            return asked != null && keys.holds(connection, link.tenant(), link.proof(), asked.fields()) ? asked : null;
        });
    }

    /** Whether the time for it is over. */
    public boolean isOver(Asked asked) {
        return !now().isBefore(asked.expires);
    }

    /** Records what the user says, and has the action go on; false when it was answered, or is over. */
    public boolean answer(Asked asked, Answer answer) {
        return database.<Boolean>inTenant(asked.tenant, connection -> {
            var now = now();
            try (var update = connection.prepareStatement("UPDATE user_questions SET answer = ?, answered_at = ?"
                    + " WHERE tenant_id = ? AND action_id = ? AND answer IS NULL AND expires_at > ?")) {
                update.setString(1, answer.word());
                update.setTimestamp(2, Timestamp.from(now));
                update.setString(3, asked.tenant.value());
                update.setObject(4, asked.action);
                update.setTimestamp(5, Timestamp.from(now));
                if (update.executeUpdate() == 0) {
                    return false;
                }
            }
            Outbox.put(connection, asked.tenant, now, List.of(ActionRequests.QUEUE), List.of(asked.action));
            audit(connection, asked, "action.user_answer", "address", asked.address, "answer", answer.word());
            return true;
        });
    }

    private long audit(Connection connection, Asked asked, String what, String... detail) throws SQLException {
        var entry = new AuditLog.Entry(
                now(), "system:actions", what, "action:" + asked.action, AuditLog.detail(connection, detail));
        return AuditLog.append(connection, asked.tenant, entry);
    }

    private static @Nullable Asked find(Connection connection, TenantId tenant, UUID action) throws SQLException {
        try (var select = connection.prepareStatement("SELECT address, question, expires_at, sent_at, answer"
                + " FROM user_questions WHERE tenant_id = ? AND action_id = ?")) {
            select.setString(1, tenant.value());
            select.setObject(2, action);
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    return null;
                }
                var sent = rows.getTimestamp(4);
                var answer = rows.getString(5);
                return new Asked(
                        tenant,
                        action,
                        rows.getString(1),
                        rows.getString(2),
                        rows.getTimestamp(3).toInstant(),
                        sent == null ? null : sent.toInstant(),
                        answer == null ? null : Answer.ofWord(answer));
            }
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
