package io.marsad.match;

import io.marsad.kernel.predicate.Predicate.Comparison;
import io.marsad.kernel.predicate.Predicate.DatePart.Unit;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of the date in a value compares so. Dates are ISO 8601 as they are written, whatever their zone, or seconds,
 * milliseconds or microseconds since 1970 in UTC.
 */
record DateAtom(int slot, Unit unit, Comparison comparison, int wanted) implements Atom {
    private static final int MAX_LENGTH = 40;
    private static final Pattern ISO = Pattern.compile("(\\d{4})-(\\d\\d)-(\\d\\d)(?:[T ](\\d\\d):(\\d\\d)"
            + "(?::(\\d\\d)(?:[.,]\\d{1,9})?)?(?: ?(?:Z|[+-]\\d\\d:?\\d\\d))?)?");

    @Override
    public boolean test(Row row) {
        for (int v = row.first(slot); v >= 0; v = row.next(slot, v)) {
            if (row.length(v) <= MAX_LENGTH && holds(row.text(v))) {
                return true;
            }
        }
        return false;
    }

    private boolean holds(String text) {
        var matcher = ISO.matcher(text);
        LocalDateTime date;
        boolean hasTime = true;
        try {
            if (matcher.matches()) {
                hasTime = matcher.group(4) != null;
                date = LocalDateTime.of(
                        part(matcher.group(1)),
                        part(matcher.group(2)),
                        part(matcher.group(3)),
                        part(matcher.group(4)),
                        part(matcher.group(5)));
            } else if (text.matches("\\d{10}|\\d{13}|\\d{16}")) {
                long number = Long.parseLong(text);
                long seconds = text.length() == 10 ? number : text.length() == 13 ? number / 1000 : number / 1_000_000;
                date = LocalDateTime.ofInstant(Instant.ofEpochSecond(seconds), ZoneOffset.UTC);
            } else {
                return false;
            }
        } catch (DateTimeException notADate) {
            return false; // 2026-13-45 is text like any other
        }
        boolean ofDay = unit == Unit.MINUTE || unit == Unit.HOUR;
        return (hasTime || !ofDay) && comparison.holds(valueOf(date), wanted);
    }

    private static int part(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private int valueOf(LocalDateTime date) {
        return switch (unit) {
            case MINUTE -> date.getMinute();
            case HOUR -> date.getHour();
            case DAY -> date.getDayOfMonth();
            case WEEK -> date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
            case MONTH -> date.get(ChronoField.MONTH_OF_YEAR);
            case YEAR -> date.getYear();
        };
    }

    @Override
    public int price() {
        return 400;
    }
}
