package io.marsad.agent.guard;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Looks once a minute at how much CPU the agent took: beyond the share of one core intervals double, up to 16 times; below half
 * of it they halve again. Not thread-safe.
 */
public final class CpuWatch {
    private static final int MOST = 16;
    private static final long WINDOW = 60_000;

    private final double share;
    private final LongSupplier cpuMillis;
    private final InstantSource clock;
    private long since;
    private long taken;
    private int factor = 1;

    /**
     * @param share of one core: 0.01 is one percent
     * @param cpuMillis CPU time that the process has taken so far
     */
    public CpuWatch(double share, LongSupplier cpuMillis, InstantSource clock) {
        this.share = share;
        this.cpuMillis = cpuMillis;
        this.clock = clock;
        since = clock.millis();
        taken = cpuMillis.getAsLong();
    }

    /** What intervals are to be multiplied with now. */
    public int factor() {
        long wall = clock.millis() - since;
        if (wall < 0 || wall >= WINDOW) {
            long cpu = cpuMillis.getAsLong();
            if (wall > 0) {
                double used = (double) (cpu - taken) / wall;
                if (used > share) {
                    factor = Math.min(MOST, factor * 2);
                } else if (used < share / 2) {
                    factor = Math.max(1, factor / 2);
                }
            }
            since = clock.millis();
            taken = cpu;
        }
        return factor;
    }
}
