package io.marsad.kernel.ocsf;

import java.util.List;
import java.util.Map;

/**
 * The attributes that belong together: an object's or a class's.
 *
 * @param atLeastOne one of these has to be there; empty when the schema does not ask for it
 * @param justOne exactly one of these has to be there; empty when the schema does not ask for it
 */
public record OcsfObject(
        String name, Map<String, OcsfAttribute> attributes, List<String> atLeastOne, List<String> justOne) {
    public OcsfObject {
        attributes = Map.copyOf(attributes);
        atLeastOne = List.copyOf(atLeastOne);
        justOne = List.copyOf(justOne);
    }

    /** Anything may be inside: the schema's own bare {@code object}. */
    public boolean free() {
        return name.equals("object");
    }
}
