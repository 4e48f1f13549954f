package io.marsad.normalize.mapping;

import com.google.re2j.Pattern;
import io.marsad.normalize.format.Utf8;

/** A compiled extraction: a pattern over one value, tried only when a literal of it is there. */
final class ExtractPlan {
    private final int register;
    private final byte[][] literals;
    private final Pattern pattern;
    private final int[] groupPaths; // 0: the group has no name

    ExtractPlan(Mapping.Extract extract, Leaves leaves) {
        register = leaves.register(extract.from());
        literals = Check.bytes(extract.literals());
        pattern = extract.pattern();
        groupPaths = extract.groups().stream()
                .mapToInt(name -> name.isEmpty() ? 0 : leaves.path(name))
                .toArray();
    }

    /** Adds the groups as values when the pattern is found. */
    boolean run(Leaves leaves) {
        int leaf = leaves.first(register);
        if (leaf == Leaves.NONE) {
            return false;
        }
        var bytes = leaves.bytes(leaf);
        int offset = leaves.offset(leaf);
        int length = leaves.length(leaf);
        if (literals.length > 0 && !Check.anyIn(literals, bytes, offset, length)) {
            return false;
        }
        var matcher = pattern.matcher(Utf8.readable(bytes, offset, length));
        if (!matcher.find()) {
            return false;
        }
        for (int group = 1; group < groupPaths.length; group++) {
            int start = matcher.start(group);
            if (groupPaths[group] != 0 && start >= 0 && matcher.end(group) > start) {
                leaves.addPart(groupPaths[group], leaf, offset + start, matcher.end(group) - start);
            }
        }
        return true;
    }
}
