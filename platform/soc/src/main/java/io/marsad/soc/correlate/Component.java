package io.marsad.soc.correlate;

import java.util.HashSet;
import java.util.Set;

/**
 * The clusters that any chain of links or analysts' words connects: one, unless a bound or an analyst was in the way. When a
 * link among them goes, all has to be worked out again.
 */
final class Component {
    private final Set<Cluster> clusters = new HashSet<>();
    private boolean isMentioned;

    Set<Cluster> clusters() {
        return clusters;
    }

    /** Whether analysts said something about one of the alerts. */
    boolean isMentioned() {
        return isMentioned;
    }

    void mention() {
        isMentioned = true;
    }

    /** Takes in all of another one. */
    void absorb(Component other) {
        if (other != this) {
            other.clusters.forEach(cluster -> cluster.enter(this));
            clusters.addAll(other.clusters);
            other.clusters.clear();
            isMentioned |= other.isMentioned;
        }
    }

    void forget() {
        clusters.forEach(cluster -> cluster.stories().forEach(story -> story.cluster = null));
    }
}
