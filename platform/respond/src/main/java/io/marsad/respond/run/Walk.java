package io.marsad.respond.run;

import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.cacao.Step;
import io.marsad.respond.condition.ConditionException;
import io.marsad.respond.run.RunState.Frame;
import io.marsad.respond.run.RunState.Phase;
import io.marsad.respond.run.RunState.Token;
import io.marsad.respond.run.StepChange.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One advance of one run, while it is under way. */
final class Walk {
    private final Playbook playbook;
    private final RunState before;
    private final Instant now;
    private final Map<Integer, Token> tokens = new TreeMap<>();
    private final Map<Integer, Frame> frames = new TreeMap<>();
    private final Values values;
    private final List<RunEffect> effects = new ArrayList<>();
    private final List<StepChange> changes = new ArrayList<>();
    private RunStatus status;
    private @Nullable String reason;
    private int visits;
    private boolean exception;

    Walk(Playbook playbook, RunState state, Instant now) {
        this.playbook = playbook;
        this.before = state;
        this.now = now;
        this.status = state.status();
        this.reason = state.reason();
        this.visits = state.visits();
        this.exception = state.exception();
        this.values = new Values(playbook, state.values());
        state.tokens().forEach(token -> tokens.put(token.visit(), token));
        state.frames().forEach(frame -> frames.put(frame.id(), frame));
    }

    Interpreter.Advance advance() {
        var state = new RunState(
                before.run(),
                status,
                reason,
                before.deadline(),
                visits,
                values.all(),
                List.copyOf(tokens.values()),
                List.copyOf(frames.values()),
                exception);
        return new Interpreter.Advance(state, effects, changes);
    }

    void take(RunEvent event) {
        switch (event) {
            case RunEvent.Done done -> {
                var token = waiting(done.visit(), done.attempt());
                if (token != null) {
                    done(token, done.outputs());
                }
            }
            case RunEvent.Failed failed -> {
                var token = waiting(failed.visit(), failed.attempt());
                if (token != null) {
                    failed(token, failed.reason(), failed.again());
                }
            }
            case RunEvent.Cancelled cancelled -> end(RunStatus.CANCELLED, cancelled.reason(), Status.CANCELLED);
        }
    }

    private @Nullable Token waiting(int visit, int attempt) {
        var token = tokens.get(visit);
        return token != null && token.phase() == Phase.ASKED && token.attempt() == attempt ? token : null;
    }

    /** Goes on until everything waits for something. */
    void go() {
        while (!status.isEnded()) {
            if (!now.isBefore(before.deadline())) {
                end(RunStatus.FAILED, "the run took longer than it may", Status.TIMED_OUT);
                return;
            }
            var token = next();
            if (token == null) {
                return;
            }
            var deadline = token.deadline();
            if (deadline != null && !now.isBefore(deadline)) {
                fail(token, Status.TIMED_OUT, "ACTION_TIMEOUT of " + token.step());
            } else if (token.phase() == Phase.READY) {
                enter(token);
            } else {
                begin(token.in(token.phase()));
            }
        }
    }

    private @Nullable Token next() {
        for (var token : tokens.values()) {
            var until = token.until();
            var deadline = token.deadline();
            if (token.phase() == Phase.READY
                    || until != null && !now.isBefore(until)
                    || deadline != null && !now.isBefore(deadline)) {
                return token;
            }
        }
        return null;
    }

    private void enter(Token token) {
        var step = playbook.step(token.step());
        changed(token, Status.RUNNING, null, Map.of());
        if (step.common().delay().isZero()) {
            begin(token);
        } else {
            put(token.until(Phase.DELAYED, now.plus(step.common().delay())));
        }
    }

