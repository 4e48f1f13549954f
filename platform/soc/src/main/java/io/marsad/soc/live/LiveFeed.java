package io.marsad.soc.live;

import io.marsad.db.Database;
import io.marsad.db.Subscription;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells what happens to whoever listens, in this process or another: appended in the transaction in which it happens,
 * numbered in the order of commits, kept for a day, so that a listener who comes back misses nothing.
 *
 * <p>Thread-safe; each {@link Listener} is one thread's.
 */
public final class LiveFeed implements AutoCloseable {
    static final Duration KEPT = Duration.ofDays(1);

    static final String CHANNEL = "marsad_live";

    private static final int MOST_WHISPERS = 100;
    private static final int MAX_LISTENERS = 4_000; // of all tenants; the streams bound each tenant's
    private static final int PAGE = 200;
    private static final int PRUNE_EVERY = 256;

    private final Database database;
    private final Map<TenantId, Set<Listener>> listeners = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Presence presence;
    private final Subscription subscription;

    public LiveFeed(Database database) {
        this(database, System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime()} */
    LiveFeed(Database database, LongSupplier nanos) {
        this.database = database;
        this.presence = new Presence(database, this::whisper, nanos);
        this.subscription = database.listen(CHANNEL, this::heard);
    }

    /** Who looks at what. */
    public Presence presence() {
        return presence;
    }

    private void heard(String payload) {
        if (payload.startsWith("{")) {
            presence.heard(payload);
        } else {
            wake(payload);
        }
    }

    /** Says something to those who listen to this process now, and keeps nothing of it. */
    private void whisper(TenantId tenant, News news) {
        var event = new LiveEvent(0, news.kind(), news.payload());
        listeners.getOrDefault(tenant, Set.of()).forEach(listener -> listener.whisper(event));
    }

    /**
     * Something to be told.
     *
     * @param kind {@code alert.created}, …
     * @param payload a JSON object
     */
    public record News(String kind, String payload) {}

    /**
     * Appends to the tenant's feed, inside the transaction in which it happens. Holds the tenant's place until that
     * transaction ends, so it comes last in it.
     */
    public static void append(Connection connection, TenantId tenant, Instant now, List<News> news)
            throws SQLException {
        if (news.isEmpty()) {
            return;
        }
        long last;
        try (var position = connection.prepareStatement("INSERT INTO live_positions VALUES (?, ?)"
                + " ON CONFLICT (tenant_id) DO UPDATE SET last_seq = live_positions.last_seq + excluded.last_seq"
                + " RETURNING last_seq")) {
            position.setString(1, tenant.value());
            position.setLong(2, news.size());
            try (var rows = position.executeQuery()) {
                rows.next();
                last = rows.getLong(1);
            }
        }
        long first = last - news.size() + 1;
        try (var insert = connection.prepareStatement("INSERT INTO live_events VALUES (?, ?, ?, ?::jsonb, ?)")) {
            for (int i = 0; i < news.size(); i++) {
                insert.setString(1, tenant.value());
                insert.setLong(2, first + i);
                insert.setString(3, news.get(i).kind());
                insert.setString(4, news.get(i).payload());
                insert.setTimestamp(5, Timestamp.from(now));
                insert.addBatch();
            }
            insert.executeBatch();
        }
        if (first / PRUNE_EVERY != (last + 1) / PRUNE_EVERY) {
            try (var prune =
                    connection.prepareStatement("DELETE FROM live_events WHERE tenant_id = ? AND created_at < ?")) {
                prune.setString(1, tenant.value());
                prune.setTimestamp(2, Timestamp.from(now.minus(KEPT)));
                prune.executeUpdate();
            }
        }
        try (var notify = connection.prepareStatement("SELECT pg_notify('" + CHANNEL + "', ?)")) {
            notify.setString(1, tenant.value());
            notify.executeQuery().close();
        }
    }

    /** The number of the newest that this transaction sees; 0 when there is none. */
    public static long lastSeq(Connection connection, TenantId tenant) throws SQLException {
        try (var select = connection.prepareStatement("SELECT last_seq FROM live_positions WHERE tenant_id = ?")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }

    /**
     * Begins to listen.
     *
     * @param afterSeq the last that the listener knows; null for what happens from now on
     * @throws io.marsad.kernel.problem.ProblemException 429 when too many listen
     */
    public Listener listen(TenantId tenant, @Nullable Long afterSeq) {
        if (listeners.values().stream().mapToInt(Set::size).sum() >= MAX_LISTENERS) {
            throw Problem.overloaded("Too many live connections are open.").asException();
        }
        long from = afterSeq != null ? afterSeq : database.<Long>inTenant(tenant, c -> lastSeq(c, tenant));
        var listener = new Listener(tenant, from);
        listeners.computeIfAbsent(tenant, t -> ConcurrentHashMap.newKeySet()).add(listener);
        return listener;
    }

    @Override
    public void close() {
        closed.set(true);
        subscription.close();
        wake("");
    }

    private void wake(String tenant) {
        if (tenant.isEmpty()) {
            listeners.values().forEach(all -> all.forEach(Listener::wake));
        } else {
            listeners.getOrDefault(new TenantId(tenant), Set.of()).forEach(Listener::wake);
        }
    }

    private List<LiveEvent> read(Connection connection, TenantId tenant, long after) throws SQLException {
        long last = lastSeq(connection, tenant);
        if (after == last) {
            return List.of();
        }
        var events = new ArrayList<LiveEvent>();
        try (var select = connection.prepareStatement("SELECT seq, kind, payload FROM live_events"
                + " WHERE tenant_id = ? AND seq > ? ORDER BY seq LIMIT " + PAGE)) {
            select.setString(1, tenant.value());
            select.setLong(2, after);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    events.add(new LiveEvent(rows.getLong(1), rows.getString(2), rows.getString(3)));
                }
            }
        }
        boolean gap = after > last || events.isEmpty() || events.getFirst().seq() != after + 1;
        return gap ? List.of(new LiveEvent(last, LiveEvent.RESYNC, "{}")) : events;
    }

