package io.marsad.sigma;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.predicate.Predicate.Comparison;
import io.marsad.kernel.predicate.Predicate.DatePart.Unit;
import io.marsad.kernel.predicate.Predicate.Regex.Flag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What follows a field's name ({@code CommandLine|contains|all}), checked (modifiers appendix 2.1.0). */
final class Modifiers {
    /** How a value becomes the text that is looked for. */
    enum Encoding {
        UTF_16LE,
        UTF_16BE,
        UTF_16
    }

    /** What the value is. */
    enum Meaning {
        TEXT,
        REGEX,
        CIDR,
        FIELD,
        PRESENCE,
        NUMBER
    }

    private static final Map<String, String> ALIASES =
            Map.of("wide", "utf16le", "ignorecase", "i", "multiline", "m", "dotall", "s");
    private static final String[] KNOWN = {
        "contains",
        "startswith",
        "endswith",
        "all",
        "cased",
        "neq",
        "re",
        "i",
        "m",
        "s",
        "cidr",
        "base64",
        "base64offset",
        "utf16le",
        "wide",
        "utf16be",
        "utf16",
        "windash",
        "fieldref",
        "exists",
        "gt",
        "gte",
        "lt",
        "lte",
        "expand",
        "minute",
        "hour",
        "day",
        "week",
        "month",
        "year"
    };
    private static final Set<String> PLACES = Set.of("contains", "startswith", "endswith");
    private static final Map<String, Comparison> COMPARISONS = Map.of(
            "gt", Comparison.GREATER,
            "gte", Comparison.GREATER_OR_EQUAL,
            "lt", Comparison.LESS,
            "lte", Comparison.LESS_OR_EQUAL);
    private static final Map<String, Unit> UNITS = Map.of(
            "minute", Unit.MINUTE,
            "hour", Unit.HOUR,
            "day", Unit.DAY,
            "week", Unit.WEEK,
            "month", Unit.MONTH,
            "year", Unit.YEAR);
    private static final Map<String, Flag> FLAGS = Map.of("i", Flag.IGNORE_CASE, "m", Flag.MULTILINE, "s", Flag.DOTALL);
    private static final Map<String, Encoding> ENCODINGS =
            Map.of("utf16le", Encoding.UTF_16LE, "utf16be", Encoding.UTF_16BE, "utf16", Encoding.UTF_16);

    static final int MAX_FIELD = 400;

    private final String key;
    private final String file;
    private final int line;
    private final List<String> names = new ArrayList<>();

    final String field;
    Meaning meaning = Meaning.TEXT;
    boolean before;
    boolean after;
    final boolean all;
    final boolean not;
    final boolean cased;
    final boolean windash;
    /** The dashes are varied in what is encoded, not in the encoded text. */
    final boolean windashFirst;

    final boolean expand;
    final boolean base64;
    final boolean base64offset;

    @Nullable
    Encoding encoding;

    @Nullable
    Comparison comparison;

    @Nullable
    Unit unit;

    final EnumSet<Flag> flags = EnumSet.noneOf(Flag.class);

    Modifiers(YamlNode.Entry entry, String file) throws ContentException {
        key = entry.key();
        this.file = file;
        line = entry.line();
        var parts = key.split("\\|", -1);
        field = parts[0];
        if (field.length() > MAX_FIELD) {
            throw fault("a field's name has at most " + MAX_FIELD + " characters");
        }
        for (int i = 1; i < parts.length; i++) {
            var name = ALIASES.getOrDefault(parts[i], parts[i]);
            if (!Arrays.asList(KNOWN).contains(name)) {
                throw fault("unknown modifier '" + parts[i] + "'" + Suggestion.among(parts[i], KNOWN));
            }
            names.add(name);
        }
        all = names.contains("all");
        not = names.contains("neq");
        cased = names.contains("cased");
        windash = names.contains("windash");
        expand = names.contains("expand");
        base64 = names.contains("base64");
        base64offset = names.contains("base64offset");
        windashFirst = anyBefore(Set.of("windash"), Set.of("base64", "base64offset", "utf16le", "utf16be", "utf16"));
        for (String name : names) {
            read(name);
        }
        check();
    }

