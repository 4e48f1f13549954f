package io.marsad.kernel.ocsf;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.ocsf.OcsfAttribute.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a batch as JSON values: maps, lists, texts, {@link Long}s, {@link BigDecimal}s, booleans and nulls, ready for
 * any JSON writer. Thread-safe.
 */
public final class EventJson {
    private static final Field CLASS = Field.of("class_uid");
    private static final int MAX_ELEMENTS = 4096;

    private final OcsfSchema schema;
    private final EventClass base;
    private final ConcurrentMap<Long, Place> places = new ConcurrentHashMap<>();

    /**
     * Where a field's values stand in an event of one class.
     *
     * @param arrays which steps are arrays
     * @param indexed the step that parallel lists run along: the innermost array; -1 when there is none
     */
    private record Place(
            String[] steps,
            boolean[] arrays,
            int indexed,
            @Nullable OcsfAttribute attribute) {}

    /**
     * Something that an event is about: an address, a user, a hash.
     *
     * @param name the path of the attribute that holds it
     * @param typeId OCSF's number of the kind of observable
     */
    public record Observable(String name, int typeId, String value) {}

    public EventJson(OcsfSchema schema) {
        this.schema = schema;
        var event = schema.byUid(0);
        if (event == null) {
            throw new IllegalStateException("the OCSF schema has no base event");
        }
        base = event;
    }

    /** The entries as they are: path to value, or to a list of the values when there are several. */
    public Map<String, @Nullable Object> flat(EventBatch batch, int row) {
        var flat = new LinkedHashMap<String, @Nullable Object>();
        for (int e = batch.first(row), end = batch.end(row); e < end; e++) {
            add(flat, Field.byId(batch.field(e)).path(), value(batch, e));
        }
        return flat;
    }

    /**
     * The event as OCSF has it: nested, every value of the type that the schema wants, what does not fit under
     * {@code unmapped} by its path; with the captions of enumerations, the observables, and {@code Unknown} where an
     * enumeration is required but absent.
     *
     * @param withRaw also {@code raw_data}
     */
    public Map<String, @Nullable Object> nested(EventBatch batch, int row, boolean withRaw) {
        var eventClass = eventClass(batch, row);
        var root = new LinkedHashMap<String, @Nullable Object>();
        var unmapped = new LinkedHashMap<String, @Nullable Object>();
        var ordinals = new HashMap<Integer, Integer>();
        for (int e = batch.first(row), end = batch.end(row); e < end; e++) {
            var field = Field.byId(batch.field(e));
            if (field.isUnmapped()) {
                add(unmapped, field.path().substring(Field.UNMAPPED.length()), value(batch, e));
                continue;
            }
            var place = place(eventClass, field);
            int ordinal = ordinals.merge(field.id(), 1, Integer::sum) - 1;
            if (batch.type(e) == EventBatch.NULL) {
                continue;
            }
            var value = place.attribute == null ? null : typed(batch, e, place.attribute.json());
            if (value == null || !put(root, place, ordinal, value)) {
                add(unmapped, field.path(), value(batch, e));
            }
        }
        var metadata = child(root, "metadata");
        metadata.put("version", OcsfSchema.VERSION);
        metadata.put("uid", batch.id(row).toString());
        metadata.put("tenant_uid", batch.tenant().value());
        metadata.put("logged_time", batch.received(row));
        root.put("time", batch.time(row));
        root.putIfAbsent("class_name", eventClass.caption());
        var observables = observables(batch, row);
        if (!observables.isEmpty()) {
            var list = new ArrayList<@Nullable Object>();
            for (var observable : observables) {
                var item = new LinkedHashMap<String, @Nullable Object>();
                item.put("name", observable.name);
                item.put("type_id", (long) observable.typeId);
                item.put("value", observable.value);
                list.add(item);
            }
            root.put("observables", list);
        }
        complete(root, eventClass.shape(), 0);
        if (!unmapped.isEmpty()) {
            root.put("unmapped", unmapped);
        }
        if (withRaw) {
            root.put("raw_data", new String(batch.raw(row), StandardCharsets.UTF_8));
        }
        return root;
    }

    /** What the event is about, each once, in the order of the entries. */
    public List<Observable> observables(EventBatch batch, int row) {
        var eventClass = eventClass(batch, row);
        var seen = new LinkedHashSet<String>();
        var found = new ArrayList<Observable>();
        for (int e = batch.first(row), end = batch.end(row); e < end; e++) {
            var field = Field.byId(batch.field(e));
            if (field.isUnmapped() || batch.type(e) == EventBatch.NULL || batch.length(e) == 0) {
                continue;
            }
            var attribute = place(eventClass, field).attribute;
            if (attribute != null && attribute.observable() != 0 && typed(batch, e, attribute.json()) != null) {
                var value = batch.text(e);
                if (seen.add(attribute.observable() + " " + value)) {
                    found.add(new Observable(field.path(), attribute.observable(), value));
                }
            }
        }
        return found;
    }

    // ---- placing

    private EventClass eventClass(EventBatch batch, int row) {
        var uid = batch.text(row, CLASS);
        try {
            var known = uid == null ? null : schema.byUid(Integer.parseInt(uid));
            return known == null ? base : known;
        } catch (NumberFormatException e) {
            return base;
        }
    }

    private Place place(EventClass eventClass, Field field) {
        long key = ((long) eventClass.uid() << 32) | field.id();
        var known = places.get(key);
        if (known == null) {
            known = resolve(eventClass, field.path());
            places.put(key, known);
        }
        return known;
    }

