package io.marsad.respond.service;

import io.marsad.db.Database;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.Problem.Fault;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.durable.ActionRequests;
import io.marsad.respond.durable.Approvals;
import io.marsad.respond.durable.Reversals;
import io.marsad.respond.durable.Turn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The actions of the tenant of the running {@link CallerScope}: what was asked for, who agreed, and what came of it.
 * Thread-safe.
 */
public final class Actions {
    private static final int MOST_OF_RUN = 1_000;

    private final Database database;
    private final Catalogue catalogue;
    private final ActionRequests requests;
    private final ActionQuery query;
    private final InstantSource clock;

    public Actions(
            Database database, Catalogue catalogue, ActionRequests requests, Playbooks playbooks, InstantSource clock) {
        this.database = database;
        this.requests = requests;
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

    /** As somebody else sees it, in a transaction of their tenant; null: there is none such. */
    public @Nullable ActionView seenBy(Turn turn, Caller caller, UUID action) throws SQLException {
        return query.find(turn, caller, action);
    }

    /** In the order in which they were asked for. */
    List<ActionView> ofRun(Turn turn, UUID run) throws SQLException {
        return query.page(turn, CallerScope.current(), ActionView.Filter.ofRun(run), null, MOST_OF_RUN)
                .reversed();
    }

    /** @param fresh false: it was asked for before */
    public record Asked(ActionView action, boolean fresh) {}

    /**
     * Asks for an action; what the policy does not have done is kept as refused.
     *
     * @param key its id; the same once more asks for nothing
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-parameters}, {@code unknown-about}; 403
     */
    public Asked ask(String action, Map<String, JsonNode> parameters, @Nullable String about, UUID key) {
        return database.inCallerTenant(connection -> {
            var turn = turn(connection);
            var kind = catalogue.find(action).orElse(null);
            if (kind != null) {
                require(ActionQuery.permission(kind));
            }
            var faults = catalogue.faults(action, parameters);
            if (!faults.isEmpty()) {
                throw invalid("invalid-parameters", faults);
            }
            var before = query.find(turn, CallerScope.current(), key);
            if (before != null) {
                return new Asked(before, false);
            }
            if (about != null) {
                Abouts.of(turn, about);
            }
            var by = CallerScope.current().subject();
            requests.ask(turn, new ActionRequests.ByHand(key, action, parameters, by, about));
            return new Asked(existing(turn, key), true);
        });
    }

    /**
     * Agrees to an action, or refuses it.
     *
     * @param hash of the parameters that were shown
     * @throws io.marsad.kernel.problem.ProblemException 403; 404; 409 {@code own-request}, {@code too-late},
     *     {@code other-parameters}, {@code not-waiting}, {@code twice}
     */
    public ActionView say(UUID action, boolean agrees, String hash, @Nullable String comment) {
        return database.inCallerTenant(connection -> {
            var turn = turn(connection);
            require(existing(turn, action).permission());
            var word = new Approvals.Word(action, CallerScope.current().subject(), agrees, hash, comment);
            switch (Approvals.say(turn, word)) {
                case AGREED, ONE_MORE, REFUSED -> {}
                case NOT_WAITING -> throw conflict("not-waiting", "It does not wait for anybody to agree.");
                case TOO_LATE -> throw conflict("too-late", "The time to agree is over.");
                case OTHER_PARAMETERS ->
                    throw conflict("other-parameters", "Its parameters are not those that were shown: look again.");
                case OWN_REQUEST -> throw conflict("own-request", "Whoever asked for it cannot agree to it.");
                case TWICE -> throw conflict("twice", "You have agreed already; one more person has to.");
            }
            return existing(turn, action);
        });
    }

    /**
     * Says what came of a task, or of what only a person can know.
     *
     * @param done whether it was done
     * @param outputs of what was asked for, by name
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-outputs}; 403; 404; 409 {@code not-waiting}
     */
    public ActionView answer(UUID action, boolean done, Map<String, @Nullable String> outputs, String comment) {
        return database.inCallerTenant(connection -> {
            var turn = turn(connection);
            var view = existing(turn, action);
            require(view.permission());
            var task = view.task();
            Collection<String> names = task != null
                    ? task.asksFor()
                    : catalogue
                            .find(view.action())
                            .map(kind -> kind.outputs().keySet())
                            .orElse(Set.of());
            var unknown = outputs.keySet().stream()
                    .filter(name -> !names.contains(name))
                    .map(name -> "nobody asks for '" + name + "'")
                    .toList();
            if (!unknown.isEmpty()) {
                throw invalid("invalid-outputs", unknown);
            }
            var by = CallerScope.current().subject();
            if (!Approvals.answer(turn, action, by, done ? outputs : null, comment)) {
                throw conflict("not-waiting", "Nobody waits for an answer to it.");
            }
            return existing(turn, action);
        });
    }

    /**
     * Asks for what takes an action back.
     *
     * @return the action that does
     * @throws io.marsad.kernel.problem.ProblemException 403; 404; 409 {@code not-completed}, {@code no-reverse},
     *     {@code reversed-already}
     */
    public ActionView rollBack(UUID action, String comment) {
        return database.inCallerTenant(connection -> {
            var turn = turn(connection);
            var view = existing(turn, action);
            var reverse = view.reverse() == null
                    ? null
                    : catalogue.find(view.reverse()).orElse(null);
            if (reverse == null) {
                throw conflict("no-reverse", "Nothing takes it back.");
            }
            require(ActionQuery.permission(reverse));
            if (!view.status().equals("completed")) {
                throw conflict("not-completed", "Only what was done can be taken back.");
            }
            if (view.reversedBy() != null) {
                throw conflict("reversed-already", "It is being taken back already.");
            }
            var by = CallerScope.current().subject();
            var wanted = new Reversals.Wanted(UUID.randomUUID(), action, by, comment);
            var asked = Reversals.ask(turn, requests, catalogue, wanted);
            if (asked.id() == null) {
                throw conflict("no-reverse", "It cannot be taken back: " + asked.problem() + ".");
            }
            return existing(turn, asked.id());
        });
    }

    private static void require(String permission) {
        if (!CallerScope.current().may(permission)) {
            throw Problem.forbidden("This needs the permission " + permission + ".")
                    .asException();
        }
    }

    private static ProblemException conflict(String type, String detail) {
        return Problem.conflict(type, detail).asException();
    }

    private static ProblemException invalid(String type, List<String> faults) {
        var where = faults.stream().map(fault -> new Fault("", fault)).toList();
        return new Problem(type, 400, "Bad request", String.join("; ", faults) + ".", where).asException();
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
