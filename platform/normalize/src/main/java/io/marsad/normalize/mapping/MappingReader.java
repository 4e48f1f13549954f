package io.marsad.normalize.mapping;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.content.YamlNode;
import io.marsad.normalize.format.RecordFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a mapping file: see {@code content/mappings/README.md} for the language. */
final class MappingReader {
    static final String[] BODY = {"class", "activity", "severity", "logsource", "category", "fields", "set", "derive"};

    private final Slots slots;
    private final Problems problems;

    MappingReader(Slots slots, Problems problems) {
        this.slots = slots;
        this.problems = problems;
    }

    /** Null when it is so wrong that nothing can be made of it; its faults are among the problems then. */
    @Nullable
    Mapping read(YamlNode document) {
        int before = problems.count();
        var read = new ArrayList<Mapping>();
        problems.run(() -> read.add(mapping(document.asMapping())));
        return problems.count() == before ? read.getFirst() : null;
    }

    private Mapping mapping(YamlNode.Mapping node) throws ContentException {
        problems.run(() -> node.allowOnly(with(
                "mapping", "version", "title", "format", "select", "product", "time", "absent", "tables", "events",
                "ocsf", "natives")));
        var name = node.requireText("mapping");
        if (node.require("version") instanceof YamlNode.Scalar version && version.kind() != YamlNode.Kind.INTEGER) {
            problems.add(version, "a version is a whole number");
        }
        node.requireText("title");
        var formats = new ArrayList<RecordFormat>();
        for (YamlNode item : node.require("format").asList()) {
            var format = RecordFormat.of(item.asText());
            if (format == null) {
                var labels = Arrays.stream(RecordFormat.values())
                        .map(RecordFormat::label)
                        .toArray(String[]::new);
                problems.add(
                        item, "no record format '" + item.asText() + "'" + Suggestion.among(item.asText(), labels));
            } else {
                formats.add(format);
            }
        }
        var select = tests(node.mapping("select"));
        var kinds = new KindReader(slots, problems, node, tables(node.mapping("tables"))).kinds();
        return new Mapping(
                name, node.file(), formats, select, node.texts("absent"), node.texts("time"), List.copyOf(kinds));
    }

    private Map<String, Map<String, String>> tables(YamlNode.@Nullable Mapping node) throws ContentException {
        var tables = new LinkedHashMap<String, Map<String, String>>();
        if (node != null) {
            for (var entry : node.entries()) {
                tables.put(entry.key(), table(entry.value().asMapping()));
            }
        }
        return tables;
    }

    static Map<String, String> table(YamlNode.Mapping node) throws ContentException {
        var table = new LinkedHashMap<String, String>();
        for (var entry : node.entries()) {
            table.put(entry.key(), entry.value().asText());
        }
        return table;
    }

    static List<Mapping.Test> tests(YamlNode.@Nullable Mapping node) throws ContentException {
        var tests = new ArrayList<Mapping.Test>();
        if (node == null) {
            return tests;
        }
        for (var entry : node.entries()) {
            if (!(entry.value() instanceof YamlNode.Mapping relation)) {
                tests.add(new Mapping.Test(
                        names(entry.key()),
                        Mapping.Test.Relation.EQUALS,
                        entry.value().asTexts()));
                continue;
            }
            relation.allowOnly("starts", "ends", "contains", "present");
            for (var test : relation.entries()) {
                tests.add(
                        switch (test.key()) {
                            case "starts" -> test(entry.key(), Mapping.Test.Relation.STARTS, test.value());
                            case "ends" -> test(entry.key(), Mapping.Test.Relation.ENDS, test.value());
                            case "contains" -> test(entry.key(), Mapping.Test.Relation.CONTAINS, test.value());
                            default ->
                                new Mapping.Test(
                                        names(entry.key()),
                                        test.value().asText().equals("true")
                                                ? Mapping.Test.Relation.PRESENT
                                                : Mapping.Test.Relation.ABSENT,
                                        List.of());
                        });
            }
        }
        return tests;
    }

    private static Mapping.Test test(String name, Mapping.Test.Relation relation, YamlNode values)
            throws ContentException {
        return new Mapping.Test(names(name), relation, values.asTexts());
    }

    /** {@code A|B}: A, or B when there is no A. */
    private static List<String> names(String key) {
        return List.of(key.split("\\|"));
    }

    static String[] with(String... more) {
        var keys = new ArrayList<>(List.of(BODY));
        keys.addAll(List.of(more));
        return keys.toArray(String[]::new);
    }
}
