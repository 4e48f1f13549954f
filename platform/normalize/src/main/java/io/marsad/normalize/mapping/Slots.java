package io.marsad.normalize.mapping;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.ocsf.EventClass;
import io.marsad.kernel.ocsf.OcsfAttribute;
import io.marsad.kernel.ocsf.OcsfSchema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the slots that content names, and says what is wrong with those that the schema does not have. */
final class Slots {
    private final OcsfSchema schema;

    Slots(OcsfSchema schema) {
        this.schema = schema;
    }

    EventClass eventClass(YamlNode at) throws ContentException {
        var name = at.asText();
        var found = schema.byName(name);
        if (found == null) {
            throw at.fault("OCSF has no class '" + name + "'" + Suggestion.among(name, schema.classNames()));
        }
        return found;
    }

    EventClass base() {
        var base = schema.byName("base_event");
        if (base == null) {
            throw new IllegalStateException("the OCSF schema has no base event");
        }
        return base;
    }

    /** The slot, or null when the class has no such attribute. */
    @Nullable
    Slot find(EventClass of, String path) {
        if (path.startsWith(Field.UNMAPPED)) {
            return Slot.unmapped(path.substring(Field.UNMAPPED.length()));
        }
        var attribute = schema.attribute(of, path);
        return attribute == null || attribute.json() == OcsfAttribute.Json.OBJECT ? null : Slot.of(path, attribute);
    }

    Slot require(EventClass of, String path, YamlNode at) throws ContentException {
        var slot = find(of, path);
        if (slot != null) {
            return slot;
        }
        if (schema.attribute(of, path) != null) {
            throw at.fault("'" + path + "' of " + of.name() + " is an object: name one of its attributes");
        }
        var steps = path.split("\\.", -1);
        var wrong = steps[steps.length - 1];
        for (int i = 0, from = 0; i < steps.length; i++) {
            from = i == 0 ? steps[0].length() : from + 1 + steps[i].length();
            if (schema.attribute(of, path.substring(0, from)) == null) {
                wrong = steps[i];
                break;
            }
        }
        throw at.fault(of.name() + " has no attribute '" + path + "': '" + wrong + "' is unknown"
                + Suggestion.among(wrong, schema.alternatives(of, path)));
    }

    /** The value to store for what content says: an enumeration's number where it says the caption. */
    String value(EventClass of, Slot slot, String text, YamlNode at) throws ContentException {
        var attribute = slot.field().isUnmapped()
                ? null
                : schema.attribute(of, slot.field().path());
        if (attribute != null && attribute.captions().size() > 2) {
            if (attribute.captions().containsKey(text)) {
                return text;
            }
            if (attribute.json() != OcsfAttribute.Json.WHOLE) {
                return text;
            }
            for (var entry : attribute.captions().entrySet()) {
                if (entry.getValue().equalsIgnoreCase(text)) {
                    return entry.getKey();
                }
            }
            throw at.fault("'" + text + "' is none of the values of " + slot.field()
                    + Suggestion.among(text, attribute.captions().values().toArray(String[]::new)));
        }
        var bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        if (!slot.fits(bytes, 0, bytes.length)) {
            throw at.fault("'" + text + "' is no value for " + slot.field());
        }
        return text;
    }

    /** What the values of an enumeration are called, by number; empty when there is none. */
    Map<String, String> captions(EventClass of, String path) {
        var attribute = schema.attribute(of, path);
        return attribute == null ? Map.of() : attribute.captions();
    }

    /** The number of an enumeration's value. */
    int number(EventClass of, String path, String text, YamlNode at) throws ContentException {
        return Integer.parseInt(value(of, require(of, path, at), text, at));
    }
}
