package io.marsad.soc.correlate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What grouping has to know of an alert.
 *
 * @param id 1 to 128 characters, unique among the alerts of a tenant
 * @param start of the first thing that it reports
 * @param end of the last one; not before the start
 * @param observables what it names, each once; at most 64 count, the firmest of them
 * @param egress addresses that hosts here are known to reach the outside by: whoever comes from one may be anybody
 */
public record AlertFact(
        String id,
        Instant start,
        Instant end,
        String title,
        Set<Tactic> tactics,
        List<Observable> observables,
        Set<String> egress) {
    private static final int MAX_OBSERVABLES = 64;
    private static final int MAX_EGRESS = 16;
    private static final Comparator<Observable> ORDER = Comparator.<Observable, Grip>comparing(
                    o -> o.grip(o.keys().getFirst()))
            .reversed()
            .thenComparing(Observable::kind)
            .thenComparing(o -> o.keys().getFirst().text())
            .thenComparing(Observable::role)
            .thenComparing(Observable::name)
            .thenComparing(o -> o.keys().toString());

    public AlertFact {
        if (id.isEmpty() || id.length() > 128) {
            throw new IllegalArgumentException("an alert's id has 1 to 128 characters");
        }
        if (end.isBefore(start)) {
            throw new IllegalArgumentException("an alert does not end before it starts");
        }
        tactics = Set.copyOf(tactics);
        observables = once(observables);
        egress = egress.stream().sorted().limit(MAX_EGRESS).collect(java.util.stream.Collectors.toUnmodifiableSet());
    }

    /** In an order that does not depend on the source's; what has the same names is one thing, in its greater part. */
    private static List<Observable> once(List<Observable> all) {
        var sorted = new ArrayList<>(all);
        sorted.sort(ORDER);
        var seen = new HashSet<List<Observable.Key>>();
        var kept = new ArrayList<Observable>();
        for (Observable one : sorted) {
            if (kept.size() < MAX_OBSERVABLES && seen.add(one.keys())) {
                kept.add(one);
            }
        }
        return List.copyOf(kept);
    }

    /** The furthest step of an attack that it tells of, if any. */
    @Nullable
    Tactic furthest() {
        return tactics.isEmpty() ? null : Collections.max(tactics);
    }
}
