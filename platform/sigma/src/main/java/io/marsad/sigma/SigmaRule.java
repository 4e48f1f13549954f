package io.marsad.sigma;

import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.predicate.Predicate;
import java.util.List;
import java.util.Set;

/**
 * A rule about single events.
 *
 * @param logSource what events it is for; keys that it does not name are null
 * @param predicate the whole rule, its fields resolved to slots
 * @param selections its named parts, kept so that a match can be explained
 * @param condition as written; several are joined by {@code or}
 * @param fields what the author says an analyst wants to see
 * @param lists the placeholders that it has
 * @param missingLists those whose lists were only {@link Placeholders#assumes assumed}: such a rule is not to run
 */
public record SigmaRule(
        About about,
        LogSource logSource,
        Predicate predicate,
        List<Selection> selections,
        String condition,
        List<String> fields,
        Set<String> lists,
        Set<String> missingLists)
        implements SigmaDocument {
    public SigmaRule {
        selections = List.copyOf(selections);
        fields = List.copyOf(fields);
        lists = Set.copyOf(lists);
        missingLists = Set.copyOf(missingLists);
    }

    public Level level() {
        return about.level();
    }

    /** Whether its condition is true of whatever its log source sends. */
    public boolean firesOnEverything() {
        return Constant.of(predicate) == Constant.TRUE;
    }

    /** The same text, read with other lists. */
    SigmaRule readAs(SigmaRule other) {
        return new SigmaRule(
                about,
                logSource,
                other.predicate,
                other.selections,
                condition,
                fields,
                other.lists,
                other.missingLists);
    }

    /** The same rule with another predicate: filters applied. */
    SigmaRule with(Predicate other) {
        return new SigmaRule(about, logSource, other, selections, condition, fields, lists, missingLists);
    }
}
