package io.marsad.soc.correlate;

import java.util.List;

/**
 * Alerts that tell one story. An alert that belongs to nothing is a group of its own.
 *
 * @param id that of its first alert: where a group grows, it stays
 * @param alerts their ids, by start, then id; at least one
 */
public record Group(String id, List<String> alerts) {
    public Group {
        alerts = List.copyOf(alerts);
    }
}
