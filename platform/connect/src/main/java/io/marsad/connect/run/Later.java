package io.marsad.connect.run;

import java.time.Duration;

/** A call cannot be made now; nothing of it has left. */
final class Later extends Exception {
    private final Duration after;

    Later(String reason, Duration after) {
        super(reason);
        this.after = after;
    }

    Duration after() {
        return after;
    }
}
