package io.marsad.soc.tuning;

import io.marsad.kernel.event.EventId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an act would have taken from the last {@link #DAYS} days.
 *
 * @param entity whose alerts would be hidden; null when all of the rule's are meant, or no entity caused a false one
 * @param entities those that caused most false ones, the worst first
 * @param attacks some of those that people found to be attacks, newest first
 */
public record TuningPreview(@Nullable String entity, Lost lost, List<Culprit> entities, List<Attack> attacks) {
    public static final int DAYS = 30;

    public TuningPreview {
        entities = List.copyOf(entities);
        attacks = List.copyOf(attacks);
    }

    /**
     * Alerts that there would not have been.
     *
     * @param firings that they count
     * @param open that nobody has judged
     */
    public record Lost(long alerts, long firings, long truePositives, long benign, long falsePositives, long open) {}

    /** An entity with the rule's alerts that name it. */
    public record Culprit(String type, String value, long alerts, long falsePositives, long truePositives) {}

    public record Attack(EventId id, Instant time, String title) {}
}
