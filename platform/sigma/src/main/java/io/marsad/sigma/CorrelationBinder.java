package io.marsad.sigma;

import io.marsad.kernel.content.ContentProblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Binds correlations to the rules and correlations that they name, and refuses those that cannot be bound. */
final class CorrelationBinder {
    private static final int DEEPEST = 8;

    private final SigmaReader reader;
    private final List<ContentProblem> refusals;
    private final Map<String, SigmaRule> rules = new HashMap<>();
    private final Map<String, SigmaCorrelation> correlations = new LinkedHashMap<>();
    private final Map<String, Set<String>> carried = new HashMap<>();
    private final Map<String, Correlation> bound = new LinkedHashMap<>();

    CorrelationBinder(
            SigmaReader reader,
            List<SigmaRule> rules,
            List<SigmaCorrelation> correlations,
            List<ContentProblem> refusals) {
        this.reader = reader;
        this.refusals = refusals;
        for (SigmaRule rule : rules) {
            this.rules.put(rule.id(), rule);
            var name = rule.about().name();
            if (name != null) {
                this.rules.put(name, rule);
            }
        }
        correlations.forEach(c -> this.correlations.put(c.id(), c));
    }

    /** Those that could be bound, what is counted before what counts it. */
    List<Correlation> bind() {
        boolean refused = true;
        while (refused) { // a refused one takes with it those that count it
            refused = correlations.values().removeIf(c -> {
                var reason = fault(c);
                if (reason != null) {
                    refusals.add(new ContentProblem(c.about().file(), c.about().line(), reason));
                }
                return reason != null;
            });
        }
        correlations.values().forEach(c -> carry(c, List.of()));
        correlations.values().forEach(this::bind);
        return List.copyOf(bound.values());
    }

    private @Nullable SigmaCorrelation correlation(String reference) {
        var byId = correlations.get(reference);
        if (byId != null) {
            return byId;
        }
        for (SigmaCorrelation one : correlations.values()) {
            if (reference.equals(one.about().name())) {
                return one;
            }
        }
        return null;
    }

    private @Nullable String fault(SigmaCorrelation correlation) {
        for (String reference : correlation.rules()) {
            if (!rules.containsKey(reference) && correlation(reference) == null) {
                return "it counts the rule '" + reference + "', which is not there or was refused";
            }
        }
        return circle(correlation, correlation, List.of(title(correlation)), new HashSet<>());
    }

    private static String title(SigmaCorrelation correlation) {
        var name = correlation.about().name();
        return "'" + (name == null ? correlation.title() : name) + "'";
    }

    private @Nullable String circle(SigmaCorrelation start, SigmaCorrelation at, List<String> path, Set<String> seen) {
        if (path.size() > DEEPEST) {
            return "correlations of correlations go at most " + DEEPEST + " deep: " + String.join(" counts ", path);
        }
        for (String reference : at.rules()) {
            var inner = rules.containsKey(reference) ? null : correlation(reference);
            if (inner != null) {
                var longer = new ArrayList<>(path);
                longer.add(title(inner));
                if (inner.id().equals(start.id())) {
                    return "it counts itself: " + String.join(" counts ", longer);
                }
                var found = seen.add(inner.id()) ? circle(start, inner, longer, seen) : null;
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** Notes what the correlations inside have to carry for this one and for those around it. */
    private void carry(SigmaCorrelation outer, List<String> wanted) {
        for (String reference : outer.rules()) {
            var inner = rules.containsKey(reference) ? null : correlation(reference);
            if (inner != null) {
                var names = new LinkedHashSet<String>();
                outer.groupBy().forEach(name -> names.add(aliased(outer, inner.about(), name)));
                outer.fields().forEach(name -> names.add(aliased(outer, inner.about(), name)));
                wanted.stream().filter(name -> !outer.groupBy().contains(name)).forEach(names::add);
                inner.groupBy().forEach(names::remove);
                var known = carried.get(inner.id());
                boolean more = known == null;
                known = known == null ? new LinkedHashSet<>() : known;
                carried.put(inner.id(), known);
                if (known.addAll(names) || more) {
                    carry(inner, List.copyOf(names));
                }
            }
        }
    }

    private Correlation bind(SigmaCorrelation correlation) {
        var known = bound.get(correlation.id());
        if (known != null) {
            return known;
        }
        var carries = List.copyOf(carried.getOrDefault(correlation.id(), Set.of()));
        var members = new ArrayList<Correlation.Member>();
        var inners = new ArrayList<Correlation.Inner>();
        for (int i = 0; i < correlation.rules().size(); i++) {
            var reference = correlation.rules().get(i);
            var rule = rules.get(reference);
            var other = rule == null ? correlation(reference) : null;
            if (rule != null) {
                members.add(member(correlation, rule, i, carries));
            } else if (other != null) {
                inners.add(inner(correlation, bind(other), i, carries));
            }
        }
        var ready = new Correlation(correlation, members, inners, carries, alerts(correlation));
        bound.put(correlation.id(), ready);
        return ready;
    }

    private Correlation.Member member(SigmaCorrelation correlation, SigmaRule rule, int index, List<String> carries) {
        return new Correlation.Member(
                rule,
                index,
                correlation.groupBy().stream()
                        .map(name -> reader.resolve(rule, aliased(correlation, rule.about(), name)))
                        .toList(),
                correlation.fields().stream()
                        .map(name -> reader.resolve(rule, aliased(correlation, rule.about(), name)))
                        .toList(),
                carries.stream().map(name -> reader.resolve(rule, name)).toList());
    }

    private static Correlation.Inner inner(
            SigmaCorrelation correlation, Correlation inner, int index, List<String> carries) {
        var known = new ArrayList<>(inner.definition().groupBy());
        known.addAll(inner.carried());
        var about = inner.definition().about();
        return new Correlation.Inner(
                inner,
                index,
                correlation.groupBy().stream()
                        .map(name -> known.indexOf(aliased(correlation, about, name)))
                        .toList(),
                correlation.fields().stream()
                        .map(name -> known.indexOf(aliased(correlation, about, name)))
                        .toList(),
                carries.stream().map(known::indexOf).toList());
    }

    private static String aliased(SigmaCorrelation correlation, About counted, String name) {
        var alias = correlation.aliases().getOrDefault(name, Map.of());
        var field = alias.get(counted.id());
        var countedName = counted.name();
        if (field == null && countedName != null) {
            field = alias.get(countedName);
        }
        return field == null ? name : field;
    }

    /** Unless it is counted by others, none of which has {@code generate}. */
    private boolean alerts(SigmaCorrelation correlation) {
        boolean counted = false;
        for (SigmaCorrelation outer : correlations.values()) {
            if (outer.rules().contains(correlation.id())
                    || correlation.about().name() != null
                            && outer.rules().contains(correlation.about().name())) {
                if (outer.generate()) {
                    return true;
                }
                counted = true;
            }
        }
        return !counted;
    }
}
