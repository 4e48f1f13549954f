package io.marsad.respond.run;

import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.cacao.Step;
import io.marsad.respond.condition.Condition;
import io.marsad.respond.variable.Variable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the variables of a run hold: those of a step as long as it lasts, those of the playbook until the end. */
final class Values {
    private final Playbook playbook;
    private final Map<String, @Nullable String> all;

    Values(Playbook playbook, Map<String, @Nullable String> all) {
        this.playbook = playbook;
        this.all = new LinkedHashMap<>(all);
    }

    Map<String, @Nullable String> all() {
        return all;
    }

    /** Null when it is not known, or there is none such. */
    @Nullable
    String of(Step step, String name) {
        var own = step.common().variables().get(name);
        return own == null ? all.get(name) : own.value();
    }

    Map<String, @Nullable String> of(Step step, List<String> names) {
        Map<String, @Nullable String> some = new LinkedHashMap<>();
        names.forEach(name -> some.put(name, of(step, name)));
        return some;
    }

    /** For conditions. */
    Function<String, Condition.@Nullable Value> in(Step step) {
        return name -> {
            var variable = playbook.variable(step, name);
            return variable == null ? null : new Condition.Value(variable.type(), of(step, name));
        };
    }

    static Map<String, @Nullable String> among(List<String> names, Map<String, @Nullable String> given) {
        Map<String, @Nullable String> some = new LinkedHashMap<>();
        names.stream().filter(given::containsKey).forEach(name -> some.put(name, given.get(name)));
        return some;
    }

    /**
     * Keeps what a step gives, all of it or nothing.
     *
     * @return the same
     */
    Map<String, @Nullable String> write(Step step, Map<String, @Nullable String> given) throws RenderException {
        for (var entry : given.entrySet()) {
            var variable = playbook.variable(step, entry.getKey());
            if (variable == null || variable.constant()) {
                throw new RenderException(
                        variable == null ? "there is no variable " + entry.getKey() : entry.getKey() + " is constant");
            }
            var value = entry.getValue();
            if (value != null && value.length() > Variable.MOST_VALUE) {
                throw new RenderException(
                        "what came for " + entry.getKey() + " is longer than " + Variable.MOST_VALUE + " characters");
            }
            if (value != null && !variable.type().takes(value)) {
                throw new RenderException("what came for " + entry.getKey() + " is not "
                        + variable.type().expected());
            }
        }
        given.forEach((name, value) -> {
            if (!step.common().variables().containsKey(name)) {
                all.put(name, value);
            }
        });
        return given;
    }
}
