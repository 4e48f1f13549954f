package io.marsad.respond.durable;

import io.marsad.db.audit.AuditLog;
import io.marsad.db.outbox.Outbox;
import io.marsad.kernel.event.EventId;
import io.marsad.soc.inbox.InboxEntry;
import io.marsad.soc.inbox.InboxRows;
import io.marsad.soc.live.LiveFeed;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of whether that which was done is so. It is asked for a while after, several times, because products take
 * their time; what comes of it stands with the action, and people are told when it is not so. In transactions of the
 * tenant. Thread-safe.
 */
public final class Verifications {
    /** The queue of the outbox whose subjects are actions that are to be looked at. */
    public static final String QUEUE = "action-checks";

    /** Before each look. */
    private static final List<Duration> WAITS = List.of(
            Duration.ofSeconds(5),
            Duration.ofSeconds(25),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10),
            Duration.ofMinutes(30));

    private static final int LONGEST = 1_000;

    private Verifications() {}

    /** What a look gave. */
    public enum Seen {
        CONFIRMED,
        NOT_SO,
        /** It could not be asked. */
        UNABLE
    }

    static void begin(Turn turn, UUID action) throws SQLException {
        try (var update = turn.connection()
                .prepareStatement("UPDATE actions SET verification = 'pending', verification_detail = NULL, checks = 0"
                        + " WHERE tenant_id = ? AND action_id = ?")) {
            update.setString(1, turn.tenant().value());
            update.setObject(2, action);
            update.executeUpdate();
        }
        next(turn, action, 0);
    }

    private static void next(Turn turn, UUID action, int looks) throws SQLException {
        Outbox.put(
                turn.connection(), turn.tenant(), turn.now().plus(WAITS.get(looks)), List.of(QUEUE), List.of(action));
    }

    /** @return whether somebody still wants to know */
    public static boolean isPending(Turn turn, UUID action) throws SQLException {
        return looks(turn, action) >= 0;
    }

    /** @return -1: nobody wants to know */
    private static int looks(Turn turn, UUID action) throws SQLException {
        try (var select = turn.connection()
                .prepareStatement("SELECT checks FROM actions WHERE tenant_id = ? AND action_id = ?"
                        + " AND verification = 'pending' FOR NO KEY UPDATE")) {
            select.setString(1, turn.tenant().value());
            select.setObject(2, action);
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getInt(1) : -1;
            }
        }
    }

    /** Takes what a look gave; it is looked again unless it is so or that was the last time. */
    public static void take(Turn turn, UUID action, Seen seen, @Nullable String detail) throws SQLException {
        int looks = looks(turn, action) + 1;
        if (looks == 0) {
            return;
        }
        boolean last = seen == Seen.CONFIRMED || looks == WAITS.size();
        write(turn, action, last ? seen.name().toLowerCase(java.util.Locale.ROOT) : "pending", detail, looks);
        if (!last) {
            next(turn, action, looks);
            return;
        }
        var words = AuditLog.detail(
                turn.connection(), "verification", seen.name().toLowerCase(java.util.Locale.ROOT), "detail", detail);
        AuditLog.append(
                turn.connection(),
                turn.tenant(),
                new AuditLog.Entry(turn.now(), "system:actions", "action.verify", "action:" + action, words));
        if (seen == Seen.CONFIRMED) {
            Reversals.done(turn, action, null);
        } else {
            Reversals.failed(
                    turn,
                    action,
                    seen == Seen.NOT_SO ? "it is not so: " + detail : "whether it is so could not be found out");
        }
        if (seen == Seen.NOT_SO) {
            tell(turn, action);
        }
    }

    private static void write(Turn turn, UUID action, String state, @Nullable String detail, int looks)
            throws SQLException {
        try (var update = turn.connection()
                .prepareStatement("UPDATE actions SET verification = ?, verification_detail = ?, verified_at = ?,"
                        + " checks = ? WHERE tenant_id = ? AND action_id = ?")) {
            update.setString(1, state);
            update.setString(2, detail == null ? null : detail.substring(0, Math.min(LONGEST, detail.length())));
            update.setTimestamp(3, Timestamp.from(turn.now()));
            update.setInt(4, looks);
            update.setString(5, turn.tenant().value());
            update.setObject(6, action);
            update.executeUpdate();
        }
    }

    /** Whoever asked for it, agreed to it, or has what it is about finds it in the inbox. */
    private static void tell(Turn turn, UUID action) throws SQLException {
        Set<String> names = new LinkedHashSet<>();
        InboxRows.Telling telling = null;
        try (var select = turn.connection().prepareStatement("""
                SELECT a.action || ' of ' || a.target, r.about, u.username FROM actions a
                LEFT JOIN playbook_runs r ON r.tenant_id = a.tenant_id AND r.run_id = a.run_id
                LEFT JOIN action_approvals p ON p.tenant_id = a.tenant_id AND p.action_id = a.action_id AND p.agrees
                LEFT JOIN alerts l ON l.tenant_id = a.tenant_id AND 'alert:' || l.alert_id = r.about
                LEFT JOIN cases c ON c.tenant_id = a.tenant_id AND 'case:' || c.case_id = r.about
                LEFT JOIN users u ON u.tenant_id = a.tenant_id AND ('user:' || u.user_id IN (a.requested_by,
                    r.started_by, p.person) OR u.username IN (l.assignee, c.assignee))
                WHERE a.tenant_id = ? AND a.action_id = ?""")) {
            select.setString(1, turn.tenant().value());
            select.setObject(2, action);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var about = rows.getString(2);
                    var name = rows.getString(3);
                    if (name != null) {
                        names.add(name);
                    }
                    if (about != null) {
                        telling = telling(about, "It was done and is not so: " + rows.getString(1));
                    }
                }
            }
        }
        if (telling != null) {
            var news = InboxRows.tell(turn.connection(), turn.tenant(), turn.now(), names, telling);
            LiveFeed.append(turn.connection(), turn.tenant(), turn.now(), news);
        }
    }

    private static InboxRows.Telling telling(String about, String title) {
        var id = UUID.fromString(about.substring(about.indexOf(':') + 1));
        return new InboxRows.Telling(
                InboxEntry.Kind.LATE,
                about.startsWith("case:") ? InboxEntry.About.CASE : InboxEntry.About.ALERT,
                new EventId(id.getMostSignificantBits(), id.getLeastSignificantBits()),
                null,
                1,
                title,
                "system:actions");
    }
}
