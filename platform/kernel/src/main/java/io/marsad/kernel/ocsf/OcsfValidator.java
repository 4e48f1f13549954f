package io.marsad.kernel.ocsf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks events in the shape that {@link EventJson#nested} gives against the schema: required attributes, constraints,
 * types, enumerations, and attributes that the schema does not know (outside {@code unmapped}). Thread-safe.
 */
public final class OcsfValidator {
    private final OcsfSchema schema;

    public OcsfValidator(OcsfSchema schema) {
        this.schema = schema;
    }

    /** Faults as {@code path: reason}; empty when the event is valid. */
    public List<String> validate(Map<String, ?> event) {
        var faults = new ArrayList<String>();
        var eventClass = event.get("class_uid") instanceof Number uid ? schema.byUid(uid.intValue()) : null;
        if (eventClass == null) {
            faults.add("class_uid: names no class: " + event.get("class_uid"));
            return faults;
        }
        check(event, eventClass.shape(), "", faults);
        if (event.get("activity_id") instanceof Number activity
                && event.get("type_uid") instanceof Number type
                && type.longValue() != eventClass.uid() * 100L + activity.longValue()) {
            faults.add("type_uid: " + type + " is not class_uid * 100 + activity_id");
        }
        if (event.get("category_uid") instanceof Number category && category.intValue() != eventClass.categoryUid()) {
            faults.add("category_uid: " + category + " is not the class's category " + eventClass.categoryUid());
        }
        return faults;
    }

    private void check(Map<?, ?> map, OcsfObject shape, String path, List<String> faults) {
        if (shape.free()) {
            return;
        }
        for (var attribute : shape.attributes().entrySet()) {
            if (attribute.getValue().required() && map.get(attribute.getKey()) == null) {
                faults.add(path + attribute.getKey() + ": required by " + shape.name());
            }
        }
        if (!shape.atLeastOne().isEmpty() && shape.atLeastOne().stream().allMatch(name -> at(map, name) == null)) {
            faults.add(path + ": " + shape.name() + " needs at least one of " + shape.atLeastOne());
        }
        if (!shape.justOne().isEmpty()
                && shape.justOne().stream()
                                .filter(name -> at(map, name) != null)
                                .count()
                        != 1) {
            faults.add(path + ": " + shape.name() + " needs just one of " + shape.justOne());
        }
        for (var entry : map.entrySet()) {
            var name = String.valueOf(entry.getKey());
            var attribute = shape.attributes().get(name);
            if (attribute == null) {
                faults.add(path + name + ": " + shape.name() + " has no such attribute");
            } else if (attribute.array()) {
                if (entry.getValue() instanceof List<?> list) {
                    for (int i = 0; i < list.size(); i++) {
                        value(list.get(i), attribute, path + name + "[" + i + "]", faults);
                    }
                } else {
                    faults.add(path + name + ": a list is expected");
                }
            } else {
                value(entry.getValue(), attribute, path + name, faults);
            }
        }
    }

    private static @Nullable Object at(Map<?, ?> map, String path) {
        Object value = map;
        for (String step : path.split("\\.")) {
            value = value instanceof Map<?, ?> inner ? inner.get(step) : null;
        }
        return value;
    }

    private void value(@Nullable Object value, OcsfAttribute attribute, String path, List<String> faults) {
        if (value == null) {
            faults.add(path + ": null");
            return;
        }
        boolean fits = switch (attribute.json()) {
            case TEXT -> value instanceof String;
            case WHOLE -> value instanceof Long || value instanceof Integer;
            case NUMBER -> value instanceof Number;
            case BOOL -> value instanceof Boolean;
            case ANY -> true;
            case OBJECT -> value instanceof Map<?, ?>;
        };
        if (!fits) {
            faults.add(path + ": " + attribute.type() + " is expected, not '" + value + "'");
        } else if (attribute.type().equals("port_t") && !(value instanceof Number port && inPorts(port.longValue()))) {
            faults.add(path + ": a port is 0 to 65535, not " + value);
        } else if (attribute.type().equals("ip_t") && !ip(value.toString())) {
            faults.add(path + ": not an address: '" + value + "'");
        } else if (!attribute.captions().isEmpty()
                && attribute.captions().size() > 2 // those that the schema computes have Unknown and Other only
                && attribute.json() == OcsfAttribute.Json.WHOLE
                && !attribute.captions().containsKey(value.toString())) {
            faults.add(path + ": " + value + " is none of the enumeration's values");
        }
        if (value instanceof Map<?, ?> inner && schema.object(attribute.type()) instanceof OcsfObject shape) {
            check(inner, shape, path + ".", faults);
        }
    }

    private static boolean inPorts(long port) {
        return port >= 0 && port <= 65_535;
    }

    private static boolean ip(String text) {
        return text.length() <= 45
                && (text.matches("\\d{1,3}(\\.\\d{1,3}){3}") || text.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%.+)?"));
    }
}
