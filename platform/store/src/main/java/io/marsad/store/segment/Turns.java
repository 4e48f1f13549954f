package io.marsad.store.segment;

import io.marsad.kernel.tenant.TenantId;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Who may read blocks now. So many questions run at a time as there are processors, at least two, and of one tenant one
 * less, so that there is room for another tenant's at once. Who waits is served tenant by tenant; who runs passes the
 * turn on after a while when others of another tenant, or older ones of the same, wait.
 *
 * <p>Thread-safe.
 */
final class Turns {
    private static final long SLICE = Duration.ofMillis(20).toNanos();

    private final int permits;
    private final int perTenant;
    private int running;
    private final Map<TenantId, Integer> runningOf = new HashMap<>();
    private final ArrayDeque<Turn> waiting = new ArrayDeque<>();
    private volatile boolean contended;

    Turns(int processors) {
        permits = Math.max(2, processors);
        perTenant = permits - 1;
    }

    /** A question's turn; given back when closed. One thread. */
    final class Turn implements AutoCloseable {
        private final TenantId tenant;
        private long since;
        private CountDownLatch given = new CountDownLatch(1);
        private boolean held;

        private Turn(TenantId tenant) {
            this.tenant = tenant;
        }

        /** Lets another have the turn, after a while and when there is one; then waits for the next. */
        void passOn() {
            if (contended && System.nanoTime() - since > SLICE) {
                synchronized (Turns.this) {
                    release(this);
                    enter(this);
                }
                awaitUninterruptibly();
            }
        }

        /** The interrupt is left for the next read, which ends the question. */
        private void awaitUninterruptibly() {
            boolean interrupted = false;
            while (true) {
                try {
                    given.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            since = System.nanoTime();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            synchronized (Turns.this) {
                if (held) {
                    release(this);
                } else {
                    waiting.remove(this);
                    serve();
                }
            }
        }
    }

    /** Waits for a turn. */
    Turn take(TenantId tenant) throws InterruptedIOException {
        var turn = new Turn(tenant);
        synchronized (this) {
            enter(turn);
        }
        try {
            turn.given.await();
        } catch (InterruptedException e) {
            turn.close();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a turn");
        }
        turn.since = System.nanoTime();
        return turn;
    }

    private void enter(Turn turn) {
        turn.given = new CountDownLatch(1);
        waiting.add(turn);
        serve();
    }

    private void release(Turn turn) {
        turn.held = false;
        running--;
        runningOf.merge(turn.tenant, -1, Integer::sum);
        runningOf.remove(turn.tenant, 0);
        serve();
    }

    /** First who has least running, among those who has waited longest. */
    private void serve() {
        while (running < permits) {
            Turn next = null;
            int least = perTenant;
            for (var turn : waiting) {
                int has = runningOf.getOrDefault(turn.tenant, 0);
                if (has < least) {
                    least = has;
                    next = turn;
                }
            }
            if (next == null) {
                break;
            }
            waiting.remove(next);
            running++;
            runningOf.merge(next.tenant, 1, Integer::sum);
            next.held = true;
            next.given.countDown();
        }
        contended = !waiting.isEmpty();
    }
}
