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
import io.marsad.respond.durable.ActionProvider.Order;
import io.marsad.respond.durable.ActionProvider.Result;
import io.marsad.respond.durable.PlaybookShelf;
import io.marsad.respond.durable.Turn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Tries playbooks of the tenant of the running {@link CallerScope} on an alert or case that there is, or on values. Nothing
 * goes out and nothing is written. Thread-safe.
 */
public final class DryRuns {
    /** So many questions are asked at most; what comes after is assumed. */
    private static final int MOST_READS = 50;

    /** All of them together. */
    private static final Duration MOST_TIME = Duration.ofSeconds(10);

    private final Database database;
    private final Catalogue catalogue;
    private final Playbooks playbooks;
    private final PlaybookShelf shelf;
    private final ResponsePolicies policies;
    private final Carriers carriers;
    private final Reads reads;
    private final InstantSource clock;

    /** Who would carry actions out, for people; the first does it. In a transaction of the tenant. */
    public interface Carriers {
        /** By the action; one that nobody carries out is not there. */
        Map<String, List<String>> of(Turn turn) throws SQLException;
    }

    /**
     * What the platform answers by itself, of what it keeps: an order that is simulated is answered with nobody outside
     * asked. Not in a transaction.
     */
    public interface Reads {
        /** @return null: the platform itself does not answer it */
        @Nullable
        Result ask(Order order);
    }

    /** What a dry run is made of. */
    public record Parts(Catalogue catalogue, Playbooks playbooks, PlaybookShelf shelf, ResponsePolicies policies) {}

    public DryRuns(Database database, Parts parts, Carriers carriers, Reads reads, InstantSource clock) {
        this.database = database;
        this.catalogue = parts.catalogue();
        this.playbooks = parts.playbooks();
        this.shelf = parts.shelf();
        this.policies = parts.policies();
        this.carriers = carriers;
        this.reads = reads;
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
        var begin = Instant.ofEpochMilli(clock.millis());
        var trial = database.inCallerTenant(connection -> {
            var turn = turn(connection, begin);
            var newest = playbooks.detail(turn, wanted.playbook()).source();
            var playbook = read(wanted.source() == null ? newest : wanted.source());
            var given = PlaybookRuns.values(turn, playbook, wanted.about(), wanted.given());
            Map<String, List<DryRun.Assumed>> assumed = new LinkedHashMap<>();
            wanted.assumed()
                    .forEach((step, done) ->
                            assumed.put(step, List.of(done ? DryRun.Assumed.DONE : DryRun.Assumed.FAILED)));
            return new DryRun.Wanted(playbook, given, assumed, begin);
        });
        var house = new House(begin); // no transaction is open while questions are asked
        return new Tried(trial.given(), DryRun.run(trial, catalogue, house, house));
    }

    /** Who carries each action out; one that nobody does is not there. */
    public Map<String, List<String>> carriedBy() {
        var now = Instant.ofEpochMilli(clock.millis());
        return database.inCallerTenant(connection -> carriers.of(turn(connection, now)));
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

    private static Turn turn(Connection connection, Instant now) {
        return new Turn(connection, CallerScope.tenant(), now);
    }

    /** Answers out of what the platform keeps of the tenant. */
    private final class House implements Inside, Household {
        private final Instant now;
        private final long until = System.nanoTime() + MOST_TIME.toNanos();
        private int asked;
        private @Nullable Map<String, List<String>> carriedBy;

        House(Instant now) {
            this.now = now;
        }

        @Override
        public @Nullable Read read(String action, Map<String, JsonNode> parameters) {
            long left = until - System.nanoTime();
            if (left <= 0 || asked >= MOST_READS) {
                return null;
            }
            asked++;
            var order = new Order(CallerScope.tenant(), UUID.randomUUID(), action, parameters, true);
            return switch (within(left, () -> reads.ask(order))) {
                case Result.Completed done -> new Read(done.outputs(), null, done.note());
                case Result.Failed failed -> new Read(Map.of(), failed.reason());
                case Result.Simulated _, Result.Unknown _, Result.Later _ -> null;
                case null -> null;
            };
        }

        @Override
        public Would would(String action, Map<String, JsonNode> parameters) {
            var known = carriedBy;
            if (known == null) {
                known = database.inCallerTenant(connection -> carriers.of(turn(connection, now)));
                carriedBy = known;
            }
            var all = known.getOrDefault(action, List.of());
            return all.isEmpty()
                    ? new Would(null, null, "nobody carries " + action + " out: connect something that can")
                    : new Would(all.getFirst(), null, null);
        }

        @Override
        public ActionPolicy.Verdict judge(ActionKind kind, String target, ActionPolicy.Consent atLeast) {
            return database.inCallerTenant(connection -> {
                var turn = turn(connection, now);
                boolean jewel =
                        kind.effect() != ActionKind.Effect.READ && policies.isCrownJewel(turn, kind.about(), target);
                return policies.of(turn).decide(new ActionPolicy.Request(kind, target, jewel, atLeast));
            });
        }

        @Override
        public @Nullable Playbook called(UUID playbook, @Nullable String modified) {
            var loaded = database.<PlaybookShelf.@Nullable Loaded>inCallerTenant(connection -> {
                var turn = turn(connection, now);
                return modified == null
                        ? shelf.current(turn, playbook)
                        : shelf.modified(turn, playbook, Instant.parse(modified));
            });
            return loaded == null ? null : loaded.playbook();
        }
    }

    /** @return null: there is no answer in time */
    private static @Nullable Result within(long nanos, Callable<@Nullable Result> question) {
        var task = new FutureTask<@Nullable Result>(question);
        Thread.ofVirtual().name("dry-run-read").start(task);
        try {
            return task.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            return null;
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a dry run could not ask", e.getCause());
        }
    }
}
