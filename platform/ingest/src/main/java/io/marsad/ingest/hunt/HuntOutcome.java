package io.marsad.ingest.hunt;

import java.util.List;

/**
 * What a hunt found.
 *
 * @param rules those that fired, most hits first
 * @param ended the watch ended it early
 * @param forgotten events that correlations should have counted and that were too many to be kept: their part of the
 *     answer is not whole unless this is 0
 */
public record HuntOutcome(List<RuleHits> rules, long hits, long scannedEvents, boolean ended, long forgotten) {
    public HuntOutcome {
        rules = List.copyOf(rules);
    }
}