    private void read(String name) throws ContentException {
        before |= name.equals("contains") || name.equals("endswith");
        after |= name.equals("contains") || name.equals("startswith");
        if (ENCODINGS.containsKey(name)) {
            if (encoding != null) {
                throw fault("one of the utf16 modifiers is enough");
            }
            encoding = ENCODINGS.get(name);
        }
        if (UNITS.containsKey(name)) {
            if (unit != null || comparison != null) {
                throw fault("a part of the date comes once and before gt, gte, lt and lte");
            }
            unit = UNITS.get(name);
        }
        if (COMPARISONS.containsKey(name)) {
            if (comparison != null) {
                throw fault("one of gt, gte, lt and lte is enough");
            }
            comparison = COMPARISONS.get(name);
        }
        if (FLAGS.containsKey(name)) {
            flags.add(FLAGS.get(name));
        }
        switch (name) {
            case "re" -> is(Meaning.REGEX);
            case "cidr" -> is(Meaning.CIDR);
            case "fieldref" -> is(Meaning.FIELD);
            case "exists" -> is(Meaning.PRESENCE);
            case "gt", "gte", "lt", "lte", "minute", "hour", "day", "week", "month", "year" -> {
                if (meaning != Meaning.NUMBER) {
                    is(Meaning.NUMBER);
                }
            }
            default -> {}
        }
    }

    private void is(Meaning other) throws ContentException {
        if (meaning != Meaning.TEXT) {
            throw fault("these modifiers do not go together");
        }
        meaning = other;
    }

    private void check() throws ContentException {
        if (!flags.isEmpty() && (meaning != Meaning.REGEX || anyBefore(FLAGS.keySet(), Set.of("re")))) {
            throw fault("i, m and s come after re");
        }
        switch (meaning) {
            case TEXT -> checkText();
            case REGEX -> {
                if (cased) {
                    throw fault("case counts in regular expressions anyway; 'i' makes it not count");
                }
                only(Set.of("re", "i", "m", "s", "contains", "startswith", "endswith", "expand", "all", "neq"));
                if (anyBefore(PLACES, Set.of("re"))) {
                    throw fault("re comes first");
                }
            }
            case CIDR -> only(Set.of("cidr", "all", "neq", "expand"));
            case FIELD -> {
                only(Set.of("fieldref", "contains", "startswith", "endswith", "all", "neq"));
                if (anyBefore(PLACES, Set.of("fieldref"))) {
                    throw fault("contains, startswith and endswith come after fieldref");
                }
            }
            case PRESENCE -> only(Set.of("exists"));
            case NUMBER -> {
                var allowed = new java.util.HashSet<>(UNITS.keySet());
                allowed.addAll(COMPARISONS.keySet());
                allowed.addAll(Set.of("all", "neq"));
                only(allowed);
            }
        }
        if (field.isEmpty() && meaning != Meaning.TEXT && meaning != Meaning.REGEX) {
            throw fault("keywords take text and regular expressions only");
        }
    }

    private void checkText() throws ContentException {
        boolean encoded = base64 || base64offset;
        if (base64 && base64offset) {
            throw fault("base64 and base64offset do not go together");
        }
        if (encoding != null && !encoded) {
            throw fault("the utf16 modifiers are followed by base64 or base64offset");
        }
        if (encoding != null && anyBefore(Set.of("base64", "base64offset"), ENCODINGS.keySet())) {
            throw fault("the utf16 modifiers come before base64 and base64offset");
        }
        if (encoded && anyBefore(PLACES, Set.of("base64", "base64offset"))) {
            throw fault("contains, startswith and endswith come after base64 and base64offset");
        }
    }

    private void only(Set<String> allowed) throws ContentException {
        for (String name : names) {
            if (!allowed.contains(name)) {
                throw fault("'" + name + "' does not go together with the modifiers beside it");
            }
        }
    }

    /** One of the first stands before one of the second. */
    private boolean anyBefore(Set<String> first, Set<String> second) {
        boolean seen = false;
        for (String name : names) {
            if (seen && second.contains(name)) {
                return true;
            }
            seen |= first.contains(name);
        }
        return false;
    }

    /** The modifiers as written, joined by blanks; empty when there are none. */
    String text() {
        return String.join(" ", names);
    }

    ContentException fault(String reason) {
        var shown = key.length() > 100 ? key.substring(0, 100) + "…" : key;
        return new ContentException(file, line, "'" + shown + "': " + reason);
    }
}
