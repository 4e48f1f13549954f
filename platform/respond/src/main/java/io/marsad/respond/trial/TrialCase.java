package io.marsad.respond.trial;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import io.marsad.respond.run.RunStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a playbook is tried with, and what has to come of it: one item of {@code <playbook>.test.yaml}.
 *
 * @param given values of external variables
 * @param answers by name or id of a step: what comes of it, of several tries one after the other, the last again and again
 */
public record TrialCase(
        String name,
        int line,
        Map<String, @Nullable String> given,
        Map<String, List<Answer>> answers,
        Expected expected) {
    public TrialCase {
        given = Collections.unmodifiableMap(new LinkedHashMap<>(given));
        answers = Collections.unmodifiableMap(new LinkedHashMap<>(answers));
    }

    /**
     * @param outputs by name; what a person fills in by the name of the variable
     * @param failed why it failed; null: it did not
     * @param again whether another try could succeed
     * @param never nothing ever comes: the step times out, or the run does
     */
    public record Answer(
            Map<String, @Nullable String> outputs, @Nullable String failed, boolean again, boolean never) {
        static final Answer NOTHING = new Answer(Map.of(), null, false, false);

        public Answer {
            outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        }
    }

    /**
     * @param steps names of the steps that are begun, in order; null: not looked at
     * @param actions name of the action and what is told to it, in order; null: not looked at
     * @param values of variables at the end
     * @param reason a piece of why it failed
     */
    public record Expected(
            RunStatus status,
            @Nullable List<String> steps,
            @Nullable List<ExpectedAction> actions,
            Map<String, @Nullable String> values,
            @Nullable String reason) {}

    /** @param with some or all of the parameters */
    public record ExpectedAction(String action, Map<String, String> with) {}

    /** The cases of a file. */
    public static List<TrialCase> read(String file, byte[] bytes) throws ContentException {
        var cases = new ArrayList<TrialCase>();
        for (var document : YamlReader.read(file, bytes)) {
            for (var item : document.asList()) {
                cases.add(one(item.asMapping()));
            }
        }
        if (cases.isEmpty()) {
            throw new ContentException(file, 0, "there is no case in it");
        }
        return cases;
    }

    private static TrialCase one(YamlNode.Mapping of) throws ContentException {
        of.allowOnly("name", "given", "answers", "expect");
        Map<String, List<Answer>> answers = new LinkedHashMap<>();
        var all = of.mapping("answers");
        if (all != null) {
            for (var entry : all.entries()) {
                var list = new ArrayList<Answer>();
                for (var answer : entry.value().asList()) {
                    list.add(answer(answer.asMapping()));
                }
                answers.put(entry.key(), List.copyOf(list));
            }
        }
        return new TrialCase(
                of.requireText("name"),
                of.line(),
                texts(of.mapping("given")),
                answers,
                expected(of.require("expect").asMapping()));
    }

    private static Answer answer(YamlNode.Mapping of) throws ContentException {
        of.allowOnly("outputs", "failed", "again", "never");
        return new Answer(
                texts(of.mapping("outputs")),
                of.text("failed"),
                "true".equals(of.text("again")),
                "true".equals(of.text("never")));
    }

    private static Expected expected(YamlNode.Mapping of) throws ContentException {
        of.allowOnly("status", "steps", "actions", "values", "reason");
        var word = of.requireText("status");
        RunStatus status;
        try {
            status = RunStatus.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw of.require("status").fault("'" + word + "' is no status: succeeded, failed or cancelled");
        }
        List<ExpectedAction> actions = null;
        var given = of.get("actions");
        if (given != null) {
            actions = new ArrayList<>();
            for (var item : given.asList()) {
                var action = item.asMapping();
                action.allowOnly("action", "with");
                Map<String, String> with = new LinkedHashMap<>();
                texts(action.mapping("with")).forEach((name, value) -> with.put(name, String.valueOf(value)));
                actions.add(new ExpectedAction(action.requireText("action"), with));
            }
        }
        var steps = of.get("steps");
        return new Expected(
                status,
                steps == null ? null : steps.asTexts(),
                actions,
                texts(of.mapping("values")),
                of.text("reason"));
    }

    private static Map<String, @Nullable String> texts(YamlNode.@Nullable Mapping of) throws ContentException {
        Map<String, @Nullable String> texts = new LinkedHashMap<>();
        if (of != null) {
            for (var entry : of.entries()) {
                boolean none = entry.value() instanceof YamlNode.Scalar scalar && scalar.isNull();
                texts.put(entry.key(), none ? null : entry.value().asText());
            }
        }
        return texts;
    }
}
