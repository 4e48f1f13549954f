package io.marsad.respond.dry;

import io.marsad.respond.action.ActionKind;
import io.marsad.respond.action.ActionKind.Effect;
import io.marsad.respond.action.ActionPolicy.Consent;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.cacao.Step;
import io.marsad.respond.dry.DryStep.Asked;
import io.marsad.respond.durable.ActionRequests;
import io.marsad.respond.durable.HttpCommand;
import io.marsad.respond.run.Interpreter;
import io.marsad.respond.run.RunEffect;
import io.marsad.respond.run.RunEvent;
import io.marsad.respond.run.RunState;
import io.marsad.respond.run.RunStatus;
import io.marsad.respond.run.StepChange;
import io.marsad.respond.variable.Variable;
import io.marsad.respond.variable.VariableType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Goes through a playbook as a run would, in no time, and changes nothing. It goes by the same interpreter; what it can
 * reach is {@link Inside} and {@link Household}. What changes nothing and stays inside is really asked; everything else is
 * assumed to be done and agreed to, unless somebody says otherwise.
 */
public final class DryRun {
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final int DEEPEST = 5;

    private final Wanted wanted;
    private final Catalogue catalogue;
    private final Inside inside;
    private final Household household;
    private final int depth;
    private final ArrayDeque<RunEffect> open = new ArrayDeque<>();
    private final Map<String, Integer> answered;
    private final Map<Integer, DryStep> steps = new LinkedHashMap<>();
    private final Set<Missing> missing = new LinkedHashSet<>();
    private Instant now;

    private DryRun(Wanted wanted, Catalogue catalogue, Inside inside, Household household) {
        this.wanted = wanted;
        this.catalogue = catalogue;
        this.inside = inside;
        this.household = household;
        this.depth = 0;
        this.answered = new HashMap<>();
        this.now = wanted.begin();
    }

    /** Of a playbook that is called. */
    private DryRun(Wanted wanted, DryRun caller) {
        this.wanted = wanted;
        this.catalogue = caller.catalogue;
        this.inside = caller.inside;
        this.household = caller.household;
        this.depth = caller.depth + 1;
        this.answered = caller.answered;
        this.now = wanted.begin();
    }

