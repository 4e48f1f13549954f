package io.marsad.soc.alert;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which alerts are wanted.
 *
 * @param status any of these; empty for all
 * @param severity any of these; empty for all
 * @param entity a value that it names, whatever its case
 * @param tag that it has
 * @param words all of which the title has, whatever their case
 * @param from of the alert's time, inclusive
 * @param to exclusive
 */
public record AlertFilter(
        Set<AlertStatus> status,
        Set<Severity> severity,
        @Nullable String ruleId,
        @Nullable String entity,
        @Nullable String tag,
        @Nullable String words,
        @Nullable Instant from,
        @Nullable Instant to) {
    public static final AlertFilter ALL = new AlertFilter(Set.of(), Set.of(), null, null, null, null, null, null);

    public AlertFilter {
        status = Set.copyOf(status);
        severity = Set.copyOf(severity);
    }
}
