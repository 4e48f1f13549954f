package io.marsad.respond.cacao;

import io.marsad.respond.condition.Condition;
import io.marsad.respond.variable.Variable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A step of a playbook's workflow (CACAO 2.0, 4). */
public sealed interface Step {
    Common common();

    default String id() {
        return common().id();
    }

    /** Its name, or what else there is to call it. */
    default String title() {
        var name = common().name();
        return name == null || name.isBlank()
                ? type() + " " + id().substring(id().indexOf("--") + 2, id().length())
                : name;
    }

    /** As playbooks write it. */
    default String type() {
        return switch (this) {
            case Start _ -> "start";
            case End _ -> "end";
            case Action _ -> "action";
            case PlaybookAction _ -> "playbook-action";
            case Parallel _ -> "parallel";
            case If _ -> "if-condition";
            case While _ -> "while-condition";
            case Switch _ -> "switch-condition";
        };
    }

    /** The heads of the branches that it opens, which come back to it when they have ended. */
    default List<String> branches() {
        return switch (this) {
            case Parallel step -> step.nextSteps();
            case If step -> step.onFalse() == null ? List.of(step.onTrue()) : List.of(step.onTrue(), step.onFalse());
            case While step -> List.of(step.onTrue());
            case Switch step -> List.copyOf(new LinkedHashSet<>(step.cases().values()));
            case Start _, End _, Action _, PlaybookAction _ -> List.of();
        };
    }

    /** Every step that may come after it, branches included. */
    default Set<String> followers() {
        var all = new LinkedHashSet<>(branches());
        for (var next : new String[] {common().onCompletion(), common().onSuccess(), common().onFailure()}) {
            if (next != null) {
                all.add(next);
            }
        }
        return all;
    }

    /**
     * What every step has.
     *
     * @param delay before it begins
     * @param timeout from its beginning; null: none of its own
     * @param line of the file, from 1
     */
    record Common(
            String id,
            @Nullable String name,
            @Nullable String description,
            Duration delay,
            @Nullable Duration timeout,
            Map<String, Variable> variables,
            @Nullable String onCompletion,
            @Nullable String onSuccess,
            @Nullable String onFailure,
            int line) {
        public Common {
            variables = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(variables));
        }

        /** What comes after it when it has succeeded; null: nothing, the branch is at its end. */
        public @Nullable String next() {
            return onCompletion == null ? onSuccess : onCompletion;
        }
    }

    record Start(Common common) implements Step {}

    record End(Common common) implements Step {}

    /**
     * @param agent who does it
     * @param inArgs variables that it may read; empty: it does not say
     * @param outArgs variables that it may write
     * @param typed what the platform itself does for it; null: its commands are all there is
     */
    record Action(
            Common common,
            List<Command> commands,
            String agent,
            List<String> targets,
            List<String> inArgs,
            List<String> outArgs,
            @Nullable TypedAction typed)
            implements Step {
        public Action {
            commands = List.copyOf(commands);
            targets = List.copyOf(targets);
            inArgs = List.copyOf(inArgs);
            outArgs = List.copyOf(outArgs);
        }
    }

    /** @param version the other playbook's {@code modified}; null: the newest there is */
    record PlaybookAction(
            Common common, String playbook, @Nullable String version, List<String> inArgs, List<String> outArgs)
            implements Step {
        public PlaybookAction {
            inArgs = List.copyOf(inArgs);
            outArgs = List.copyOf(outArgs);
        }
    }

    record Parallel(Common common, List<String> nextSteps) implements Step {
        public Parallel {
            nextSteps = List.copyOf(nextSteps);
        }
    }

    record If(
            Common common,
            Condition condition,
            String onTrue,
            @Nullable String onFalse) implements Step {}

    record While(Common common, Condition condition, String onTrue) implements Step {}

    /**
     * @param variable whose value is looked up, with its underscores
     * @param cases step by value; {@code default} when there is none
     */
    record Switch(Common common, String variable, Map<String, String> cases) implements Step {
        public Switch {
            cases = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(cases));
        }
    }
}
