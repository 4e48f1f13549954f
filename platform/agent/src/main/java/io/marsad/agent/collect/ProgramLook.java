package io.marsad.agent.collect;

import io.marsad.agent.host.HostProgram;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a host with its programs. Where one is not there or fails, it is asked again after five minutes, and each time
 * after twice as long, up to a day: a host that does not have it is no fault. Not thread-safe.
 */
public final class ProgramLook implements Programs {
    private static final Logger LOG = System.getLogger(ProgramLook.class.getName());
    private static final Duration MOST = Duration.ofSeconds(15);
    private static final int MOST_BYTES = 8 << 20;
    private static final long LEAST = 300_000;
    private static final long LONGEST = 86_400_000;

    private final InstantSource clock;
    private final Duration most;
    private final int well;
    private long again = Long.MIN_VALUE;
    private long wait = LEAST;
    private long refusals;

    /** With the usual 15 s. */
    public ProgramLook(InstantSource clock) {
        this(clock, MOST, 0);
    }

    /**
     * @param most how long a program may run
     * @param well up to this exit code it did well
     */
    public ProgramLook(InstantSource clock, Duration most, int well) {
        this.clock = clock;
        this.most = most;
        this.well = well;
    }

    /** In the words and the time of no country. */
    @Override
    public byte @Nullable [] at(List<String> command) {
        if (clock.millis() < again) {
            return null;
        }
        try {
            var ended = new HostProgram(command, "", Map.of("LC_ALL", "C", "TZ", "UTC"), most, MOST_BYTES, false).run();
            if (ended.cut()) {
                refusals++; // half a list would make the other half gone
                return null;
            }
            if (ended.code() >= 0 && ended.code() <= well) {
                wait = LEAST;
                return ended.said();
            }
            LOG.log(Level.DEBUG, () -> command.getFirst() + " ended with " + ended.code());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a program of the host is not asked for a while", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the agent stops
            return null;
        }
        again = clock.millis() + wait;
        wait = Math.min(LONGEST, wait * 2);
        return null;
    }

    @Override
    public long refusals() {
        return refusals;
    }
}
