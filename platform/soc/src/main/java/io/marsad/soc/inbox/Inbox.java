package io.marsad.soc.inbox;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.live.LiveFeed;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What concerns the person of the running {@link CallerScope}, and nobody else; tokens and people of a provider have an
 * empty one. Thread-safe.
 */
public final class Inbox {
    /** One address, as people write it; what the mail server takes of it is its own matter. */
    private static final Pattern ADDRESS =
            Pattern.compile("[^\\s\\p{Cntrl}@<>,;\"()\\[\\]\\\\]{1,64}@[\\p{L}\\p{N}.-]{1,189}");

    private final Database database;
    private final InstantSource clock;

    public Inbox(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Whether it comes by e-mail, too, and to which address.
     *
     * @param approvals whether what waits for the person's consent does, with a link by which they agree
     */
    public record Setting(boolean mail, boolean approvals, String address) {}

    /** What there is, the newest first, and how many of all are unread. */
    public record View(List<InboxEntry> entries, int unread, Setting setting) {}

    /** Entries about what the person may not read any more are not shown. @param limit at most so many */
    public View view(int limit) {
        var now = now();
        return database.inCallerTenant(connection -> {
            var caller = CallerScope.current();
            var person = person(caller);
            if (person == null) {
                return new View(List.of(), 0, new Setting(false, false, ""));
            }
            var about = about(caller);
            return new View(
                    InboxRows.list(connection, caller.tenant(), person, now, about, limit),
                    InboxRows.unread(connection, caller.tenant(), person, now, about),
                    InboxRows.setting(connection, caller.tenant(), person));
        });
    }

    /** Marks them as read, in all windows of the person. @param entries null: all; those of others are left alone */
    public int read(@Nullable Collection<EventId> entries) {
        var now = now();
        return database.<Integer>inCallerTenant(connection -> {
            var caller = CallerScope.current();
            var person = person(caller);
            if (person == null) {
                return 0;
            }
            int changed = InboxRows.read(connection, caller.tenant(), person, entries, now);
            int unread = InboxRows.unread(connection, caller.tenant(), person, now, about(caller));
            if (changed > 0) {
                LiveFeed.append(connection, caller.tenant(), now, List.of(InboxRows.news(person)));
            }
            return unread;
        });
    }

    /**
     * Has it come by e-mail, or not.
     *
     * @param approvals null: as before
     * @throws io.marsad.kernel.problem.ProblemException 422 {@code invalid-address}; 403 for whoever has no account here
     */
    public Setting set(boolean mail, @Nullable Boolean approvals, String address) {
        return database.inCallerTenant(connection -> {
            var caller = CallerScope.current();
            var person = person(caller);
            if (person == null || !isHere(connection, caller, person)) {
                throw Problem.forbidden("Only accounts of this tenant have an inbox.")
                        .asException();
            }
            boolean asked =
                    approvals == null ? InboxRows.setting(connection, caller.tenant(), person).approvals : approvals;
            var wanted = new Setting(mail, asked, address);
            requireAddress(wanted);
            InboxRows.set(connection, caller.tenant(), person, wanted);
            var detail = AuditLog.detail(
                    connection,
                    "mail",
                    Boolean.toString(wanted.mail),
                    "approvals",
                    Boolean.toString(wanted.approvals),
                    "address",
                    wanted.address);
            AuditLog.append(
                    connection,
                    caller.tenant(),
                    new AuditLog.Entry(now(), caller.subject(), "inbox.setting", "user:" + person, detail));
            return wanted;
        });
    }

    private static void requireAddress(Setting wanted) {
        if (wanted.address.isEmpty()
                ? wanted.mail || wanted.approvals
                : !ADDRESS.matcher(wanted.address).matches()) {
            throw Problem.unprocessable("invalid-address", "An e-mail address looks like ann@example.com.")
                    .asException();
        }
    }

    private static List<String> about(Caller caller) {
        return Arrays.stream(InboxEntry.About.values())
                .filter(about -> caller.may(about.permission()))
                .map(InboxEntry.About::word)
                .toList();
    }

    private static @Nullable UUID person(Caller caller) {
        var subject = caller.subject();
        return subject.startsWith("user:") ? UUID.fromString(subject.substring("user:".length())) : null;
    }

    private static boolean isHere(Connection connection, Caller caller, UUID person) throws SQLException {
        try (var select = connection.prepareStatement("SELECT FROM users WHERE tenant_id = ? AND user_id = ?")) {
            select.setString(1, caller.tenant().value());
            select.setObject(2, person);
            try (var rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