    /** One listener's place in the feed. */
    public final class Listener implements AutoCloseable {
        private final TenantId tenant;
        private final Object signal = new Object();
        private final Deque<LiveEvent> whispers = new ArrayDeque<>();
        private long position;
        private boolean awake = true;

        private Listener(TenantId tenant, long position) {
            this.tenant = tenant;
            this.position = position;
        }

        /**
         * What happened since, oldest first; waits for it when there is nothing. Empty when nothing came in time or the
         * feed was closed. At most 200 at once. What has the number 0 is kept nowhere: whoever comes back does not get it.
         */
        public List<LiveEvent> poll(Duration timeout) throws InterruptedException {
            long deadline = System.nanoTime() + timeout.toNanos();
            while (true) {
                if (!awaitSignal(deadline) || closed.get()) {
                    return List.of();
                }
                var said = whispered();
                if (!said.isEmpty()) {
                    wake(); // there may be something in the feed, too
                    return said;
                }
                long after = position;
                var events = database.inTenant(tenant, c -> read(c, tenant, after));
                if (!events.isEmpty()) {
                    position = events.getLast().seq();
                    wake(); // there may be more than one page
                    return events;
                }
            }
        }

        private boolean awaitSignal(long deadline) throws InterruptedException {
            synchronized (signal) {
                while (!awake) {
                    long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
                    if (millis <= 0) {
                        return false;
                    }
                    signal.wait(millis);
                }
                awake = false;
                return true;
            }
        }

        private void whisper(LiveEvent event) {
            synchronized (signal) {
                if (whispers.size() == MOST_WHISPERS) {
                    whispers.removeFirst();
                }
                whispers.addLast(event);
                wake();
            }
        }

        private List<LiveEvent> whispered() {
            synchronized (signal) {
                var said = List.copyOf(whispers);
                whispers.clear();
                return said;
            }
        }

        private void wake() {
            synchronized (signal) {
                awake = true;
                signal.notifyAll();
            }
        }

        /** The number of the last event given. */
        public long position() {
            return position;
        }

        @Override
        public void close() {
            listeners.getOrDefault(tenant, Set.of()).remove(this);
        }
    }
}
