package io.marsad.fleet.control;

import io.marsad.fleet.identity.KeyLists.Newest;
import io.marsad.fleet.relay.KeyDesk;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A tenant's newest list of keys, for who watches it. Thread-safe. */
public final class KeyFeed implements KeyDesk {
    private final Set<Watcher> watchers = new HashSet<>();
    private @Nullable Newest newest;

    /** The newest, as it is now. */
    public synchronized void take(Newest list) {
        var before = newest;
        if (before == null || list.version() > before.version()) {
            newest = list;
            Set.copyOf(watchers).forEach(watcher -> watcher.send(list.envelope()));
        }
    }

    @Override
    public synchronized @Nullable String open(long version, Watcher watcher) {
        watchers.add(watcher);
        var known = newest;
        return known != null && known.version() > version ? known.envelope() : null;
    }

    @Override
    public synchronized void close(Watcher watcher) {
        watchers.remove(watcher);
    }
}
