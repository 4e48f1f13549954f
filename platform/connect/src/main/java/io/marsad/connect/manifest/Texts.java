package io.marsad.connect.manifest;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every text of a piece of a manifest, wherever it stands. Stateless. */
public final class Texts {
    private Texts() {}

    /** Those of a condition. */
    public static List<Text> of(@Nullable Condition condition) {
        var texts = new ArrayList<Text>();
        add(condition, texts);
        return texts;
    }

    static List<Text> of(Operation.Step step) {
        var texts = new ArrayList<Text>();
        var request = step.request();
        texts.add(request.path());
        texts.addAll(request.query().values());
        texts.addAll(request.headers().values());
        switch (request.body()) {
            case null -> {}
            case Operation.JsonBody json -> add(json.tree(), texts);
            case Operation.FormBody form -> texts.addAll(form.fields().values());
            case Operation.TextBody text -> texts.add(text.text());
        }
        add(step.when(), texts);
        add(step.success().when(), texts);
        step.errors().forEach(rule -> add(rule.when(), texts));
        step.outputs().values().forEach(output -> {
            if (output.value() != null) {
                texts.add(output.value());
            }
        });
        return texts;
    }

    static void add(Tree tree, List<Text> texts) {
        switch (tree) {
            case Tree.Fixed fixed -> {}
            case Tree.Filled filled -> texts.add(filled.text());
            case Tree.Fields fields -> fields.fields().values().forEach(field -> add(field, texts));
            case Tree.Items items -> items.items().forEach(item -> add(item, texts));
        }
    }

    static void add(@Nullable Condition condition, List<Text> texts) {
        switch (condition) {
            case null -> {}
            case Condition.All all -> all.conditions().forEach(one -> add(one, texts));
            case Condition.Any any -> any.conditions().forEach(one -> add(one, texts));
            case Condition.Not not -> add(not.condition(), texts);
            case Condition.Is is -> {
                if (is.value() != null) {
                    texts.add(is.value());
                }
                if (is.among() != null) {
                    texts.addAll(is.among());
                }
            }
        }
    }
}
