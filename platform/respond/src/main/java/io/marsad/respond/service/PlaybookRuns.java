package io.marsad.respond.service;

import io.marsad.db.Database;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.durable.Turn;
import io.marsad.respond.service.RunView.StepLine;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The runs of the tenant of the running {@link CallerScope}. Thread-safe. */
public final class PlaybookRuns {
    private final Database database;
    private final PlaybookTexts texts;
    private final Actions actions;
    private final InstantSource clock;

    public PlaybookRuns(Database database, Playbooks playbooks, Actions actions, InstantSource clock) {
        this.database = database;
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
