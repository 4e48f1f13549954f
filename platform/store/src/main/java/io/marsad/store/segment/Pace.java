package io.marsad.store.segment;

import io.marsad.kernel.store.SearchProgress;
import io.marsad.kernel.store.SearchWatch;
import java.time.Duration;

/**
 * How far a question is, and whether it may go on: within its time, while its watch says so. Asked between blocks and
 * within long ones. One thread.
 */
final class Pace {
    private static final long TICK = Duration.ofMillis(50).toNanos();

    private final SearchWatch watch;
    private final Turns.Turn turn;
    private final long timeout;
    private final long started = System.nanoTime();
    private long ticked = started;
    private boolean tick;
    private boolean ended;
    long scannedEvents;
    long scannedBytes;
    long totalBytes;
    long found;

    Pace(SearchWatch watch, Duration timeout, Turns.Turn turn) {
        this.watch = watch;
        this.turn = turn;
        this.timeout =
                timeout.compareTo(Duration.ofDays(1)) > 0 ? Duration.ofDays(1).toNanos() : timeout.toNanos();
    }

    /** False once the question has to end with what it has. */
    boolean goOn() {
        if (ended) {
            return false;
        }
        long now = System.nanoTime();
        if (now - started > timeout) {
            ended = true;
        } else {
            if (now - ticked >= TICK) {
                ticked = now;
                tick = true;
                ended = !watch.goOn(progress());
            }
            if (!ended) {
                turn.passOn();
            }
        }
        return !ended;
    }

    /** Did the watch hear of progress since this was asked last? */
    boolean ticked() {
        boolean was = tick;
        tick = false;
        return was;
    }

    void end() {
        ended = true;
    }

    boolean ended() {
        return ended;
    }

    SearchWatch watch() {
        return watch;
    }

    SearchProgress progress() {
        return new SearchProgress(scannedEvents, scannedBytes, totalBytes, found);
    }

    long tookNanos() {
        return System.nanoTime() - started;
    }
}
