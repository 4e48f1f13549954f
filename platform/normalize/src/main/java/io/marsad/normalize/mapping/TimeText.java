package io.marsad.normalize.mapping;

/**
 * Reads times from their text, whatever the usual format: seconds, milliseconds, microseconds or nanoseconds since 1970
 * (told apart by their size), ISO 8601 with {@code T} or blank, fraction and zone (UTC when there is none), and the
 * {@code Mmm dd hh:mm:ss} of syslog, whose year is the one that brings it nearest to a given instant.
 */
final class TimeText {
    /** The text is no time. */
    static final long NONE = Long.MIN_VALUE;

    private static final long DAY = 86_400_000L;
    private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";

    private TimeText() {}

    /** Epoch milliseconds, or {@link #NONE}. */
    static long parse(byte[] bytes, int offset, int length, long near) {
        if (length < 9 || length > 40) {
            return NONE;
        }
        if (bytes[offset] >= '0' && bytes[offset] <= '9') {
            return bytes[offset + 4] == '-' || bytes[offset + 4] == '/'
                    ? iso(bytes, offset, offset + length)
                    : epoch(bytes, offset, offset + length);
        }
        return syslog(bytes, offset, offset + length, near);
    }

    private static long epoch(byte[] bytes, int offset, int end) {
        long whole = 0;
        int i = offset;
        for (; i < end && digit(bytes[i]); i++) {
            if (i - offset >= 19) {
                return NONE;
            }
            whole = whole * 10 + bytes[i] - '0';
        }
        int digits = i - offset;
        if (whole < 0 || i < end && bytes[i] != '.') {
            return NONE;
        }
        if (digits <= 11) {
            return whole * 1000 + (i < end ? millis(bytes, i + 1, end) : 0);
        }
        return digits <= 14 ? whole : digits <= 17 ? whole / 1000 : whole / 1_000_000;
    }

    private static int millis(byte[] bytes, int from, int end) {
        int millis = 0;
        int unit = 100;
        for (int i = from; i < end && digit(bytes[i]) && unit > 0; i++, unit /= 10) {
            millis += (bytes[i] - '0') * unit;
        }
        return millis;
    }

    private static long iso(byte[] bytes, int offset, int end) {
        int year = number(bytes, offset, 4);
        int month = two(bytes, offset + 5, end);
        int day = two(bytes, offset + 8, end);
        if (year < 0 || month < 1 || month > 12 || day < 1 || day > 31 || bytes[offset + 7] != bytes[offset + 4]) {
            return NONE;
        }
        long time = epochDay(year, month, day) * DAY;
        int i = offset + 10;
        if (i == end) {
            return time;
        }
        if (bytes[i] != 'T' && bytes[i] != 't' && bytes[i] != ' ') {
            return NONE;
        }
        int clock = clock(bytes, i + 1, end);
        if (clock < 0) {
            return NONE;
        }
        time += clock;
        i += 9;
        if (i < end && (bytes[i] == '.' || bytes[i] == ',')) {
            time += millis(bytes, i + 1, end);
            do {
                i++;
            } while (i < end && digit(bytes[i]));
        }
        return zone(bytes, i, end, time);
    }

    private static long zone(byte[] bytes, int from, int end, long time) {
        int i = from;
        while (i < end && bytes[i] == ' ') {
            i++;
        }
        if (i == end || bytes[i] == 'Z' || bytes[i] == 'z') {
            return time;
        }
        if (bytes[i] == '+' || bytes[i] == '-') {
            int hours = two(bytes, i + 1, end);
            int minutes = i + 3 < end ? two(bytes, bytes[i + 3] == ':' ? i + 4 : i + 3, end) : 0;
            if (hours < 0 || minutes < 0) {
                return NONE;
            }
            long shift = (hours * 60L + minutes) * 60_000L;
            return bytes[i] == '+' ? time - shift : time + shift;
        }
        return end - i == 3 && bytes[i] == 'U' ? time : NONE;
    }

    private static long syslog(byte[] bytes, int offset, int end, long near) {
        if (end - offset < 15) {
            return NONE;
        }
        int month = 0;
        for (int m = 0; m < 12; m++) {
            if (ByteTable.lower(bytes[offset]) == MONTHS.charAt(m * 3)
                    && ByteTable.lower(bytes[offset + 1]) == MONTHS.charAt(m * 3 + 1)
                    && ByteTable.lower(bytes[offset + 2]) == MONTHS.charAt(m * 3 + 2)) {
                month = m + 1;
            }
        }
        int day = bytes[offset + 4] == ' ' ? number(bytes, offset + 5, 1) : two(bytes, offset + 4, end);
        int clock = clock(bytes, offset + 7, end);
        if (month == 0 || day < 1 || day > 31 || clock < 0) {
            return NONE;
        }
        long best = NONE;
        int year = (int) (1970 + Math.floorDiv(near, 31_556_952_000L)); // a day off at New Year does no harm
        for (int y = year - 1; y <= year + 1; y++) {
            long time = epochDay(y, month, day) * DAY + clock;
            if (time <= near + DAY && (best == NONE || Math.abs(time - near) < Math.abs(best - near))) {
                best = time;
            }
        }
        return best;
    }

    /** Milliseconds of {@code hh:mm:ss}, or -1. */
    private static int clock(byte[] bytes, int at, int end) {
        if (at + 8 > end || bytes[at + 2] != ':' || bytes[at + 5] != ':') {
            return -1;
        }
        int hour = two(bytes, at, end);
        int minute = two(bytes, at + 3, end);
        int second = two(bytes, at + 6, end);
        return hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60
                ? -1
                : ((hour * 60 + minute) * 60 + second) * 1000;
    }

    /** Days since 1970; a day that the month does not have runs into the next. */
    private static long epochDay(int year, int month, int day) {
        long y = month <= 2 ? year - 1L : year;
        long era = Math.floorDiv(y, 400L);
        long yearOfEra = y - era * 400;
        long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
    }

    private static int two(byte[] bytes, int at, int end) {
        return at + 2 <= end ? number(bytes, at, 2) : -1;
    }

    private static int number(byte[] bytes, int at, int digits) {
        int number = 0;
        for (int i = at; i < at + digits; i++) {
            if (!digit(bytes[i])) {
                return -1;
            }
            number = number * 10 + bytes[i] - '0';
        }
        return number;
    }

    private static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }
}
