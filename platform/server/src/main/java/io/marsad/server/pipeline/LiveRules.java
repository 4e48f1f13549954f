package io.marsad.server.pipeline;

import io.marsad.ingest.worker.SigmaDetector;
import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.match.RuleBudget;
import io.marsad.sigma.RuleMatcher;
import io.marsad.sigma.RuleSet;
import io.marsad.sigma.SigmaRule;
import io.marsad.sigma.correlation.CorrelationUsage;
import io.marsad.soc.rule.LoadedRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules in use, which others can take the place of while events go on. Thread-safe.
 *
 * <p>A reload is all or nothing: a fault that was not there before keeps the rules in use as they are. Detectors take the
 * new rules between two events and keep what correlations remember that read as before.
 */
public final class LiveRules {
    private static final Logger LOG = LoggerFactory.getLogger(LiveRules.class);

    private final Source source;
    private final RuleBudget budget;
    private final List<SigmaDetector> detectors = new CopyOnWriteArrayList<>();
    private volatile Use use;

    /** Reads rules and lists as they are now. */
    @FunctionalInterface
    public interface Source {
        LoadedRules read() throws IOException, ContentException;
    }

    /** Rules, compiled, and those of them that cost too much. */
    private record Use(LoadedRules loaded, RuleMatcher matcher, Set<String> overBudget) {}

    /** What came of a reload. */
    public sealed interface Outcome {}

    /** The new rules are in use. */
    public record Taken(RuleSet rules, RuleChanges changes) implements Outcome {}

    /** Nothing changed, because of these faults. */
    public record Refused(List<ContentProblem> faults) implements Outcome {
        public Refused {
            faults = List.copyOf(faults);
        }
    }

    /**
     * @param first what is used until the first reload
     * @param budget what a rule may cost
     */
    public LiveRules(LoadedRules first, Source source, RuleBudget budget) {
        this.source = source;
        this.budget = budget;
        use = compiled(first);
    }

    private Use compiled(LoadedRules loaded) {
        var matcher = loaded.rules().compile();
        Set<String> over = ConcurrentHashMap.newKeySet();
        matcher.budget(budget, cost -> tell(cost, over));
        return new Use(loaded, matcher, over);
    }

    /** The rules in use. */
    public LoadedRules now() {
        return use.loaded;
    }

    /** A detector with the rules in use, now and after each reload. */
    public synchronized SigmaDetector detector() {
        var detector = new SigmaDetector(use.matcher.copy());
        detectors.add(detector);
        return detector;
    }

    /** What correlations remember, of all detectors. */
    public List<CorrelationUsage> usage() {
        return detectors.stream().flatMap(one -> one.usage().stream()).toList();
    }

    /** How many of the rules in use cost more than they may. */
    public int overBudget() {
        return use.overBudget.size();
    }

    /** The rules that are not asked any more because of what they cost; a reload asks them again. */
    public List<SigmaRule> quarantined() {
        return use.matcher.quarantined();
    }

    /**
     * Reads everything again and uses it, if it has no new faults.
     *
     * @throws IOException when it cannot be read at all; nothing changed
     */
    public synchronized Outcome reload() throws IOException {
        LoadedRules loaded;
        try {
            loaded = source.read();
        } catch (ContentException e) {
            return new Refused(e.problems());
        }
        var old = use.loaded.rules();
        var faults = newFaults(old, loaded.rules());
        if (!faults.isEmpty()) {
            return new Refused(faults);
        }
        var next = compiled(loaded);
        var copies = new ArrayList<RuleMatcher>();
        detectors.forEach(detector -> copies.add(next.matcher.copy()));
        use = next;
        for (int i = 0; i < copies.size(); i++) {
            detectors.get(i).replace(copies.get(i));
        }
        return new Taken(loaded.rules(), RuleChanges.between(old, loaded.rules()));
    }

    private static List<ContentProblem> newFaults(RuleSet old, RuleSet next) {
        var known = old.refusals().stream().map(LiveRules::fault).collect(Collectors.toSet());
        return next.refusals().stream().filter(p -> !known.contains(fault(p))).toList();
    }

    /** A fault is the same wherever it stands in its file. */
    private static String fault(ContentProblem problem) {
        return problem.file() + "\n" + problem.reason();
    }

    private void tell(RuleMatcher.OverBudget over, Set<String> ids) {
        ids.add(over.rule().id());
        LOG.warn(
                "The rule '{}' ({}) costs {} ns an event, more than its budget of {} ns{}.",
                over.rule().title(),
                over.rule().about().file(),
                over.nanosPerEvent(),
                budget.nanosPerEvent(),
                over.quarantined() ? ", and is not evaluated any more until rules are reloaded" : "");
    }
}
