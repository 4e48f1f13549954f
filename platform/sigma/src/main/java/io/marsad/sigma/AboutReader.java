package io.marsad.sigma;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.event.EventId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads what a document says about itself. */
final class AboutReader {
    private static final int MAX_TITLE = 256;
    private static final List<String> RELATIONS = List.of("derived", "obsolete", "merged", "renamed", "similar");

    private AboutReader() {}

    static About read(YamlNode.Mapping node, String source) throws ContentException {
        var title = node.requireText("title");
        if (title.isBlank() || title.length() > MAX_TITLE) {
            throw at(node, "title").fault("a title has 1 to " + MAX_TITLE + " characters");
        }
        var name = node.text("name");
        var taxonomy = node.text("taxonomy");
        return new About(
                id(node, name == null ? title : name),
                name,
                title,
                choice(node, "level", Level.class, Level.MEDIUM),
                choice(node, "status", Status.class, Status.EXPERIMENTAL),
                text(node, "description"),
                text(node, "author"),
                text(node, "license"),
                text(node, "date"),
                text(node, "modified"),
                texts(node, "references"),
                texts(node, "tags"),
                texts(node, "falsepositives"),
                related(node),
                taxonomy == null ? "sigma" : taxonomy,
                source,
                node.file(),
                node.line());
    }

    private static String id(YamlNode.Mapping node, String otherwise) throws ContentException {
        var id = node.text("id");
        if (id == null) {
            return EventId.derived("sigma-rule", otherwise).toString();
        }
        try {
            return EventId.parse(id.toLowerCase(Locale.ROOT)).toString();
        } catch (IllegalArgumentException e) {
            throw at(node, "id").fault("'" + id + "' is not a UUID");
        }
    }

    private static YamlNode at(YamlNode.Mapping node, String key) {
        var value = node.get(key);
        return value == null ? node : value;
    }

    /** Lists are joined, as some authors write several names so. */
    private static String text(YamlNode.Mapping node, String key) throws ContentException {
        return String.join(", ", texts(node, key));
    }

    /** A list of texts; nothing is an empty one. */
    static List<String> texts(YamlNode.Mapping node, String key) throws ContentException {
        var value = node.get(key);
        if (value == null || value instanceof YamlNode.Scalar scalar && scalar.isNull()) {
            return List.of();
        }
        return value.asTexts();
    }

    static <E extends Enum<E>> E choice(YamlNode.Mapping node, String key, Class<E> type, @Nullable E otherwise)
            throws ContentException {
        var text = node.text(key);
        if (text == null) {
            if (otherwise == null) {
                throw node.fault("'" + key + "' is missing");
            }
            return otherwise;
        }
        var choices = Arrays.stream(type.getEnumConstants())
                .map(e -> e.name().toLowerCase(Locale.ROOT))
                .toArray(String[]::new);
        for (int i = 0; i < choices.length; i++) {
            if (choices[i].equals(text.toLowerCase(Locale.ROOT))) {
                return type.getEnumConstants()[i];
            }
        }
        throw at(node, key)
                .fault("'" + text + "' is not one of " + String.join(", ", choices) + Suggestion.among(text, choices));
    }

    private static List<About.Related> related(YamlNode.Mapping node) throws ContentException {
        var list = node.get("related");
        var related = new ArrayList<About.Related>();
        if (list == null || list instanceof YamlNode.Scalar scalar && scalar.isNull()) {
            return related;
        }
        for (YamlNode item : list.asList()) {
            var other = item.asMapping();
            var type = other.requireText("type");
            if (!RELATIONS.contains(type)) {
                throw at(other, "type")
                        .fault("'" + type + "' is not one of " + String.join(", ", RELATIONS)
                                + Suggestion.among(type, RELATIONS.toArray(String[]::new)));
            }
            related.add(new About.Related(other.requireText("id"), type));
        }
        return related;
    }
}
