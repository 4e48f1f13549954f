package io.marsad.sigma;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import java.util.ArrayList;
import java.util.List;

/** Reads a search identifier: a map is all of its keys, a list any of its items, a text a keyword. */
final class SelectionReader {
    private static final int MAX_TESTS = 100_000;
    private static final int MAX_PATTERN = 1024;

    private final TestReader reader;
    private final List<Selection.Test> tests = new ArrayList<>();

    private SelectionReader(TestReader reader) {
        this.reader = reader;
    }

    static Selection read(YamlNode.Entry entry, TestReader reader) throws ContentException {
        var selection = new SelectionReader(reader);
        var predicate = selection.part(entry.value());
        return new Selection(entry.key(), predicate, selection.tests);
    }

    private Predicate part(YamlNode node) throws ContentException {
        return switch (node) {
            case YamlNode.Mapping mapping -> {
                if (mapping.entries().isEmpty()) {
                    throw mapping.fault("a selection cannot be empty");
                }
                var all = new ArrayList<Predicate>();
                for (YamlNode.Entry entry : mapping.entries()) {
                    all.add(item(entry, mapping.file()));
                }
                yield Predicate.and(all);
            }
            case YamlNode.Sequence sequence -> {
                if (sequence.items().isEmpty()) {
                    throw sequence.fault("a selection cannot be empty");
                }
                var any = new ArrayList<Predicate>();
                for (YamlNode item : sequence.items()) {
                    any.add(part(item));
                }
                yield Predicate.or(any);
            }
            case YamlNode.Scalar scalar -> {
                var keyword = new YamlNode.Entry("", scalar.line(), scalar);
                yield item(keyword, scalar.file());
            }
        };
    }

    private Predicate item(YamlNode.Entry entry, String file) throws ContentException {
        var modifiers = new Modifiers(entry, file);
        var values = new ArrayList<YamlNode>();
        flatten(entry.value(), values);
        if (values.isEmpty()) {
            throw modifiers.fault("there is no value");
        }
        var slots = reader.slots(modifiers);
        var predicates = new ArrayList<Predicate>();
        for (YamlNode value : values) {
            var predicate = reader.read(modifiers, slots, value);
            predicates.add(predicate);
            remember(modifiers, slots, value, predicate);
        }
        var together = modifiers.all ? Predicate.and(predicates) : Predicate.or(predicates);
        return modifiers.not ? new Predicate.Not(together) : together;
    }

    private void remember(Modifiers modifiers, List<Field> slots, YamlNode value, Predicate predicate)
            throws ContentException {
        if (tests.size() >= MAX_TESTS) {
            throw value.fault("a selection has at most " + MAX_TESTS + " values");
        }
        var written = value instanceof YamlNode.Scalar scalar ? scalar.text() : "";
        var text = modifiers.text().isEmpty() ? written : modifiers.text() + " " + written;
        tests.add(new Selection.Test(
                modifiers.field,
                text.length() > MAX_PATTERN ? text.substring(0, MAX_PATTERN) + "…" : text,
                slots,
                modifiers.not ? new Predicate.Not(predicate) : predicate));
    }

    private static void flatten(YamlNode node, List<YamlNode> values) {
        if (node instanceof YamlNode.Sequence sequence) {
            sequence.items().forEach(item -> flatten(item, values));
        } else {
            values.add(node);
        }
    }
}
