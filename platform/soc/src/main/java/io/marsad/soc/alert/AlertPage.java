package io.marsad.soc.alert;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of the queue, newest first.
 *
 * @param next where the next page starts; null when there is none
 * @param total how many fit the filter
 * @param bySeverity how many fit the filter without its severity part; every severity is a key
 * @param byStatus how many fit the filter without its status part; every status is a key
 * @param liveSeq what happened after this is not in the page yet: the live feed goes on behind it
 */
public record AlertPage(
        List<Alert> alerts,
        @Nullable String next,
        long total,
        Map<Severity, Long> bySeverity,
        Map<AlertStatus, Long> byStatus,
        long liveSeq) {
    public AlertPage {
        alerts = List.copyOf(alerts);
    }
}
