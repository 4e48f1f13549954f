package io.marsad.testkit.sigma;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalField;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The time modifiers: a number of a date as it is written, whatever its zone. Dates are ISO 8601 with a T or a blank
 * before the time, or seconds, milliseconds or microseconds since 1970.
 */
final class DateParts {
    private static final Map<String, TemporalField> FIELDS = Map.of(
            "minute", ChronoField.MINUTE_OF_HOUR,
            "hour", ChronoField.HOUR_OF_DAY,
            "day", ChronoField.DAY_OF_MONTH,
            "week", IsoFields.WEEK_OF_WEEK_BASED_YEAR,
            "month", ChronoField.MONTH_OF_YEAR,
            "year", ChronoField.YEAR);

    static final Set<String> UNITS = FIELDS.keySet();

    private DateParts() {}

    /** The part, or null when the text is no date or says nothing of it. */
    static @Nullable BigDecimal of(@Nullable String text, String unit) {
        var date = text == null ? null : date(text);
        var field = FIELDS.get(unit);
        return date == null || field == null || !date.isSupported(field) ? null : BigDecimal.valueOf(date.get(field));
    }

    private static @Nullable TemporalAccessor date(String text) {
        if (text.matches("[0-9]{10}|[0-9]{13}|[0-9]{16}")) {
            long seconds = Long.parseLong(text.substring(0, 10));
            return LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        }
        var zone = " ?(Z|[+-][0-9]{2}:?[0-9]{2})$";
        try {
            if (text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
                return LocalDate.parse(text);
            }
            var local =
                    text.replaceFirst(zone, "").replaceFirst("^(.{10}) ", "$1T").replace(',', '.');
            return LocalDateTime.parse(local, DateTimeFormatter.ISO_LOCAL_DATE_TIME);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
