package io.marsad.respond.trial;

import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.cacao.Step;
import io.marsad.respond.run.Interpreter;
import io.marsad.respond.run.RunEffect;
import io.marsad.respond.run.RunEvent;
import io.marsad.respond.run.RunState;
import io.marsad.respond.run.StepChange;
import io.marsad.respond.trial.TrialCase.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One try of a playbook with recorded answers, in no time: where a run would wait, the clock is put on. */
public final class Trial {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LONGEST = Duration.ofDays(90);

    private final Playbook playbook;
    private final Catalogue catalogue;
    private final TrialCase tried;
    private final ArrayDeque<RunEffect> open = new ArrayDeque<>();
    private final Map<String, Integer> answered = new HashMap<>();
    private final Set<String> used = new LinkedHashSet<>();
    private final List<String> steps = new ArrayList<>();
    private final List<RunEffect.Perform> actions = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private Instant now = BEGIN;

    private Trial(Playbook playbook, Catalogue catalogue, TrialCase tried) {
        this.playbook = playbook;
        this.catalogue = catalogue;
        this.tried = tried;
    }

    /**
     * What came of it.
     *
     * @param steps names of those that were begun, in order
     * @param faults what is not as it was expected; empty: all is
     */
    public record Result(RunState end, List<String> steps, List<String> faults) {}

    public static Result run(Playbook playbook, Catalogue catalogue, TrialCase tried) {
        return new Trial(playbook, catalogue, tried).run();
    }

    private Result run() {
        for (var name : tried.given().keySet()) {
            if (!playbook.variables().containsKey(name)) {
                faults.add("the playbook has no variable " + name + " to be given");
            }
        }
        var interpreter = new Interpreter(playbook);
        var state = RunState.begin(new UUID(0, 1), playbook, tried.given(), BEGIN.plus(LONGEST));
        state = take(interpreter.advance(state, List.of(), now));
        while (!state.status().isEnded()) {
            var event = next();
            if (event == null) {
                now = Objects.requireNonNull(state.wakeAt());
            }
            state = take(interpreter.advance(state, event == null ? List.of() : List.of(event), now));
        }
        compare(state);
        return new Result(state, List.copyOf(steps), List.copyOf(faults));
    }

    private RunState take(Interpreter.Advance advance) {
        for (var change : advance.changes()) {
            if (change.status() == StepChange.Status.RUNNING && change.detail() == null) {
                steps.add(playbook.step(change.step()).title());
            }
        }
        for (var effect : advance.effects()) {
            switch (effect) {
                case RunEffect.Withdraw withdraw -> open.removeIf(one -> one.visit() == withdraw.visit());
                case RunEffect.Perform perform -> {
                    actions.add(perform);
                    catalogue
                            .faults(perform.action().action(), perform.parameters())
                            .forEach(fault -> faults.add(title(perform.step()) + ": " + fault));
                    open.add(perform);
                }
                case RunEffect.Carry _, RunEffect.Call _ -> open.add(effect);
            }
        }
        return advance.state();
    }

    /** Null when nothing comes any more by itself. */
    private @Nullable RunEvent next() {
        for (var each = open.iterator(); each.hasNext(); ) {
            var effect = each.next();
            var answer = answer(effect);
            if (!answer.never()) {
                each.remove();
                known(effect, answer);
                return answer.failed() == null
                        ? new RunEvent.Done(effect.visit(), effect.attempt(), answer.outputs())
                        : new RunEvent.Failed(effect.visit(), effect.attempt(), answer.failed(), answer.again());
            }
        }
        return null;
    }

    private Answer answer(RunEffect effect) {
        var id = step(effect);
        var name = tried.answers().containsKey(id) ? id : title(id);
        var answers = tried.answers().get(name);
        if (answers == null || answers.isEmpty()) {
            return Answer.NOTHING;
        }
        used.add(name);
        var next = answers.get(Math.min(answered.getOrDefault(name, 0), answers.size() - 1));
        if (!next.never()) {
            answered.merge(name, 1, Integer::sum);
        }
        return next;
    }

