package io.marsad.respond.cacao;

import io.marsad.respond.condition.Condition;
import io.marsad.respond.variable.Template;
import io.marsad.respond.variable.Variable;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What only the whole of a playbook shows: what names what, what leads where, and which variables there are. */
final class PlaybookLint {
    static final int MOST_STEPS = 500;
    static final int DEEPEST = 10;
    static final int WIDEST = 50;

    private final Playbook playbook;
    private final ActionCheck actions;
    private final Findings findings;

    private PlaybookLint(Playbook playbook, ActionCheck actions, Findings findings) {
        this.playbook = playbook;
        this.actions = actions;
        this.findings = findings;
    }

    static void check(Playbook playbook, ActionCheck actions, Findings findings) {
        var lint = new PlaybookLint(playbook, actions, findings);
        lint.limits();
        lint.references();
        if (!findings.hasErrors()) { // ways can be followed
            lint.ways();
        }
        playbook.workflow().values().forEach(lint::step);
    }

    private void limits() {
        if (playbook.workflow().size() > MOST_STEPS) {
            findings.error(1, "more than " + MOST_STEPS + " steps");
        }
        long starts = playbook.workflow().values().stream()
                .filter(Step.Start.class::isInstance)
                .count();
        if (starts != 1 && !playbook.workflow().isEmpty()) {
            findings.error(1, "a workflow has one start step, and here are " + starts);
        }
    }

    private void references() {
        if (!playbook.start().isEmpty() && !(playbook.workflow().get(playbook.start()) instanceof Step.Start)) {
            findings.error(1, "'workflow_start' names no start step of the workflow: " + playbook.start());
        }
        var exception = playbook.exception();
        if (exception != null && !playbook.workflow().containsKey(exception)) {
            findings.error(1, "'workflow_exception' names no step of the workflow: " + exception);
        }
        for (var step : playbook.workflow().values()) {
            for (var next : step.followers()) {
                if (!next.isEmpty() && !playbook.workflow().containsKey(next)) {
                    findings.error(
                            step.common().line(), "'" + step.title() + "' names a step that is not there: " + next);
                }
            }
            if (step.branches().size() > WIDEST) {
                findings.error(step.common().line(), "more than " + WIDEST + " branches");
            }
        }
    }

    private void ways() {
        var reached = new HashSet<String>();
        var begins = new LinkedHashSet<>(List.of(playbook.start()));
        if (playbook.exception() != null) {
            begins.add(playbook.exception());
        }
        for (var begin : begins) {
            circles(begin, reached);
        }
        if (findings.hasErrors()) {
            return;
        }
        for (var step : playbook.workflow().values()) {
            if (!reached.contains(step.id())) {
                findings.warning(step.common().line(), "nothing leads to '" + step.title() + "'");
            } else if (!(step instanceof Step.End) && step.common().next() == null) {
                findings.warning(
                        step.common().line(),
                        "'" + step.title() + "' leads to no end step; here the branch ends with it, and other engines"
                                + " may refuse it");
            }
        }
        if (deepest(playbook.start(), new HashMap<>()) > DEEPEST) {
            findings.error(1, "branches are nested deeper than " + DEEPEST);
        }
    }

    /** Depth first without recursion: a step that leads to one on the way to it is a circle. */
    private void circles(String begin, Set<String> done) {
        var way = new ArrayDeque<String>();
        var onTheWay = new HashSet<String>();
        var left = new HashMap<String, ArrayDeque<String>>();
        way.push(begin);
        while (!way.isEmpty()) {
            var id = way.element();
            if (onTheWay.add(id)) {
                left.put(id, new ArrayDeque<>(playbook.step(id).followers()));
            }
            var next = java.util.Objects.requireNonNull(left.get(id)).poll();
            if (next == null) {
                done.add(way.pop());
                onTheWay.remove(id);
            } else if (onTheWay.contains(next)) {
                findings.error(
                        playbook.step(id).common().line(),
                        "'" + playbook.step(id).title() + "' leads back to '"
                                + playbook.step(next).title()
                                + "': only a while repeats, and its branch ends with an end step");
            } else if (!done.contains(next)) {
                way.push(next);
            }
        }
    }

    /** How many constructs are inside one another from there on; the workflow has no circles. */
    private int deepest(@Nullable String id, Map<String, Integer> known) {
        if (id == null) {
            return 0;
        }
        var before = known.get(id);
        if (before != null) {
            return before;
        }
        var step = playbook.step(id);
        int depth = 0;
        for (var branch : step.branches()) {
            depth = Math.max(depth, 1 + deepest(branch, known));
        }
        for (var next : new String[] {step.common().next(), step.common().onFailure()}) {
            depth = Math.max(depth, deepest(next, known));
        }
        known.put(id, depth);
        return depth;
    }

