package io.marsad.respond.run;

import io.marsad.respond.cacao.Playbook;
import java.time.Instant;
import java.util.List;

/**
 * Goes on with runs of one playbook as far as they go without anything from outside. The same state, events and time give
 * the same, on every machine. A step that fails goes to its {@code on_failure}; where it has none, its branch fails, and
 * with it the step that opened the branch; what nothing in the workflow is there for goes to {@code workflow_exception}.
 * {@code on_completion} is gone to after success only: a containment that failed is not gone past in silence.
 *
 * <p>Thread-safe.
 */
public final class Interpreter {
    /** The most steps that are begun in one run. */
    public static final int MOST_VISITS = 1_000;

    /** The most often that a loop goes round. */
    public static final int MOST_ITERATIONS = 100;

    private final Playbook playbook;

    public Interpreter(Playbook playbook) {
        this.playbook = playbook;
    }

    /**
     * What it came to.
     *
     * @param effects to be done, in this order; those of before stay wanted unless they are withdrawn
     * @param changes for the history
     */
    public record Advance(RunState state, List<RunEffect> effects, List<StepChange> changes) {
        public Advance {
            effects = List.copyOf(effects);
            changes = List.copyOf(changes);
        }
    }

    /** @param events in the order in which they happened; none: only time has passed */
    public Advance advance(RunState state, List<RunEvent> events, Instant now) {
        if (state.status().isEnded()) {
            return new Advance(state, List.of(), List.of());
        }
        var walk = new Walk(playbook, state, now);
        events.forEach(walk::take);
        walk.go();
        return walk.advance();
    }
}
