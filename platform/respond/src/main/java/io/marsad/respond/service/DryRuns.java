package io.marsad.respond.service;

import io.marsad.db.Database;
import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.respond.action.ActionKind;
import io.marsad.respond.action.ActionPolicy;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.dry.DryRun;
import io.marsad.respond.dry.Household;
import io.marsad.respond.dry.Inside;
import io.marsad.respond.durable.PlaybookShelf;
import io.marsad.respond.durable.Turn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Tries playbooks of the tenant of the running {@link CallerScope} on an alert or case that there is, or on values. Nothing
 * goes out and nothing is written. Thread-safe.
 */
public final class DryRuns {
    private final Database database;
    private final Catalogue catalogue;
    private final Playbooks playbooks;
    private final PlaybookShelf shelf;
    private final ResponsePolicies policies;
    private final Carriers carriers;
    private final InstantSource clock;

    /** Who would carry an action out, for people; nobody: the list is empty. In a transaction of the tenant. */
    public interface Carriers {
        List<String> of(Turn turn, String action) throws SQLException;
    }

    /** What a dry run is made of. */
    public record Parts(Catalogue catalogue, Playbooks playbooks, PlaybookShelf shelf, ResponsePolicies policies) {}

    public DryRuns(Database database, Parts parts, Carriers carriers, InstantSource clock) {
        this.database = database;
        this.catalogue = parts.catalogue();
        this.playbooks = parts.playbooks();
        this.shelf = parts.shelf();
        this.policies = parts.policies();
        this.carriers = carriers;
        this.clock = clock;
    }

    /**
     * What is tried.
     *
     * @param source a text that is not kept; null: the newest of the playbook
     * @param about {@code alert:UUID} or {@code case:UUID}; null: nothing
     * @param given values of external variables
     * @param assumed ids of steps, and whether each is assumed to be done
     */
    public record Wanted(
            UUID playbook,
            @Nullable String source,
            @Nullable String about,
            Map<String, @Nullable String> given,
            Map<String, Boolean> assumed) {}

    /** @param given with what it was tried */
    public record Tried(Map<String, @Nullable String> given, DryRun.Result result) {}

    /** @throws io.marsad.kernel.problem.ProblemException 400, as of a run, and {@code not-runnable}; 404 */
    public Tried run(Wanted wanted) {
        return database.inCallerTenant(connection -> {
            var turn = turn(connection);
            var newest = playbooks.detail(turn, wanted.playbook()).source();
            var playbook = read(wanted.source() == null ? newest : wanted.source());
            var given = PlaybookRuns.values(turn, playbook, wanted.about(), wanted.given());
            Map<String, List<DryRun.Assumed>> assumed = new LinkedHashMap<>();
            wanted.assumed()
                    .forEach((step, done) ->
                            assumed.put(step, List.of(done ? DryRun.Assumed.DONE : DryRun.Assumed.FAILED)));
            var house = new House(turn);
            var result = DryRun.run(new DryRun.Wanted(playbook, given, assumed, turn.now()), catalogue, house, house);
            return new Tried(given, result);
        });
    }

    private Playbook read(String source) {
        try {
            var playbook = playbooks.check(source).playbook();
            if (playbook != null) {
                return playbook;
            }
        } catch (ContentException e) {
            throw Problem.badRequest("not-runnable", "The text is no playbook: " + e.getMessage())
                    .asException();
        }
        throw Problem.badRequest("not-runnable", "The playbook has errors: check it, and mend them first.")
                .asException();
    }

    private Turn turn(Connection connection) {
        return new Turn(connection, CallerScope.current().tenant(), Instant.ofEpochMilli(clock.millis()));
    }

    /** Answers out of the tenant's tables only. */
    private final class House implements Inside, Household {
        private final Turn turn;

        House(Turn turn) {
            this.turn = turn;
        }

        /** What a question would be answered is assumed: services that are asked may be outside. */
        @Override
        public @Nullable Read read(String action, Map<String, JsonNode> parameters) {
            return null;
        }

        @Override
        public Would would(String action, Map<String, JsonNode> parameters) {
            var all = asked(() -> carriers.of(turn, action));
            return all.isEmpty()
                    ? new Would(null, null, "nobody carries " + action + " out: connect something that can")
                    : new Would(all.getFirst(), null, null);
        }

        @Override
        public ActionPolicy.Verdict judge(ActionKind kind, String target, ActionPolicy.Consent atLeast) {
            return asked(() -> {
                boolean jewel =
                        kind.effect() != ActionKind.Effect.READ && policies.isCrownJewel(turn, kind.about(), target);
                return policies.of(turn).decide(new ActionPolicy.Request(kind, target, jewel, atLeast));
            });
        }

        @Override
        public @Nullable Playbook called(UUID playbook, @Nullable String modified) {
            var loaded = askedOrNot(() -> modified == null
                    ? shelf.current(turn, playbook)
                    : shelf.modified(turn, playbook, Instant.parse(modified)));
            return loaded == null ? null : loaded.playbook();
        }

        private static <T> T asked(Question<T> question) {
            try {
                return question.ask();
            } catch (SQLException e) {
                throw new io.marsad.db.DatabaseException("a dry run could not ask", e);
            }
        }

        private static <T> @Nullable T askedOrNot(Maybe<T> question) {
            try {
                return question.ask();
            } catch (SQLException e) {
                throw new io.marsad.db.DatabaseException("a dry run could not ask", e);
            }
        }
    }

    private interface Question<T> {
        T ask() throws SQLException;
    }

    private interface Maybe<T> {
        @Nullable
        T ask() throws SQLException;
    }
}
