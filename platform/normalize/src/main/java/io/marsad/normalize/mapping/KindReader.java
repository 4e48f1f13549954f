package io.marsad.normalize.mapping;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.ocsf.EventClass;
import io.marsad.normalize.mapping.Mapping.Choice;
import io.marsad.normalize.mapping.Mapping.Derive;
import io.marsad.normalize.mapping.Mapping.Extract;
import io.marsad.normalize.mapping.Mapping.Kind;
import io.marsad.normalize.mapping.Mapping.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the kinds of a mapping. What the mapping says for all kinds holds in each whose class has the attribute; it is a
 * fault only when no kind's class has it. What a kind says itself has to be right.
 */
final class KindReader {
    private static final Set<String> OURS = Set.of(
            "time", "raw_data", "metadata.version", "metadata.uid", "metadata.tenant_uid", "metadata.logged_time");

    private final Slots slots;
    private final Problems problems;
    private final YamlNode.Mapping mapping;
    private final Map<String, Map<String, String>> tables;

    /** Entries of the mapping's own that fitted some kind, and those that fitted none so far. */
    private final Set<YamlNode> fitted = new HashSet<>();

    private final Map<YamlNode, ContentException> unfitted = new LinkedHashMap<>();

    KindReader(Slots slots, Problems problems, YamlNode.Mapping mapping, Map<String, Map<String, String>> tables) {
        this.slots = slots;
        this.problems = problems;
        this.mapping = mapping;
        this.tables = tables;
    }

    List<Kind> kinds() throws ContentException {
        var kinds = new ArrayList<Kind>();
        var events = mapping.get("events");
        if (events != null) {
            for (YamlNode event : events.asList()) {
                problems.run(() -> {
                    var node = event.asMapping();
                    problems.run(() -> node.allowOnly(MappingReader.with("title", "when", "extract", "natives")));
                    kinds.add(kind(node, node));
                });
            }
        }
        kinds.add(kind(mapping, null));
        unfitted.forEach((node, fault) -> {
            if (!fitted.contains(node)) {
                problems.addAll(fault);
            }
        });
        return kinds;
    }

    private Kind kind(YamlNode.Mapping at, YamlNode.@Nullable Mapping own) throws ContentException {
        var classNode = own == null || own.get("class") == null ? mapping.get("class") : own.get("class");
        var eventClass = classNode == null ? slots.base() : slots.eventClass(classNode);
        var constants = new LinkedHashMap<Slot, String>();
        var moves = new LinkedHashMap<String, List<Slot>>();
        var derives = new ArrayList<Derive>();
        boolean ocsf = "true".equals(mapping.text("ocsf"));
        if (!ocsf || mapping.get("product") != null) {
            product(eventClass, constants);
        }
        body(mapping, eventClass, constants, moves, derives, true);
        if (own != null) {
            var ownDerives = new ArrayList<Derive>();
            body(own, eventClass, constants, moves, ownDerives, false);
            derives.removeIf(shared -> ownDerives.stream().anyMatch(derive -> overlap(derive, shared)));
            derives.addAll(ownDerives);
        }
        return new Kind(
                at.line(),
                eventClass,
                source(own),
                natives(own),
                ocsf ? path -> isOurs(path) ? null : slots.find(eventClass, path) : null,
                own == null ? List.of() : MappingReader.tests(own.mapping("when")),
                own == null ? List.of() : extracts(own.get("extract")),
                choice(own, "activity", "activity_id", eventClass, 0),
                choice(own, "severity", "severity_id", eventClass, 1),
                constants,
                moves,
                derives);
    }

    /** What the platform itself says of every event: a record's own word for it stays unmapped. */
    private static boolean isOurs(String path) {
        return OURS.contains(path) || path.startsWith("observables");
    }

    private @Nullable List<String> natives(YamlNode.@Nullable Mapping own) throws ContentException {
        var node = own == null || own.get("natives") == null ? mapping.get("natives") : own.get("natives");
        if (node == null) {
            return null;
        }
        var names = new ArrayList<String>();
        for (YamlNode item : node.asList()) {
            names.addAll(
                    item.asTexts()); // a list in the list, so that an anchor can stand for what events have in common
        }
        return List.copyOf(names);
    }

