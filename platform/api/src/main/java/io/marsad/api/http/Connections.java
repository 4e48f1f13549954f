package io.marsad.api.http;

import io.helidon.common.socket.PeerInfo;
import io.helidon.common.socket.SocketOptions;
import io.helidon.http.DirectHandler;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All open connections, from the moment they are accepted: no more of one address than it may have, and each with a time by
 * which it has to have gone on, be it a handshake, headers, a body or an answer that is not taken. Who has not is
 * disconnected, which wakes the thread that waits for it. Thread-safe.
 */
final class Connections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final long SOONEST_LOOK_MILLIS = 20;
    private static final long LATEST_LOOK_MILLIS = 1_000;

    /** After the time for a body, in which its reader says what is wrong itself. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** For a last answer to be read before the connection is closed. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final HttpLimits limits;
    private final Map<Ends, Open> all = new ConcurrentHashMap<>();
    private final Map<InetAddress, Integer> perAddress = new HashMap<>();
    private final Counter crowded;
    private final Counter slow;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("http-connections").factory());

    private record Ends(SocketAddress theirs, int ourPort) {}

    Connections(HttpLimits limits, MeterRegistry meters) {
        this.limits = limits;
        this.crowded = Counter.builder("marsad.http.crowded")
                .description("Connections that were refused, because their address had as many as it may have")
                .register(meters);
        this.slow = Counter.builder("marsad.http.slow")
                .description("Connections that were ended, because nothing came or was taken in time")
                .register(meters);
    }

    /** Begins to look after them. */
    void start() {
        long every = Math.clamp(limits.head().toMillis() / 4, SOONEST_LOOK_MILLIS, LATEST_LOOK_MILLIS);
        watch.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }

    /** One of them. Its thread says what it is about to do; the watch looks. */
    final class Open {
        private final SocketChannel channel;
        private final InetAddress address;
        private volatile long until;
        private volatile boolean ends;

        private Open(SocketChannel channel, InetAddress address) {
            this.channel = channel;
            this.address = address;
            within(limits.head());
        }

        private void within(Duration time) {
            until = System.nanoTime() + time.toNanos();
            ends = true;
        }

        /** Takes as long as it takes. */
        void working() {
            ends = false;
        }

        /** The next request's first line is waited for. */
        void idle() {
            within(limits.idle());
        }

        /** There is none after this answer: what is still coming of the request is not waited for. */
        void ending() {
            within(LINGER);
        }

        void reading() {
            within(limits.body().plus(GRACE));
        }

        void writing(long bytes) {
            within(limits.write().plusSeconds(bytes / HttpLimits.SLOWEST));
        }

        long bodyNanos() {
            return limits.body().toNanos();
        }

        private boolean late(long now) {
            return ends && now - until > 0;
        }
    }

    /** The connection that a request came by; none is known only when it is closed already. */
    Open of(ServerRequest request) {
        return of(request.remotePeer(), request.localPeer());
    }

    private Open of(PeerInfo theirs, PeerInfo ours) {
        var open = all.get(new Ends(theirs.address(), port(ours)));
        if (open == null) {
            throw new CloseConnectionException("the connection is not known any more");
        }
        return open;
    }

    private static int port(PeerInfo ours) {
        return ours.address() instanceof InetSocketAddress address ? address.getPort() : -1;
    }

    /** Socket options that look at each connection when it is accepted, before anything is read of it. */
    SocketOptions options(SocketOptions options) {
        return new Accepting(options, this);
    }

    /** @throws IllegalStateException when its address has as many as it may have: then it is closed */
    void accept(SocketChannel channel) {
        try {
            if (!(channel.getRemoteAddress() instanceof InetSocketAddress theirs)
                    || !(channel.getLocalAddress() instanceof InetSocketAddress ours)) {
                throw new IllegalStateException("an internet address is expected");
            }
            var open = new Open(channel, theirs.getAddress());
            synchronized (perAddress) {
                if (perAddress.getOrDefault(open.address, 0) >= limits.perAddress()) {
                    look(); // some may have gone since
                }
                if (perAddress.getOrDefault(open.address, 0) >= limits.perAddress()) {
                    crowded.increment();
                    throw new IllegalStateException("too many connections of one address");
                }
                perAddress.merge(open.address, 1, Integer::sum);
                var before = all.put(new Ends(theirs, ours.getPort()), open);
                if (before != null) {
                    gone(before);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void gone(Open open) {
        perAddress.computeIfPresent(open.address, (_, count) -> count == 1 ? null : count - 1);
    }

    private void look() {
        long now = System.nanoTime();
        synchronized (perAddress) {
            all.values().removeIf(open -> {
                boolean late = open.channel.isOpen() && open.late(now);
                if (late) {
                    slow.increment();
                    disconnect(open);
                }
                boolean gone = late || !open.channel.isOpen();
                if (gone) {
                    gone(open);
                }
                return gone;
            });
        }
    }

    private static void disconnect(Open open) {
        try {
            LOG.debug("a connection of {} is ended: nothing came or was taken in time", open.address);
            open.channel.close();
        } catch (IOException e) {
            LOG.debug("a connection of {} could not be closed", open.address, e);
        }
    }

    /**
     * Follows a connection from request to request.
     *
     * @param then is told of headers afterwards
     */
    Http1ConnectionListener listener(Http1ConnectionListener then) {
        return new Following(then);
    }

    private final class Following implements Http1ConnectionListener {
        private final Http1ConnectionListener then;

        private Following(Http1ConnectionListener then) {
            this.then = then;
        }

        @Override
        public void prologue(ConnectionContext connection, HttpPrologue prologue) {
            of(connection.remotePeer(), connection.localPeer()).within(limits.head());
        }

        @Override
        public void headers(ConnectionContext connection, Headers headers) {
            of(connection.remotePeer(), connection.localPeer()).working();
            int count = 0;
            for (var header : headers) {
                count += header.valueCount();
            }
            if (count > HttpLimits.MOST_HEADERS) {
                throw RequestException.builder()
                        .type(DirectHandler.EventType.BAD_REQUEST)
                        .status(Status.create(431))
                        .message("too many headers")
                        .build();
            }
            then.headers(connection, headers);
        }
    }
}
