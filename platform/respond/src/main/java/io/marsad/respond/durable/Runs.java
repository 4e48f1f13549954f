package io.marsad.respond.durable;

import io.marsad.respond.run.RunEvent;
import io.marsad.respond.run.RunState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Begins and ends runs, in the transaction of whoever wants that. Thread-safe. */
public final class Runs {
    /** The queue of the outbox whose subjects are runs that go on. */
    public static final String QUEUE = "playbook-runs";

    static final Duration LONGEST = Duration.ofDays(30);
    static final int DEEPEST = 5;

    private final PlaybookShelf shelf;

    public Runs(PlaybookShelf shelf) {
        this.shelf = shelf;
    }

    /**
     * What is wanted.
     *
     * @param id of the run; the same once more begins nothing
     * @param by a person, a token or a trigger, as the audit names it
     * @param about {@code alert:UUID} or {@code case:UUID}; null: nothing
     * @param given values of external variables
     */
    public record Wanted(
            UUID id, UUID playbook, String by, @Nullable String about, Map<String, @Nullable String> given) {}

    /** @return false when there is no such playbook that is switched on, or the run is there already */
    public boolean begin(Turn turn, Wanted wanted) throws SQLException {
        var loaded = shelf.current(turn, wanted.playbook());
        return loaded != null && begin(turn, wanted, loaded);
    }

    /**
     * Of a version that was read in this transaction.
     *
     * @return false when the run is there already
     */
    public boolean begin(Turn turn, Wanted wanted, PlaybookShelf.Loaded loaded) throws SQLException {
        return begin(turn, wanted, loaded, null, 0);
    }

    /** @param parent the step that calls it; null: none does */
    static boolean begin(
            Turn turn, Wanted wanted, PlaybookShelf.Loaded loaded, RunRows.@Nullable Parent parent, int depth)
            throws SQLException {
        var state = RunState.begin(
                wanted.id(), loaded.playbook(), wanted.given(), turn.now().plus(LONGEST));
        var row = new RunRows.Row(
                wanted.id(),
                wanted.playbook(),
                loaded.version().hash(),
                wanted.by(),
                wanted.about(),
                parent,
                depth,
                state,
                null,
                0);
        if (!RunRows.insert(turn, row)) {
            return false;
        }
        var effects = new Effects(turn);
        effects.due(QUEUE, turn.now(), wanted.id());
        effects.audit(
                wanted.by(),
                "playbook.run",
                "run:" + wanted.id(),
                "playbook",
                wanted.playbook().toString(),
                "version",
                loaded.version().hash());
        effects.write();
        return true;
    }

    /**
     * Another run of what a run was of, which begins at a step with the values that the other had at its end.
     *
     * @param id of the new run; the same once more begins nothing
     * @param of a run that has ended
     * @param step of the workflow itself, not of a branch
     * @return false when it is there already
     * @throws IllegalArgumentException when there is no such run, or its version has no such step
     */
    public boolean retry(Turn turn, UUID id, UUID of, String step, String by) throws SQLException {
        var old = RunRows.find(turn, of);
        if (old == null) {
            throw new IllegalArgumentException("there is no run " + of);
        }
        shelf.load(turn, new PlaybookShelf.Version(turn.tenant(), old.playbook(), old.version()))
                .playbook()
                .step(step);
        var state = RunState.from(id, step, old.state().values(), turn.now().plus(LONGEST));
        var row = new RunRows.Row(id, old.playbook(), old.version(), by, old.about(), null, 0, state, null, 0);
        if (!RunRows.insert(turn, row)) {
            return false;
        }
        RunRows.retries(turn, id, of);
        var effects = new Effects(turn);
        effects.due(QUEUE, turn.now(), id);
        effects.audit(by, "playbook.retry", "run:" + id, "of", of.toString(), "step", step);
        effects.write();
        return true;
    }

    /** The run ends as soon as it is come to; what has been begun of its actions goes on. */
    public void cancel(Turn turn, UUID run, String by, String reason) throws SQLException {
        var effects = new Effects(turn);
        effects.tell(run, new RunEvent.Cancelled(by + ": " + reason));
        effects.audit(by, "playbook.cancel", "run:" + run, "reason", reason);
        effects.write();
    }
}
