package io.marsad.store.query.run;

import io.marsad.kernel.store.SearchProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What one query may use, and what had to be left out for it. Belongs to one thread. */
final class Budget {
    /** The most bytes that the stages of one query hold, roughly. */
    static final long MOST_BYTES = 256L << 20;

    private final Follower follower;
    private final long started = System.nanoTime();
    private final long timeout;
    private final List<String> cuts = new ArrayList<>();
    private long bytes;
    private boolean ended;
    private SearchProgress progress = new SearchProgress(0, 0, 0, 0);

    Budget(Duration timeout, Follower follower) {
        this.timeout = timeout.toNanos();
        this.follower = follower;
    }

    /** Tells the follower. False once the query has to end with what it has. */
    boolean goOn(SearchProgress now) {
        progress = now;
        if (!ended && !follower.goOn(now)) {
            end("the query was ended before it was done");
        }
        if (!ended && left().isZero()) {
            end("the time limit came before all events were looked at");
        }
        return !ended;
    }

    /** Takes memory, or gives it back. False when there is none left, which ends the query. */
    boolean take(long more) {
        bytes += more;
        if (bytes > MOST_BYTES) {
            end("the query needs more memory than one may have");
        }
        return !ended;
    }

    void end(String reason) {
        ended = true;
        cut(reason);
    }

    void cut(String reason) {
        if (!cuts.contains(reason)) {
            cuts.add(reason);
        }
    }

    boolean ended() {
        return ended;
    }

    /** The store ended on its own accord, by the time limit or by memory. */
    void partial() {
        if (!ended) {
            end(
                    left().isZero()
                            ? "the time limit came before all events were looked at"
                            : "a limit came before all events were looked at");
        }
    }

    List<String> cuts() {
        return cuts;
    }

    void progress(SearchProgress last) {
        progress = last;
    }

    SearchProgress progress() {
        return progress;
    }

    /** Time that is left. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, timeout - tookNanos()));
    }

    long tookNanos() {
        return System.nanoTime() - started;
    }
}
