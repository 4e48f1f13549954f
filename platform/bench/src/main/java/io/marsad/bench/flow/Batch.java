package io.marsad.bench.flow;

import io.marsad.bench.flow.Template.Fresh;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * A request body that is sent again and again, its times and numbers set anew each time. One thread uses it.
 *
 * @param origin which source sends it
 * @param lines what the door counts
 * @param events what the ledger counts: audit lines of one event are one record
 */
record Batch(String origin, String format, byte[] body, int lines, int events, List<Place> places) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** @param record the place's record within the batch, from 0 */
    record Place(Fresh what, int offset, int record) {}

    /** @param serial of the first record; the others follow */
    void refresh(long millis, long serial) {
        var time = TIME.format(Instant.ofEpochMilli(millis)).getBytes(StandardCharsets.US_ASCII);
        for (Place place : places) {
            int at = place.offset();
            switch (place.what()) {
                case TIME -> System.arraycopy(time, 0, body, at, time.length);
                case STAMP -> {
                    digits(millis / 1000, at, 10);
                    body[at + 10] = '.';
                    digits(millis % 1000, at + 11, 3);
                }
                case SERIAL -> digits(1_000_000_000L + (serial + place.record()) % 9_000_000_000L, at, 10);
            }
        }
    }

    private void digits(long number, int at, int count) {
        long rest = number;
        for (int i = at + count - 1; i >= at; i--) {
            body[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
