package io.marsad.sigma;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which lists a document asks for, and which of them have nothing. One thread. */
final class ListUse {
    private final Placeholders lists;
    private final Set<String> used = new LinkedHashSet<>();
    private final Set<String> missing = new LinkedHashSet<>();

    ListUse(Placeholders lists) {
        this.lists = lists;
    }

    /**
     * The values of a list; none when it is assumed.
     *
     * @param where the value that names it
     */
    List<String> values(String name, YamlNode.Scalar where) throws ContentException {
        var list = lists.list(name);
        used.add(name);
        if (list.isEmpty()) {
            if (!lists.assumes(name)) {
                throw where.fault("the list %" + name + "% has no values, and a rule is not loaded without them:"
                        + " give them in a file of lists (" + name + ": [value, …])");
            }
            missing.add(name);
        }
        return list;
    }

    Set<String> used() {
        return used;
    }

    Set<String> missing() {
        return missing;
    }
}
