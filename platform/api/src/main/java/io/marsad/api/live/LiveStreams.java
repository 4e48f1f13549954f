package io.marsad.api.live;

import io.marsad.api.http.Exchange;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams that are open: how many there may be, and the end of those whose credential has ended, whose client does not
 * read, or whose server stops. Thread-safe.
 */
public final class LiveStreams implements AutoCloseable {
    private static final int MOST = 4_000;
    private static final int MOST_OF_TENANT = 500;
    private static final Logger LOG = LoggerFactory.getLogger(LiveStreams.class);
    private static final long BEAT = Duration.ofSeconds(15).toNanos();
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

    /** Tells a client things, as server-sent events. */
    @FunctionalInterface
    public interface Teller {
        /**
         * @param data one line
         * @param id what the client says to resume behind it, or null
         */
        void tell(String event, @Nullable String id, String data) throws IOException;
    }

    /** What a client is told. */
    @FunctionalInterface
    public interface Source {
        /** Tells what is new; false when there will be nothing more. */
        boolean next(Teller teller) throws IOException;
    }

    /**
     * Tells the client what is new, again and again, until nothing more will come, the client leaves or may no longer see it.
     *
     * @throws io.marsad.kernel.problem.ProblemException 429 when too many streams are open
     */
    public void follow(Exchange exchange, Source source, Duration every) {
        var tenant = CallerScope.tenant();
        admit(tenant);
        exchange.header("Cache-Control", "no-cache");
        exchange.header("X-Accel-Buffering", "no"); // proxies would hold events back
        var out = exchange.stream("text/event-stream; charset=utf-8");
        try (var stream = open(tenant, exchange.credential().id(), out)) {
            stream.events().comment("open");
            long beat = System.nanoTime();
            while (!stream.isEnded() && source.next(stream.events()::event)) {
                Thread.sleep(every);
                if (System.nanoTime() - beat >= BEAT) {
                    if (!exchange.isStillAdmitted()) {
                        return;
                    }
                    stream.events().comment("still here");
                    beat = System.nanoTime();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("stream {} was ended", exchange.requestId());
        } catch (IOException e) {
            LOG.debug("the client of stream {} left: {}", exchange.requestId(), e.getMessage());
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
