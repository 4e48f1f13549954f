package io.marsad.agent.collect;

/**
 * There is no room for a record now, in the spool or within what the collector may give a second. A collector that {@link Collector#resumes resumes} stops where it is and goes on with the very
 * record the next time.
 */
public final class NoRoom extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NoRoom() {
        super("no room now", null, false, false); // often, and from one place
    }
}
