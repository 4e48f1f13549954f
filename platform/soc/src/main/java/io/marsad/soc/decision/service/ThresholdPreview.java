package io.marsad.soc.decision.service;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.decision.Ruling;
import java.util.List;
import java.util.Map;

/**
 * What other thresholds would have decided in the last {@link #DAYS} days.
 *
 * @param decided how many there are
 * @param looked at how many it was tried: the newest {@link #MOST}
 * @param now what they decide, by decision
 * @param then what the other thresholds would have decided
 * @param changes from what to what, with what people found these alerts to be
 * @param examples the newest that change, at most 20
 */
public record ThresholdPreview(
        long decided,
        int looked,
        Map<Ruling, Integer> now,
        Map<Ruling, Integer> then,
        List<Change> changes,
        List<Example> examples) {
    /** How far back it looks. */
    public static final int DAYS = 30;
    /** At how many it looks. */
    static final int MOST = 20_000;

    public ThresholdPreview {
        now = Map.copyOf(now);
        then = Map.copyOf(then);
        changes = List.copyOf(changes);
        examples = List.copyOf(examples);
    }

    /** So many flip from one to the other; of these so many turned out to be attacks, allowed, or false. */
    public record Change(Ruling from, Ruling to, int alerts, int truePositives, int benign, int falsePositives) {}

    /** One of them. */
    public record Example(EventId alert, String title, Ruling from, Ruling to) {}
}
