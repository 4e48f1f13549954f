package io.marsad.sigma.correlation;

/** Told of each correlation that fires. */
@FunctionalInterface
public interface CorrelationSink {
    void correlated(CorrelationMatch match);
}
