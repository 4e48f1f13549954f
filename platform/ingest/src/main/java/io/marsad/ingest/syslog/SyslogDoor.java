package io.marsad.ingest.syslog;

import io.marsad.ingest.intake.Intake;
import io.marsad.ingest.intake.IntakeBatch;
import io.marsad.kernel.log.LogFullException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for syslog by UDP (a datagram is a message) and TCP (RFC 6587). Messages become durable in batches. While the
 * log takes nothing, or the tenant's quota is used up, the door stops reading: TCP senders then wait, UDP senders lose what the kernel cannot hold.
 *
 * <p>Thread-safe.
 */
public final class SyslogDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SyslogDoor.class);
    private static final int UDP_KERNEL_BUFFER = 4 << 20;
    private static final int UDP_LARGEST = 65_535;
    private static final int BATCH_MESSAGES = 1000;
    private static final int BATCH_BYTES = 1 << 20;
    private static final int UDP_GATHER_MILLIS = 3;
    private static final long BROKEN_LOG_MILLIS = 1000;
    private static final long QUOTA_LOOK_MILLIS = 1000;
    private static final long SOCKET_REST_MILLIS = 200;

    private final SyslogConfig config;
    private final Intake intake;
    private final @Nullable DatagramSocket udp;
    private final @Nullable ServerSocket tcp;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final LongAdder udpMessages = new LongAdder();
    private final LongAdder tcpMessages = new LongAdder();
    private final LongAdder truncated = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder pauses = new LongAdder();
    private final LongAdder lost = new LongAdder();

    private SyslogDoor(SyslogConfig config, Intake intake, @Nullable DatagramSocket udp, @Nullable ServerSocket tcp) {
        this.config = config;
        this.intake = intake;
        this.udp = udp;
        this.tcp = tcp;
    }

    /** @throws IOException when a port cannot be had */
    public static SyslogDoor open(SyslogConfig config, Intake intake) throws IOException {
        DatagramSocket udp = null;
        ServerSocket tcp = null;
        try {
            if (config.udpPort() >= 0) {
                udp = new DatagramSocket(null);
                udp.setReceiveBufferSize(UDP_KERNEL_BUFFER);
                udp.bind(new InetSocketAddress(config.address(), config.udpPort()));
            }
            if (config.tcpPort() >= 0) {
                tcp = new ServerSocket();
                tcp.setReuseAddress(true);
                tcp.bind(new InetSocketAddress(config.address(), config.tcpPort()), 128);
            }
        } catch (IOException e) {
            if (udp != null) {
                udp.close();
            }
            if (tcp != null) {
                tcp.close();
            }
            throw new IOException(
                    "syslog cannot listen on " + config.address().getHostAddress() + ", UDP " + config.udpPort()
                            + ", TCP " + config.tcpPort() + ": " + e.getMessage(),
                    e);
        }
        var door = new SyslogDoor(config, intake, udp, tcp);
        if (udp != null) {
            var socket = udp;
            door.run("syslog-udp", () -> door.receive(socket));
        }
        if (tcp != null) {
            var socket = tcp;
            door.run("syslog-tcp", () -> door.accept(socket));
        }
        return door;
    }

    /** The port that is listened on, or -1. */
    public int udpPort() {
        return udp == null ? -1 : udp.getLocalPort();
    }

    /** The port that is listened on, or -1. */
    public int tcpPort() {
        return tcp == null ? -1 : tcp.getLocalPort();
    }

    public SyslogStats stats() {
        return new SyslogStats(
                udpMessages.sum(),
                tcpMessages.sum(),
                truncated.sum(),
                refused.sum(),
                connections.size(),
                pauses.sum(),
                lost.sum());
    }

    private void run(String name, Runnable work) {
        var thread = Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                work.run();
            } finally {
                threads.remove(Thread.currentThread());
            }
        });
        threads.add(thread);
        thread.start();
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** After a failure of a listening socket, which may last (no file descriptors, say) and would fill the log. */
    private void rest() {
        try {
            closed.await(SOCKET_REST_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- UDP

    private void receive(DatagramSocket socket) {
        var packet = new DatagramPacket(new byte[UDP_LARGEST], UDP_LARGEST);
        while (!isClosed()) {
            try {
                awaitQuota();
                var batch = new Batch();
                gather(socket, packet, batch);
                commit(batch, udpMessages);
            } catch (IOException e) {
                if (!isClosed()) {
                    LOG.warn("syslog by UDP: {}", e.toString());
                    rest();
                }
            }
        }
    }

    /** Waits for a datagram, then takes what comes within a few milliseconds. */
    private void gather(DatagramSocket socket, DatagramPacket packet, Batch batch) throws IOException {
        socket.setSoTimeout(0);
        long until = 0;
        while (batch.messages < BATCH_MESSAGES && batch.bytes < BATCH_BYTES) {
            try {
                packet.setLength(UDP_LARGEST);
                socket.receive(packet);
            } catch (SocketTimeoutException e) {
                return;
            } catch (IOException e) {
                if (batch.messages == 0) {
                    throw e;
                }
                return; // closed: what is in hand is still sent
            }
            batch.message(
                    packet.getData(),
                    packet.getOffset(),
                    Frames.trimmed(packet.getData(), packet.getOffset(), packet.getLength()));
            long now = System.nanoTime();
            if (until == 0) {
                until = now + TimeUnit.MILLISECONDS.toNanos(UDP_GATHER_MILLIS);
            }
            long left = TimeUnit.NANOSECONDS.toMillis(until - now);
            if (left <= 0) {
                return;
            }
            socket.setSoTimeout((int) left);
        }
    }

    // ---- TCP

    private void accept(ServerSocket server) {
        while (!isClosed()) {
            try {
                var socket = server.accept();
                if (connections.size() >= config.maxConnections()) {
                    refused.increment();
                    socket.close();
                    continue;
                }
                connections.add(socket);
                run("syslog-connection", () -> serve(socket));
            } catch (IOException e) {
                if (!isClosed()) {
                    LOG.warn("syslog by TCP: {}", e.toString());
                    rest();
                }
            }
        }
    }

    private void serve(Socket socket) {
        var frames = new Frames();
        try (socket) {
            socket.setSoTimeout((int) config.idle().toMillis());
            var in = socket.getInputStream();
            while (!isClosed()) {
                awaitQuota();
                int at = frames.free();
                int n = in.read(frames.buffer(), at, frames.room());
                var batch = new Batch();
                if (n < 0) {
                    frames.finish(batch);
                    commit(batch, tcpMessages);
                    return;
                }
                frames.read(n, batch);
                commit(batch, tcpMessages);
            }
        } catch (SocketTimeoutException e) {
            LOG.debug("syslog by TCP: {} was silent too long", socket.getRemoteSocketAddress());
        } catch (IOException e) {
            if (!isClosed()) {
                LOG.info("syslog by TCP, {}: {}", socket.getRemoteSocketAddress(), e.toString());
            }
        } finally {
            truncated.add(frames.truncated());
            connections.remove(socket);
        }
    }

    // ---- both

    /** Reads nothing while the tenant may send nothing: TCP senders then wait, UDP senders lose what the kernel cannot hold. */
    private void awaitQuota() {
        for (var refusal = intake.refusal(config.sender().tenant());
                refusal != null && !isClosed();
                refusal = intake.refusal(config.sender().tenant())) {
            pauses.increment();
            try {
                closed.await(Math.min(refusal.retryAfterMillis(), QUOTA_LOOK_MILLIS), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Messages on their way; more than an intake batch takes become several. */
    private final class Batch implements Frames.Taker {
        private IntakeBatch records = intake.begin(config.sender(), "syslog", null, false);
        private int messages;
        private int bytes;

        @Override
        public void message(byte[] from, int offset, int length) {
            if (length == 0) {
                return;
            }
            if (messages == Intake.MAX_RECORDS) {
                commit(this, tcpMessages); // a datagram's batch never gets so big
                records = intake.begin(config.sender(), "syslog", null, false);
                messages = 0;
                bytes = 0;
            }
            records.add(from, offset, length);
            messages++;
            bytes += length;
        }
    }

    /** Returns when the messages are durable, or the door is closed. */
    private void commit(Batch batch, LongAdder counter) {
        if (batch.messages == 0) {
            return;
        }
        while (true) {
            long wait;
            try {
                counter.add(batch.records.commit().accepted());
                return;
            } catch (LogFullException e) {
                wait = e.retryAfterMillis();
            } catch (IOException e) {
                LOG.error("syslog: the event log takes nothing", e);
                wait = BROKEN_LOG_MILLIS;
            }
            pauses.increment();
            try {
                if (closed.await(wait, TimeUnit.MILLISECONDS)) {
                    lost.add(batch.messages);
                    return;
                }
            } catch (InterruptedException e) {
                lost.add(batch.messages);
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Stops listening; returns when what was read is durable. */
    @Override
    public void close() throws IOException {
        closed.countDown();
        if (udp != null) {
            udp.close();
        }
        if (tcp != null) {
            tcp.close();
        }
        for (var connection : connections) {
            connection.close();
        }
        for (var thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
