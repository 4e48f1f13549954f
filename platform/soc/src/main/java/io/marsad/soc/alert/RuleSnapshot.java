package io.marsad.soc.alert;

import io.marsad.kernel.event.EventId;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A rule as it was when it fired.
 *
 * @param id the rule's own id, 1 to 128 characters
 * @param level Sigma's level; may be empty
 * @param source the rule as it is written (YAML)
 */
public record RuleSnapshot(
        String id,
        String title,
        String level,
        @Nullable String status,
        @Nullable String description,
        @Nullable String author,
        List<String> tags,
        List<String> references,
        List<String> falsePositives,
        String source,
        RuleOrigin origin) {
    private static final Pattern TECHNIQUE = Pattern.compile("attack\\.(t[0-9]{4}(\\.[0-9]{3})?)");

    public RuleSnapshot {
        if (id.isEmpty() || id.length() > 128) {
            throw new IllegalArgumentException("a rule's id has 1 to 128 characters");
        }
        tags = List.copyOf(tags);
        references = List.copyOf(references);
        falsePositives = List.copyOf(falsePositives);
    }

    public Severity severity() {
        return Severity.ofLevel(level);
    }

    /** ATT&CK ids of the tags: {@code attack.t1059.001} is T1059.001. */
    public List<String> attack() {
        return tags.stream()
                .map(tag -> TECHNIQUE.matcher(tag.toLowerCase(Locale.ROOT)))
                .filter(java.util.regex.Matcher::matches)
                .map(m -> m.group(1).toUpperCase(Locale.ROOT))
                .distinct()
                .toList();
    }

    /** Changes with anything that is written in the rule, and with where it is from. */
    public String revision() {
        return EventId.derived("rule", id, title, level, source, origin.set(), origin.revision(), origin.licence())
                .toString();
    }
}
