package io.marsad.store.query;

import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Short names of fields and captions of enumerations; the table in docs/reference/query-language.md is checked against it. */
final class Names {
    /** Every value of an event. */
    static final String ANY_VALUE = "any_value";

    /** Every value of an event and its raw record. */
    static final String ANYTHING = "anything";

    /** Beyond this many names in the process a query may not bring new ones (see {@link Field}). */
    static final Map<String, List<String>> ALIASES = aliases();

    static final Map<String, Map<String, String>> CAPTIONS = captions();

    private Names() {}

    private static Map<String, List<String>> aliases() {
        var map = new LinkedHashMap<String, List<String>>();
        map.put("host", List.of("device.hostname"));
        map.put("user", List.of("actor.user.name", "user.name"));
        map.put("ip", List.of("src_endpoint.ip", "dst_endpoint.ip", "device.ip"));
        map.put("src", List.of("src_endpoint.ip"));
        map.put("dst", List.of("dst_endpoint.ip"));
        map.put("src_port", List.of("src_endpoint.port"));
        map.put("dst_port", List.of("dst_endpoint.port"));
        map.put("port", List.of("src_endpoint.port", "dst_endpoint.port"));
        map.put("process", List.of("process.name", "actor.process.name"));
        map.put("image", List.of("process.file.path", "actor.process.file.path"));
        map.put("cmd", List.of("process.cmd_line", "actor.process.cmd_line"));
        map.put("pid", List.of("process.pid", "actor.process.pid"));
        map.put("parent", List.of("process.parent_process.name"));
        map.put("parent_cmd", List.of("process.parent_process.cmd_line"));
        map.put("file", List.of("file.path", "file.name"));
        map.put("hash", List.of("file.hashes.value", "process.file.hashes.value"));
        map.put("domain", List.of("query.hostname", "dst_endpoint.hostname"));
        map.put("url", List.of("http_request.url.url_string", "url.url_string"));
        map.put("event_id", List.of("metadata.event_code"));
        map.put("product", List.of("metadata.product.name"));
        map.put("operation", List.of("api.operation"));
        map.put("container", List.of("container.name"));
        map.put("severity", List.of("severity_id"));
        map.put("class", List.of("class_uid"));
        map.put("category", List.of("category_uid"));
        return Map.copyOf(map);
    }

    private static Map<String, Map<String, String>> captions() {
        var severity = Map.of(
                "unknown",
                "0",
                "informational",
                "1",
                "info",
                "1",
                "low",
                "2",
                "medium",
                "3",
                "high",
                "4",
                "critical",
                "5",
                "fatal",
                "6",
                "other",
                "99");
        var category = Map.of(
                "uncategorized",
                "0",
                "system",
                "1",
                "findings",
                "2",
                "iam",
                "3",
                "network",
                "4",
                "discovery",
                "5",
                "application",
                "6",
                "remediation",
                "7",
                "unmanned_systems",
                "8");
        var classes = new LinkedHashMap<String, String>();
        try (var in = Objects.requireNonNull(Names.class.getResourceAsStream("classes.tsv"), "classes.tsv")) {
            for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                int tab = line.indexOf('\t');
                classes.put(line.substring(0, tab), line.substring(tab + 1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of("severity", severity, "category", category, "class", Map.copyOf(classes));
    }

    /** The fields that a written name stands for: any of them may hold the value. */
    static List<Field> slots(String name) {
        if (name.equalsIgnoreCase(ANY_VALUE)) {
            return List.of(Predicate.VALUES);
        }
        if (name.equalsIgnoreCase(ANYTHING)) {
            return List.of(Predicate.ANYWHERE);
        }
        if (name.length() > 1 && name.charAt(0) == '.') {
            return List.of(field(name.substring(1)));
        }
        var alias = ALIASES.get(name.toLowerCase(Locale.ROOT));
        if (alias != null) {
            return alias.stream().map(Field::of).toList();
        }
        // A name without a dot may be the source's own, which is kept under "unmapped".
        return name.indexOf('.') < 0 ? List.of(field(name), field(Field.UNMAPPED + name)) : List.of(field(name));
    }

    /** Whoever searches may not fill the table of names, which all tenants share. */
    private static Field field(String path) {
        var field = Field.ofUntrusted(path);
        if (field == null) {
            var shown = path.length() > 64 ? path.substring(0, 64) + "…" : path;
            throw new Problem(
                            "invalid-query",
                            400,
                            "Bad request",
                            "No field is called '" + shown + "', and more names cannot be looked for.",
                            List.of())
                    .asException();
        }
        return field;
    }

    /** The captions of the named enumeration; none when it is none. */
    static List<String> captions(String name) {
        var captions = CAPTIONS.get(name.toLowerCase(Locale.ROOT));
        return captions == null
                ? List.of()
                : captions.keySet().stream().sorted().toList();
    }

    static boolean looksLikeField(String word) {
        return ALIASES.containsKey(word.toLowerCase(Locale.ROOT)) || word.indexOf('.') > 0 && Lexer.isPath(word);
    }

    /** The number behind a caption of the named enumeration, or the text as it is. */
    static String number(String name, String value) {
        var captions = CAPTIONS.get(name.toLowerCase(Locale.ROOT));
        return captions == null ? value : captions.getOrDefault(value.toLowerCase(Locale.ROOT), value);
    }

    /** Why the value cannot be one of the named enumeration, or null. */
    static @Nullable String unknownCaption(String name, String value) {
        var captions = CAPTIONS.get(name.toLowerCase(Locale.ROOT));
        if (captions == null
                || captions.containsKey(value.toLowerCase(Locale.ROOT))
                || value.chars().allMatch(c -> c >= '0' && c <= '9' || c == '*' || c == '?')) {
            return null;
        }
        var right = captions.keySet().stream().sorted().toArray(String[]::new);
        return "'" + value + "' is no " + name + Suggestion.among(value.toLowerCase(Locale.ROOT), right);
    }
}
