package io.marsad.soc.alert;

import io.marsad.kernel.event.EventId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of firings that were not seen before: each is counted into an open alert of the same fingerprint
 * whose evidence, from the oldest to the newest, is at most a window away from it, or makes an alert. Oldest first, so that
 * it does not matter in which order a batch has them. One thread's, for one batch.
 */
final class Folding {
    private static final int EVIDENCE_OF_FIRING = 4;
    private static final int MAX_ENTITIES = 64;

    /** A firing that was counted into an alert. */
    record Folded(EventId firing, EventId alert, List<Evidence> evidence, long number) {}

    /** An alert as the batch leaves it. */
    static final class Target {
        final EventId id;
        /** What made it; null when it was there before the batch. */
        final @Nullable Detection made;

        final long firingsBefore;
        final Set<Entity> entities;
        long firings;
        long events;
        Instant oldest;
        Instant newest;
        boolean moreEntities;

        private Target(EventId id, Detection made) {
            this.id = id;
            this.made = made;
            this.firingsBefore = 1;
            this.firings = 1;
            this.oldest = made.oldest();
            this.newest = made.time();
            this.entities = new LinkedHashSet<>(made.entities());
        }

        private Target(Alert open) {
            this.id = open.id();
            this.made = null;
            this.firingsBefore = open.count();
            this.firings = open.count();
            this.oldest = open.firstTime();
            this.newest = open.time();
            this.entities = new LinkedHashSet<>(open.entities());
        }

        private void take(Detection detection) {
            firings++;
            events += detection.eventCount();
            oldest = detection.oldest().isBefore(oldest) ? detection.oldest() : oldest;
            newest = detection.time().isAfter(newest) ? detection.time() : newest;
            for (Entity entity : detection.entities()) {
                moreEntities |= entities.size() < MAX_ENTITIES && entities.add(entity);
            }
        }

        private boolean isNear(Detection detection, Duration window) {
            return !detection.time().isBefore(oldest.minus(window))
                    && !detection.oldest().isAfter(newest.plus(window));
        }
    }

    private final Duration window;
    private final Map<String, List<Target>> open = new HashMap<>();
    private final Map<EventId, Target> made = new LinkedHashMap<>();
    private final Map<EventId, Target> grown = new LinkedHashMap<>();
    private final List<Folded> folded = new ArrayList<>();

    Folding(Duration window) {
        this.window = window;
    }

    /** An alert that firings may be counted into. */
    void open(String fingerprint, Alert alert) {
        open.computeIfAbsent(fingerprint, _ -> new ArrayList<>()).add(new Target(alert));
    }

    /** @param fingerprints of those that have one */
    void take(Map<EventId, Detection> unseen, Map<EventId, String> fingerprints) {
        var ordered = new ArrayList<>(unseen.entrySet());
        ordered.sort(Map.Entry.comparingByValue(Comparator.comparing(Detection::time)));
        for (var one : ordered) {
            var fingerprint = fingerprints.get(one.getKey());
            var target = fingerprint == null ? null : nearest(fingerprint, one.getValue());
            if (target == null) {
                target = new Target(one.getKey(), one.getValue());
                made.put(target.id, target);
                if (fingerprint != null) {
                    open.computeIfAbsent(fingerprint, _ -> new ArrayList<>()).add(target);
                }
            } else {
                fold(one.getKey(), one.getValue(), target);
            }
        }
    }

    private void fold(EventId firing, Detection detection, Target target) {
        target.take(detection);
        if (target.made == null) {
            grown.put(target.id, target);
        }
        var evidence = detection.evidence();
        if (evidence.size() > EVIDENCE_OF_FIRING) {
            evidence = new ArrayList<>(evidence);
            evidence.subList(EVIDENCE_OF_FIRING / 2, evidence.size() - EVIDENCE_OF_FIRING / 2)
                    .clear();
        }
        folded.add(new Folded(firing, target.id, evidence, target.firings));
    }

    private @Nullable Target nearest(String fingerprint, Detection detection) {
        @Nullable Target best = null;
        for (Target one : open.getOrDefault(fingerprint, List.of())) {
            boolean newer = best == null || one.newest.isAfter(best.newest);
            best = newer && one.isNear(detection, window) ? one : best;
        }
        return best;
    }

    /** Alerts that are new, by id. */
    Map<EventId, Target> made() {
        return made;
    }

    /** Alerts that were there and have more firings now. */
    Iterable<Target> grown() {
        return grown.values();
    }

    List<Folded> folded() {
        return folded;
    }
}
