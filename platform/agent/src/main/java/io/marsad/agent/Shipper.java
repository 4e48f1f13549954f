package io.marsad.agent;

import io.marsad.agent.spool.Spool;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Takes records from the spool to the uplink; waits longer and longer while that fails. Used by one thread. */
final class Shipper {
    private static final Logger LOG = System.getLogger(Shipper.class.getName());
    private static final int RECORDS = 1_000;
    private static final int BYTES = 1 << 20;
    private static final long LEAST = 500;
    private static final long MOST = 60_000;

    private final Spool spool;
    private final Uplink uplink;
    private long wait = LEAST;

    Shipper(Spool spool, Uplink uplink) {
        this.spool = spool;
        this.uplink = uplink;
    }

    /**
     * Sends one batch.
     *
     * @return milliseconds to wait before the next
     */
    long ship() {
        try {
            var batch = spool.read(0, RECORDS, BYTES);
            if (batch.isEmpty()) {
                return LEAST;
            }
            long taken = uplink.send(batch);
            // Nobody takes what was not sent.
            spool.acknowledge(Math.min(taken, batch.getLast().sequence()));
            if (taken >= batch.getFirst().sequence()) {
                wait = LEAST;
                return 0;
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "records are sent again later", e);
        }
        long now = wait;
        wait = Math.min(MOST, wait * 2);
        return now;
    }
}
