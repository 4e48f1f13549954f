package io.marsad.server.imports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a folder of rules is from; kept beside them as {@code manifest.json}.
 *
 * @param source as it was named: a folder, a zip file or an address
 * @param kind folder, zip or git
 * @param revision the commit, or {@code sha256:} and a hash
 * @param importedAt ISO 8601, UTC
 * @param licence SPDX
 * @param files each rule file's SHA-256 by its path below the set's folder
 * @param authors how many rules are of whom
 */
public record ImportedSet(
        String name,
        String source,
        String kind,
        String revision,
        String importedAt,
        String licence,
        Map<String, String> files,
        Map<String, Integer> authors) {
    static final String MANIFEST = "manifest.json";

    public ImportedSet {
        files = Map.copyOf(files);
        authors = Map.copyOf(authors);
    }

    /** The sets below a folder, by name. */
    public static List<ImportedSet> all(Path into) throws IOException {
        var sets = new ArrayList<ImportedSet>();
        if (!Files.isDirectory(into)) {
            return sets;
        }
        try (var folders = Files.list(into)) {
            for (Path folder : folders.sorted().toList()) {
                var set = read(folder);
                if (set != null && !folder.getFileName().toString().startsWith(".")) {
                    sets.add(set);
                }
            }
        }
        return sets;
    }

    /** The set in a folder; null when it was not imported. */
    static @Nullable ImportedSet read(Path folder) throws IOException {
        var file = folder.resolve(MANIFEST);
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try {
            var json = JsonMapper.shared().readTree(Files.readString(file));
            var files = new LinkedHashMap<String, String>();
            json.path("files").properties().forEach(e -> files.put(e.getKey(), text(e.getValue())));
            var authors = new LinkedHashMap<String, Integer>();
            json.path("authors")
                    .properties()
                    .forEach(e -> authors.put(e.getKey(), e.getValue().asInt(0)));
            return new ImportedSet(
                    folder.getFileName().toString(),
                    text(json.path("source")),
                    text(json.path("kind")),
                    text(json.path("revision")),
                    text(json.path("imported_at")),
                    text(json.path("licence")),
                    files,
                    authors);
        } catch (JacksonException e) {
            throw new IOException(file + " is damaged: " + e.getOriginalMessage(), e);
        }
    }

    private static String text(JsonNode node) {
        return node.isString() ? node.stringValue() : "";
    }

    void write(Path folder) throws IOException {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", name);
        json.put("source", source);
        json.put("kind", kind);
        json.put("revision", revision);
        json.put("imported_at", importedAt);
        json.put("licence", licence);
        json.put("authors", new java.util.TreeMap<>(authors));
        json.put("files", new java.util.TreeMap<>(files));
        Files.writeString(
                folder.resolve(MANIFEST),
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    }
}
