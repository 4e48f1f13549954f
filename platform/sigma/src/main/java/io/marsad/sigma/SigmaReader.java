package io.marsad.sigma;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.predicate.Predicate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Reads Sigma documents: rules, filters and correlations (specification 2.1.0). Thread-safe. */
public final class SigmaReader {
    private final FieldResolver fields;
    private final Placeholders placeholders;

    public SigmaReader(FieldResolver fields, Placeholders placeholders) {
        this.fields = remembering(fields);
        this.placeholders = placeholders;
    }

    /** Thousands of rules ask for the same few hundred fields. */
    private static FieldResolver remembering(FieldResolver fields) {
        record Question(LogSource wanted, String taxonomy, String name) {}
        var answers = new ConcurrentHashMap<Question, List<Field>>();
        return (wanted, taxonomy, name) -> answers.computeIfAbsent(
                new Question(wanted, taxonomy, name), q -> fields.resolve(wanted, taxonomy, name));
    }

    /**
     * What a file holds.
     *
     * @param problems why the other documents of the file were refused
     */
    public record Result(List<SigmaDocument> documents, List<ContentProblem> problems) {}

    /** Reads the documents of a file, each for itself: a refused one does not take the others with it. */
    public Result read(Path file) throws IOException {
        return read(file, RuleCache.none());
    }

    /** The same with the help of a cache. */
    Result read(Path file, RuleCache cache) throws IOException {
        try {
            if (Files.size(file) > YamlReader.MAX_BYTES) {
                return new Result(
                        List.of(), YamlReader.tooLarge(file.toString()).problems());
            }
            var bytes = Files.readAllBytes(file);
            return read(cache.read(file.toString(), bytes), new String(bytes, StandardCharsets.UTF_8));
        } catch (ContentException e) {
            return new Result(List.of(), e.problems());
        }
    }

    /** The same for a text; {@code file} is what faults call it. */
    public Result read(String file, String text) {
        try {
            return read(YamlReader.read(file, text), text);
        } catch (ContentException e) {
            return new Result(List.of(), e.problems());
        }
    }

    private Result read(List<YamlNode> nodes, String text) {
        for (YamlNode node : nodes) {
            if (node instanceof YamlNode.Mapping mapping
                    && mapping.get("action") instanceof YamlNode.Scalar action
                    && List.of("global", "repeat", "reset").contains(action.text())) {
                var reason = "'action: " + action.text()
                        + "' (rules that share their parts) is obsolete since Sigma 2: write each rule whole";
                return new Result(List.of(), action.fault(reason).problems());
            }
        }
        var lines = nodes.size() > 1 ? text.lines().toList() : List.<String>of();
        var documents = new ArrayList<SigmaDocument>();
        var problems = new ArrayList<ContentProblem>();
        for (int i = 0; i < nodes.size(); i++) {
            var source = text;
            if (nodes.size() > 1) {
                int from = Math.clamp(nodes.get(i).line() - 1, 0, lines.size());
                int to = i + 1 < nodes.size() ? nodes.get(i + 1).line() - 1 : lines.size();
                source = String.join("\n", lines.subList(from, Math.max(from, to)))
                                .replaceFirst("(?s)\\n---\\s*$", "")
                        + "\n";
            }
            try {
                documents.add(document(nodes.get(i).asMapping(), source));
            } catch (ContentException e) {
                problems.addAll(e.problems());
            }
        }
        return new Result(documents, problems);
    }

