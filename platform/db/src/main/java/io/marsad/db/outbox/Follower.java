package io.marsad.db.outbox;

/** Does what is to be done about what has changed. Called by several threads, never by two with one tenant of one queue. */
@FunctionalInterface
public interface Follower {
    /**
     * Does it. What changes, and {@link Claim#done}, are one transaction on the data of {@link Claim#tenant}; calls to
     * others come before it, outside any transaction. It may be called again with what it was called with before: the
     * order is not that of the changes, and a subject may come several times.
     *
     * @throws Exception when it cannot be done now: several are then tried one by one, one is tried again later
     */
    void follow(Claim claim) throws Exception;
}
