package io.marsad.ingest.hunt;

import io.marsad.ingest.offline.Contributions;
import io.marsad.ingest.worker.Finding;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.store.EventScan;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.store.SearchProgress;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.DetectionSink;
import io.marsad.sigma.RuleMatcher;
import io.marsad.sigma.SigmaRule;
import io.marsad.sigma.correlation.CorrelationLimits;
import io.marsad.sigma.correlation.CorrelationMatch;
import io.marsad.sigma.correlation.CorrelationState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs rules over stored events with the matcher that looks at the live stream, so that what is found has the ids that the
 * stream gave it. The store passes over what cannot fit; what it gives is matched again.
 *
 * <p>Correlations count from where their numbering begins, up to the day's begin and a timespan before the scope; only
 * matches that end within it are told. Use one for one hunt, in one thread.
 */
public final class RetroHunt {
    /** How many hits of a rule are named. */
    public static final int MOST_SAMPLES = 20;

    /** More rules than this look at all events: the union of their conditions would pass over next to nothing. */
    private static final int MOST_CONDITIONS = 64;

    private final EventStore store;
    private final HuntScope scope;
    private final RuleMatcher matcher;
    private final Contributions.Wanted wanted;
    private final Contributions contributions;
    private final Tally tally = new Tally();
    private long scanned;

    /** Follows a hunt, and may end it. */
    @FunctionalInterface
    public interface Watch {
        /** Returns false to end the hunt. */
        boolean goOn(SearchProgress progress, long hits);
    }

    /** Takes what is found, some at a time. */
    @FunctionalInterface
    public interface Sink {
        /** Event batches in the findings are to be read before the call returns. */
        void found(List<Finding> findings);
    }

    /** @param ownMatcher this hunt's own: {@link RuleMatcher#copy} for each */
    public RetroHunt(EventStore store, HuntScope scope, RuleMatcher ownMatcher) {
        this.store = store;
        this.scope = scope;
        matcher = ownMatcher;
        wanted = new Contributions.Wanted(matcher.rules(), List.of());
        contributions = new Contributions(wanted, scope.tenant());
    }

    public HuntOutcome run(Watch watch, Sink sink) throws IOException {
        long from = CorrelationState.countsFrom(matcher.rules(), CorrelationLimits.standard(), scope.from());
        var scan = new EventScan(scope.tenant(), from, scope.to(), condition(), java.util.Set.of());
        var row = new Row();
        boolean[] ended = new boolean[1];
        store.scan(scan, (rows, progress) -> {
            for (int r = 0; r < rows.rows(); r++) {
                matcher.match(rows, r, row);
            }
            give(row.findings, sink);
            scanned = progress.scannedEvents();
            ended[0] = !watch.goOn(progress, tally.hits());
            return !ended[0];
        });
        if (!ended[0]) {
            var matches = new ArrayList<Finding>();
            Contributions.correlate(
                    matcher.rules(), List.of(contributions), (match, batch, at) -> correlated(match, matches));
            give(matches, sink);
        }
        return new HuntOutcome(tally.rules(), tally.hits(), scanned, ended[0], wanted.forgotten());
    }

    private static void give(List<Finding> findings, Sink sink) {
        if (!findings.isEmpty()) {
            sink.found(findings);
            findings.clear();
        }
    }

    private void correlated(CorrelationMatch match, List<Finding> out) {
        if (match.last() >= scope.from()) {
            tally.add(match.rule().about(), match.events().getLast(), match.last());
            out.add(new Finding.OnEvents(match, null));
        }
    }

    private Predicate condition() {
        var rules = matcher.rules().rules();
        if (rules.size() > MOST_CONDITIONS) {
            return new Predicate.And(List.of());
        }
        var any = new ArrayList<Predicate>();
        for (SigmaRule rule : rules) {
            var read = matcher.rules().reading(scope.tenant(), rule);
            if (read != null) {
                any.add(read.predicate());
            }
        }
        return new Predicate.Or(any);
    }

    private final class Row implements DetectionSink {
        private final List<Finding> findings = new ArrayList<>();

        @Override
        public void detected(SigmaRule rule, EventBatch batch, int row) {
            if (batch.time(row) >= scope.from()) {
                tally.add(rule.about(), batch.id(row), batch.time(row));
                findings.add(new Finding.OnEvent(rule, batch, row));
            }
        }

        @Override
        public void contributed(Correlation correlation, Correlation.Member member, EventBatch batch, int row) {
            contributions.add(correlation, member, batch, row);
        }
    }
}
