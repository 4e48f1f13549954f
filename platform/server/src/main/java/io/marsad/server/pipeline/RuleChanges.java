package io.marsad.server.pipeline;

import io.marsad.sigma.RuleSet;
import io.marsad.sigma.SigmaCorrelation;
import io.marsad.sigma.SigmaDocument;
import io.marsad.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How two sets of rules differ, by ids.
 *
 * @param changed they say something else now: because of their text, a filter, or a list
 */
public record RuleChanges(List<SigmaDocument> added, List<SigmaDocument> changed, List<SigmaDocument> removed) {
    public RuleChanges {
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
    }

    static RuleChanges between(RuleSet before, RuleSet after) {
        var old = documents(before);
        var now = documents(after);
        var added = new ArrayList<SigmaDocument>();
        var changed = new ArrayList<SigmaDocument>();
        now.forEach((id, document) -> {
            var was = old.remove(id);
            if (was == null) {
                added.add(document);
            } else if (!same(was, document, before, after)) {
                changed.add(document);
            }
        });
        return new RuleChanges(added, changed, List.copyOf(old.values()));
    }

    private static boolean same(SigmaDocument was, SigmaDocument is, RuleSet before, RuleSet after) {
        return was.about().source().equals(is.about().source())
                && switch (is) {
                    case SigmaRule rule ->
                        was instanceof SigmaRule old
                                && old.predicate().equals(rule.predicate())
                                && before.readsAlike(after, old, rule);
                    case SigmaCorrelation correlation -> was instanceof SigmaCorrelation;
                    case io.marsad.sigma.SigmaFilter filter -> was instanceof io.marsad.sigma.SigmaFilter;
                };
    }

    private static Map<String, SigmaDocument> documents(RuleSet rules) {
        var documents = new LinkedHashMap<String, SigmaDocument>();
        rules.rules().forEach(rule -> documents.put(rule.id(), rule));
        rules.correlations().forEach(c -> documents.put(c.definition().id(), c.definition()));
        return documents;
    }
}
