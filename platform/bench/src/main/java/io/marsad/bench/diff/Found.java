package io.marsad.bench.diff;

import io.marsad.kernel.event.EventBatch;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.DetectionSink;
import io.marsad.sigma.SigmaRule;
import java.util.HashSet;
import java.util.Set;

/** The rules that fired, by id. */
record Found(Set<String> ids) implements DetectionSink {
    Found() {
        this(new HashSet<>());
    }

    @Override
    public void detected(SigmaRule rule, EventBatch batch, int row) {
        ids.add(rule.id());
    }

    @Override
    public void contributed(Correlation correlation, Correlation.Member member, EventBatch batch, int row) {}
}
