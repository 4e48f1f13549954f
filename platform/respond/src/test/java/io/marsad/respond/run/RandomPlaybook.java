package io.marsad.respond.run;

import io.marsad.kernel.content.ContentException;
import io.marsad.respond.Examples;
import io.marsad.respond.cacao.Playbook;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A workflow of random shape, and what it has to do, said a second time by walking its tree. */
final class RandomPlaybook {
    /** A piece of the tree; what comes when it fails is null when nothing does. */
    private sealed interface Node {
        record Act(String id, boolean fails, @Nullable List<Node> onFailure) implements Node {}

        record Both(
                String id,
                List<List<Node>> branches,
                @Nullable List<Node> onFailure) implements Node {}

        record Choice(
                String id,
                String kind,
                boolean taken,
                List<Node> yes,
                @Nullable List<Node> no) implements Node {}

        record Loop(String id, boolean once, List<Node> body) implements Node {}
    }

    private final SplittableRandom random;
    private final StringBuilder workflow = new StringBuilder();
    private final StringBuilder variables = new StringBuilder("  __yes__: {type: bool, value: \"true\"}\n");
    private final Map<String, Boolean> failing = new HashMap<>();
    private final Map<String, String> closes = new HashMap<>();
    private final Map<String, String> loopCloses = new LinkedHashMap<>();
    private final List<Node> tree;
    private final boolean exception;
    private final String text;
    private String handler = "";
    private int next = 1;

    RandomPlaybook(SplittableRandom random) {
        this.random = random;
        this.exception = random.nextBoolean();
        this.tree = region(0);
        var first = write(tree, end());
        workflow.append("  start--1: {type: start, on_completion: ")
                .append(first)
                .append("}\n");
        var head = "";
        if (exception) {
            handler = "action--" + ++next;
            head = "workflow_exception: " + write(List.of(new Node.Act(handler, false, null)), end()) + "\n";
        }
        this.text = head + "playbook_variables:\n" + variables + "workflow:\n" + workflow;
    }

    Playbook playbook() throws ContentException {
        return Examples.playbook(text);
    }

    String text() {
        return text;
    }

    boolean fails(String step) {
        return failing.getOrDefault(step, false);
    }

    /** The variable that ends the loop whose body the step is in; none: an empty map. */
    Map<String, String> gives(String step) {
        var variable = closes.get(step);
        return variable == null ? Map.of() : Map.of(variable, "false");
    }

    /** The actions that have to be asked for, each once, and whether the run succeeds. */
    Map.Entry<Set<String>, Boolean> expected() {
        var asked = new HashSet<String>();
        boolean succeeds = go(tree, asked);
        if (!succeeds && exception) {
            asked.add(Examples.whole(handler));
        }
        return Map.entry(asked, succeeds);
    }

    private List<Node> region(int depth) {
        var nodes = new ArrayList<Node>();
        for (int i = random.nextInt(depth == 0 ? 3 : 2); i >= 0; i--) {
            nodes.add(node(depth));
        }
        return nodes;
    }

    private Node node(int depth) {
        int kind = depth > 2 ? 0 : random.nextInt(6);
        int id = ++next;
        return switch (kind) {
            case 0, 1 -> new Node.Act("action--" + id, random.nextInt(6) == 0, failure(depth));
            case 2 -> {
                var branches = new ArrayList<List<Node>>();
                for (int i = random.nextInt(2, 4); i > 0; i--) {
                    branches.add(region(depth + 1));
                }
                yield new Node.Both("parallel--" + id, branches, failure(depth));
            }
            case 3 ->
                new Node.Choice(
                        "if-condition--" + id,
                        "if",
                        random.nextBoolean(),
                        region(depth + 1),
                        random.nextBoolean() ? null : region(depth + 1));
            case 4 ->
                new Node.Choice(
                        "switch-condition--" + id,
                        "switch",
                        random.nextBoolean(),
                        region(depth + 1),
                        region(depth + 1));
            default -> new Node.Loop("while-condition--" + id, random.nextBoolean(), region(depth + 1));
        };
    }

