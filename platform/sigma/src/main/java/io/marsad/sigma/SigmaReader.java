package io.marsad.sigma;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.match.CompiledPredicate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

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
        var selections = selections(node, detection, logSource, filter);
        var named = new LinkedHashMap<String, Predicate>();
        selections.forEach(s -> named.put(s.name(), s.predicate()));
        var condition = detection.require("condition");
        var any = new ArrayList<Predicate>();
        for (YamlNode one : condition.asList()) {
            any.add(new ConditionParser(one.asText(), named, one.file(), one.line()).parse());
        }
        if (any.isEmpty()) {
            throw condition.fault("the condition is empty");
        }
        var predicate = Predicate.or(any);
        try {
            CompiledPredicate.check(predicate);
        } catch (IllegalArgumentException e) {
            throw detection.fault(String.valueOf(e.getMessage()));
        }
        if (filter) {
            var rules = detection.texts("rules");
            return new SigmaFilter(about, logSource, rules.equals(List.of("any")) ? List.of() : rules, predicate);
        }
        return new SigmaRule(
                about,
                logSource,
                predicate,
                selections,
                String.join(" or ", condition.asTexts()),
                node.texts("fields"));
    }

    private List<Selection> selections(
            YamlNode.Mapping node, YamlNode.Mapping detection, LogSource logSource, boolean filter)
            throws ContentException {
        var text = node.text("taxonomy");
        var taxonomy = text == null ? "sigma" : text;
        Function<String, List<Field>> resolver = name -> fields.resolve(logSource, taxonomy, name);
        boolean emptyIsNull = "windows".equals(logSource.product());
        var reader = new TestReader(resolver, placeholders, emptyIsNull);
        var selections = new ArrayList<Selection>();
        var problems = new ArrayList<ContentProblem>();
        for (YamlNode.Entry entry : detection.entries()) {
            if (entry.key().equals("condition") || filter && entry.key().equals("rules")) {
                continue;
            }
            try {
                if (entry.key().equals("timeframe")) {
                    throw new ContentException(
                            detection.file(),
                            entry.line(),
                            "'timeframe' is obsolete: write a correlation rule instead");
                }
                selections.add(SelectionReader.read(entry, reader));
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

    /** The slots of a field in a rule's events. */
    List<Field> resolve(SigmaRule rule, String field) {
        return fields.resolve(rule.logSource(), "sigma", field);
    }
}
