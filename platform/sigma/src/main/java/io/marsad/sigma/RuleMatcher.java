package io.marsad.sigma;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.LogSource;
import io.marsad.match.Hits;
import io.marsad.match.Matcher;
import io.marsad.match.RuleBudget;
import io.marsad.match.RuleCost;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * A {@link RuleSet} ready to run. Belongs to one thread; {@link #copy} makes one for another. A reload makes a new one and
 * puts it in this one's place between two batches.
 */
public final class RuleMatcher {
    private final RuleSet rules;
    private final Matcher matcher;
    private final boolean[] alerts;
    private final List<List<Use>> uses;
    private final Hits hits = new Hits();

    private record Use(Correlation correlation, Correlation.Member member) {}

    RuleMatcher(RuleSet rules, Matcher matcher) {
        this.rules = rules;
        this.matcher = matcher;
        alerts = new boolean[rules.rules().size()];
        uses = new ArrayList<>();
        for (int i = 0; i < alerts.length; i++) {
            var rule = rules.rules().get(i);
            var used = new ArrayList<Use>();
            boolean silent = false;
            boolean generated = false;
            for (Correlation correlation : rules.correlations()) {
                for (Correlation.Member member : correlation.members()) {
                    if (member.rule().id().equals(rule.id())) {
                        used.add(new Use(correlation, member));
                        silent = true;
                        generated |= correlation.definition().generate();
                    }
                }
            }
            alerts[i] = !silent || generated;
            uses.add(List.copyOf(used));
        }
    }

    /** The same for another thread. */
    public RuleMatcher copy() {
        return new RuleMatcher(rules, matcher.copy());
    }

    public RuleSet rules() {
        return rules;
    }

    /** Tells the sink every rule that the row fits and that is for the row's log source. */
    public void match(EventBatch batch, int row, DetectionSink sink) {
        matcher.match(batch, row, hits);
        tell(batch, row, sink);
    }

    /** The same whatever log source the rules are for. */
    public void matchAnySource(EventBatch batch, int row, DetectionSink sink) {
        matcher.matchAnySource(batch, row, hits);
        tell(batch, row, sink);
    }

    private void tell(EventBatch batch, int row, DetectionSink sink) {
        for (int i = 0, n = hits.size(); i < n; i++) {
            int index = hits.get(i);
            if (alerts[index]) {
                sink.detected(rules.rules().get(index), batch, row);
            }
            for (Use use : uses.get(index)) {
                sink.contributed(use.correlation, use.member, batch, row);
            }
        }
    }

    /** How many rules an event of the source is asked about. */
    public int routed(LogSource source) {
        return matcher.routed(source);
    }

    /** What each rule has cost in this thread so far; {@link RuleCost#index} counts as {@link RuleSet#rules} does. */
    public List<RuleCost> costs() {
        return matcher.costs();
    }

    /** A rule costs more than it may. */
    public record OverBudget(SigmaRule rule, long nanosPerEvent, boolean quarantined) {}

    /**
     * Watches what each rule costs; one over the budget for a while is reported once and, if the budget says so, not
     * evaluated any more by this matcher and its copies.
     *
     * @param listener told in the thread that matches
     */
    public void budget(RuleBudget budget, Consumer<OverBudget> listener) {
        matcher.budget(
                budget,
                (index, nanos, quarantined) ->
                        listener.accept(new OverBudget(rules.rules().get(index), nanos, quarantined)));
    }

    /** The rules that are not evaluated any more because they cost too much. */
    public List<SigmaRule> quarantined() {
        return Arrays.stream(matcher.quarantined()).mapToObj(rules.rules()::get).toList();
    }

    /** Evaluates the rule again. */
    public void release(SigmaRule rule) {
        matcher.release(rules.rules().indexOf(rule));
    }
}