    /**
     * What is tried.
     *
     * @param given values of external variables
     * @param assumed by id of a step what comes of it, of several tries one after the other, the last again and again
     * @param begin when the run would begin
     */
    public record Wanted(
            Playbook playbook, Map<String, @Nullable String> given, Map<String, List<Assumed>> assumed, Instant begin) {
        public Wanted {
            given = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(given));
            assumed = Map.copyOf(assumed);
        }
    }

    /**
     * What comes of a step.
     *
     * @param outputs by name; what a person fills in by the name of the variable
     * @param failed why it failed; null: it did not
     * @param again whether another try could succeed
     */
    public record Assumed(
            Map<String, @Nullable String> outputs, @Nullable String failed, boolean again) {
        /** It is done and says nothing. */
        public static final Assumed DONE = new Assumed(Map.of(), null, false);

        /** It is not done. */
        public static final Assumed FAILED = new Assumed(Map.of(), "assumed to fail", false);

        public Assumed {
            outputs = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        }
    }

    /** What a real run would lack. @param name of a variable, an action or a playbook */
    public record Missing(String step, String name, String problem) {}

    /**
     * What came of it.
     *
     * @param steps in the order in which they are begun
     */
    public record Result(RunState end, List<DryStep> steps, List<Missing> missing) {
        public Result {
            steps = List.copyOf(steps);
            missing = List.copyOf(missing);
        }
    }

    public static Result run(Wanted wanted, Catalogue catalogue, Inside inside, Household household) {
        return new DryRun(wanted, catalogue, inside, household).run();
    }

    private Result run() {
        var playbook = wanted.playbook();
        var interpreter = new Interpreter(playbook);
        var state = RunState.begin(new UUID(0, 0), playbook, wanted.given(), now.plus(LONGEST));
        state = take(interpreter.advance(state, List.of(), now));
        while (!state.status().isEnded()) {
            var effect = open.poll();
            if (effect == null) {
                now = Objects.requireNonNull(state.wakeAt());
            }
            state = take(interpreter.advance(state, effect == null ? List.of() : List.of(event(effect, state)), now));
        }
        return new Result(state, List.copyOf(steps.values()), List.copyOf(missing));
    }

    private RunState take(Interpreter.Advance advance) {
        for (var change : advance.changes()) {
            step(change, advance.state());
        }
        for (var effect : advance.effects()) {
            if (effect instanceof RunEffect.Withdraw withdraw) {
                open.removeIf(one -> one.visit() == withdraw.visit());
            } else {
                open.add(effect);
            }
        }
        return advance.state();
    }

    private void step(StepChange change, RunState state) {
        var step = wanted.playbook().step(change.step());
        var before = steps.get(change.visit());
        if (before == null && step instanceof Step.Action action) {
            lacks(step, action.inArgs(), state);
        } else if (before == null && step instanceof Step.PlaybookAction action) {
            lacks(step, action.inArgs(), state);
        }
        steps.put(
                change.visit(),
                new DryStep(
                        change.visit(),
                        change.parent(),
                        change.step(),
                        step.title(),
                        step.type(),
                        change.status(),
                        change.detail() == null && before != null ? before.detail() : change.detail(),
                        before == null ? Duration.between(wanted.begin(), now) : before.at(),
                        change.values(),
                        before == null ? null : before.asked()));
    }

    /** Values that nobody has given and that the step reads. */
    private void lacks(Step step, List<String> names, RunState state) {
        for (var name : names) {
            Variable variable = wanted.playbook().variables().get(name);
            if (variable != null && variable.external() && state.values().get(name) == null) {
                missing.add(new Missing(step.id(), name, "nobody gives it a value"));
            }
        }
    }

    private RunEvent event(RunEffect effect, RunState state) {
        return switch (effect) {
            case RunEffect.Perform perform -> {
                var atLeast = switch (perform.action().approval()) {
                    case NONE -> Consent.AUTOMATIC;
                    case ONE -> Consent.ONE_PERSON;
                    case TWO -> Consent.TWO_PEOPLE;
                };
                yield action(effect, perform.step(), perform.action().action(), perform.parameters(), atLeast, state);
            }
            case RunEffect.Carry carry -> {
                if (!carry.kind().isHttp()) {
                    yield task(carry);
                }
                var request = HttpCommand.parameters(carry);
                yield request == null
                        ? failed(effect, "nobody of the step has an address to send the request to", false)
                        : action(effect, carry.step(), "http_call", request, Consent.AUTOMATIC, state);
            }
            case RunEffect.Call call -> call(call);
            case RunEffect.Withdraw _ -> throw new IllegalStateException("nothing comes of what is not wanted");
        };
    }

    private RunEvent action(
            RunEffect effect,
            String step,
            String name,
            Map<String, JsonNode> parameters,
            Consent atLeast,
            RunState state) {
        var kind = catalogue.find(name).orElse(null);
        var faults = catalogue.faults(name, parameters);
        if (kind == null || !faults.isEmpty()) {
            asked(effect, new Asked(name, parameters, "", null, null, false, false, String.join("; ", faults)));
            return failed(effect, String.join("; ", faults), false);
        }
        var target = ActionRequests.target(kind, parameters);
        var verdict = household.judge(kind, target, atLeast);
        if (verdict.consent() == Consent.NEVER) {
            asked(effect, new Asked(name, parameters, target, verdict, null, false, false, null));
            return failed(effect, String.join("; ", verdict.reasons()), false);
        }
        var said = assumed(step);
        if (said == null && kind.effect() == Effect.READ) {
            var read = inside.read(name, parameters);
            if (read != null) {
                asked(effect, new Asked(name, parameters, target, verdict, "Marsad", true, false, read.note()));
                return read.failed() == null ? done(effect, read.outputs()) : failed(effect, read.failed(), false);
            }
        }
        var would = inside.would(name, parameters);
        asked(
                effect,
                new Asked(
                        name,
                        parameters,
                        target,
                        verdict,
                        would.by(),
                        false,
                        true,
                        would.problem() == null ? would.text() : would.problem()));
        if (said == null && would.problem() != null) { // a real run would fail here, too
            missing.add(new Missing(step, name, would.problem()));
            return failed(effect, would.problem(), false);
        }
        return said == null ? done(effect, placeholders(effect, kind, state)) : said(effect, said);
    }

    /**
     * What an action that is assumed to be done would give, where a later step would lack it; a variable that holds
     * something already keeps it, and what a question would have answered is not made up.
     */
    private static Map<String, @Nullable String> placeholders(RunEffect effect, ActionKind kind, RunState state) {
        Map<String, @Nullable String> outputs = new LinkedHashMap<>();
        if (effect instanceof RunEffect.Perform perform && kind.effect() != Effect.READ) {
            kind.outputs().forEach((name, type) -> {
                var variable = perform.action().outputs().get(name);
                if (variable != null && state.values().get(variable) == null) {
                    outputs.put(name, placeholder(type));
                }
            });
        }
        return outputs;
    }

    private static String placeholder(VariableType type) {
        return switch (type) {
            case BOOL -> "true";
            case INTEGER, LONG, FLOAT -> "0";
            case STRING -> "assumed";
            case DICTIONARY -> "{}";
            case LIST -> "[]";
            case IPV4 -> "192.0.2.0";
            case IPV6 -> "2001:db8::";
            case MAC -> "00:00:00:00:00:00";
            case HASH, HEXSTRING, SHA256 -> "0".repeat(64);
            case MD5 -> "0".repeat(32);
            case URI -> "https://assumed.invalid/";
            case UUID -> new UUID(0, 0).toString();
        };
    }

    private RunEvent task(RunEffect.Carry carry) {
        Map<String, JsonNode> parameters = new LinkedHashMap<>();
        parameters.put("kind", JsonNodeFactory.instance.stringNode(carry.kind().word()));
        parameters.put("text", JsonNodeFactory.instance.stringNode(carry.text()));
        var names = JsonNodeFactory.instance.arrayNode();
        carry.outArgs().forEach(names::add);
        parameters.put("asks_for", names);
        asked(carry, new Asked("task", parameters, "", null, "a person", false, true, null));
        var said = assumed(carry.step());
        return said(carry, said == null ? Assumed.DONE : said);
    }

    private RunEvent call(RunEffect.Call call) {
        Map<String, JsonNode> parameters = new LinkedHashMap<>();
        call.given()
                .forEach((name, value) -> parameters.put(
                        name,
                        value == null
                                ? JsonNodeFactory.instance.nullNode()
                                : JsonNodeFactory.instance.stringNode(value)));
        var said = assumed(call.step());
        if (said != null) {
            asked(call, new Asked("playbook", parameters, call.playbook(), null, null, false, true, null));
            return said(call, said);
        }
        var id = UUID.fromString(call.playbook().substring("playbook--".length()));
        var playbook = depth >= DEEPEST ? null : household.called(id, call.version());
        if (playbook == null) {
            var why = depth >= DEEPEST
                    ? "playbooks call one another more than " + DEEPEST + " deep"
                    : "there is no playbook " + id + " that is switched on";
            missing.add(new Missing(call.step(), call.playbook(), why));
            asked(call, new Asked("playbook", parameters, call.playbook(), null, null, false, false, why));
            return failed(call, why, false);
        }
        var inner = new Wanted(playbook, call.given(), wanted.assumed(), now);
        var result = new DryRun(inner, this).run();
        missing.addAll(result.missing());
        var end = result.end();
        var would = "'" + playbook.name() + "' would run " + result.steps().size() + " steps and "
                + (end.reason() == null ? "succeed" : "fail: " + end.reason());
        asked(call, new Asked("playbook", parameters, call.playbook(), null, playbook.name(), false, true, would));
        return end.status() == RunStatus.SUCCEEDED
                ? done(call, end.values())
                : failed(call, String.valueOf(end.reason()), false);
    }

    private void asked(RunEffect effect, Asked asked) {
        steps.computeIfPresent(
                effect.visit(),
                (_, step) -> new DryStep(
                        step.visit(),
                        step.parent(),
                        step.step(),
                        step.name(),
                        step.type(),
                        step.status(),
                        step.detail(),
                        step.at(),
                        step.values(),
                        asked));
    }

    /** What somebody has said comes of the step now; null: nobody has. */
    private @Nullable Assumed assumed(String step) {
        var all = wanted.assumed().getOrDefault(step, List.of());
        if (all.isEmpty()) {
            return null;
        }
        int nth = answered.merge(step, 1, Integer::sum);
        return all.get(Math.min(nth, all.size()) - 1);
    }

    private static RunEvent said(RunEffect effect, Assumed said) {
        return said.failed() == null ? done(effect, said.outputs()) : failed(effect, said.failed(), said.again());
    }

    private static RunEvent done(RunEffect effect, Map<String, @Nullable String> outputs) {
        return new RunEvent.Done(effect.visit(), effect.attempt(), outputs);
    }

    private static RunEvent failed(RunEffect effect, String reason, boolean again) {
        return new RunEvent.Failed(effect.visit(), effect.attempt(), reason, again);
    }
}
