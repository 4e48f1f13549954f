package io.marsad.sigma;

import java.util.List;
import java.util.Map;

/**
 * Lists that rules ask for with {@code %name%} under {@code expand}, such as the tenant's administrators.
 *
 * @param lists values by name, compared as they are (no wildcards)
 * @param assumed lists that are not there count as if they were, with a value that nothing has: for checking rules before
 *     the lists are known, never for detecting
 */
public record Placeholders(Map<String, List<String>> lists, boolean assumed) {
    public static final Placeholders NONE = new Placeholders(Map.of(), false);

    /** For checking whether rules read well, whatever lists there will be. */
    public static final Placeholders ASSUMED = new Placeholders(Map.of(), true);

    public Placeholders {
        lists = Map.copyOf(lists);
    }

    public Placeholders(Map<String, List<String>> lists) {
        this(lists, false);
    }

    /** The list of that name; empty when there is none. */
    List<String> list(String name) {
        return lists.getOrDefault(name, assumed ? List.of("%" + name + "%") : List.of());
    }
}
