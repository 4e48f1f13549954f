package io.marsad.store.query;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lengths and points of time as people write them. */
final class Durations {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,13})(ms|s|m|h|d|w)");
    private static final String[] UNITS = {"w", "d", "h", "m", "s", "ms"};
    private static final long[] MILLIS = {604_800_000L, 86_400_000L, 3_600_000L, 60_000L, 1_000L, 1L};

    /** A hundred years: what is longer is a slip. */
    private static final long LONGEST = 36_525L * 86_400_000L;

    private Durations() {}

    /** Milliseconds, or -1 when it is none or too long. */
    static long read(String text) {
        var matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return -1;
        }
        for (int i = 0; i < UNITS.length; i++) {
            if (UNITS[i].equals(matcher.group(2))) {
                long count = Long.parseLong(matcher.group(1));
                return count > LONGEST / MILLIS[i] ? -1 : count * MILLIS[i];
            }
        }
        return -1;
    }

    /** In the largest unit that it is a whole number of. */
    static String write(long millis) {
        for (int i = 0; i < UNITS.length; i++) {
            if (millis % MILLIS[i] == 0 && (millis > 0 || UNITS[i].equals("s"))) {
                return millis / MILLIS[i] + UNITS[i];
            }
        }
        return millis + "ms";
    }

    /** A day or a point of time (UTC when no offset is written), or null. */
    static @Nullable Instant instant(String text) {
        if (text.length() < 10 || text.length() > 35 || !Character.isDigit(text.charAt(0))) {
            return null;
        }
        try {
            if (text.length() == 10) {
                return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            char last = text.charAt(text.length() - 1);
            boolean offset = last == 'Z' || text.lastIndexOf('+') > 10 || text.lastIndexOf('-') > 10;
            return offset
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null; // whoever asks says what was expected
        }
    }
}
