package io.marsad.sigma.lint;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.content.YamlNode;
import io.marsad.sigma.Condition;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks at one document. What keeps it from loading is said elsewhere. */
final class DocumentCheck {
    private static final String[] ABOUT = {
        "title",
        "id",
        "name",
        "related",
        "taxonomy",
        "status",
        "description",
        "license",
        "author",
        "references",
        "falsepositives",
        "fields",
        "tags",
        "date",
        "modified",
        "level",
        "scope",
        "logsource",
        "detection"
    };
    private static final String[] FILTER = {
        "title",
        "id",
        "name",
        "taxonomy",
        "status",
        "description",
        "license",
        "author",
        "references",
        "tags",
        "date",
        "modified",
        "logsource",
        "filter"
    };
    private static final String[] CORRELATION = {
        "title",
        "id",
        "name",
        "related",
        "taxonomy",
        "status",
        "description",
        "license",
        "author",
        "references",
        "falsepositives",
        "fields",
        "tags",
        "date",
        "modified",
        "level",
        "scope",
        "correlation",
        "generate"
    };
    private static final String[] LOG_SOURCE = {"product", "category", "service", "definition"};
    private static final Map<String, int[]> UNITS = Map.of(
            "minute", new int[] {0, 59},
            "hour", new int[] {0, 23},
            "day", new int[] {1, 31},
            "week", new int[] {1, 53},
            "month", new int[] {1, 12});
    private static final Pattern TAG = Pattern.compile("[a-z0-9_-]+\\.[a-z0-9._-]+");

    private final YamlNode.Mapping document;
    private final List<ContentProblem> warnings;

    DocumentCheck(YamlNode.Mapping document, List<ContentProblem> warnings) {
        this.document = document;
        this.warnings = warnings;
    }

    void run() {
        boolean filter = document.get("filter") != null;
        boolean correlation = document.get("correlation") != null;
        keys(document, filter ? FILTER : correlation ? CORRELATION : ABOUT);
        if (document.get("logsource") instanceof YamlNode.Mapping source) {
            keys(source, LOG_SOURCE);
        }
        if (document.get("id") == null) {
            warn(document, "there is no id: give it a UUID, so that its alerts stay together when its title changes");
        }
        if (!filter && document.get("level") == null) {
            warn(document, "there is no level: alerts will be medium");
        }
        date("date");
        date("modified");
        tags();
        if (document.get(filter ? "filter" : "detection") instanceof YamlNode.Mapping detection) {
            detection(detection, filter);
        }
    }

    /** Keys that are not of the specification are allowed; one that is nearly one of its keys is a slip. */
    private void keys(YamlNode.Mapping map, String[] known) {
        for (YamlNode.Entry entry : map.entries()) {
            boolean isKnown = Arrays.asList(known).contains(entry.key());
            var near = isKnown ? "" : Suggestion.among(entry.key(), known);
            if (!near.isEmpty()) {
                warn(entry.line(), "'" + entry.key() + "' is not a key of the specification and says nothing" + near);
            }
        }
    }

    private void date(String key) {
        if (document.get(key) instanceof YamlNode.Scalar date && !date.isNull()) {
            try {
                LocalDate.parse(date.text());
            } catch (DateTimeException e) {
                warn(date, "'" + key + "' is not a date such as 2026-11-21");
            }
        }
    }

    private void tags() {
        if (!(document.get("tags") instanceof YamlNode.Sequence tags)) {
            return;
        }
        for (YamlNode tag : tags.items()) {
            if (tag instanceof YamlNode.Scalar scalar
                    && !TAG.matcher(scalar.text()).matches()) {
                warn(tag, "'" + scalar.text() + "' is not a tag: namespace.name in lower case, such as attack.t1059");
            }
        }
    }

