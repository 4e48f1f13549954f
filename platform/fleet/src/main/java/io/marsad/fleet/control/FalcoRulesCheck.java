package io.marsad.fleet.control;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import io.marsad.kernel.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Whether a Falco would take the rules of a policy, as far as can be said without one: the form of the file, what each item
 * must have, and words that are known. Conditions are judged by the Falco on the host, before it gets them.
 */
final class FalcoRulesCheck {
    private static final int LONGEST = 48 << 10;
    private static final int MOST_NAMES = 500;
    private static final int LONGEST_NAME = 200;
    private static final Set<String> PRIORITIES =
            Set.of("emergency", "alert", "critical", "error", "warning", "notice", "informational", "info", "debug");
    private static final Map<String, Set<String>> KNOWN = Map.of(
            "rule",
            Set.of(
                    "rule",
                    "desc",
                    "condition",
                    "output",
                    "priority",
                    "tags",
                    "enabled",
                    "source",
                    "exceptions",
                    "warn_evttypes",
                    "skip-if-unknown-filter",
                    "append",
                    "override",
                    "capture",
                    "capture_duration"),
            "macro",
            Set.of("macro", "condition", "append", "override"),
            "list",
            Set.of("list", "items", "append", "override"),
            "required_engine_version",
            Set.of("required_engine_version"),
            "required_plugin_versions",
            Set.of("required_plugin_versions"));

    private FalcoRulesCheck() {}

    /** @param falco of a policy's collectors */
    static void check(JsonNode falco, List<Problem.Fault> faults) {
        var place = "/collectors/falco/";
        for (var name : List.of("disable", "enable")) {
            names(place + name, falco.path(name), faults);
        }
        var rules = falco.path("rules");
        if (rules.isMissingNode()) {
            return;
        }
        if (!rules.isString() || rules.stringValue().length() > LONGEST) {
            faults.add(new Problem.Fault(place + "rules", "a text of at most " + LONGEST + " characters is expected"));
            return;
        }
        try {
            for (var document : YamlReader.read("rules", rules.stringValue())) {
                document(document, place + "rules", faults);
            }
        } catch (ContentException e) {
            e.problems().forEach(one -> faults.add(fault(place + "rules", one.line(), one.reason())));
        }
    }

    private static Problem.Fault fault(String place, int line, String reason) {
        return new Problem.Fault(place, line > 0 ? "line " + line + ": " + reason : reason);
    }

    private static void names(String place, JsonNode names, List<Problem.Fault> faults) {
        boolean good = names.isMissingNode() || names.isArray() && names.size() <= MOST_NAMES;
        for (var name : names) {
            good &= name.isString()
                    && !name.stringValue().isBlank()
                    && name.stringValue().length() <= LONGEST_NAME
                    && name.stringValue().chars().noneMatch(Character::isISOControl);
        }
        if (!good) {
            faults.add(new Problem.Fault(place, "at most " + MOST_NAMES + " names of rules are expected"));
        }
    }

    private static void document(YamlNode document, String place, List<Problem.Fault> faults) {
        if (!(document instanceof YamlNode.Sequence items)) {
            faults.add(fault(place, document.line(), "a list of rules, macros and lists is expected"));
            return;
        }
        for (var item : items.items()) {
            if (item instanceof YamlNode.Mapping mapping) {
                item(mapping, place, faults);
            } else {
                faults.add(fault(place, item.line(), "a rule, macro or list is expected"));
            }
        }
    }

    private static void item(YamlNode.Mapping item, String place, List<Problem.Fault> faults) {
        var kind = KNOWN.entrySet().stream()
                .filter(one -> item.get(one.getKey()) != null)
                .findFirst();
        if (kind.isEmpty()) {
            faults.add(fault(place, item.line(), "it is none of " + String.join(", ", sorted(KNOWN.keySet()))));
            return;
        }
        try {
            item.allowOnly(kind.get().getValue().toArray(String[]::new));
            boolean changes = item.get("override") != null || "true".equals(item.text("append"));
            switch (kind.get().getKey()) {
                case "rule" -> rule(item, changes, place, faults);
                case "macro" -> item.requireText("condition");
                case "list" -> item.require("items");
                default -> item.require(kind.get().getKey());
            }
        } catch (ContentException e) {
            e.problems().forEach(one -> faults.add(fault(place, one.line(), one.reason())));
        }
    }

    /** @param changes one that is there already, or only switches it */
    private static void rule(YamlNode.Mapping rule, boolean changes, String place, List<Problem.Fault> faults)
            throws ContentException {
        boolean switches = rule.get("enabled") != null && rule.get("condition") == null;
        if (!changes && !switches) {
            for (var needed : List.of("desc", "condition", "output", "priority")) {
                rule.requireText(needed);
            }
        }
        var priority = rule.text("priority");
        if (priority != null && !PRIORITIES.contains(priority.toLowerCase(Locale.ROOT))) {
            faults.add(fault(
                    place,
                    rule.require("priority").line(),
                    "'" + priority + "' is no priority; there are " + String.join(", ", sorted(PRIORITIES))));
        }
    }

    private static List<String> sorted(Set<String> names) {
        return new ArrayList<>(names.stream().sorted().toList());
    }
}
