package io.marsad.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A LISTEN on a connection of its own, until closed. */
public final class Subscription implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);
    private static final int POLL_MILLIS = 1_000;

    private final Source source;
    private final String channel;
    private final Consumer<String> onPayload;
    private final Thread thread;
    private volatile boolean closed;

    /** Where connections come from. */
    @FunctionalInterface
    interface Source {
        Connection open() throws SQLException;
    }

    Subscription(Source source, String channel, Consumer<String> onPayload) {
        if (!channel.matches("[a-z][a-z_]{0,62}")) {
            throw new IllegalArgumentException("a channel is a lower-case word");
        }
        this.source = source;
        this.channel = channel;
        this.onPayload = onPayload;
        this.thread = Thread.ofPlatform().daemon().name("listen-" + channel).start(this::run);
    }

    private void run() {
        long wait = 100;
        while (!closed) {
            try (var connection = source.open()) {
                try (var statement = connection.createStatement()) {
                    statement.execute("LISTEN " + channel);
                }
                deliver("");
                wait = 100;
                listen(connection.unwrap(PGConnection.class));
            } catch (SQLException e) {
                if (!closed) {
                    LOG.warn("listening on {} failed, trying again: {}", channel, e.getMessage());
                    wait = Math.min(wait * 2, 5_000);
                    pause(wait);
                }
            }
        }
    }

    private void listen(PGConnection connection) throws SQLException {
        while (!closed) {
            var received = connection.getNotifications(POLL_MILLIS);
            if (received != null) {
                for (var notification : received) {
                    deliver(notification.getParameter());
                }
            }
        }
    }

    private void deliver(@Nullable String payload) {
        try {
            onPayload.accept(payload == null ? "" : payload);
        } catch (RuntimeException e) {
            LOG.error("a listener on {} failed", channel, e);
        }
    }

    private void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            closed = true; // only close() interrupts this thread
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
