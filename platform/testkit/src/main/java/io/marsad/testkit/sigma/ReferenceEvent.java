package io.marsad.testkit.sigma;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An event as the specification sees it: fields and their values. A field is a leaf; what holds other values is none. One
 * thread uses it.
 *
 * <p>Nested objects are dotted paths, and a key that has dots itself is the same path. Elements of arrays are values of
 * the array's field. Every value is text (numbers as they were written), or null.
 */
public final class ReferenceEvent {
    /**
     * A value.
     *
     * @param text null for null
     * @param folded the text without regard to case, empty for null
     */
    public record Value(@Nullable String text, String folded) {
        public Value(@Nullable String text) {
            this(text, text == null ? "" : Folding.fold(text));
        }
    }

    private final Map<String, List<Value>> fields = new LinkedHashMap<>();
    private final List<Value> all = new ArrayList<>();

    private ReferenceEvent() {}

    /** An event out of maps, lists, texts, numbers, booleans and nulls. */
    public static ReferenceEvent of(Map<?, ?> event) {
        var made = new ReferenceEvent();
        event.forEach((key, value) -> made.leaves(String.valueOf(key), value));
        return made;
    }

    /**
     * An event whose fields are known already, each with its values.
     *
     * @param notItsWords fields that somebody else added to the event: rules may ask for them by name, keywords do not
     *     find them
     */
    public static ReferenceEvent ofFields(
            Map<String, ? extends Collection<? extends @Nullable String>> fields, Set<String> notItsWords) {
        var made = new ReferenceEvent();
        fields.forEach((name, values) -> values.forEach(value -> {
            var one = new Value(value);
            made.fields.computeIfAbsent(name, n -> new ArrayList<>(1)).add(one);
            if (!notItsWords.contains(name)) {
                made.all.add(one);
            }
        }));
        return made;
    }

    private void leaves(String path, @Nullable Object value) {
        switch (value) {
            case Map<?, ?> map -> map.forEach((key, inner) -> leaves(path + "." + key, inner));
            case Collection<?> list -> list.forEach(inner -> leaves(path, inner));
            case null -> add(path, null);
            default -> add(path, String.valueOf(value));
        }
    }

    private void add(String path, @Nullable String text) {
        var value = new Value(text);
        fields.computeIfAbsent(path, name -> new ArrayList<>(1)).add(value);
        all.add(value);
    }

    /** The values of a field; none when it is absent. */
    public List<Value> values(String name) {
        return fields.getOrDefault(name, List.of());
    }

    /** Every value of the event, but for what others added. */
    public List<Value> all() {
        return all;
    }

    /** Every value of the event, whoever added it. */
    public Collection<List<Value>> byField() {
        return fields.values();
    }
}
