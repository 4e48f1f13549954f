package io.marsad.sigma;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lists that rules ask for with {@code %name%} under {@code expand}, such as the tenant's administrators.
 *
 * @param lists values by name, compared as they are (no wildcards)
 * @param assumed rules whose lists are not there are read all the same, with nothing in the list, and say so
 *     ({@link SigmaRule#missingLists}): for checking rules before the lists are known, never for detecting
 */
public record Placeholders(Map<String, List<String>> lists, boolean assumed) {
    public static final Placeholders NONE = new Placeholders(Map.of(), false);

    /** For checking whether rules read well, whatever lists there will be. */
    public static final Placeholders ASSUMED = new Placeholders(Map.of(), true);

    private static final int MAX_NAME = 64;

    public Placeholders {
        lists = Map.copyOf(lists);
    }

    public Placeholders(Map<String, List<String>> lists) {
        this(lists, false);
    }

    /**
     * Reads lists from YAML files, or from every one below folders; what comes later wins. Each is a map of names and
     * their values: {@code Administrators: [alice, bob]}. Paths that are not there are passed over.
     *
     * @throws ContentException with every fault of every file
     */
    public static Placeholders load(List<Path> paths) throws ContentException, IOException {
        var lists = new HashMap<String, List<String>>();
        var faults = new ArrayList<ContentProblem>();
        for (Path path : paths) {
            if (!Files.exists(path)) {
                continue;
            }
            for (Path file : ContentFiles.under(path)) {
                try {
                    for (YamlNode document : YamlReader.read(file)) {
                        read(document.asMapping(), lists);
                    }
                } catch (ContentException e) {
                    faults.addAll(e.problems());
                }
            }
        }
        if (!faults.isEmpty()) {
            throw new ContentException(faults);
        }
        return new Placeholders(lists);
    }

    private static void read(YamlNode.Mapping document, Map<String, List<String>> lists) throws ContentException {
        for (YamlNode.Entry entry : document.entries()) {
            if (!entry.key().matches("[A-Za-z0-9_.-]{1," + MAX_NAME + "}")) {
                throw new ContentException(
                        document.file(),
                        entry.line(),
                        "'" + entry.key() + "' is not a name of a list: 1 to " + MAX_NAME
                                + " letters, digits, _, . and -");
            }
            boolean nothing = entry.value() instanceof YamlNode.Scalar scalar && scalar.isNull();
            lists.put(
                    entry.key(), nothing ? List.of() : List.copyOf(entry.value().asTexts()));
        }
    }

    /** The same lists, for checking rules. */
    public Placeholders assuming() {
        return new Placeholders(lists, true);
    }

    /** The list of that name; empty when there is none. */
    List<String> list(String name) {
        return lists.getOrDefault(name, List.of());
    }
}
