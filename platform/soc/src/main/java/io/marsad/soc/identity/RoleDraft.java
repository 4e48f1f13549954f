package io.marsad.soc.identity;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A role that is to be made. */
public record RoleDraft(String name, String description, Set<String> permissions) {
    private static final int LONGEST_DESCRIPTION = 500;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{1,39}");

    public RoleDraft {
        permissions = Set.copyOf(permissions);
    }

    /** What is wrong with a name for a role; null when nothing is. */
    public static @Nullable String faultOfName(String name) {
        return NAME.matcher(name).matches()
                ? null
                : "A role's name has 2 to 40 lower-case letters, digits and _, and begins with a letter.";
    }

    /** What is wrong with a description of a role; null when nothing is. */
    public static @Nullable String faultOfDescription(String description) {
        return description.length() > LONGEST_DESCRIPTION || description.indexOf(0) >= 0
                ? "A role's description has at most " + LONGEST_DESCRIPTION + " characters."
                : null;
    }

    /** For the audit. */
    Map<String, ?> facts() {
        return new TreeMap<>(Map.of(
                "name", name, "description", description, "permissions", List.copyOf(new TreeSet<>(permissions))));
    }
}
