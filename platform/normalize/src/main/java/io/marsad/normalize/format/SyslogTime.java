package io.marsad.normalize.format;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;

/**
 * The times of old syslog: {@code Mmm dd hh:mm:ss}, often without year and zone, and its relatives. Not thread-safe.
 */
final class SyslogTime {
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final long DAY = 86_400_000;

    private final TextRecord in;
    private final ZoneId zone;
    private int end;
    private String iso = "";

    SyslogTime(TextRecord in, ZoneId zone) {
        this.in = in;
        this.zone = zone;
    }

    /** Where what was read ended. */
    int end() {
        return end;
    }

    /** RFC 3339. */
    String iso() {
        return iso;
    }

    /** Reads {@code [*|.]Mmm d[d] [yyyy] hh:mm:ss[.f] [yyyy]}; false when there is none. */
    boolean readOld(int from, int to, long received) {
        var b = in.bytes();
        int i = from < to && (b[from] == '*' || b[from] == '.') ? from + 1 : from;
        if (to - i < 14 || b[i + 3] != ' ') {
            return false;
        }
        int month = MONTHS.indexOf(in.text(i, i + 3));
        if (month < 0 || month % 3 != 0) {
            return false;
        }
        i += 4;
        i += b[i] == ' ' ? 1 : 0;
        int dayEnd = in.digits(i, Math.min(to, i + 2));
        int day = in.number(i, dayEnd);
        i = dayEnd + 1;
        int year = -1;
        if (to - i > 5 && b[i + 4] == ' ' && in.digits(i, i + 4) == i + 4) {
            year = in.number(i, i + 4);
            i += 5;
        }
        if (day < 1 || !clock(i, to)) {
            return false;
        }
        int hour = in.number(i, i + 2);
        int minute = in.number(i + 3, i + 5);
        int second = Math.min(59, in.number(i + 6, i + 8));
        i += 8;
        int millis = 0;
        if (i < to && b[i] == '.') {
            int fraction = in.digits(i + 1, to);
            millis = in.number(i + 1, Math.min(fraction, i + 4));
            for (int d = Math.min(fraction, i + 4) - i - 1; d < 3; d++) {
                millis *= 10;
            }
            i = fraction;
        }
        end = i;
        return resolve(year, new int[] {month / 3 + 1, day, hour, minute, second, millis}, received);
    }

    private boolean clock(int i, int to) {
        var b = in.bytes();
        return to - i >= 8
                && in.number(i, i + 2) >= 0
                && in.number(i, i + 2) < 24
                && b[i + 2] == ':'
                && in.number(i + 3, i + 5) >= 0
                && in.number(i + 3, i + 5) < 60
                && b[i + 5] == ':'
                && in.number(i + 6, i + 8) >= 0
                && in.number(i + 6, i + 8) <= 60;
    }

    /** Without a year it is the newest that is not more than a day ahead of when the record came. */
    private boolean resolve(int year, int[] part, long received) {
        int now = Instant.ofEpochMilli(received).atZone(zone).getYear();
        int newest = year >= 0 ? year : now + 1;
        // Far enough back to find a 29th of February.
        int oldest = year >= 0 ? year : now - 8;
        for (int y = newest; y >= oldest; y--) {
            try {
                var time = LocalDateTime.of(y, part[0], part[1], part[2], part[3], part[4], part[5] * 1_000_000)
                        .atZone(zone)
                        .toInstant();
                if (year >= 0 || time.toEpochMilli() <= received + DAY) {
                    iso = time.toString();
                    return true;
                }
            } catch (DateTimeException e) {
                // No such day in that year.
                continue;
            }
        }
        return false;
    }

    /**
     * Reads {@code yyyy-mm-ddThh:mm:ss[.f][Z|±hh[:]mm]}, a blank for the T allowed.
     */
    boolean readIso(int from, int to) {
        var b = in.bytes();
        if (to - from < 19
                || in.number(from, from + 4) < 0
                || b[from + 4] != '-'
                || in.number(from + 5, from + 7) < 1
                || b[from + 7] != '-'
                || in.number(from + 8, from + 10) < 1
                || (b[from + 10] != 'T' && b[from + 10] != ' ')
                || !clock(from + 11, to)) {
            return false;
        }
        int i = from + 19;
        if (i < to && (b[i] == '.' || b[i] == ',')) {
            i = in.digits(i + 1, to);
        }
        boolean sound = isSound(from, i);
        var local = in.text(from, i).replace(' ', 'T').replace(',', '.');
        String offset = "";
        if (i < to && b[i] == 'Z') {
            offset = "Z";
            i++;
        } else if (to - i >= 5 && (b[i] == '+' || b[i] == '-')) {
            boolean colon = to - i >= 6 && b[i + 3] == ':';
            int minutes = colon ? i + 4 : i + 3;
            if (in.number(i + 1, i + 3) >= 0 && minutes + 2 <= to && in.number(minutes, minutes + 2) >= 0) {
                offset = in.text(i, i + 3) + ':' + in.text(minutes, minutes + 2);
                i = minutes + 2;
            }
        }
        try {
            if (sound && !offset.isEmpty()) {
                iso = local + offset;
                end = i;
                return true;
            }
            var time = LocalDateTime.parse(local);
            iso = offset.isEmpty() ? time.atZone(zone).toInstant().toString() : local + offset;
        } catch (DateTimeException e) {
            return false;
        }
        end = i;
        return true;
    }

    /** Whether a time that looks right is one on any calendar: what is not so sure is looked at more slowly. */
    private boolean isSound(int from, int fractionEnd) {
        int fraction = fractionEnd - from - 19;
        return in.number(from + 5, from + 7) <= 12
                && in.number(from + 8, from + 10) <= 28
                && in.number(from + 17, from + 19) <= 59
                && (fraction == 0 || fraction >= 2 && fraction <= 10);
    }
}
