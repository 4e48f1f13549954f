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
import java.util.Set;

/**
 * Lists that rules ask for with {@code %name%} under {@code expand}, such as the tenant's administrators.
 *
 * @param lists values by name, compared as they are (no wildcards)
 * @param assumed rules whose lists are not there are read all the same, with nothing in the list, and say so
 *     ({@link SigmaRule#missingLists}): for checking rules before the lists are known, never for detecting
 * @param elsewhere lists of which that is true though it is not of all
 */
public record Placeholders(Map<String, List<String>> lists, boolean assumed, Set<String> elsewhere) {
    public static final Placeholders NONE = new Placeholders(Map.of());

    /** For checking whether rules read well, whatever lists there will be. */
    public static final Placeholders ASSUMED = new Placeholders(Map.of(), true, Set.of());

    private static final int MAX_NAME = 64;

    public Placeholders {
        lists = Map.copyOf(lists);
        elsewhere = Set.copyOf(elsewhere);
    }

    public Placeholders(Map<String, List<String>> lists) {
        this(lists, false, Set.of());
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
        return new Placeholders(lists, true, Set.of());
    }

    /** The same lists; those named are assumed where they are not among them. */
    Placeholders assuming(Set<String> names) {
        return new Placeholders(lists, assumed, names);
    }

    /** These lists, with those in place of the ones of the same name. */
    Placeholders with(Placeholders those) {
        var all = new HashMap<>(lists);
        all.putAll(those.lists);
        return new Placeholders(all, assumed, elsewhere);
    }

    /** Whether rules are read though this list has nothing. */
    boolean assumes(String name) {
        return assumed || elsewhere.contains(name);
    }

    /** The list of that name; empty when there is none. */
    List<String> list(String name) {
        return lists.getOrDefault(name, List.of());
    }
}
