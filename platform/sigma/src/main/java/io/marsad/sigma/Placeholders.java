package io.marsad.sigma;

import java.util.List;
import java.util.Map;

/**
 * Lists that rules ask for with {@code %name%} under {@code expand}, such as the tenant's administrators.
 *
 * @param lists values by name, compared as they are (no wildcards)
 */
public record Placeholders(Map<String, List<String>> lists) {
    public static final Placeholders NONE = new Placeholders(Map.of());

    public Placeholders {
        lists = Map.copyOf(lists);
    }
}
