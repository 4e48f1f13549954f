package io.marsad.respond.cacao;

import com.google.re2j.Pattern;
import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlNode.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The properties of one object of a document; what is wrong with one is said, and reading goes on. */
final class Fields {
    private static final String UUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";
    private static final Pattern IDENTIFIER = Pattern.compile("([a-z0-9][a-z0-9-]{0,60})--" + UUID);
    private static final Pattern TIMESTAMP =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z");
    private static final long LONGEST_MS = Duration.ofDays(366).toMillis();

    private final String what;
    private final int line;
    private final Map<String, YamlNode> values = new LinkedHashMap<>();
    private final Findings findings;

    /** @param what it is called in messages */
    Fields(String what, YamlNode node, Findings findings) {
        this.what = what;
        this.line = node.line();
        this.findings = findings;
        if (node instanceof YamlNode.Mapping mapping) {
            mapping.entries().forEach(entry -> values.put(entry.key(), entry.value()));
        } else {
            findings.error(line, what + " has to be an object");
        }
    }

    int line() {
        return line;
    }

    /** The type that an identifier begins with; null when it is none. */
    static @Nullable String typeOf(String identifier) {
        var matcher = IDENTIFIER.matcher(identifier);
        return matcher.matches() ? matcher.group(1) : null;
    }

    /** Says which keys it should not have. */
    void allowOnly(Set<String> keys) {
        values.forEach((key, value) -> {
            if (!keys.contains(key)) {
                findings.warning(
                        value.line(),
                        what + " has no property '" + key + "'"
                                + Suggestion.among(key, keys.toArray(String[]::new))
                                + "; it is kept and not used");
            }
        });
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    @Nullable
    YamlNode node(String key) {
        return values.get(key);
    }

    int lineOf(String key) {
        var value = values.get(key);
        return value == null ? line : value.line();
    }

    /** A text; the empty one when it is missing, which is said. */
    String required(String key) {
        var text = text(key);
        if (text == null && !values.containsKey(key)) {
            findings.error(line, what + " has no '" + key + "'");
        }
        return text == null ? "" : text;
    }

    @Nullable
    String text(String key) {
        var value = values.get(key);
        return switch (value) {
            case null -> null;
            case YamlNode.Scalar scalar when scalar.kind() == Kind.TEXT -> scalar.text();
            default -> {
                findings.error(value.line(), "'" + key + "' has to be a text");
                yield null;
            }
        };
    }

    /** An identifier of one of these types; any when there are none. */
    @Nullable
    String identifier(String key, String... types) {
        var id = text(key);
        if (id == null) {
            return null;
        }
        return isIdentifier(key, id, lineOf(key), types) ? id : null;
    }

    private boolean isIdentifier(String key, String id, int at, String... types) {
        var type = typeOf(id);
        if (type == null) {
            findings.error(
                    at,
                    "'" + key + "': '" + id + "' is no identifier such as " + (types.length == 0 ? "type" : types[0])
                            + "--7b0e98db-fa93-42aa-8511-e871c65131b1");
            return false;
        }
        if (types.length > 0 && !List.of(types).contains(type)) {
            findings.error(at, "'" + key + "' has to name a " + String.join(" or ", types) + ", not a " + type);
            return false;
        }
        return true;
    }

    String requiredIdentifier(String key, String... types) {
        if (!values.containsKey(key)) {
            findings.error(line, what + " has no '" + key + "'");
        }
        var id = identifier(key, types);
        return id == null ? "" : id;
    }

    /** Texts in a list that is not empty. */
    List<String> texts(String key) {
        var value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof YamlNode.Sequence sequence)) {
            findings.error(value.line(), "'" + key + "' has to be a list");
            return List.of();
        }
        if (sequence.items().isEmpty()) {
            findings.warning(value.line(), "'" + key + "' is empty: it should be left out");
        }
        var texts = new ArrayList<String>();
        for (var item : sequence.items()) {
            if (item instanceof YamlNode.Scalar scalar && scalar.kind() == Kind.TEXT) {
                texts.add(scalar.text());
            } else {
                findings.error(item.line(), "'" + key + "' has to be a list of texts");
            }
        }
        return texts;
    }

    boolean flag(String key) {
        var value = values.get(key);
        if (value == null) {
            return false;
        }
        if (value instanceof YamlNode.Scalar scalar && scalar.kind() == Kind.BOOL) {
            return "true".equalsIgnoreCase(scalar.text());
        }
        findings.error(value.line(), "'" + key + "' has to be true or false");
        return false;
    }

    @Nullable
    Long whole(String key, long least, long most) {
        var value = values.get(key);
        if (value == null) {
            return null;
        }
        if (value instanceof YamlNode.Scalar scalar && scalar.kind() == Kind.INTEGER) {
            try {
                long number = Long.parseLong(scalar.text());
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                findings.error(value.line(), "'" + key + "' is a number that is not read here: " + scalar.text());
                return null;
            }
        }
        findings.error(value.line(), "'" + key + "' has to be a whole number from " + least + " to " + most);
        return null;
    }

    /** Of milliseconds. */
    @Nullable
    Duration milliseconds(String key) {
        var number = whole(key, 0, LONGEST_MS);
        return number == null ? null : Duration.ofMillis(number);
    }

    @Nullable
    Instant timestamp(String key) {
        var text = text(key);
        if (text == null) {
            return null;
        }
        try {
            if (TIMESTAMP.matches(text)) {
                return Instant.parse(text);
            }
        } catch (DateTimeParseException e) {
            findings.error(lineOf(key), "'" + key + "' is no time that there is: " + text);
            return null;
        }
        findings.error(lineOf(key), "'" + key + "' has to be a time in UTC such as 2026-11-22T08:00:00.000Z");
        return null;
    }

    /** The object; null when there is none. */
    @Nullable
    Fields object(String key) {
        var value = values.get(key);
        return value == null ? null : new Fields("'" + key + "'", value, findings);
    }

    /** Key and value of the object that stands there; an empty one is said to be left out. */
    List<YamlNode.Entry> entries(String key) {
        var value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof YamlNode.Mapping mapping)) {
            findings.error(value.line(), "'" + key + "' has to be an object");
            return List.of();
        }
        if (mapping.entries().isEmpty()) {
            findings.warning(value.line(), "'" + key + "' is empty: it should be left out");
        }
        return mapping.entries();
    }

    List<YamlNode> items(String key) {
        var value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof YamlNode.Sequence sequence)) {
            findings.error(value.line(), "'" + key + "' has to be a list");
            return List.of();
        }
        return sequence.items();
    }

    void error(String key, String reason) {
        findings.error(lineOf(key), reason);
    }

    void warning(String key, String reason) {
        findings.warning(lineOf(key), reason);
    }

    Findings findings() {
        return findings;
    }
}