    private void detection(YamlNode.Mapping detection, boolean filter) {
        var selections = new LinkedHashMap<String, YamlNode.Entry>();
        for (YamlNode.Entry entry : detection.entries()) {
            if (!entry.key().equals("condition") && !(filter && entry.key().equals("rules"))) {
                selections.put(entry.key(), entry);
            }
        }
        var condition = detection.get("condition");
        if (condition != null) {
            condition(condition, selections);
        }
        for (YamlNode.Entry entry : selections.values()) {
            selection(entry.value());
        }
    }

    private void condition(YamlNode condition, Map<String, YamlNode.Entry> selections) {
        var used = new LinkedHashSet<String>();
        var unmatched = new ArrayList<String>();
        try {
            for (YamlNode one : condition.asList()) {
                var names = List.copyOf(selections.keySet());
                Condition.parse(one.asText(), names, one.file(), one.line()).names(used, unmatched);
            }
        } catch (ContentException e) {
            return; // refused already
        }
        for (String pattern : unmatched) {
            warn(condition, "no selection is named like '" + pattern + "': one of them never holds");
        }
        selections.forEach((name, entry) -> {
            if (!used.contains(name)) {
                warn(entry.line(), "the selection '" + name + "' is not used in the condition");
            }
        });
    }

    private void selection(YamlNode node) {
        switch (node) {
            case YamlNode.Mapping mapping -> {
                for (YamlNode.Entry entry : mapping.entries()) {
                    item(entry);
                }
            }
            case YamlNode.Sequence sequence -> sequence.items().forEach(this::selection);
            case YamlNode.Scalar _ -> {}
        }
    }

    private void item(YamlNode.Entry entry) {
        var parts = List.of(entry.key().split("\\|", -1));
        var field = parts.getFirst();
        var modifiers = Set.copyOf(parts.subList(1, parts.size()));
        var values = entry.value().asList();
        if (!field.equals(field.strip())) {
            warn(entry.line(), "the field '" + field + "' has blanks around its name");
        }
        if (modifiers.contains("all") && values.size() == 1) {
            warn(entry.line(), "'" + entry.key() + "': all wants several values");
        }
        var seen = new LinkedHashSet<String>();
        for (YamlNode value : values) {
            if (value instanceof YamlNode.Scalar scalar) {
                value(entry, modifiers, scalar, values.size());
                if (!seen.add(scalar.kind() + scalar.text())) {
                    warn(scalar, "the value '" + scalar.text() + "' is there twice");
                }
            }
        }
    }

    private void value(YamlNode.Entry entry, Set<String> modifiers, YamlNode.Scalar value, int values) {
        if (value.isNull() && values > 1) {
            warn(value, "null does not belong into a list of values: write a selection of its own");
        }
        boolean place =
                modifiers.contains("contains") || modifiers.contains("startswith") || modifiers.contains("endswith");
        if (place && value.kind() == YamlNode.Kind.TEXT && value.text().isEmpty()) {
            warn(value, "'" + entry.key() + "': the empty text is in every value");
        }
        if (!modifiers.contains("expand") && isStandardList(value.text())) {
            warn(value, "'" + value.text() + "' is only taken for a list with the modifier expand");
        }
        var range = range(modifiers);
        if (range != null && value.text().matches("\\d{1,9}")) {
            int number = Integer.parseInt(value.text());
            if (number < range[0] || number > range[1]) {
                warn(
                        value,
                        "'" + entry.key() + "': " + number + " is never; it is from " + range[0] + " to " + range[1]);
            }
        }
    }

    /** The names that the specification suggests. */
    private static boolean isStandardList(String text) {
        return text.matches("%(Administrators|JumpServers|Workstations|Servers|DomainControllers)%");
    }

    private static int @Nullable [] range(Set<String> modifiers) {
        for (Map.Entry<String, int[]> unit : UNITS.entrySet()) {
            if (modifiers.contains(unit.getKey())) {
                return unit.getValue();
            }
        }
        return null;
    }

    private void warn(YamlNode where, String reason) {
        warn(where.line(), reason);
    }

    private void warn(int line, String reason) {
        warnings.add(new ContentProblem(document.file(), line, reason));
    }
}
