package io.marsad.db;

import com.github.kagkarlsson.scheduler.task.schedule.CronSchedule;
import com.github.kagkarlsson.scheduler.task.schedule.CronStyle;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneRulesException;

/**
 * Points of time as cron writes them: minute, hour, day of month, month, day of week, in a time zone. A local time that a
 * change of clocks leaves out is passed over; one that comes twice counts once. Immutable.
 */
public final class Cron {
    /** What never comes is said to come in the year 2500. */
    private static final Instant FAR = Instant.parse("2100-01-01T00:00:00Z");

    private final CronSchedule schedule;

    private Cron(CronSchedule schedule) {
        this.schedule = schedule;
    }

    /**
     * @param zone as the IANA time zone database names it: {@code Europe/Berlin}
     * @throws IllegalArgumentException when either cannot be read, or no time ever fits
     */
    public static Cron parse(String expression, String zone) {
        ZoneId id;
        try {
            id = ZoneId.of(zone);
        } catch (ZoneRulesException e) {
            throw new IllegalArgumentException("there is no time zone '" + zone + "'", e);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + zone + "' is no name of a time zone", e);
        }
        var cron = new Cron(new CronSchedule(expression, id, CronStyle.UNIX));
        Instant first;
        try {
            first = cron.next(Instant.EPOCH);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("'" + expression + "' is no cron expression of five fields", e);
        }
        if (first.isAfter(FAR)) {
            throw new IllegalArgumentException("no time ever fits '" + expression + "'");
        }
        return cron;
    }

    /** The first point of time after this one. */
    public Instant next(Instant after) {
        return schedule.getInitialExecutionTime(after);
    }

    /** How many points of time there are after one and up to another, inclusive; at most {@code most}. */
    public int count(Instant after, Instant to, int most) {
        int count = 0;
        for (var at = next(after); !at.isAfter(to) && count < most; at = next(at)) {
            count++;
        }
        return count;
    }
}