    private SigmaDocument document(YamlNode.Mapping node, String source) throws ContentException {
        var about = AboutReader.read(node, source);
        if (node.get("correlation") != null) {
            return CorrelationReader.read(node, about);
        }
        var logSource = LogSources.read(node.require("logsource").asMapping());
        boolean filter = node.get("filter") != null;
        var detection = node.require(filter ? "filter" : "detection").asMapping();
        refuseAggregation(detection);
        var lists = new ListUse(placeholders);
        var selections = selections(detection, tests(node, logSource, lists), filter);
        var conditions = new ArrayList<Condition>();
        var texts = new ArrayList<String>();
        for (YamlNode one : detection.require("condition").asList()) {
            conditions.add(Condition.parse(one.asText(), List.copyOf(selections.keySet()), one.file(), one.line()));
            texts.add(one.asText());
        }
        if (conditions.isEmpty()) {
            throw detection.require("condition").fault("the condition is empty");
        }
        var condition = conditions.size() == 1 ? conditions.getFirst() : new Condition.Any(conditions);
        var predicate = condition.predicate(predicates(selections));
        if (!filter && lists.missing().isEmpty() && Constant.of(predicate) == Constant.FALSE) {
            throw detection
                    .require("condition")
                    .fault("the rule can never fire: its condition is false for every event");
        }
        if (filter) {
            var rules = detection.texts("rules");
            return new SigmaFilter(
                    about,
                    logSource,
                    rules.equals(List.of("any")) ? List.of() : rules,
                    predicate,
                    lists.used(),
                    lists.missing());
        }
        return new SigmaRule(
                about,
                logSource,
                predicate,
                named(selections),
                texts.size() == 1 ? texts.getFirst() : "(" + String.join(") or (", texts) + ")",
                AboutReader.texts(node, "fields"),
                lists.used(),
                lists.missing());
    }

    /** The old way to count is recognised before anything else, and answered with the new one. */
    private static void refuseAggregation(YamlNode.Mapping detection) throws ContentException {
        var timeframe = detection.get("timeframe");
        var span = timeframe instanceof YamlNode.Scalar scalar ? scalar.text() : null;
        var condition = detection.get("condition");
        if (condition != null) {
            for (YamlNode one : condition.asList()) {
                int pipe = one instanceof YamlNode.Scalar scalar ? scalar.text().indexOf('|') : -1;
                if (pipe >= 0) {
                    throw one.fault(Aggregation.reason(one.asText().substring(pipe + 1), span));
                }
            }
        }
        if (timeframe != null) {
            throw timeframe.fault(Aggregation.reasonOfTimeframe(span == null ? "" : span));
        }
    }

    private TestReader tests(YamlNode.Mapping node, LogSource logSource, ListUse lists) throws ContentException {
        var text = node.text("taxonomy");
        var taxonomy = text == null ? "sigma" : text;
        return new TestReader(name -> fields.resolve(logSource, taxonomy, name), lists);
    }

    private static Map<String, SelectionPart> selections(YamlNode.Mapping detection, TestReader reader, boolean filter)
            throws ContentException {
        var selections = new LinkedHashMap<String, SelectionPart>();
        var problems = new ArrayList<ContentProblem>();
        for (YamlNode.Entry entry : detection.entries()) {
            if (entry.key().equals("condition") || filter && entry.key().equals("rules")) {
                continue;
            }
            try {
                selections.put(entry.key(), SelectionReader.read(entry.value(), reader));
            } catch (ContentException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new ContentException(problems);
        }
        if (selections.isEmpty()) {
            throw detection.fault("a detection has at least one selection");
        }
        return selections;
    }

    private static Map<String, Predicate> predicates(Map<String, SelectionPart> selections) {
        var predicates = new LinkedHashMap<String, Predicate>();
        selections.forEach((name, part) -> predicates.put(name, part.predicate()));
        return predicates;
    }

    private static List<Selection> named(Map<String, SelectionPart> selections) {
        var named = new ArrayList<Selection>();
        selections.forEach((name, part) -> named.add(new Selection(name, part.predicate(), part.tests())));
        return named;
    }

    /** The selections of a rule as their author built them, from the rule's own text. */
    Map<String, SelectionPart> parts(SigmaRule rule) throws ContentException {
        var node = YamlReader.read(rule.about().file(), rule.about().source())
                .getFirst()
                .asMapping();
        var reader = tests(node, rule.logSource(), new ListUse(placeholders));
        return selections(node.require("detection").asMapping(), reader, false);
    }

    /** The slots of a field in a rule's events. */
    List<Field> resolve(SigmaRule rule, String field) {
        return fields.resolve(rule.logSource(), rule.about().taxonomy(), field);
    }
}
