package io.marsad.soc.correlate;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why two alerts belong together, as far as they do.
 *
 * @param earlier id of the alert that started first
 * @param later id of the other
 * @param weight 0 to 1; it is 1 − Π(1 − wᵢ) over {@code shared} and {@code progress}
 * @param gap from the end of the earlier to the start of the later; zero when they overlap
 * @param shared what both name, the weightiest first; at least one
 * @param progress when the later alert tells of a later step
 * @param strength what the edge can do
 */
public record Edge(
        String earlier,
        String later,
        double weight,
        Duration gap,
        List<Shared> shared,
        @Nullable Progress progress,
        Strength strength) {
    public Edge {
        shared = List.copyOf(shared);
    }

    /** What an edge can do. */
    public enum Strength {
        /** Nothing: too little is shared, or too long ago. */
        NONE,
        /** Holds an alert that nothing else holds. */
        ATTACHES,
        /** Joins groups. */
        LINKS
    }

    /**
     * Something that both alerts name.
     *
     * @param kind of thing, as the later alert has it
     * @param name as the later alert has it
     * @param key the name by which it is the same one
     * @param grip what sharing it says
     * @param weight of that grip at this gap, 0 to 1
     * @param busy whether it counts as faint because many have met it before
     */
    public record Shared(Kind kind, String name, String key, Grip grip, double weight, boolean busy) {
        String why() {
            return String.format(
                    Locale.ROOT,
                    "%s %s (%s, %.2f%s)",
                    kind.word(),
                    name,
                    grip.word(),
                    weight,
                    busy ? ", as many have to do with it" : "");
        }
    }

    /**
     * How far the attack came from one to the other.
     *
     * @param from the furthest step of the earlier alert
     * @param to that of the later one, which is further
     */
    public record Progress(Tactic from, Tactic to, double weight) {}

    /** One sentence that says all of it. */
    public String why() {
        var text = new StringBuilder("Both name ")
                .append(shared.stream().map(Shared::why).collect(Collectors.joining(", ")))
                .append(gap.isZero() ? ", at the same time" : ", " + words(gap) + " apart");
        if (progress != null) {
            text.append(String.format(
                    Locale.ROOT,
                    "; from %s to %s (%.2f)",
                    progress.from.title(),
                    progress.to.title(),
                    progress.weight));
        }
        text.append(String.format(Locale.ROOT, ": %.2f, ", weight))
                .append(
                        switch (strength) {
                            case LINKS -> "enough to join them.";
                            case ATTACHES -> "enough for an alert that nothing else holds.";
                            case NONE -> "not enough.";
                        });
        return text.toString();
    }

    private static String words(Duration gap) {
        if (gap.toSeconds() < 90) {
            return gap.toSeconds() + " s";
        }
        return gap.toMinutes() < 90
                ? gap.toMinutes() + " min"
                : gap.toHours() < 48 ? gap.toHours() + " h" : gap.toDays() + " days";
    }
}
