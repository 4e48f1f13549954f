package io.marsad.api.live;

import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The streams that are open: how many there may be, and the end of those whose credential has ended, whose client does not
 * read, or whose server stops. Thread-safe.
 */
public final class LiveStreams implements AutoCloseable {
    private static final int MOST = 4_000;
    private static final int MOST_OF_TENANT = 500;
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final long STUCK = Duration.ofSeconds(30).toNanos();

    private final Set<Stream> open = ConcurrentHashMap.newKeySet();
    private final Thread watch;
    private volatile boolean closed;

    public LiveStreams() {
        watch = Thread.ofVirtual().name("live-watch").start(this::watch);
    }

    /** One stream; belongs to the thread that opened it. */
    final class Stream implements AutoCloseable {
        private final TenantId tenant;
        private final String credential;
        private final Thread thread = Thread.currentThread();
        private final EventStream events;
        private volatile boolean ended;

        private Stream(TenantId tenant, String credential, OutputStream out) {
            this.tenant = tenant;
            this.credential = credential;
            this.events = new EventStream(out);
        }

        EventStream events() {
            return events;
        }

        boolean isEnded() {
            return ended;
        }

        /** The stream looks at this at least once a second. */
        private void end() {
            ended = true;
        }

        /**
         * Closes the socket of a client that reads no more: that is what an interrupt does to a thread that writes to one.
         * It never hits work on the database, because only a write that is under way counts as stuck.
         */
        private void endWhenStuck(long nanos) {
            if (events.stuckFor() > nanos) {
                ended = true;
                thread.interrupt();
            }
        }

        @Override
        public void close() {
            ended = true;
            open.remove(this);
            Thread.interrupted(); // the interrupt was for the stream, not for what the thread does next
        }
    }

    /** @throws io.marsad.kernel.problem.ProblemException 429 when there are too many already */
    void admit(TenantId tenant) {
        long ofTenant =
                open.stream().filter(stream -> stream.tenant.equals(tenant)).count();
        if (closed || open.size() >= MOST || ofTenant >= MOST_OF_TENANT) {
            throw Problem.overloaded("Too many live streams are open.").asException();
        }
    }

    /** To be closed by the same thread. */
    Stream open(TenantId tenant, String credential, OutputStream out) {
        var stream = new Stream(tenant, credential, out);
        open.add(stream);
        if (closed) {
            stream.end();
        }
        return stream;
    }

    /** Ends the streams of a session or token that has ended. */
    public void end(String credential) {
        open.stream().filter(stream -> stream.credential.equals(credential)).forEach(Stream::end);
    }

    /** Ends all streams of a tenant. */
    public void end(TenantId tenant) {
        open.stream().filter(stream -> stream.tenant.equals(tenant)).forEach(Stream::end);
    }

    /** How many are open. */
    public int size() {
        return open.size();
    }

    private void watch() {
        while (!closed) {
            try {
                Thread.sleep(LOOK_EVERY);
            } catch (InterruptedException e) {
                return; // only close() interrupts
            }
            open.forEach(stream -> stream.endWhenStuck(STUCK));
        }
    }

    @Override
    public void close() {
        closed = true;
        watch.interrupt();
        open.forEach(Stream::end);
        open.forEach(stream -> stream.endWhenStuck(STUCK / 30));
    }
}