    private @Nullable List<Node> failure(int depth) {
        return random.nextInt(3) == 0 ? region(depth + 1) : null;
    }

    private String end() {
        var id = "end--" + ++next;
        workflow.append("  ").append(id).append(": {type: end}\n");
        return id;
    }

    /** @return the first step */
    private String write(List<Node> region, String after) {
        var first = after;
        for (int i = region.size() - 1; i >= 0; i--) {
            first = write(region.get(i), first);
        }
        return first;
    }

    private String write(Node node, String after) {
        return switch (node) {
            case Node.Act act -> {
                failing.put(Examples.whole(act.id()), act.fails());
                line(
                        act.id(),
                        "type: action, agent: group--1, commands: [{type: manual, command: do}]",
                        after,
                        act.onFailure());
                yield act.id();
            }
            case Node.Both both -> {
                var heads = new ArrayList<String>();
                both.branches().forEach(branch -> heads.add(write(branch, end())));
                line(both.id(), "type: parallel, next_steps: " + heads, after, both.onFailure());
                yield both.id();
            }
            case Node.Choice choice -> {
                var yes = write(choice.yes(), end());
                var no = choice.no() == null ? null : write(choice.no(), end());
                if (choice.kind().equals("if")) {
                    line(
                            choice.id(),
                            "type: if-condition, condition: \"__yes__:value = " + choice.taken() + "\", on_true: " + yes
                                    + (no == null ? "" : ", on_false: " + no),
                            after,
                            null);
                } else {
                    line(
                            choice.id(),
                            "type: switch-condition, switch: \"__yes__:value\", cases: {\"" + choice.taken() + "\": "
                                    + yes + ", default: " + no + "}",
                            after,
                            null);
                }
                yield choice.id();
            }
            case Node.Loop loop -> {
                var variable = "__l" + ++next + "__";
                variables
                        .append("  ")
                        .append(variable)
                        .append(": {type: bool, value: \"")
                        .append(loop.once())
                        .append("\"}\n");
                var closing = "action--" + ++next;
                closes.put(Examples.whole(closing), variable);
                var end = end();
                workflow.append("  ")
                        .append(closing)
                        .append(
                                ": {type: action, agent: group--1, commands: [{type: manual, command: do}], out_args: [")
                        .append(variable)
                        .append("], on_completion: ")
                        .append(end)
                        .append("}\n");
                var head = write(loop.body(), closing);
                loopCloses.put(loop.id(), Examples.whole(closing));
                line(
                        loop.id(),
                        "type: while-condition, condition: \"" + variable + ":value = true\", on_true: " + head,
                        after,
                        null);
                yield loop.id();
            }
        };
    }

    private void line(String id, String rest, String after, @Nullable List<Node> onFailure) {
        var ways = onFailure == null
                ? "on_success: " + after
                : "on_success: " + after + ", on_failure: " + write(onFailure, after);
        workflow.append("  ")
                .append(id)
                .append(": {")
                .append(rest)
                .append(", ")
                .append(ways)
                .append("}\n");
    }

    private boolean go(List<Node> region, Set<String> asked) {
        for (var node : region) {
            if (!go(node, asked)) {
                return false;
            }
        }
        return true;
    }

    private boolean go(Node node, Set<String> asked) {
        return switch (node) {
            case Node.Act act -> {
                asked.add(Examples.whole(act.id()));
                yield !act.fails() || act.onFailure() != null && go(act.onFailure(), asked);
            }
            case Node.Both both -> {
                boolean all = true;
                for (var branch : both.branches()) {
                    all &= go(branch, asked);
                }
                yield all || both.onFailure() != null && go(both.onFailure(), asked);
            }
            case Node.Choice choice ->
                choice.taken() ? go(choice.yes(), asked) : choice.no() == null || go(choice.no(), asked);
            case Node.Loop loop -> {
                boolean good = !loop.once() || go(loop.body(), asked);
                if (loop.once() && good) {
                    asked.add(java.util.Objects.requireNonNull(loopCloses.get(loop.id())));
                }
                yield good;
            }
        };
    }
}
