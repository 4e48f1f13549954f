package io.marsad.soc.correlate;

import io.marsad.soc.correlate.Edge.Progress;
import io.marsad.soc.correlate.Edge.Shared;
import io.marsad.soc.correlate.Edge.Strength;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Weighs an alert against earlier ones. The same pair among the same alerts always weighs the same. */
final class Scorer {
    private static final Comparator<Shared> ORDER = Comparator.comparingDouble(Shared::weight)
            .reversed()
            .thenComparing(Shared::kind)
            .thenComparing(Shared::key);
    private static final int FAMILIES = Kind.Family.values().length;

    /** A name of the later alert that says something. */
    private record Telling(Story.Mention mention, Grip grip, boolean busy) {}

    private final Parameters parameters;
    private final Story later;
    private final Map<String, Telling> telling = new HashMap<>();

    /** What an alert's names say on its day. */
    Scorer(Parameters parameters, Index index, Story later) {
        this.parameters = parameters;
        this.later = later;
        later.mentions.forEach((key, mention) -> {
            var grip = mention.observable().grip(mention.key());
            boolean busy = index.isBusy(key, later.day);
            if (!index.isEgress(key) && !(busy && grip == Grip.FAINT)) {
                telling.put(key, new Telling(mention, busy ? Grip.FAINT : grip, busy));
            }
        });
    }

    /** The keys by which it can share something. */
    Set<String> keys() {
        return telling.keySet();
    }

    /** The edge with an earlier alert, whatever it can do; none when they share nothing. */
    Optional<Edge> edge(Story earlier) {
        var best = new Shared[FAMILIES];
        if (!share(earlier, best)) {
            return Optional.empty();
        }
        double weight = weight(earlier, best);
        return Optional.of(new Edge(
                earlier.id(),
                later.id(),
                weight,
                Duration.ofMillis(gap(earlier)),
                Arrays.stream(best).filter(Objects::nonNull).sorted(ORDER).toList(),
                progress(earlier),
                weight >= parameters.link()
                        ? Strength.LINKS
                        : weight >= parameters.attach() ? Strength.ATTACHES : Strength.NONE));
    }

    /** As the edge's weight; 0 when there is none. */
    double weight(Story earlier) {
        var best = new Shared[FAMILIES];
        return share(earlier, best) ? weight(earlier, best) : 0;
    }

    private double weight(Story earlier, @Nullable Shared[] best) {
        double apart = 1;
        for (Shared shared : best) {
            apart *= shared == null ? 1 : 1 - shared.weight();
        }
        var progress = progress(earlier);
        return 1 - (progress == null ? apart : apart * (1 - progress.weight()));
    }

    private long gap(Story earlier) {
        return Math.max(0, later.start - earlier.end);
    }

    private @Nullable Progress progress(Story earlier) {
        var from = earlier.fact.furthest();
        var to = later.fact.furthest();
        return from == null || to == null || from.compareTo(to) >= 0
                ? null
                : new Progress(from, to, parameters.progress());
    }

    /** The best of each family; whether there is any. */
    private boolean share(Story earlier, @Nullable Shared[] best) {
        long gap = gap(earlier);
        boolean any = false;
        for (Map.Entry<String, Telling> entry : telling.entrySet()) {
            var there = earlier.mentions.get(entry.getKey());
            if (there != null) {
                var found = share(entry.getKey(), there, entry.getValue(), gap);
                if (found != null) {
                    int family = found.kind().family().ordinal();
                    var known = best[family];
                    best[family] = known == null || ORDER.compare(found, known) < 0 ? found : known;
                    any = true;
                }
            }
        }
        return any;
    }

    private @Nullable Shared share(String text, Story.Mention there, Telling telling, long gap) {
        var here = telling.mention;
        boolean isCertain = here.key().certain() && there.key().certain();
        if (!isCertain && here.observable().contradicts(there.observable())) {
            return null;
        }
        var grip = telling.grip.atMost(there.observable().grip(there.key()));
        if (telling.busy && there.observable().grip(there.key()) == Grip.FAINT) {
            return null;
        }
        var kind = here.observable().kind();
        double age = (double) gap / parameters.halfLife(kind).toMillis();
        return new Shared(
                kind, here.observable().name(), text, grip, parameters.weight(grip) * Math.pow(2, -age), telling.busy);
    }
}
