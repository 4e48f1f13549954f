package io.marsad.normalize.mapping;

/** A compiled extraction: a pattern over one value, tried only when a literal of it is there. */
final class ExtractPlan {
    private final int register;
    private final byte[][] literals;
    private final GroupFinder finder;
    private final int[] groupPaths; // 0: the group has no name

    ExtractPlan(Mapping.Extract extract, Leaves leaves) {
        register = leaves.register(extract.from());
        literals = Check.bytes(extract.literals());
        finder = new GroupFinder(extract.pattern());
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
        if (!finder.find(bytes, offset, length)) {
            return false;
        }
        for (int group = 1; group < groupPaths.length; group++) {
            int start = finder.start(group);
            if (groupPaths[group] != 0 && start >= 0 && finder.end(group) > start) {
                leaves.addPart(groupPaths[group], leaf, offset + start, finder.end(group) - start);
            }
        }
        return true;
    }
}