    private void begin(Token entered) {
        var step = playbook.step(entered.step());
        var timeout = step.common().timeout();
        var token = entered.deadline() == null && timeout != null ? entered.due(now.plus(timeout)) : entered;
        try {
            switch (step) {
                case Step.Start _ -> succeed(token, null, Map.of());
                case Step.End _ -> {
                    changed(token, Status.SUCCEEDED, null, Map.of());
                    leave(token, null);
                }
                case Step.Action action -> ask(token, action);
                case Step.PlaybookAction call -> {
                    var asking = token.asking(token.attempt() + 1, 0);
                    put(asking);
                    effects.add(new RunEffect.Call(
                            asking.visit(),
                            asking.attempt(),
                            step.id(),
                            call.playbook(),
                            call.version(),
                            values.of(step, call.inArgs())));
                }
                case Step.Parallel parallel -> open(token, parallel.nextSteps());
                case Step.If of -> {
                    boolean holds = of.condition().holds(values.in(step));
                    var branch = holds ? of.onTrue() : of.onFalse();
                    choose(token, holds ? "true" : "false", branch);
                }
                case Step.While of -> turn(token, of);
                case Step.Switch of -> {
                    var value = values.of(step, of.variable());
                    var branch = value == null ? null : of.cases().get(value);
                    choose(
                            token,
                            value == null ? "unknown" : value,
                            branch == null ? of.cases().get("default") : branch);
                }
            }
        } catch (ConditionException | RenderException e) {
            fail(token, Status.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private void ask(Token token, Step.Action action) throws RenderException {
        int attempt = token.attempt() + 1;
        var effect = Rendering.effect(playbook, action, token.visit(), attempt, token.command(), values);
        put(token.asking(attempt, token.command()));
        effects.add(effect);
    }

    private void choose(Token token, String way, @Nullable String branch) {
        if (branch == null) {
            succeed(token, way, Map.of());
        } else {
            changed(token, Status.RUNNING, way, Map.of());
            open(token, List.of(branch));
        }
    }

    private void turn(Token token, Step.While loop) throws ConditionException {
        if (!loop.condition().holds(values.in(loop))) {
            succeed(token, token.iterations() + " times", Map.of());
        } else if (token.iterations() == Interpreter.MOST_ITERATIONS) {
            fail(token, Status.FAILED, "more than " + Interpreter.MOST_ITERATIONS + " times round");
        } else {
            open(token.repeated(), List.of(loop.onTrue()));
        }
    }

    private void open(Token token, List<String> heads) {
        var frame = new Frame(token.visit(), token.visit(), heads.size(), null); // a step has one at a time: its number
        frames.put(frame.id(), frame);
        put(token.in(Phase.BRANCHED));
        heads.forEach(head -> visit(frame.id(), head));
    }

    private void visit(int frame, String step) {
        if (visits == Interpreter.MOST_VISITS) {
            end(RunStatus.FAILED, "more than " + Interpreter.MOST_VISITS + " steps", Status.CANCELLED);
        } else if (!status.isEnded()) {
            put(Token.entering(++visits, frame, step));
        }
    }

    private void done(Token token, Map<String, @Nullable String> outputs) {
        var step = playbook.step(token.step());
        if (step instanceof Step.Action action && action.typed() == null) {
            int next = token.command() + 1;
            try {
                var written = values.write(step, Values.among(action.outArgs(), outputs));
                if (next == action.commands().size()) {
                    succeed(token, null, written);
                } else {
                    ask(
                            new Token(
                                    token.visit(),
                                    token.frame(),
                                    token.step(),
                                    Phase.READY,
                                    token.attempt(),
                                    next,
                                    0,
                                    null,
                                    token.deadline()),
                            action);
                }
            } catch (RenderException e) {
                fail(token.in(Phase.READY), Status.FAILED, String.valueOf(e.getMessage()));
            }
            return;
        }
        try {
            succeed(token, null, values.write(step, named(step, outputs)));
        } catch (RenderException e) {
            fail(token.in(Phase.READY), Status.FAILED, String.valueOf(e.getMessage()));
        }
    }

    /** What came back, by the names of variables. */
    private static Map<String, @Nullable String> named(Step step, Map<String, @Nullable String> outputs) {
        if (step instanceof Step.Action action && action.typed() != null) {
            Map<String, @Nullable String> named = new LinkedHashMap<>();
            action.typed().outputs().forEach((output, variable) -> {
                if (outputs.containsKey(output)) {
                    named.put(variable, outputs.get(output));
                }
            });
            return named;
        }
        return step instanceof Step.PlaybookAction call ? Values.among(call.outArgs(), outputs) : Map.of();
    }

    private void failed(Token token, String why, boolean again) {
        var step = playbook.step(token.step());
        var retry = step instanceof Step.Action action && action.typed() != null
                ? action.typed().retry()
                : null;
        if (again && retry != null && token.attempt() <= retry.most()) {
            changed(token, Status.RUNNING, "try " + token.attempt() + " failed: " + why, Map.of());
            put(token.until(Phase.PAUSED, now.plus(retry.pause(token.attempt()))));
        } else {
            fail(token.in(Phase.READY), Status.FAILED, why);
        }
    }

    private void succeed(Token token, @Nullable String detail, Map<String, @Nullable String> written) {
        changed(token, Status.SUCCEEDED, detail, written);
        var next = playbook.step(token.step()).common().next();
        tokens.remove(token.visit());
        frames.remove(token.visit());
        if (next == null) {
            leave(token, null);
        } else {
            visit(token.frame(), next);
        }
    }

    private void fail(Token token, Status how, String why) {
        withdraw(token, why);
        changed(token, how, why, Map.of());
        tokens.remove(token.visit());
        var next = playbook.step(token.step()).common().onFailure();
        if (next == null) {
            leave(token, "'" + playbook.step(token.step()).title() + "' failed: " + why);
        } else {
            visit(token.frame(), next);
        }
    }

    /** What the step waits for is not wanted any more; its branches end. */
    private void withdraw(Token token, String why) {
        if (token.phase() == Phase.ASKED) {
            effects.add(new RunEffect.Withdraw(token.visit(), token.attempt(), why));
        }
        if (frames.remove(token.visit()) != null) {
            var inside = tokens.values().stream()
                    .filter(inner -> inner.frame() == token.visit())
                    .toList();
            for (var inner : inside) {
                withdraw(inner, why);
                changed(inner, Status.CANCELLED, why, Map.of());
                tokens.remove(inner.visit());
            }
        }
    }

    /** A branch is at its end. @param failure null: a good one */
    private void leave(Token token, @Nullable String failure) {
        tokens.remove(token.visit());
        var frame = frames.get(token.frame());
        if (frame == null || status.isEnded()) {
            return;
        }
        var left = new Frame(
                frame.id(), frame.parent(), frame.open() - 1, frame.failure() == null ? failure : frame.failure());
        frames.put(left.id(), left);
        if (left.open() > 0) {
            return;
        }
        var parent = left.parent() == 0 ? null : tokens.get(left.parent());
        if (parent == null) {
            wholeEnded(left.failure());
            return;
        }
        frames.remove(left.id());
        if (left.failure() != null) {
            fail(parent.in(Phase.READY), Status.FAILED, left.failure());
        } else if (playbook.step(parent.step()) instanceof Step.While) {
            put(parent.until(Phase.PAUSED, now)); // asks its condition again, without its delay
        } else {
            succeed(parent, null, Map.of());
        }
    }

    private void wholeEnded(@Nullable String failure) {
        var handler = playbook.exception();
        if (failure == null && !exception) {
            end(RunStatus.SUCCEEDED, null, Status.CANCELLED);
        } else if (failure != null && !exception && handler != null) {
            exception = true;
            reason = failure;
            frames.put(0, new Frame(0, 0, 1, null));
            visit(0, handler);
        } else {
            end(RunStatus.FAILED, reason == null ? failure : reason, Status.CANCELLED);
        }
    }

    private void end(RunStatus as, @Nullable String why, Status ofSteps) {
        for (var token : List.copyOf(tokens.values())) {
            if (token.phase() == Phase.ASKED) {
                effects.add(new RunEffect.Withdraw(
                        token.visit(), token.attempt(), why == null ? "the run has ended" : why));
            }
            if (token.phase() != Phase.READY) {
                changed(token, ofSteps, why, Map.of());
            }
        }
        tokens.clear();
        frames.clear();
        status = as;
        reason = why;
    }

    private void put(Token token) {
        tokens.put(token.visit(), token);
    }

    private void changed(Token token, Status how, @Nullable String detail, Map<String, @Nullable String> written) {
        changes.add(new StepChange(token.visit(), token.frame(), token.step(), how, detail, written));
    }
}
