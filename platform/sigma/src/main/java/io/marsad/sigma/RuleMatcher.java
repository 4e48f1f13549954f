package io.marsad.sigma;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.Hits;
import io.marsad.match.Matcher;
import io.marsad.match.MatcherCompiler;
import io.marsad.match.RuleBudget;
import io.marsad.match.RuleCost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A {@link RuleSet} ready to run. Belongs to one thread; {@link #copy} makes one for another. A reload makes a new one and
 * puts it in this one's place between two batches.
 *
 * <p>Rules that read differently for tenants with lists of their own are matchers of their own, one a tenant and one for
 * all others, so that what a tenant's events are compared with never holds another's values.
 */
public final class RuleMatcher {
    private final RuleSet rules;
    private final Uses uses;
    private final Part same;
    private final @Nullable Part others; // null: no tenant has lists of its own
    private final Map<TenantId, Part> own;
    private final Hits hits = new Hits();

    /** A correlation that counts a rule. */
    private record Use(Correlation correlation, Correlation.Member member) {}

    /** What becomes of a rule's matches, by its place among the rules; the same for all threads. */
    private record Uses(boolean[] alerts, List<List<Use>> uses) {}

    /** Rules that are asked together. */
    private static final class Part {
        final List<SigmaRule> rules;
        final int[] places;
        final Matcher matcher;

        private Part(List<SigmaRule> rules, int[] places, Matcher matcher) {
            this.rules = rules;
            this.places = places;
            this.matcher = matcher;
        }

        /** @param places of all rules, by id */
        static Part of(Collection<SigmaRule> some, Map<String, Integer> places) {
            var rules = some.stream()
                    .filter(rule -> rule.missingLists().isEmpty() && places.containsKey(rule.id()))
                    .toList();
            var compiler = new MatcherCompiler();
            rules.forEach(rule -> compiler.add(rule.logSource(), rule.predicate()));
            return new Part(
                    rules,
                    rules.stream().mapToInt(rule -> places.get(rule.id())).toArray(),
                    compiler.compile());
        }

        Part copy() {
            return new Part(rules, places, matcher.copy());
        }
    }

    RuleMatcher(RuleSet rules) {
        this.rules = rules;
        var readings = rules.readings();
        var places = new HashMap<String, Integer>();
        rules.rules().forEach(rule -> places.put(rule.id(), places.size()));
        same = Part.of(rules.rules().stream().filter(r -> !readings.varies(r)).toList(), places);
        others = readings.byTenant().isEmpty()
                ? null
                : Part.of(rules.rules().stream().filter(readings::varies).toList(), places);
        own = new HashMap<>();
        readings.byTenant().forEach((tenant, its) -> own.put(tenant, Part.of(its.values(), places)));
        uses = uses(rules);
    }

    private RuleMatcher(RuleMatcher other) {
        rules = other.rules;
        uses = other.uses;
        same = other.same.copy();
        others = other.others == null ? null : other.others.copy();
        own = new HashMap<>();
        other.own.forEach((tenant, part) -> own.put(tenant, part.copy()));
    }

    private static Uses uses(RuleSet rules) {
        var byRule = new HashMap<String, List<Use>>();
        for (Correlation correlation : rules.correlations()) {
            for (Correlation.Member member : correlation.members()) {
                byRule.computeIfAbsent(member.rule().id(), id -> new ArrayList<>())
                        .add(new Use(correlation, member));
            }
        }
        var alerts = new boolean[rules.rules().size()];
        var uses = new ArrayList<List<Use>>(alerts.length);
        for (SigmaRule rule : rules.rules()) {
            var used = List.copyOf(byRule.getOrDefault(rule.id(), List.of()));
            alerts[uses.size()] = used.isEmpty()
                    || used.stream()
                            .anyMatch(use -> use.correlation.definition().generate());
            uses.add(used);
        }
        return new Uses(alerts, uses);
    }

    /** The same for another thread. */
    public RuleMatcher copy() {
        return new RuleMatcher(this);
    }

    public RuleSet rules() {
        return rules;
    }

    /** Tells the sink every rule that the row fits and that is for the row's log source. */
    public void match(EventBatch batch, int row, DetectionSink sink) {
        same.matcher.match(batch, row, hits);
        tell(same, batch, row, sink);
        var more = varying(batch.tenant());
        if (more != null) {
            more.matcher.match(batch, row, hits);
            tell(more, batch, row, sink);
        }
    }

    /** The same whatever log source the rules are for. */
    public void matchAnySource(EventBatch batch, int row, DetectionSink sink) {
        same.matcher.matchAnySource(batch, row, hits);
        tell(same, batch, row, sink);
        var more = varying(batch.tenant());
        if (more != null) {
            more.matcher.matchAnySource(batch, row, hits);
            tell(more, batch, row, sink);
        }
    }

    private @Nullable Part varying(TenantId tenant) {
        return others == null ? null : own.getOrDefault(tenant, others);
    }

    private void tell(Part part, EventBatch batch, int row, DetectionSink sink) {
        for (int i = 0, n = hits.size(); i < n; i++) {
            int index = hits.get(i);
            int place = part.places[index];
            if (uses.alerts[place]) {
                sink.detected(part.rules.get(index), batch, row);
            }
            var used = uses.uses.get(place);
            for (int u = 0, m = used.size(); u < m; u++) {
                sink.contributed(used.get(u).correlation, used.get(u).member, batch, row);
            }
        }
    }

    private List<Part> parts() {
        var parts = new ArrayList<Part>();
        parts.add(same);
        if (others != null) {
            parts.add(others);
        }
        parts.addAll(own.values());
        return parts;
    }

    /** How many rules an event of the source is asked about, of a tenant without lists of its own. */
    public int routed(LogSource source) {
        return same.matcher.routed(source) + (others == null ? 0 : others.matcher.routed(source));
    }

    /**
     * What each rule has cost in this thread so far, for all tenants; {@link RuleCost#index} counts as {@link
     * RuleSet#rules} does.
     */
    public List<RuleCost> costs() {
        var costs = new RuleCost[rules.rules().size()];
        for (int i = 0; i < costs.length; i++) {
            costs[i] = new RuleCost(i, 0, 0, 0, 0, 0);
        }
        for (Part part : parts()) {
            for (RuleCost cost : part.matcher.costs()) {
                int place = part.places[cost.index()];
                var sum = costs[place];
                costs[place] = new RuleCost(
                        place,
                        sum.rows() + cost.rows(),
                        sum.evaluations() + cost.evaluations(),
                        sum.matches() + cost.matches(),
                        sum.sampledNanos() + cost.sampledNanos(),
                        sum.samples() + cost.samples());
            }
        }
        return List.of(costs);
    }

    /** A rule costs more than it may. */
    public record OverBudget(SigmaRule rule, long nanosPerEvent, boolean quarantined) {}

    /**
     * Watches what each rule costs; one over the budget for a while is reported once and, if the budget says so, not
     * evaluated any more by this matcher and its copies (of a rule that reads differently for a tenant: not for the events
     * that cost so much).
     *
     * @param listener told in the thread that matches
     */
    public void budget(RuleBudget budget, Consumer<OverBudget> listener) {
        for (Part part : parts()) {
            part.matcher.budget(
                    budget,
                    (index, nanos, quarantined) ->
                            listener.accept(new OverBudget(part.rules.get(index), nanos, quarantined)));
        }
    }

    /** The rules that are not evaluated any more, be it for one tenant, because they cost too much. */
    public List<SigmaRule> quarantined() {
        var quarantined = new LinkedHashMap<String, SigmaRule>();
        for (Part part : parts()) {
            for (int index : part.matcher.quarantined()) {
                quarantined.putIfAbsent(part.rules.get(index).id(), part.rules.get(index));
            }
        }
        return List.copyOf(quarantined.values());
    }

    /** Evaluates the rule again. */
    public void release(SigmaRule rule) {
        for (Part part : parts()) {
            for (int index : part.matcher.quarantined()) {
                if (part.rules.get(index).id().equals(rule.id())) {
                    part.matcher.release(index);
                }
            }
        }
    }
}
