package io.marsad.sigma;

import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.predicate.Predicate;
import java.util.List;

/**
 * A rule about single events.
 *
 * @param logSource what events it is for; keys that it does not name are null
 * @param predicate the whole rule, its fields resolved to slots
 * @param selections its named parts, kept so that a match can be explained
 * @param condition as written; several are joined by {@code or}
 * @param fields what the author says an analyst wants to see
 */
public record SigmaRule(
        About about,
        LogSource logSource,
        Predicate predicate,
        List<Selection> selections,
        String condition,
        List<String> fields)
        implements SigmaDocument {
    public SigmaRule {
        selections = List.copyOf(selections);
        fields = List.copyOf(fields);
    }

    public Level level() {
        return about.level();
    }
}
