package io.marsad.testkit.sigma;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads rules. Thread-safe.
 *
 * @param fields where in an event a rule's field is: what {@link ReferenceEvent} calls it, maybe in several places
 * @param lists what placeholders stand for
 */
public record ReferenceReader(FieldNames fields, Map<String, List<String>> lists) {
    /** Says what an event calls a rule's field. */
    @FunctionalInterface
    public interface FieldNames {
        /** At least one name. */
        Collection<String> of(
                @Nullable String product,
                @Nullable String category,
                @Nullable String service,
                String taxonomy,
                String field);
    }

    /** A reader for events that call everything as rules do, blanks in names left out or not. */
    public static ReferenceReader plain() {
        return new ReferenceReader(
                (product, category, service, taxonomy, field) -> List.of(field, field.replace(" ", "")), Map.of());
    }

    /**
     * The rule of a text with one document.
     *
     * @throws NotSigmaException when it is none
     */
    public ReferenceRule read(String yaml) {
        var settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setBufferSize(yaml.length() + 16)
                .setCodePointLimit(64 << 20)
                .build();
        try {
            return rule(map(new Load(settings).loadFromString(yaml)));
        } catch (YamlEngineException e) {
            throw new NotSigmaException("not YAML: " + e.getMessage());
        }
    }

    private ReferenceRule rule(Map<?, ?> document) {
        if (!(document.get("title") instanceof String)) {
            throw new NotSigmaException("no title");
        }
        var source = map(document.get("logsource"));
        var product = word(source, "product");
        var category = word(source, "category");
        var service = word(source, "service");
        if (product == null && category == null && service == null) {
            throw new NotSigmaException("no log source");
        }
        var taxonomy = document.get("taxonomy") instanceof String named ? named : "sigma";
        Function<String, Collection<String>> names = field -> fields.of(product, category, service, taxonomy, field);
        var detection = map(document.get("detection"));
        var identifiers = new LinkedHashMap<String, Check>();
        detection.forEach((name, value) -> {
            if (name.equals("timeframe")) {
                throw new NotSigmaException("timeframe is obsolete");
            }
            if (!name.equals("condition")) {
                identifiers.put(String.valueOf(name), search(value, names));
            }
        });
        if (identifiers.isEmpty()) {
            throw new NotSigmaException("no search identifier");
        }
        var id = document.get("id");
        var check = Check.any(conditions(detection.get("condition"), identifiers));
        return new ReferenceRule(id == null ? "" : id.toString(), product, category, service, check);
    }

    private static List<Check> conditions(@Nullable Object written, Map<String, Check> identifiers) {
        var list = written instanceof Collection<?> several ? several : List.of(written == null ? "" : written);
        var conditions = new ArrayList<Check>();
        for (Object one : list) {
            conditions.add(Condition.read(String.valueOf(one), identifiers));
        }
        if (conditions.isEmpty()) {
            throw new NotSigmaException("no condition");
        }
        return conditions;
    }

    private Check search(@Nullable Object value, Function<String, Collection<String>> names) {
        if (value instanceof Map<?, ?> map) {
            if (map.isEmpty()) {
                throw new NotSigmaException("an empty search");
            }
            var all = new ArrayList<Check>();
            map.forEach((key, inner) -> all.add(Item.read(String.valueOf(key), inner, this, names)));
            return Check.all(all);
        }
        if (value instanceof Collection<?> list) {
            if (list.isEmpty()) {
                throw new NotSigmaException("an empty search");
            }
            var any = new ArrayList<Check>();
            list.forEach(inner -> any.add(search(inner, names)));
            return Check.any(any);
        }
        return Item.read("", value, this, names);
    }

    private static Map<?, ?> map(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new NotSigmaException("a map is expected, not " + value);
    }

    private static @Nullable String word(Map<?, ?> source, String key) {
        var value = source.get(key);
        return value == null ? null : value.toString().toLowerCase(Locale.ROOT);
    }
}
