package io.marsad.bench.fuzz;

import io.marsad.kernel.event.EventBatch;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.DetectionSink;
import io.marsad.sigma.SigmaRule;

/** Counts what is detected. */
final class Ignored implements DetectionSink {
    int detected;

    @Override
    public void detected(SigmaRule rule, EventBatch batch, int row) {
        detected++;
    }

    @Override
    public void contributed(Correlation correlation, Correlation.Member member, EventBatch batch, int row) {}
}
