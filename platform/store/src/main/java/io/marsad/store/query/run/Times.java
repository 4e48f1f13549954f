package io.marsad.store.query.run;

import io.marsad.store.query.Query;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Points of time as numbers and as text, always UTC. */
final class Times {
    private static final double EARLIEST = -62_135_596_800_000d;
    private static final double LATEST = 253_402_300_799_999d;

    private Times() {}

    /** Years 1 to 9999. */
    static boolean isTime(double millis) {
        return millis >= EARLIEST && millis <= LATEST;
    }

    static LocalDateTime of(double millis) {
        return LocalDateTime.ofInstant(Instant.ofEpochMilli((long) Math.floor(millis)), ZoneOffset.UTC);
    }

    /** Epoch milliseconds of a day, a time or a number of seconds or milliseconds; null when it is none of them. */
    static @Nullable Object read(String text) {
        var instant = Query.time(text);
        if (instant != null) {
            return instant.toEpochMilli();
        }
        double number = Values.number(text);
        double millis = Math.abs(number) < 1e11 ? number * 1000 : number;
        return isTime(millis) ? (Object) (long) Math.floor(millis) : null;
    }

    /** As C's strftime has it, for the letters that the language's page names; others stand for themselves. */
    static String write(double millis, String format) {
        var time = of(millis);
        var text = new StringBuilder();
        for (int i = 0; i < format.length() && text.length() < Values.LONGEST; i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
            } else {
                text.append(letter(time, format.charAt(++i)));
            }
        }
        return text.toString();
    }

    private static String letter(LocalDateTime time, char letter) {
        return switch (letter) {
            case 'Y' -> padded(time.getYear(), 4);
            case 'm' -> padded(time.getMonthValue(), 2);
            case 'd' -> padded(time.getDayOfMonth(), 2);
            case 'H' -> padded(time.getHour(), 2);
            case 'M' -> padded(time.getMinute(), 2);
            case 'S' -> padded(time.getSecond(), 2);
            case 'L' -> padded(time.get(ChronoField.MILLI_OF_SECOND), 3);
            case 'j' -> padded(time.getDayOfYear(), 3);
            case 'V' -> padded(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2);
            case 'a' -> time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case 'A' -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'b' -> time.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case 'F' -> letter(time, 'Y') + "-" + letter(time, 'm') + "-" + letter(time, 'd');
            case 'T' -> letter(time, 'H') + ":" + letter(time, 'M') + ":" + letter(time, 'S');
            case 's' -> Long.toString(time.toEpochSecond(ZoneOffset.UTC));
            case 'Z' -> "UTC";
            case '%' -> "%";
            default -> "%" + letter;
        };
    }

    private static String padded(int number, int width) {
        var digits = Integer.toString(number);
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }
}
