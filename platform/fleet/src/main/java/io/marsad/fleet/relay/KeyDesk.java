package io.marsad.fleet.relay;

import org.jspecify.annotations.Nullable;

/** The newest list of the keys whose signatures count, on its way to a tenant's relays and endpoints. Thread-safe. */
public interface KeyDesk {
    /** Who waits for the next. */
    @FunctionalInterface
    interface Watcher {
        void send(String envelope);
    }

    /**
     * Somebody watches from now on.
     *
     * @param version that is known there; 0: none
     * @return the newest, when it is newer
     */
    @Nullable
    String open(long version, Watcher watcher);

    void close(Watcher watcher);
}
