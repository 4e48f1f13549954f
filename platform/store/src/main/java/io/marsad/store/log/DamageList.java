package io.marsad.store.log;

import io.marsad.kernel.log.EventLog.Damage;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Damage that was met, each once, however many readers meet it. Thread-safe. */
final class DamageList {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentLog.class);
    private static final int MOST = 1000;

    private final Set<Damage> all = new LinkedHashSet<>();

    synchronized void add(Damage damage) {
        if (all.size() < MOST && all.add(damage)) {
            LOG.warn(
                    "event log, partition {}, offsets {} to {} in {}: {}",
                    damage.partition(),
                    damage.fromOffset(),
                    damage.toOffset(),
                    damage.file(),
                    damage.reason());
        }
    }

    synchronized List<Damage> list() {
        return List.copyOf(all);
    }
}
