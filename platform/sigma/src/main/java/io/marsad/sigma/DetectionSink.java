package io.marsad.sigma;

import io.marsad.kernel.event.EventBatch;

/** Told what a {@link RuleMatcher} finds, in the order of the rules. */
public interface DetectionSink {
    /** The row fits the rule, and the rule raises alerts on its own. */
    void detected(SigmaRule rule, EventBatch batch, int row);

    /** The row fits a rule whose matches the correlation counts. */
    void contributed(Correlation correlation, Correlation.Member member, EventBatch batch, int row);
}
