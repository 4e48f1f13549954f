package io.marsad.soc.search;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.identity.Permission;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The saved views of the caller's tenant: one's own, and those that others share. A shared view is changed by its owner
 * and by who has {@code searches:manage}; a private one is its owner's alone. Every change is in the audit log.
 *
 * <p>Thread-safe.
 */
public final class SavedViews {
    /** So many views may one person have. */
    public static final int MOST_OF_OWNER = 200;

    private final Database database;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** @param random used by one thread at a time */
    public SavedViews(Database database, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
    }

    /** Those that the caller may see, by name. */
    public List<SavedView> list() {
        var owner = CallerScope.current().subject();
        return database.inCallerTenant(connection -> ViewRows.list(connection, owner));
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 when the caller may see no such view */
    public SavedView find(EventId id) {
        return database.inCallerTenant(connection -> visible(connection, id, CallerScope.current()));
    }

    /** Whether the caller may change or delete it. */
    public static boolean mayChange(SavedView view) {
        var caller = CallerScope.current();
        return view.owner().equals(caller.subject())
                || view.content().shared() && caller.may(Permission.SEARCHES_MANAGE);
    }

    /** @throws io.marsad.kernel.problem.ProblemException 409 {@code name-taken} or {@code too-many-views} */
    public SavedView create(SavedView.Content content) {
        var caller = CallerScope.current();
        var now = Instant.ofEpochMilli(clock.millis());
        var id = newId(now);
        return database.inCallerTenant(connection -> {
            if (ViewRows.count(connection, caller.subject()) >= MOST_OF_OWNER) {
                throw Problem.conflict("too-many-views", "You have " + MOST_OF_OWNER + " views; delete one first.")
                        .asException();
            }
            var view = new SavedView(id, caller.subject(), "", content, now, now, 1);
            ViewRows.insert(connection, caller.tenant().value(), view);
            audit(connection, now, "view.create", id, content.shared());
            return visible(connection, id, caller);
        });
    }

    /**
     * Puts the content in the place of what there was.
     *
     * @param version that the change is based on
     * @throws io.marsad.kernel.problem.ProblemException 403 when it is somebody else's; 404; 409 {@code changed-meanwhile},
     *     {@code name-taken}
     */
    public SavedView update(EventId id, SavedView.Content content, int version) {
        var caller = CallerScope.current();
        var now = Instant.ofEpochMilli(clock.millis());
        return database.inCallerTenant(connection -> {
            var view = changeable(connection, id, caller);
            if (!content.shared() && !view.owner().equals(caller.subject())) {
                throw Problem.forbidden("Only its owner can make a view private.")
                        .asException();
            }
            if (!ViewRows.update(connection, view, content, now, version)) {
                throw Problem.conflict(
                                "changed-meanwhile",
                                "The view was changed meanwhile: it has version " + view.version() + " now.")
                        .asException();
            }
            audit(connection, now, "view.update", id, content.shared());
            return visible(connection, id, caller);
        });
    }

    /** @throws io.marsad.kernel.problem.ProblemException 403 when it is somebody else's; 404 */
    public void delete(EventId id) {
        var now = clock.instant();
        database.inCallerTenant(connection -> {
            var view = changeable(connection, id, CallerScope.current());
            ViewRows.delete(connection, id);
            audit(connection, now, "view.delete", id, view.content().shared());
            return true;
        });
    }

    private static SavedView visible(Connection connection, EventId id, Caller caller) throws SQLException {
        @Nullable SavedView view = ViewRows.find(connection, id, caller.subject());
        if (view == null) {
            throw Problem.notFound("There is no view with this id.").asException();
        }
        return view;
    }

    private static SavedView changeable(Connection connection, EventId id, Caller caller) throws SQLException {
        var view = visible(connection, id, caller);
        if (!mayChange(view)) {
            throw Problem.forbidden("This view is " + view.ownerName() + "'s; save one of your own instead.")
                    .asException();
        }
        return view;
    }

    private static void audit(Connection connection, Instant at, String action, EventId view, boolean shared)
            throws SQLException {
        var caller = CallerScope.current();
        AuditLog.append(
                connection,
                caller.tenant(),
                new AuditLog.Entry(at, caller.subject(), action, "view:" + view, "{\"shared\":" + shared + "}"));
    }

    private EventId newId(Instant now) {
        synchronized (random) {
            return EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong());
        }
    }
}