    private Place resolve(EventClass eventClass, String path) {
        var steps = path.split("\\.", -1);
        var arrays = new boolean[steps.length];
        int indexed = -1;
        var shape = eventClass.shape();
        for (int i = 0; i < steps.length; i++) {
            var attribute = shape.attributes().get(steps[i]);
            if (attribute == null) {
                return new Place(steps, arrays, -1, null);
            }
            arrays[i] = attribute.array();
            if (attribute.array()) {
                indexed = i;
            }
            if (i == steps.length - 1) {
                return new Place(steps, arrays, indexed, attribute);
            }
            var next = attribute.basic() ? null : schema.object(attribute.type());
            if (next == null) {
                return new Place(steps, arrays, -1, null);
            }
            shape = next;
        }
        return new Place(steps, arrays, -1, null);
    }

    /** False when the place is taken (a second value where the schema has one) or is an object. */
    private static boolean put(Map<String, @Nullable Object> root, Place place, int ordinal, Object value) {
        var at = root;
        int last = place.steps.length - 1;
        for (int i = 0; i < last; i++) {
            if (!place.arrays[i]) {
                at = child(at, place.steps[i]);
                continue;
            }
            int index = i == place.indexed ? ordinal : 0;
            if (index >= MAX_ELEMENTS) {
                return false;
            }
            at = element(at, place.steps[i], index);
        }
        if (place.arrays[last]) {
            list(at, place.steps[last]).add(value);
            return true;
        }
        return at.putIfAbsent(place.steps[last], value) == null;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> child(Map<String, @Nullable Object> of, String name) {
        if (of.get(name) instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        var made = new LinkedHashMap<String, @Nullable Object>();
        of.put(name, made);
        return made;
    }

    @SuppressWarnings("unchecked")
    private static List<@Nullable Object> list(Map<String, @Nullable Object> of, String name) {
        if (of.get(name) instanceof List<?> list) {
            return (List<@Nullable Object>) list;
        }
        var made = new ArrayList<@Nullable Object>();
        of.put(name, made);
        return made;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> element(Map<String, @Nullable Object> of, String name, int index) {
        var list = list(of, name);
        while (list.size() <= index) {
            list.add(new LinkedHashMap<String, @Nullable Object>());
        }
        return (Map<String, @Nullable Object>) java.util.Objects.requireNonNull(list.get(index));
    }

    private static void add(Map<String, @Nullable Object> to, String name, @Nullable Object value) {
        if (!to.containsKey(name)) {
            to.put(name, value);
        } else if (to.get(name) instanceof ArrayList<?>) {
            list(to, name).add(value);
        } else {
            var values = new ArrayList<@Nullable Object>();
            values.add(to.get(name));
            values.add(value);
            to.put(name, values);
        }
    }

    // ---- values

    private static @Nullable Object value(EventBatch batch, int entry) {
        return switch (batch.type(entry)) {
            case EventBatch.NUMBER -> {
                var text = batch.text(entry);
                var number = number(text);
                yield number == null ? text : number;
            }
            case EventBatch.BOOL -> batch.text(entry).equals("true");
            case EventBatch.NULL -> null;
            default -> batch.text(entry);
        };
    }

    /** The value as the schema wants it, or null when it is nothing of the kind. */
    private static @Nullable Object typed(EventBatch batch, int entry, Json json) {
        return switch (json) {
            case TEXT -> batch.length(entry) == 0 ? null : batch.text(entry);
            case WHOLE -> number(batch.text(entry)) instanceof Long whole ? whole : null;
            case NUMBER -> number(batch.text(entry));
            case BOOL ->
                switch (batch.text(entry)) {
                    case "true", "True", "TRUE" -> Boolean.TRUE;
                    case "false", "False", "FALSE" -> Boolean.FALSE;
                    default -> null;
                };
            case ANY -> value(batch, entry);
            case OBJECT -> null;
        };
    }

    private static @Nullable Number number(String text) {
        int length = text.length();
        if (length == 0 || length > 40) {
            return null;
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && "+-.eE".indexOf(c) < 0) {
                return null;
            }
        }
        try {
            if (length <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9' || c == '-')) {
                return Long.valueOf(text);
            }
            var decimal = new BigDecimal(text);
            if (Math.abs((long) decimal.scale()) > 40) {
                return null;
            }
            boolean isLong = decimal.scale() == 0 && decimal.toBigInteger().bitLength() < 64;
            return isLong ? (Number) decimal.longValue() : (Number) decimal;
        } catch (NumberFormatException e) {
            return null; // not a number after all: it stays text
        }
    }

    /** Captions beside their enumerations, Unknown where an enumeration has to be, a file's name out of its path. */
    private void complete(Map<String, @Nullable Object> map, OcsfObject shape, int depth) {
        if (depth > 16) {
            return;
        }
        for (var entry : shape.attributes().entrySet()) {
            var attribute = entry.getValue();
            if (attribute.required() && attribute.captions().containsKey("0") && !attribute.array()) {
                map.putIfAbsent(entry.getKey(), 0L);
            }
        }
        if (shape.name().equals("file") && map.get("path") instanceof String path) {
            int slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
            map.putIfAbsent("name", slash == path.length() - 1 ? path : path.substring(slash + 1));
        }
        for (var entry : List.copyOf(map.keySet())) {
            var attribute = shape.attributes().get(entry);
            var value = map.get(entry);
            if (attribute == null || value == null) {
                continue;
            }
            if (attribute.sibling() != null && attribute.captions().get(value.toString()) instanceof String caption) {
                map.putIfAbsent(attribute.sibling(), caption);
            }
            var inner = attribute.basic() ? null : schema.object(attribute.type());
            if (inner != null) {
                for (var item : value instanceof List<?> list ? list : List.of(value)) {
                    if (item instanceof Map<?, ?> object) {
                        @SuppressWarnings("unchecked")
                        var typed = (Map<String, @Nullable Object>) object;
                        complete(typed, inner, depth + 1);
                    }
                }
            }
        }
    }
}
