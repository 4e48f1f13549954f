package io.marsad.bench.flow;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Senders of batches, each with a connection of its own. What a full platform refuses is sent again when it says. */
final class Load {
    /** One batch of so many is sent twice with the same key: its second copy must not be stored. */
    private static final int REPEATED = 200;

    private static final long TOO_EARLY_NANOS = 100_000;
    private static final long LONGEST_WAIT_MILLIS = 100;
    /** Of what was last seen in the estimate of the platform's pace. */
    private static final double PACE_SHARE = 0.2;

    private final Platform platform;
    private final Planted planted;
    private final Histogram acks = new Histogram();
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final AtomicLong serial = new AtomicLong();
    // what the platform last said of the records that wait, and how fast they became fewer; guarded by this
    private double backlog;
    private long backlogAt = System.nanoTime();
    private long sentSince;
    /** Records a nanosecond. */
    private double pace;

    private volatile boolean measuring;
    private volatile boolean over;
    private volatile @Nullable String failure;

    Load(Platform platform, Planted planted) {
        this.platform = platform;
        this.planted = planted;
    }

    /**
     * Sends until told to end.
     *
     * @param interval nanoseconds from one batch to the next; 0: whenever fewer than {@code most} records wait
     * @param phase when the first is due, nanoseconds from now
     */
    Thread start(List<Batch> batches, long interval, long phase, long most) {
        return Thread.ofPlatform().name("sender").start(() -> {
            try (var connection =
                    new Connection(platform.access().url(), platform.access().token())) {
                send(connection, batches, interval, System.nanoTime() + phase, most);
            } catch (IOException | RuntimeException | Error e) {
                failure = e.toString();
            }
        });
    }

    private void send(Connection connection, List<Batch> batches, long interval, long first, long most)
            throws IOException {
        long due = first;
        for (int i = 0; !over; i++) {
            if (interval > 0) {
                await(due);
            } else {
                awaitRoom(batches.get(i % batches.size()).events(), most);
                due = System.nanoTime();
            }
            var batch = batches.get(i % batches.size());
            var key = i % REPEATED == REPEATED / 2 ? "bench-" + serial.get() : null;
            post(connection, batch, key, due);
            if (key != null) {
                post(connection, batch, key, -1);
            }
            due += interval;
        }
    }

    /**
     * Until about so many records wait at most with those to be sent now: what the platform last said, less what it works
     * through at its pace, and what was sent since. So records come evenly and not in heaps whenever it is asked.
     */
    private synchronized void awaitRoom(int events, long most) {
        while (!over) {
            double waiting = backlog + sentSince - pace * (System.nanoTime() - backlogAt);
            if (waiting <= most) {
                sentSince += events;
                return;
            }
            double nanos = pace > 0 ? (waiting - most) / pace : Double.MAX_VALUE;
            try {
                wait(Math.clamp((long) (nanos / 1e6), 1, LONGEST_WAIT_MILLIS));
            } catch (InterruptedException e) {
                over = true;
            }
        }
    }

    private void await(long due) {
        for (long early = due - System.nanoTime(); early > TOO_EARLY_NANOS && !over; early = due - System.nanoTime()) {
            LockSupport.parkNanos(early);
        }
    }

    /** @param due when it was to be sent, for how long its sender waited; -1 for a repetition of the one before */
    private void post(Connection connection, Batch batch, @Nullable String key, long due) throws IOException {
        boolean again = due < 0;
        if (!again) {
            batch.refresh(System.currentTimeMillis(), serial.getAndAdd(batch.events()));
        }
        for (long from = again ? System.nanoTime() : due; !over; from = System.nanoTime()) {
            Connection.Answer answer;
            try {
                answer = connection.post(batch, key, false);
            } catch (IOException e) {
                if (!platform.isAlive()) {
                    throw e;
                }
                unknown.add(batch.events());
                continue;
            }
            if (answer.status() == 202) {
                taken(batch, answer, again, System.nanoTime() - from);
                return;
            }
            if (answer.status() != 429 && answer.status() != 503) {
                throw new IOException("HTTP " + answer.status() + ": " + answer.body());
            }
            refused.increment();
            long until = System.nanoTime() + answer.retryAfterSeconds() * 1_000_000_000L;
            await(until);
        }
    }

    private void taken(Batch batch, Connection.Answer answer, boolean again, long nanos) throws IOException {
        if (!answer.body().contains("\"accepted\":" + batch.lines() + ",")) {
            throw new IOException("records of " + batch.origin() + " were rejected: " + answer.body());
        }
        if (measuring) {
            acks.add(nanos);
        }
        if (again) {
            repeated.add(batch.events());
        } else {
            acknowledged.add(batch.events());
            bytes.add(batch.body().length);
        }
    }

    /** Sends a record that must raise an alert, every so many nanoseconds. */
    Thread plant(Batch batch, long interval) {
        return Thread.ofPlatform().name("planter").start(() -> {
            try (var connection =
                    new Connection(platform.access().url(), platform.access().token())) {
                long due = System.nanoTime();
                for (long n = 1; !over; n++) {
                    await(due);
                    batch.refresh(System.currentTimeMillis(), n);
                    var answer = connection.post(batch, null, false);
                    if (answer.status() == 202) {
                        acknowledged.increment();
                        if (measuring) {
                            planted.acknowledged("planted-" + (1_000_000_000L + n), System.nanoTime());
                        }
                    }
                    due += interval;
                }
            } catch (IOException | RuntimeException | Error e) {
                failure = e.toString();
            }
        });
    }

    /** From now on latencies count. */
    void measure() {
        measuring = true;
    }

    synchronized void end() {
        over = true;
        notifyAll();
    }

    /** How many records wait, as the platform says. */
    synchronized void backlog(long pending) {
        long now = System.nanoTime();
        double worked = Math.max(0, backlog + sentSince - pending) / Math.max(1, now - backlogAt);
        pace += (worked - pace) * PACE_SHARE;
        backlog = pending;
        backlogAt = now;
        sentSince = 0;
        notifyAll();
    }

    long acknowledged() {
        return acknowledged.sum();
    }

    /** Records of second copies. */
    long repeated() {
        return repeated.sum();
    }

    /** Records of requests whose answer got lost. */
    long unknown() {
        return unknown.sum();
    }

    /** Requests that were told to come again. */
    long refused() {
        return refused.sum();
    }

    long bytes() {
        return bytes.sum();
    }

    Histogram acks() {
        return acks;
    }

    /** What ended a sender, or null. */
    @Nullable
    String failure() {
        return failure;
    }
}
