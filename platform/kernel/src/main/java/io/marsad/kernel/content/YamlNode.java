package io.marsad.kernel.content;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A piece of a YAML document that knows where it stands, so that faults can say so. */
public sealed interface YamlNode {
    String file();

    /** From 1. */
    int line();

    /** What a plain scalar means by YAML's core schema; quoted scalars are TEXT. */
    enum Kind {
        TEXT,
        INTEGER,
        DECIMAL,
        BOOL,
        NULL
    }

    /** A single value, as it is written. */
    record Scalar(String file, int line, String text, Kind kind) implements YamlNode {
        public boolean isNull() {
            return kind == Kind.NULL;
        }
    }

    /** Values in order. */
    record Sequence(String file, int line, List<YamlNode> items) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /** Keys with values, in the order of the file; keys are unique. */
    record Mapping(String file, int line, List<Entry> entries) implements YamlNode {
        public Mapping {
            entries = List.copyOf(entries);
        }

        public @Nullable YamlNode get(String key) {
            for (Entry entry : entries) {
                if (entry.key.equals(key)) {
                    return entry.value;
                }
            }
            return null;
        }

        /** The value of a key that has to be there. */
        public YamlNode require(String key) throws ContentException {
            var value = get(key);
            if (value == null) {
                throw fault("'" + key + "' is missing");
            }
            return value;
        }

        public String requireText(String key) throws ContentException {
            return require(key).asText();
        }

        public @Nullable String text(String key) throws ContentException {
            var value = get(key);
            return value == null || value instanceof Scalar scalar && scalar.isNull() ? null : value.asText();
        }

        /** A list of texts; a single text counts as a list of one, an absent key as none. */
        public List<String> texts(String key) throws ContentException {
            var value = get(key);
            return value == null ? List.of() : value.asTexts();
        }

        public @Nullable Mapping mapping(String key) throws ContentException {
            var value = get(key);
            return value == null ? null : value.asMapping();
        }

        /** Refuses keys that are none of these, with the nearest one as a suggestion. */
        public void allowOnly(String... keys) throws ContentException {
            var faults = new ArrayList<ContentProblem>();
            for (Entry entry : entries) {
                if (!List.of(keys).contains(entry.key)) {
                    faults.add(new ContentProblem(
                            file, entry.line, "unknown key '" + entry.key + "'" + Suggestion.among(entry.key, keys)));
                }
            }
            if (!faults.isEmpty()) {
                throw new ContentException(faults);
            }
        }
    }

    /** A key, the line it stands on, and its value. */
    record Entry(String key, int line, YamlNode value) {}

    default ContentException fault(String reason) {
        return new ContentException(file(), line(), reason);
    }

    default String asText() throws ContentException {
        if (this instanceof Scalar scalar && !scalar.isNull()) {
            return scalar.text();
        }
        throw fault("a single value is expected here");
    }

    default Mapping asMapping() throws ContentException {
        if (this instanceof Mapping mapping) {
            return mapping;
        }
        throw fault("a map of keys and values is expected here");
    }

    default List<YamlNode> asList() {
        return this instanceof Sequence sequence ? sequence.items() : List.of(this);
    }

    default List<String> asTexts() throws ContentException {
        var texts = new ArrayList<String>();
        for (YamlNode item : asList()) {
            texts.add(item.asText());
        }
        return texts;
    }
}
