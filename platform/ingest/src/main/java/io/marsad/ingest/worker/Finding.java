package io.marsad.ingest.worker;

import io.marsad.kernel.event.EventBatch;
import io.marsad.sigma.SigmaRule;
import io.marsad.sigma.correlation.CorrelationMatch;

/**
 * Something that was detected, at a row of the batch that the worker has in hand: to be read before the call that it was
 * given to returns.
 */
public sealed interface Finding {
    EventBatch events();

    int row();

    /** The row fits a rule. */
    record OnEvent(SigmaRule rule, EventBatch events, int row) implements Finding {}

    /** The row made a correlation fire; all events that it names are in the store already. */
    record OnEvents(CorrelationMatch match, EventBatch events, int row) implements Finding {}
}
