package io.marsad.sigma;

import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.predicate.Predicate;
import java.util.List;
import java.util.Set;

/**
 * Takes events away from rules (filters specification): a listed rule whose log source is the filter's or narrower
 * becomes "rule and not filter".
 *
 * @param rules ids or names; empty means every rule of a fitting log source
 * @param lists the placeholders that it has
 * @param missingLists those whose lists were only {@link Placeholders#assumes assumed}: such a filter takes nothing away
 */
public record SigmaFilter(
        About about,
        LogSource logSource,
        List<String> rules,
        Predicate predicate,
        Set<String> lists,
        Set<String> missingLists)
        implements SigmaDocument {
    public SigmaFilter {
        lists = Set.copyOf(lists);
        missingLists = Set.copyOf(missingLists);
        rules = List.copyOf(rules);
    }

    /** Whether the rule is one that it takes events away from. */
    public boolean appliesTo(SigmaRule rule) {
        return rule.logSource().satisfies(logSource)
                && (rules.isEmpty()
                        || rules.contains(rule.id())
                        || rule.about().name() != null
                                && rules.contains(rule.about().name()));
    }
}
