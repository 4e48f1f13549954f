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
    private int tests;

    private SelectionReader(TestReader reader) {
        this.reader = reader;
    }

    static SelectionPart read(YamlNode node, TestReader reader) throws ContentException {
        return new SelectionReader(reader).part(node);
    }

    private SelectionPart part(YamlNode node) throws ContentException {
        return switch (node) {
            case YamlNode.Mapping mapping -> {
                var all = new ArrayList<SelectionPart>();
                for (YamlNode.Entry entry : mapping.entries()) {
                    all.add(item(entry, mapping.file()));
                }
                yield group(true, all, mapping);
            }
            case YamlNode.Sequence sequence -> {
                var any = new ArrayList<SelectionPart>();
                for (YamlNode item : sequence.items()) {
                    any.add(part(item));
                }
                yield group(false, any, sequence);
            }
            case YamlNode.Scalar scalar -> {
                if (scalar.isNull()) {
                    throw scalar.fault("a selection cannot be empty");
                }
                yield item(new YamlNode.Entry("", scalar.line(), scalar), scalar.file());
            }
        };
    }

    private static SelectionPart group(boolean all, List<SelectionPart> parts, YamlNode node) throws ContentException {
        if (parts.isEmpty()) {
            throw node.fault("a selection cannot be empty");
        }
        return parts.size() == 1 ? parts.getFirst() : new SelectionPart.Group(all, parts);
    }

    private SelectionPart item(YamlNode.Entry entry, String file) throws ContentException {
        var modifiers = new Modifiers(entry, file);
        var values = new ArrayList<YamlNode>();
        flatten(entry.value(), values);
        if (values.isEmpty()) {
            throw modifiers.fault("there is no value");
        }
        var slots = reader.slots(modifiers);
        var read = new ArrayList<Selection.Test>();
        for (YamlNode value : values) {
            if (++tests > MAX_TESTS) {
                throw value.fault("a selection has at most " + MAX_TESTS + " values");
            }
            var predicate = reader.read(modifiers, slots, value);
            read.add(test(modifiers, slots, value, modifiers.not ? new Predicate.Not(predicate) : predicate));
        }
        return new SelectionPart.Item(entry.key(), modifiers.all, modifiers.not, read);
    }

    private static Selection.Test test(Modifiers modifiers, List<Field> slots, YamlNode value, Predicate predicate) {
        var written = value instanceof YamlNode.Scalar scalar ? scalar.text() : "";
        var text = modifiers.text().isEmpty() ? written : modifiers.text() + " " + written;
        return new Selection.Test(
                modifiers.field,
                text.length() > MAX_PATTERN ? text.substring(0, MAX_PATTERN) + "…" : text,
                slots,
                predicate);
    }

    private static void flatten(YamlNode node, List<YamlNode> values) {
        if (node instanceof YamlNode.Sequence sequence) {
            sequence.items().forEach(item -> flatten(item, values));
        } else {
            values.add(node);
        }
    }
}
