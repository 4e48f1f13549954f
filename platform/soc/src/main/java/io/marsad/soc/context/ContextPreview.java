package io.marsad.soc.context;

import io.marsad.kernel.event.EventId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * What a fact would have changed of stored alerts, had it counted all the time.
 *
 * @param days that were looked at
 * @param alerts that name such an entity
 * @param severities how many of these would have another severity, of the newest 1,000
 * @param entities how many different ones
 * @param examples newest first, at most 20
 */
public record ContextPreview(int days, long alerts, int severities, long entities, List<Example> examples) {
    public ContextPreview {
        examples = List.copyOf(examples);
    }

    /**
     * An alert that would be otherwise.
     *
     * @param entity the first that the fact is about
     * @param pointsBefore what it brings to the entity's risk without the fact
     */
    public record Example(
            EventId id,
            Instant time,
            String title,
            String entity,
            String severityBefore,
            String severityAfter,
            BigDecimal pointsBefore,
            BigDecimal pointsAfter) {}
}
