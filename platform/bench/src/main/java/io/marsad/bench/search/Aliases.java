package io.marsad.bench.search;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Short names of fields, out of the table in the language's description, not out of the code. */
final class Aliases {
    private static final Pattern ROW = Pattern.compile("\\| `([a-z_]+)` \\| ((`[a-z_.]+`(, )?)+) \\|");
    /** Their values may be written as captions; such values are not made up here. */
    static final List<String> WITH_CAPTIONS = List.of("severity", "class", "category");

    private Aliases() {}

    static Map<String, List<String>> read(Path root) throws IOException {
        var aliases = new TreeMap<String, List<String>>();
        for (String line : Files.readAllLines(root.resolve("docs/reference/query-language.md"))) {
            var row = ROW.matcher(line);
            if (row.matches()
                    && !WITH_CAPTIONS.contains(row.group(1))
                    && row.group(2).contains("_") | row.group(2).contains(".")) {
                aliases.put(row.group(1), List.of(row.group(2).replace("`", "").split(", ")));
            }
        }
        return aliases;
    }
}
