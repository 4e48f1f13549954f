package io.marsad.fleet.osquery;

import io.marsad.kernel.content.Suggestion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The tables that osquery brings with it. Extensions bring others. Immutable. */
final class OsqueryTables {
    private static final Set<String> EVERYWHERE = Set.of("linux", "darwin", "windows");
    private static final Map<String, Table> TABLES = read();

    /**
     * A table.
     *
     * @param platforms as packs name them: linux, darwin, windows
     * @param events whether it keeps what happened since it was last asked
     * @param required columns of which a query has to give one; empty: none
     */
    record Table(String name, Set<String> platforms, boolean events, List<String> required) {}

    private OsqueryTables() {}

    static @Nullable Table find(String name) {
        return TABLES.get(name);
    }

    /** {@code " (did you mean 'x'?)"}, or nothing. */
    static String suggestion(String wrong) {
        return Suggestion.among(wrong, TABLES.keySet().toArray(String[]::new));
    }

    /** What a pack's or a query's {@code platform} stands for. Empty: there is no such word among them. */
    static Set<String> platforms(String words) {
        var found = new TreeSet<String>();
        for (var word : words.split(",", -1)) {
            switch (word.strip()) {
                case "", "any", "all" -> found.addAll(EVERYWHERE);
                case "linux", "windows", "darwin" -> found.add(word.strip());
                case "posix" -> found.addAll(Set.of("linux", "darwin"));
                default -> {
                    return Set.of();
                }
            }
        }
        return found;
    }

    private static Map<String, Table> read() {
        var tables = new HashMap<String, Table>();
        try (var in = OsqueryTables.class.getResourceAsStream("tables.txt")) {
            if (in == null) {
                throw new IllegalStateException("tables.txt is part of this module");
            }
            var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines();
            lines.filter(line -> !line.startsWith("#")).forEach(line -> {
                var parts = Arrays.copyOf(line.split("\\|", -1), 4);
                var platforms = parts[1].equals("all") ? EVERYWHERE : platforms(parts[1].replace("macos", "darwin"));
                var required =
                        parts[3] == null || parts[3].isEmpty() ? List.<String>of() : List.of(parts[3].split(","));
                tables.put(parts[0], new Table(parts[0], platforms, "events".equals(parts[2]), required));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tables;
    }
}