    /** An output that nothing takes is a slip: without this the case would try less than it seems to. */
    private void known(RunEffect effect, Answer answer) {
        var taken = switch (effect) {
            case RunEffect.Perform perform ->
                catalogue
                        .find(perform.action().action())
                        .map(action -> List.copyOf(action.outputs().keySet()))
                        .orElse(List.of());
            case RunEffect.Carry carry -> carry.outArgs();
            case RunEffect.Call call -> ((Step.PlaybookAction) playbook.step(call.step())).outArgs();
            case RunEffect.Withdraw _ -> List.<String>of();
        };
        answer.outputs().keySet().stream()
                .filter(name -> !taken.contains(name))
                .forEach(name -> faults.add(title(step(effect)) + " gives no '" + name + "', which has a value"));
    }

    private static String step(RunEffect effect) {
        return switch (effect) {
            case RunEffect.Perform perform -> perform.step();
            case RunEffect.Carry carry -> carry.step();
            case RunEffect.Call call -> call.step();
            case RunEffect.Withdraw _ -> throw new IllegalArgumentException("nothing comes of what is not wanted");
        };
    }

    private String title(String step) {
        return playbook.step(step).title();
    }

    private void compare(RunState end) {
        var expected = tried.expected();
        if (end.status() != expected.status()) {
            faults.add("it " + word(end) + ", and " + expected.status().name().toLowerCase(java.util.Locale.ROOT)
                    + " was expected");
        }
        var reason = expected.reason();
        if (reason != null && !String.valueOf(end.reason()).contains(reason)) {
            faults.add("the reason is '" + end.reason() + "', and one with '" + reason + "' was expected");
        }
        if (expected.steps() != null && !expected.steps().equals(steps)) {
            faults.add("the steps were " + steps + ", and " + expected.steps() + " were expected");
        }
        expected.values().forEach((name, value) -> {
            if (!Objects.equals(end.values().get(name), value)) {
                faults.add(
                        name + " holds " + quoted(end.values().get(name)) + ", and " + quoted(value) + " was expected");
            }
        });
        if (expected.actions() != null) {
            compareActions(expected.actions());
        }
        for (var name : tried.answers().keySet()) {
            if (!used.contains(name)) {
                faults.add((isStep(name) ? "nothing was asked of '" : "there is no step '") + name
                        + "', which has an answer");
            }
        }
    }

    private boolean isStep(String name) {
        return playbook.workflow().values().stream()
                        .map(Step::title)
                        .collect(Collectors.toSet())
                        .contains(name)
                || playbook.workflow().containsKey(name);
    }

    private void compareActions(List<TrialCase.ExpectedAction> expected) {
        var names = actions.stream().map(action -> action.action().action()).toList();
        var wanted = expected.stream().map(TrialCase.ExpectedAction::action).toList();
        if (!names.equals(wanted)) {
            faults.add("the actions were " + names + ", and " + wanted + " were expected");
            return;
        }
        for (int i = 0; i < expected.size(); i++) {
            var told = actions.get(i).parameters();
            var action = expected.get(i);
            action.with().forEach((name, value) -> {
                var parameter = told.get(name);
                var text = parameter == null
                        ? null
                        : parameter.isString() ? parameter.stringValue() : parameter.toString();
                if (!value.equals(text)) {
                    faults.add(action.action() + " was told " + name + " = " + quoted(text) + ", and " + quoted(value)
                            + " was expected");
                }
            });
        }
    }

    private static String quoted(@Nullable String value) {
        return value == null ? "nothing" : "'" + value + "'";
    }

    private static String word(RunState end) {
        var word = end.status().name().toLowerCase(java.util.Locale.ROOT);
        return end.reason() == null ? word : word + " (" + end.reason() + ")";
    }
}
