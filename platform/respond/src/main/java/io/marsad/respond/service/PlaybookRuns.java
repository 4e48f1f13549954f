package io.marsad.respond.service;

import io.marsad.db.Database;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.Problem.Fault;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.durable.PlaybookShelf;
import io.marsad.respond.durable.Runs;
import io.marsad.respond.durable.Turn;
import io.marsad.respond.service.RunView.StepLine;
import io.marsad.respond.variable.Variable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The runs of the tenant of the running {@link CallerScope}. Thread-safe. */
public final class PlaybookRuns {
    private final Database database;
    private final Playbooks playbooks;
    private final PlaybookTexts texts;
    private final Actions actions;
    private final PlaybookShelf shelf;
    private final Runs runs;
    private final InstantSource clock;

    public PlaybookRuns(
            Database database, PlaybookShelf shelf, Playbooks playbooks, Actions actions, InstantSource clock) {
        this.database = database;
        this.shelf = shelf;
        this.runs = new Runs(shelf);
        this.playbooks = playbooks;
        this.texts = playbooks.texts();
        this.actions = actions;
        this.clock = clock;
    }

    /**
     * The newest first.
     *
     * @param cursor where the page begins; null: at the beginning
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-cursor}
     */
    public RunView.Page list(RunView.Filter filter, @Nullable String cursor, int limit) {
        return database.inCallerTenant(connection -> {
            var runs = RunQuery.page(turn(connection), filter, cursor, limit + 1);
            if (runs.size() <= limit) {
                return new RunView.Page(runs, null);
            }
            var last = runs.get(limit - 1);
            return new RunView.Page(runs.subList(0, limit), new Cursor(last.startedAt(), last.id()).text());
        });
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public RunView.Detail find(UUID run) {
        return database.inCallerTenant(connection -> {
            var turn = turn(connection);
            var view = existing(turn, run);
            var text = texts.load(turn, new PlaybookTexts.Version(view.playbook(), view.version()));
            var playbook = text == null ? null : text.reading().playbook();
            var steps = RunQuery.steps(turn, run).stream()
                    .map(line -> named(line, playbook))
                    .toList();
            return new RunView.Detail(
                    view,
                    text == null ? null : text.reading().text().tree(),
                    RunQuery.values(turn, run),
                    steps,
                    actions.ofRun(turn, run),
                    RunQuery.children(turn, run));
        });
    }

    /** @param fresh false: it was there already */
    public record Begun(RunView run, boolean fresh) {}

    /**
     * Begins a run.
     *
     * @param about {@code alert:UUID} or {@code case:UUID}, which tells what is not given by hand; null: nothing
     * @param given values of external variables
     * @param key its id; the same once more begins nothing; null: another each time
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code unknown-about}, {@code invalid-values}; 404; 409
     *     {@code not-enabled}, {@code key-taken}
     */
    public Begun begin(UUID playbook, @Nullable String about, Map<String, @Nullable String> given, @Nullable UUID key) {
        return database.inCallerTenant(connection -> {
            var turn = turn(connection);
            if (key != null && RunQuery.exists(turn, key)) {
                return before(turn, playbook, key);
            }
            var loaded = shelf.current(turn, playbook);
            if (loaded == null) {
                playbooks.existing(turn, playbook);
                throw switchedOff();
            }
            var values = values(turn, loaded.playbook(), about, given);
            var id = key == null ? UUID.randomUUID() : key;
            var wanted = new Runs.Wanted(id, playbook, CallerScope.current().subject(), about, values);
            if (!runs.begin(turn, wanted, loaded)) {
                return before(turn, playbook, id); // another came with the key at the same time
            }
            var titled = about == null ? RunQuery.begun(turn, wanted, loaded) : existing(turn, id);
            return new Begun(titled, true);
        });
    }

    private static Begun before(Turn turn, UUID playbook, UUID key) throws SQLException {
        var before = existing(turn, key);
        if (!before.playbook().equals(playbook)) {
            throw Problem.conflict("key-taken", "The key is that of a run of another playbook.")
                    .asException();
        }
        return new Begun(before, false);
    }

    private static ProblemException switchedOff() {
        return Problem.conflict("not-enabled", "The playbook is switched off: enable it, or try it in a dry run.")
                .asException();
    }

    /** What a run begins with. */
    static Map<String, @Nullable String> values(
            Turn turn, Playbook playbook, @Nullable String about, Map<String, @Nullable String> given)
            throws SQLException {
        var faults = new ArrayList<Fault>();
        given.forEach((name, value) -> {
            var variable = playbook.variables().get(name);
            if (variable == null || variable.constant()) {
                faults.add(new Fault("/given/" + name, "the playbook has no such variable that could be given"));
            } else {
                var fault = value == null ? null : fault(variable, value);
                if (fault != null) {
                    faults.add(new Fault("/given/" + name, fault));
                }
            }
        });
        if (!faults.isEmpty()) {
            throw invalid(faults);
        }
        if (about == null) {
            return given;
        }
        return Abouts.of(turn, about).with(playbook, given);
    }

    /** What is wrong with a value; null: nothing is. */
    static @Nullable String fault(Variable variable, String value) {
        if (value.length() > Variable.MOST_VALUE) {
            return "longer than " + Variable.MOST_VALUE + " characters";
        }
        return variable.type().takes(value) ? null : variable.type().expected() + " is expected";
    }

    static RuntimeException invalid(List<Fault> faults) {
        return new Problem("invalid-values", 400, "Bad request", "Values are not as the playbook has them.", faults)
                .asException();
    }

    /**
     * Ends a run as soon as it is come to; what has been begun of its actions goes on. One that has ended stays as it is.
     *
     * @throws io.marsad.kernel.problem.ProblemException 404; 409 {@code run-ended}
     */
    public RunView cancel(UUID run, String reason) {
        return database.inCallerTenant(connection -> {
            var turn = turn(connection);
            if (!existing(turn, run).status().equals("running")) {
                throw Problem.conflict("run-ended", "The run has ended already.")
                        .asException();
            }
            runs.cancel(turn, run, CallerScope.current().subject(), reason);
            return existing(turn, run);
        });
    }

    /**
     * Begins another run of the same version at a step, with the values that the run had at its end.
     *
     * @throws io.marsad.kernel.problem.ProblemException 404; 409 {@code run-open}, {@code no-such-step},
     *     {@code exception-step}, {@code not-enabled}
     */
    public RunView retry(UUID run, String step) {
        return database.inCallerTenant(connection -> {
            var turn = turn(connection);
            var old = existing(turn, run);
            if (old.status().equals("running")) {
                throw Problem.conflict("run-open", "The run has not ended: cancel it first.")
                        .asException();
            }
            var loaded = shelf.current(turn, old.playbook());
            if (loaded == null) {
                throw switchedOff();
            }
            var version = new PlaybookShelf.Version(turn.tenant(), old.playbook(), old.version());
            var playbook = old.version().equals(loaded.version().hash())
                    ? loaded.playbook()
                    : shelf.load(turn, version).playbook();
            boolean begun = RunQuery.steps(turn, run).stream()
                    .anyMatch(line -> line.parent() == 0 && line.step().equals(step));
            if (!begun || !playbook.workflow().containsKey(step)) {
                throw Problem.conflict(
                                "no-such-step",
                                "The run has not begun such a step, or it is in a branch of another one.")
                        .asException();
            }
            if (!mainWorkflow(playbook).contains(step)) {
                throw Problem.conflict(
                                "exception-step",
                                "The step is one of those that are done after a failure: begin again at the step that"
                                        + " failed, or at one before it.")
                        .asException();
            }
            var id = UUID.randomUUID();
            runs.retry(turn, id, run, step, CallerScope.current().subject());
            return existing(turn, id);
        });
    }

    /** What can be come to without a failure that leads to the exception of the workflow. */
    private static Set<String> mainWorkflow(Playbook playbook) {
        var found = new LinkedHashSet<>(Set.of(playbook.start()));
        var way = new ArrayDeque<>(found);
        while (!way.isEmpty()) {
            for (var next : playbook.step(way.remove()).followers()) {
                if (found.add(next)) {
                    way.add(next);
                }
            }
        }
        return found;
    }

    private static StepLine named(StepLine line, @Nullable Playbook playbook) {
        var step = playbook == null ? null : playbook.workflow().get(line.step());
        return step == null
                ? line
                : new StepLine(
                        line.seq(),
                        line.visit(),
                        line.parent(),
                        line.step(),
                        step.title(),
                        step.type(),
                        line.status(),
                        line.detail(),
                        line.values(),
                        line.at());
    }

    private static RunView existing(Turn turn, UUID run) throws SQLException {
        var found = RunQuery.find(turn, run);
        if (found == null) {
            throw Problem.notFound("There is no such run.").asException();
        }
        return found;
    }

    private Turn turn(Connection connection) {
        return new Turn(connection, CallerScope.tenant(), Instant.ofEpochMilli(clock.millis()));
    }
}
