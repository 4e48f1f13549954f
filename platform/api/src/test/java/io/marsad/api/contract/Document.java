package io.marsad.api.contract;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A contract as maps, lists and texts, with its references followed. */
final class Document {
    private final Map<String, Object> root;

    Document(String yaml) throws ContentException {
        this.root = map(plain(YamlReader.read("openapi.yaml", yaml).getFirst()));
    }

    private static Object plain(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar scalar -> scalar.text();
            case YamlNode.Sequence list ->
                list.items().stream().map(Document::plain).toList();
            case YamlNode.Mapping mapping -> {
                var map = new LinkedHashMap<String, Object>();
                mapping.entries().forEach(entry -> map.put(entry.key(), plain(entry.value())));
                yield map;
            }
        };
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(@Nullable Object node) {
        return node instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    static List<?> list(@Nullable Object node) {
        return node instanceof List<?> list ? list : List.of();
    }

    /** The texts of a list, or of one that stands for itself. */
    static Set<String> texts(@Nullable Object node) {
        var texts = new LinkedHashSet<String>();
        if (node instanceof List<?> list) {
            list.forEach(one -> texts.add(String.valueOf(one)));
        } else if (node != null) {
            texts.add(String.valueOf(node));
        }
        return texts;
    }

    static String text(Map<String, Object> map, String name, String otherwise) {
        return map.get(name) instanceof String text ? text : otherwise;
    }

    /** What stands there, or where its reference leads. */
    Map<String, Object> at(@Nullable Object node) {
        var map = map(node);
        while (map.get("$ref") instanceof String reference) {
            Object found = root;
            for (var step : reference.substring(2).split("/", -1)) {
                found = map(found).get(step);
            }
            map = map(found);
        }
        return map;
    }

    Map<String, Object> paths() {
        return map(root.get("paths"));
    }

    /** Schemes of credentials that an operation takes. */
    Set<String> credentials(Map<String, Object> operation) {
        var own = operation.containsKey("security") ? operation.get("security") : root.get("security");
        var schemes = new LinkedHashSet<String>();
        list(own).forEach(one -> schemes.addAll(map(one).isEmpty() ? Set.of("none") : map(one).keySet()));
        return schemes;
    }
}
