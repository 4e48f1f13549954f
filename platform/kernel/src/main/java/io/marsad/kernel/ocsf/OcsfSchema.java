package io.marsad.kernel.ocsf;

import io.marsad.kernel.ocsf.OcsfAttribute.Requirement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The Open Cybersecurity Schema Framework, version {@value #VERSION}: classes, objects, attributes, enumerations. Equal
 * attributes are kept once, so that the whole costs well under a megabyte. Immutable, thread-safe.
 */
public final class OcsfSchema {
    public static final String VERSION = "1.8.0";

    private final Map<String, EventClass> classes = new HashMap<>();
    private final Map<Integer, EventClass> byUid = new HashMap<>();
    private final Map<String, OcsfObject> objects = new HashMap<>();
    private final Map<OcsfAttribute, OcsfAttribute> attributes = new HashMap<>();
    private final Map<String, String> strings = new HashMap<>();
    private final Map<Map<String, String>, Map<String, String>> captionSets = new HashMap<>();
    private final Map<String, Integer> categories = new HashMap<>();

    private OcsfSchema() {}

    /** Reads the schema that the product ships with: some tens of milliseconds, so do it once. */
    public static OcsfSchema load() {
        var schema = new OcsfSchema();
        try (var resource = OcsfSchema.class.getResourceAsStream("ocsf-" + VERSION + ".json.gz")) {
            if (resource == null) {
                throw new IllegalStateException("the OCSF schema is missing from the kernel's jar");
            }
            try (JsonParser json =
                    new JsonFactory().createParser(ObjectReadContext.empty(), new GZIPInputStream(resource))) {
                schema.read(json);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the OCSF schema in the kernel's jar cannot be read", e);
        }
        schema.attributes.clear();
        schema.strings.clear();
        schema.captionSets.clear();
        return schema;
    }

    public @Nullable EventClass byName(String name) {
        return classes.get(name);
    }

    public @Nullable EventClass byUid(int uid) {
        return byUid.get(uid);
    }

    public String[] classNames() {
        return classes.keySet().stream().sorted().toArray(String[]::new);
    }

    public @Nullable OcsfObject object(String name) {
        return objects.get(name);
    }

    /** The attribute at a dotted path of the class, or null when the schema has none there. */
    public @Nullable OcsfAttribute attribute(EventClass of, String path) {
        OcsfObject shape = of.shape();
        int from = 0;
        while (true) {
            int dot = path.indexOf('.', from);
            var attribute = shape.attributes().get(dot < 0 ? path.substring(from) : path.substring(from, dot));
            if (attribute == null || dot < 0) {
                return attribute;
            }
            var next = attribute.basic() ? null : objects.get(attribute.type());
            if (next == null) {
                return null;
            }
            if (next.free()) {
                return attribute;
            }
            shape = next;
            from = dot + 1;
        }
    }

    /** The names that would have been right at the first wrong step of a path; empty when the path is right. */
    public String[] alternatives(EventClass of, String path) {
        OcsfObject shape = of.shape();
        for (String step : path.split("\\.", -1)) {
            var attribute = shape.attributes().get(step);
            if (attribute == null) {
                return shape.attributes().keySet().toArray(String[]::new);
            }
            var next = objects.get(attribute.type());
            if (next == null || next.free()) {
                break;
            }
            shape = next;
        }
        return new String[0];
    }

    // ---- reading

    private void read(JsonParser json) {
        json.nextToken();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            var section = json.currentName();
            json.nextToken();
            switch (section) {
                case "categories" -> readCategories(json);
                case "classes" -> readAll(json, true);
                case "objects" -> readAll(json, false);
                default -> json.skipChildren();
            }
        }
    }

    private void readCategories(JsonParser json) {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            var name = json.currentName();
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean uid = json.currentName().equals("uid");
                json.nextToken();
                if (uid) {
                    categories.put(name, json.getIntValue());
                }
            }
        }
    }

    private void readAll(JsonParser json, boolean areClasses) {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            var name = json.currentName();
            var members = new HashMap<String, OcsfAttribute>();
            List<String> atLeastOne = List.of();
            List<String> justOne = List.of();
            String caption = name;
            String category = "";
            int uid = -1;
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                var key = json.currentName();
                json.nextToken();
                switch (key) {
                    case "attributes" -> readAttributes(json, members);
                    case "caption" -> caption = json.getString();
                    case "category" -> category = json.getString();
                    case "class_uid" -> uid = json.getIntValue();
                    case "constraints" -> {
                        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                            boolean any = json.currentName().equals("at_least_one");
                            var names = texts(json);
                            atLeastOne = any ? names : atLeastOne;
                            justOne = any ? justOne : names;
                        }
                    }
                    default -> json.skipChildren();
                }
            }
            var shape = new OcsfObject(name, members, atLeastOne, justOne);
            if (areClasses) {
                var made = new EventClass(uid, name, caption, categories.getOrDefault(category, 0), shape);
                classes.put(name, made);
                byUid.put(uid, made);
            } else {
                objects.put(name, shape);
            }
        }
    }

    private List<String> texts(JsonParser json) {
        var texts = new ArrayList<String>();
        json.nextToken();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            texts.add(shared(json.getString()));
        }
        return texts;
    }

    private void readAttributes(JsonParser json, Map<String, OcsfAttribute> into) {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            var name = shared(json.currentName());
            String type = "string_t";
            boolean array = false;
            var requirement = Requirement.OPTIONAL;
            Map<String, String> captions = Map.of();
            String sibling = null;
            String profile = null;
            int observable = 0;
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                var key = json.currentName();
                json.nextToken();
                switch (key) {
                    case "t" -> type = shared(json.getString());
                    case "arr" -> array = true;
                    case "r" -> requirement = requirement(json.getString());
                    case "e" -> captions = captions(json);
                    case "sib" -> sibling = shared(json.getString());
                    case "obs" -> observable = json.getIntValue();
                    case "p" -> profile = shared(json.getString());
                    default -> json.skipChildren();
                }
            }
            var made = new OcsfAttribute(
                    type, array, requirement, captions, sibling, observable(type, observable), profile);
            into.put(name, attributes.computeIfAbsent(made, same -> same));
        }
    }

    private static Requirement requirement(String letter) {
        return switch (letter) {
            case "req" -> Requirement.REQUIRED;
            case "rec" -> Requirement.RECOMMENDED;
            default -> Requirement.OPTIONAL;
        };
    }

    private Map<String, String> captions(JsonParser json) {
        var captions = new HashMap<String, String>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            var value = shared(json.currentName());
            json.nextToken();
            captions.put(value, shared(json.getString()));
        }
        return captionSets.computeIfAbsent(Map.copyOf(captions), same -> same);
    }

    /** Some observables come with the type and not with the attribute. */
    private static int observable(String type, int own) {
        if (own != 0) {
            return own;
        }
        return switch (type) {
            case "hostname_t" -> 1;
            case "ip_t" -> 2;
            case "mac_t" -> 3;
            case "username_t" -> 4;
            case "email_t" -> 5;
            case "url_t" -> 6;
            case "file_name_t" -> 7;
            case "file_hash_t" -> 8;
            case "process_name_t" -> 9;
            case "resource_uid_t" -> 10;
            case "port_t" -> 11;
            case "subnet_t" -> 12;
            case "file_path_t" -> 45;
            case "reg_key_path_t" -> 46;
            default -> 0;
        };
    }

    private String shared(String text) {
        return strings.computeIfAbsent(text, same -> same);
    }
}
