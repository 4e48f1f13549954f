package io.marsad.soc.report;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.Locale;

/**
 * A week by ISO 8601, from Monday 00:00 to the next, in UTC.
 *
 * @param year that the week belongs to, which the first days of January may not
 * @param number 1 to 52 or 53
 */
public record Week(int year, int number) implements Comparable<Week> {
    private static final int FIRST_YEAR = 2000;
    private static final int LAST_YEAR = 2999;

    /** @throws IllegalArgumentException when the year has no such week */
    public Week {
        if (year < FIRST_YEAR || year > LAST_YEAR) {
            throw new IllegalArgumentException("the year is one from " + FIRST_YEAR + " to " + LAST_YEAR);
        }
        int last = (int) IsoFields.WEEK_OF_WEEK_BASED_YEAR
                .rangeRefinedBy(LocalDate.of(year, 7, 1))
                .getMaximum();
        if (number < 1 || number > last) {
            throw new IllegalArgumentException(year + " has the weeks 1 to " + last);
        }
    }

    /**
     * Of a text like {@code 2026-W47}.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    public static Week parse(String text) {
        if (!text.matches("[0-9]{4}-W[0-9]{2}")) {
            throw new IllegalArgumentException("a week is written like 2026-W47");
        }
        return new Week(Integer.parseInt(text.substring(0, 4)), Integer.parseInt(text.substring(6)));
    }

    /** The one that the time is in. */
    public static Week of(Instant time) {
        var day = time.atZone(ZoneOffset.UTC).toLocalDate();
        return new Week(day.get(IsoFields.WEEK_BASED_YEAR), day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
    }

    /** Monday, 00:00 UTC. */
    public Instant from() {
        return monday().atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** The Monday after, 00:00 UTC; exclusive. */
    public Instant to() {
        return monday().plusWeeks(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    public Week before() {
        return of(monday().minusWeeks(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    private LocalDate monday() {
        return LocalDate.of(year, 1, 4) // always in the first week
                .with(IsoFields.WEEK_OF_WEEK_BASED_YEAR, number)
                .with(DayOfWeek.MONDAY);
    }

    @Override
    public int compareTo(Week other) {
        return year == other.year ? Integer.compare(number, other.number) : Integer.compare(year, other.year);
    }

    /** {@code 2026-W47} */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%04d-W%02d", year, number);
    }
}
