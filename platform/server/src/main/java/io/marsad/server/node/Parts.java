package io.marsad.server.node;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was started, to be closed in reverse. One thread uses it. */
final class Parts implements AutoCloseable {
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T part) {
        started.push(part);
        return part;
    }

    /** Closes all, also when some fail; the first failure is thrown, with the others in it. */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new IOException("something could not be closed: " + e.getMessage(), e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
