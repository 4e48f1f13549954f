package io.marsad.api.http;

import io.marsad.kernel.problem.Problem;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory for the bodies of all requests that are being answered: when many large ones come at once, some are told to come
 * again, instead of the process ending for want of memory. Thread-safe.
 */
final class BodyRoom {
    private final AtomicLong free;

    /** @param bytes for all requests together */
    BodyRoom(long bytes) {
        free = new AtomicLong(bytes);
    }

    /** What one request has; given back when it is answered. Used by the thread that serves it. */
    final class Share implements AutoCloseable {
        private long taken;

        /** @throws io.marsad.kernel.problem.ProblemException 429 when there is no room for so many bytes more */
        void take(long bytes) {
            if (free.addAndGet(-bytes) < 0) {
                free.addAndGet(bytes);
                throw Problem.overloaded("Too many large requests are under way; send it again.")
                        .asException();
            }
            taken += bytes;
        }

        @Override
        public void close() {
            free.addAndGet(taken);
            taken = 0;
        }
    }

    Share share() {
        return new Share();
    }

    long free() {
        return free.get();
    }
}
