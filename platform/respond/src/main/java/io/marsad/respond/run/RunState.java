package io.marsad.respond.run;

import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.variable.Variable;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a run stands between two moments; all that has to be kept of it. It never changes.
 *
 * @param run id of the run: what is done on its behalf has ids that come of it
 * @param status as a whole
 * @param reason why it failed or was cancelled; null otherwise
 * @param deadline when it is given up
 * @param visits so many steps have been begun
 * @param values of the playbook's variables by name; null: not known
 * @param tokens the steps that are being gone through
 * @param frames the branches that are open, the workflow itself among them
 * @param exception it goes through the steps for failures; what failed is the reason
 */
public record RunState(
        UUID run,
        RunStatus status,
        @Nullable String reason,
        Instant deadline,
        int visits,
        Map<String, @Nullable String> values,
        List<Token> tokens,
        List<Frame> frames,
        boolean exception) {
    public RunState {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        tokens = List.copyOf(tokens);
        frames = List.copyOf(frames);
    }

    /** What a step that is being gone through waits for. */
    public enum Phase {
        /** That it is begun. */
        READY,
        /** The end of its delay. */
        DELAYED,
        /** What comes of what was asked for. */
        ASKED,
        /** The next try. */
        PAUSED,
        /** The end of its branches. */
        BRANCHED
    }

    /**
     * A step that is being gone through.
     *
     * @param visit its number, from 1: a step in a loop has one each time
     * @param frame of the branch that it is in
     * @param step its id
     * @param attempt from 1; 0 before the first
     * @param command which of its commands, from 0
     * @param iterations of a loop, so far
     * @param until when a delay or pause ends; null: none
     * @param deadline when it has timed out; null: never
     */
    public record Token(
            int visit,
            int frame,
            String step,
            Phase phase,
            int attempt,
            int command,
            int iterations,
            @Nullable Instant until,
            @Nullable Instant deadline) {
        static Token entering(int visit, int frame, String step) {
            return new Token(visit, frame, step, Phase.READY, 0, 0, 0, null, null);
        }

        Token in(Phase next) {
            return new Token(visit, frame, step, next, attempt, command, iterations, null, deadline);
        }

        Token until(Phase next, Instant end) {
            return new Token(visit, frame, step, next, attempt, command, iterations, end, deadline);
        }

        Token due(@Nullable Instant at) {
            return new Token(visit, frame, step, phase, attempt, command, iterations, until, at);
        }

        Token asking(int nth, int nextCommand) {
            return new Token(visit, frame, step, Phase.ASKED, nth, nextCommand, iterations, null, deadline);
        }

        Token repeated() {
            return new Token(visit, frame, step, phase, attempt, command, iterations + 1, until, deadline);
        }
    }

    /**
     * Branches that were opened together.
     *
     * @param id 0 is the workflow itself
     * @param parent visit of the step that opened them; 0 for the workflow
     * @param open so many have not ended
     * @param failure of the first that failed; null: none has
     */
    public record Frame(
            int id, int parent, int open, @Nullable String failure) {}

    /**
     * A run at its beginning.
     *
     * @param given values of external variables, and whatever else whoever starts it wants to be different from what the
     *     playbook says; names that the playbook does not have are left out
     */
    public static RunState begin(UUID run, Playbook playbook, Map<String, @Nullable String> given, Instant deadline) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        for (Variable variable : playbook.variables().values()) {
            boolean fromOutside = given.containsKey(variable.name()) && !variable.constant();
            values.put(variable.name(), fromOutside ? given.get(variable.name()) : variable.value());
        }
        return new RunState(
                run,
                RunStatus.RUNNING,
                null,
                deadline,
                1,
                values,
                List.of(Token.entering(1, 0, playbook.start())),
                List.of(new Frame(0, 0, 1, null)),
                false);
    }

    /** A run that begins at a step of the workflow, with these values. */
    public static RunState from(UUID run, String step, Map<String, @Nullable String> values, Instant deadline) {
        return new RunState(
                run,
                RunStatus.RUNNING,
                null,
                deadline,
                1,
                values,
                List.of(Token.entering(1, 0, step)),
                List.of(new Frame(0, 0, 1, null)),
                false);
    }

    /** When something happens by itself next; null: it has ended. */
    public @Nullable Instant wakeAt() {
        if (status.isEnded()) {
            return null;
        }
        var next = deadline;
        for (var token : tokens) {
            for (var at : new Instant[] {token.until, token.deadline}) {
                if (at != null && at.isBefore(next)) {
                    next = at;
                }
            }
        }
        return next;
    }
}
