package io.marsad.server.scan;

import io.marsad.sigma.About;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** MITRE ATT&CK as rules' tags have it. */
final class Attack {
    private static final String PREFIX = "attack.";
    private static final Pattern TECHNIQUE = Pattern.compile("t\\d{4}(\\.\\d{3})?");
    private static final Pattern OTHER_ID = Pattern.compile("[gs]\\d{4}");

    private Attack() {}

    /** {@code T1059.001}, in the rule's order. */
    static List<String> techniques(About rule) {
        return rule.tags().stream()
                .map(tag -> tag.toLowerCase(Locale.ROOT))
                .filter(tag -> tag.startsWith(PREFIX))
                .map(tag -> tag.substring(PREFIX.length()))
                .filter(tag -> TECHNIQUE.matcher(tag).matches())
                .map(tag -> tag.toUpperCase(Locale.ROOT))
                .distinct()
                .toList();
    }

    /** {@code credential-access}, in the rule's order. */
    static List<String> tactics(About rule) {
        return rule.tags().stream()
                .map(tag -> tag.toLowerCase(Locale.ROOT))
                .filter(tag -> tag.startsWith(PREFIX))
                .map(tag -> tag.substring(PREFIX.length()).replace('_', '-'))
                .filter(tag -> !TECHNIQUE.matcher(tag).matches()
                        && !OTHER_ID.matcher(tag).matches())
                .distinct()
                .toList();
    }
}
