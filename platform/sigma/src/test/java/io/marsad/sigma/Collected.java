package io.marsad.sigma;

import io.marsad.kernel.event.EventBatch;
import io.marsad.sigma.correlation.CorrelationMatch;
import io.marsad.sigma.correlation.CorrelationState;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a matcher finds, correlations carried out. */
final class Collected implements DetectionSink {
    final List<String> detected = new ArrayList<>();
    final List<CorrelationMatch> correlated = new ArrayList<>();
    CorrelationState state;

    /** For rules without correlations. */
    Collected() {
        this(RuleSet.of("none.yml", "", FieldResolver.UNMAPPED));
    }

    Collected(RuleSet rules) {
        state = new CorrelationState(rules);
    }

    /** No event comes any more. */
    Collected finished() {
        state.finish(correlated::add);
        return this;
    }

    @Override
    public void detected(SigmaRule rule, EventBatch batch, int row) {
        detected.add(rule.title());
    }

    @Override
    public void contributed(Correlation correlation, Correlation.Member member, EventBatch batch, int row) {
        state.add(correlation, member, batch, row, correlated::add);
    }
}
