package io.marsad.connect.run;

import java.time.Duration;

/** Waits between attempts; passed in, as clocks are. */
public interface Pause {
    void rest(Duration time) throws InterruptedException;
}
