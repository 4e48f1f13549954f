package io.marsad.ingest.worker;

import io.marsad.db.DatabaseException;
import io.marsad.kernel.store.StoreFullException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries what a worker cannot do now until it can, or is stopped. Used by one thread at a time. */
final class Patience {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long LONGEST_MILLIS = 5_000;

    private final int partition;
    private final CountDownLatch stop;

    /** For others to see: what is being waited for, or what ended it. */
    private volatile @Nullable String trouble;

    /** @param stop at zero nothing is tried again */
    Patience(int partition, CountDownLatch stop) {
        this.partition = partition;
        this.stop = stop;
    }

    @Nullable
    String trouble() {
        return trouble;
    }

    void gaveUp(String why) {
        trouble = why;
    }

    /** Tries until the store has room: meanwhile the log takes what comes, and then its senders wait. */
    void whenThereIsRoom(SecondHand.Task change) throws IOException, InterruptedException {
        for (long wait = 50; ; wait = Math.min(LONGEST_MILLIS, wait * 2)) {
            try {
                change.run();
                if (wait > 50) {
                    trouble = null;
                }
                return;
            } catch (StoreFullException e) {
                trouble = "waiting for room: " + e.getMessage();
                LOG.warn("worker {}: {}; trying again", partition, trouble);
            }
            if (stop.await(wait, TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("stopped while the event store was full");
            }
        }
    }

    /**
     * Tries until it is done: while the database is away, the log takes what comes, and then its senders wait.
     *
     * @param to what it follows from stands before this offset
     * @param changes made in one transaction, findings each alone where true; says how many findings were left out
     * @return how many findings were left out
     */
    int commit(long to, ToIntFunction<Boolean> changes) throws InterruptedException {
        boolean eachAlone = false;
        for (long wait = 50; ; wait = Math.min(LONGEST_MILLIS, wait * 2)) {
            try {
                int failed = changes.applyAsInt(eachAlone);
                if (failed > 0) {
                    LOG.error("worker {}: {} findings before offset {} could not be raised", partition, failed, to);
                }
                trouble = null;
                return failed;
            } catch (DatabaseException e) {
                trouble = "waiting for the database: " + e.getMessage();
                LOG.warn("worker {}: {}; trying again", partition, trouble);
                eachAlone |= !e.unavailable();
            } catch (WorkerJournal.PositionTakenException e) {
                throw e;
            } catch (RuntimeException e) {
                if (eachAlone) {
                    throw e;
                }
                LOG.error("worker {}: findings before offset {} could not be raised together", partition, to, e);
                eachAlone = true;
            }
            if (stop.await(wait, TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("stopped while the database was away");
            }
        }
    }
}
