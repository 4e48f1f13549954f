package io.marsad.respond.service;

import io.marsad.db.Database;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.durable.Turn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The actions of the tenant of the running {@link CallerScope}: what was asked for, who agreed, and what came of it.
 * Thread-safe.
 */
public final class Actions {
    private static final int MOST_OF_RUN = 1_000;

    private final Database database;
    private final Catalogue catalogue;
    private final ActionQuery query;
    private final InstantSource clock;

    public Actions(Database database, Catalogue catalogue, Playbooks playbooks, InstantSource clock) {
        this.database = database;
        this.catalogue = catalogue;
        this.query = new ActionQuery(catalogue, playbooks.texts());
        this.clock = clock;
    }

    public Catalogue catalogue() {
        return catalogue;
    }

    /**
     * The newest first, or of those that wait for a person the oldest.
     *
     * @param cursor where the page begins; null: at the beginning
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-cursor}
     */
    public ActionView.Page list(ActionView.Filter filter, @Nullable String cursor, int limit) {
        return database.inCallerTenant(connection -> {
            var all = query.page(turn(connection), CallerScope.current(), filter, cursor, limit + 1);
            if (all.size() <= limit) {
                return new ActionView.Page(all, null);
            }
            var last = all.get(limit - 1);
            var next = new Cursor(last.times().requested(), last.id()).text();
            return new ActionView.Page(all.subList(0, limit), next);
        });
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public ActionView find(UUID action) {
        return database.inCallerTenant(connection -> existing(turn(connection), action));
    }

    /** In the order in which they were asked for. */
    List<ActionView> ofRun(Turn turn, UUID run) throws SQLException {
        return query.page(turn, CallerScope.current(), ActionView.Filter.ofRun(run), null, MOST_OF_RUN)
                .reversed();
    }

    private ActionView existing(Turn turn, UUID action) throws SQLException {
        var found = query.find(turn, CallerScope.current(), action);
        if (found == null) {
            throw Problem.notFound("There is no such action.").asException();
        }
        return found;
    }

    private Turn turn(Connection connection) {
        return new Turn(connection, CallerScope.tenant(), Instant.ofEpochMilli(clock.millis()));
    }
}