    /** A kind's own derivation takes the place of the mapping's for the same attribute. */
    private static boolean overlap(Derive one, Derive other) {
        return one.to().stream().anyMatch(other.to()::contains);
    }

    private void product(EventClass eventClass, Map<Slot, String> constants) throws ContentException {
        var product = mapping.require("product").asMapping();
        product.allowOnly("name", "vendor_name", "version");
        for (var entry : product.entries()) {
            var slot = slots.require(eventClass, "metadata.product." + entry.key(), entry.value());
            constants.put(slot, entry.value().asText());
        }
    }

    private LogSource source(YamlNode.@Nullable Mapping own) throws ContentException {
        var parts = new LinkedHashMap<String, String>();
        for (var node : Arrays.asList(mapping, own)) {
            if (node == null) {
                continue;
            }
            var source = node.mapping("logsource");
            if (source != null) {
                source.allowOnly("product", "category", "service");
                for (var entry : source.entries()) {
                    parts.put(entry.key(), entry.value().asText());
                }
            }
            var categories = node.texts("category");
            if (!categories.isEmpty()) {
                parts.put("category", String.join(",", categories));
            }
        }
        return LogSource.of(parts.get("product"), parts.get("category"), parts.get("service"));
    }

    private Choice choice(YamlNode.@Nullable Mapping own, String key, String path, EventClass eventClass, int otherwise)
            throws ContentException {
        var ownNode = own == null ? null : own.get(key);
        boolean inherited = ownNode == null;
        var node = inherited ? mapping.get(key) : ownNode;
        var captions = slots.captions(eventClass, path);
        boolean asItIs = node instanceof YamlNode.Mapping from && from.get("table") == null;
        boolean othersClass = inherited && !asItIs && own != null && own.get("class") != null;
        if (node == null || key.equals("activity") && othersClass) {
            return new Choice(otherwise, null, Map.of(), captions); // another class's activities mean something else
        }
        if (!(node instanceof YamlNode.Mapping choice)) {
            return new Choice(slots.number(eventClass, path, node.asText(), node), null, Map.of(), captions);
        }
        choice.allowOnly("from", "table", "default");
        var numbers = new LinkedHashMap<String, String>();
        var table = choice.get("table");
        if (table == null) {
            captions.keySet().forEach(number -> numbers.put(number, number)); // the source says OCSF's numbers
        } else {
            for (var entry : tableOf(table).entrySet()) {
                numbers.put(entry.getKey(), String.valueOf(slots.number(eventClass, path, entry.getValue(), choice)));
            }
        }
        var fallback = choice.text("default");
        int fixed = fallback == null ? otherwise : slots.number(eventClass, path, fallback, choice);
        return new Choice(fixed, choice.requireText("from"), numbers, captions);
    }

    private Map<String, String> tableOf(YamlNode node) throws ContentException {
        if (node instanceof YamlNode.Mapping inline) {
            return MappingReader.table(inline);
        }
        var table = tables.get(node.asText());
        if (table == null) {
            throw node.fault("no table '" + node.asText() + "'"
                    + Suggestion.among(node.asText(), tables.keySet().toArray(String[]::new)));
        }
        return table;
    }

    private void body(
            YamlNode.Mapping node,
            EventClass eventClass,
            Map<Slot, String> constants,
            Map<String, List<Slot>> moves,
            List<Derive> derives,
            boolean shared)
            throws ContentException {
        var fields = node.mapping("fields");
        if (fields != null) {
            for (var entry : fields.entries()) {
                each(entry.value(), shared, () -> move(entry, eventClass, moves));
            }
        }
        var set = node.mapping("set");
        if (set != null) {
            for (var entry : set.entries()) {
                each(entry.value(), shared, () -> {
                    var slot = slots.require(eventClass, entry.key(), entry.value());
                    constants.put(
                            slot, slots.value(eventClass, slot, entry.value().asText(), entry.value()));
                });
            }
        }
        var derive = node.get("derive");
        if (derive != null) {
            for (YamlNode item : derive.asList()) {
                each(item, shared, () -> derives.add(derive(item.asMapping(), eventClass)));
            }
        }
    }

