package io.marsad.sigma;

/** One YAML document of the Sigma family. */
public sealed interface SigmaDocument permits SigmaRule, SigmaFilter, SigmaCorrelation {
    About about();

    default String id() {
        return about().id();
    }

    default String title() {
        return about().title();
    }
}