    private void step(Step step) {
        switch (step) {
            case Step.If of -> condition(step, of.condition());
            case Step.While of -> condition(step, of.condition());
            case Step.Switch of -> {
                if (!of.variable().isEmpty()) {
                    known(step, step.common().line(), of.variable());
                }
            }
            case Step.PlaybookAction of -> {
                of.inArgs().forEach(name -> known(step, step.common().line(), name));
                of.outArgs().forEach(name -> written(step, step.common().line(), name));
            }
            case Step.Action of -> action(of);
            case Step.Start _, Step.End _, Step.Parallel _ -> {}
        }
    }

    private void condition(Step step, Condition condition) {
        condition
                .faults(name -> {
                    var variable = playbook.variable(step, name);
                    return variable == null ? null : variable.type();
                })
                .forEach(fault -> findings.error(step.common().line(), "'" + step.title() + "': " + fault));
    }

    private void action(Step.Action step) {
        int line = step.common().line();
        var agent = playbook.agents().get(step.agent());
        if (agent == null && !step.agent().isEmpty()) {
            findings.error(line, "'" + step.title() + "' names an agent that is not defined: " + step.agent());
        }
        for (var target : step.targets()) {
            if (!playbook.agents().containsKey(target)) {
                findings.warning(line, "'" + step.title() + "' names a target that is not defined: " + target);
            }
        }
        step.inArgs().forEach(name -> known(step, line, name));
        step.outArgs().forEach(name -> written(step, line, name));
        for (var command : step.commands()) {
            command(step, command, agent);
        }
        var typed = step.typed();
        if (typed != null) {
            actions.faults(typed).forEach(fault -> findings.error(typed.line(), fault));
            typed.with()
                    .values()
                    .forEach(value -> texts(
                            value,
                            text -> named(step, typed.line(), Template.of(text).names())));
            typed.outputs().values().forEach(name -> {
                written(step, typed.line(), name);
                if (!step.outArgs().contains(name)) {
                    findings.error(typed.line(), name + " is written and is none of the step's 'out_args'");
                }
            });
        }
    }

    private static void texts(JsonNode value, java.util.function.Consumer<String> each) {
        if (value.isString()) {
            each.accept(value.stringValue());
        } else {
            value.forEach(inner -> texts(inner, each));
        }
    }

    private void command(Step.Action step, Command command, @Nullable AgentTarget agent) {
        named(step, command.line(), Template.of(command.text()).names());
        var content = command.content();
        if (content != null) {
            named(step, command.line(), Template.of(content).names());
        }
        command.headers()
                .values()
                .forEach(values -> values.forEach(
                        value -> named(step, command.line(), Template.of(value).names())));
        if (step.typed() != null) {
            return; // the platform does it; the command says the same to others
        }
        if (!command.kind().isHttp() && command.kind() != Command.Kind.MANUAL) {
            findings.warning(
                    command.line(),
                    "nothing here carries out a command of type " + command.type()
                            + ": the step asks a person to do it");
        } else if (command.kind().isHttp() && agent != null && !hasAddress(step, agent)) {
            findings.warning(
                    command.line(),
                    "neither the agent '" + agent.name() + "' nor a target has an address to send the request to");
        }
    }

    private boolean hasAddress(Step.Action step, AgentTarget agent) {
        return !agent.address().isEmpty()
                || step.targets().stream()
                        .map(playbook.agents()::get)
                        .anyMatch(target -> target != null && !target.address().isEmpty());
    }

    private void named(Step.Action step, int line, Collection<String> names) {
        for (var name : names) {
            if (known(step, line, name)
                    && !step.inArgs().isEmpty()
                    && !step.inArgs().contains(name)
                    && !step.common().variables().containsKey(name)) {
                findings.warning(line, name + " is read and is none of the step's 'in_args'");
            }
        }
    }

    private boolean known(Step step, int line, String name) {
        if (playbook.variable(step, name) == null) {
            findings.error(line, "'" + step.title() + "': there is no variable " + name);
            return false;
        }
        return true;
    }

    private void written(Step step, int line, String name) {
        Variable variable = playbook.variable(step, name);
        if (variable == null) {
            findings.error(line, "'" + step.title() + "': there is no variable " + name);
        } else if (variable.constant()) {
            findings.error(line, "'" + step.title() + "' writes " + name + ", which is constant");
        }
    }
}