    private void each(YamlNode node, boolean shared, Problems.Piece piece) {
        if (!shared) {
            problems.run(piece);
            return;
        }
        try {
            piece.read();
            fitted.add(node);
        } catch (ContentException e) {
            unfitted.putIfAbsent(node, e);
        }
    }

    private void move(YamlNode.Entry entry, EventClass eventClass, Map<String, List<Slot>> moves)
            throws ContentException {
        if (entry.value() instanceof YamlNode.Scalar scalar && scalar.isNull()) {
            moves.remove(entry.key()); // the mapping's own rule does not hold here: it stays unmapped
            return;
        }
        var to = new ArrayList<Slot>();
        for (String path : entry.value().asTexts()) {
            to.add(slots.require(eventClass, path, entry.value()));
        }
        moves.put(entry.key(), List.copyOf(to));
    }

    private Derive derive(YamlNode.Mapping node, EventClass eventClass) throws ContentException {
        node.allowOnly("to", "from", "by", "on", "table", "pattern", "other", "default");
        var by = operation(node);
        var to = new ArrayList<Slot>();
        for (String path : node.require("to").asTexts()) {
            if (by.parts().isEmpty()) {
                to.add(slots.require(eventClass, path, node));
            }
            for (String part : by.parts()) {
                to.add(slots.require(eventClass, path + "." + part, node));
            }
        }
        var table = new LinkedHashMap<String, String>();
        if (by == Operation.TABLE) {
            for (var entry : tableOf(node.require("table")).entrySet()) {
                table.put(entry.getKey(), slots.value(eventClass, to.getFirst(), entry.getValue(), node));
            }
        }
        var pattern = by == Operation.MATCH ? pattern(node.require("pattern")) : null;
        var on = node.text("on");
        return new Derive(
                by,
                node.require("from").asTexts(),
                to,
                on == null ? "" : on,
                table,
                pattern,
                value(node, "other", eventClass, to.getFirst()),
                value(node, "default", eventClass, to.getFirst()));
    }

    private @Nullable String value(YamlNode.Mapping node, String key, EventClass eventClass, Slot slot)
            throws ContentException {
        var text = node.text(key);
        return text == null ? null : slots.value(eventClass, slot, text, node);
    }

    private static Operation operation(YamlNode.Mapping node) throws ContentException {
        var by = node.get("by");
        if (by == null) {
            return node.get("table") != null
                    ? Operation.TABLE
                    : node.get("pattern") != null ? Operation.MATCH : Operation.COPY;
        }
        var names = Arrays.stream(Operation.values())
                .map(operation -> operation.name().toLowerCase(Locale.ROOT))
                .toArray(String[]::new);
        int index = Arrays.asList(names).indexOf(by.asText());
        if (index < 0) {
            throw by.fault("no operation '" + by.asText() + "'" + Suggestion.among(by.asText(), names));
        }
        var operation = Operation.values()[index];
        boolean needsOn = operation == Operation.BEFORE || operation == Operation.AFTER || operation == Operation.SPLIT;
        if (needsOn && node.text("on") == null) {
            throw by.fault("'" + by.asText() + "' needs 'on'");
        }
        return operation;
    }

    private List<Extract> extracts(@Nullable YamlNode node) throws ContentException {
        var extracts = new ArrayList<Extract>();
        for (YamlNode item : node == null ? List.<YamlNode>of() : node.asList()) {
            var extract = item.asMapping();
            extract.allowOnly("from", "literal", "pattern");
            var pattern = pattern(extract.require("pattern"));
            var groups = new String[pattern.groupCount() + 1];
            Arrays.fill(groups, "");
            pattern.namedGroups().forEach((name, index) -> groups[index] = name);
            extracts.add(new Extract(extract.requireText("from"), extract.texts("literal"), pattern, List.of(groups)));
        }
        return extracts;
    }

    private static Pattern pattern(YamlNode node) throws ContentException {
        try {
            return Pattern.compile(node.asText(), Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw node.fault("not a pattern: " + e.getMessage());
        }
    }
}
