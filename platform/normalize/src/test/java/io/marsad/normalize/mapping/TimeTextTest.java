package io.marsad.normalize.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimeTextTest {
    private static final long NEAR = Instant.parse("2026-01-02T00:00:00Z").toEpochMilli();

    private static String parsed(String text) {
        var bytes = ("xx" + text + "yyyy").getBytes(StandardCharsets.UTF_8);
        long time = TimeText.parse(bytes, 2, text.length(), NEAR);
        return time == TimeText.NONE ? "none" : Instant.ofEpochMilli(time).toString();
    }

    @Test
    void usualFormatsAreRead() {
        assertThat(parsed("2026-03-01T12:00:00.1234567Z")).isEqualTo("2026-03-01T12:00:00.123Z");
        assertThat(parsed("2026-03-01 12:00:00.5")).isEqualTo("2026-03-01T12:00:00.500Z");
        assertThat(parsed("2026-03-01T12:00:00+02:00")).isEqualTo("2026-03-01T10:00:00Z");
        assertThat(parsed("2026-03-01T12:00:00.251547-0130")).isEqualTo("2026-03-01T13:30:00.251Z");
        assertThat(parsed("2026-03-01")).isEqualTo("2026-03-01T00:00:00Z");
        assertThat(parsed("1772366400")).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(parsed("1772366400.25")).isEqualTo("2026-03-01T12:00:00.250Z");
        assertThat(parsed("1772366400123")).isEqualTo("2026-03-01T12:00:00.123Z");
        assertThat(parsed("1772366400123456")).isEqualTo("2026-03-01T12:00:00.123Z");
        assertThat(parsed("1772366400123456789")).isEqualTo("2026-03-01T12:00:00.123Z");
        assertThat(parsed("Dec 31 23:59:59")).isEqualTo("2025-12-31T23:59:59Z");
        assertThat(parsed("Jan  2 00:00:01")).isEqualTo("2026-01-02T00:00:01Z");
    }

    @Test
    void whatIsNoTimeIsNone() {
        for (var text : new String[] {
            "",
            "yesterday",
            "2026-13-01T00:00:00Z",
            "2026-03-01T25:00:00Z",
            "2026-03-01T12",
            "99999999999999999999",
            "2026-03-01T12:00:00 CEST",
            "Foo  1 00:00:00",
            "2026/03-01 00:00:00",
            "1-2-3-4-5",
            "2026-03-0"
        }) {
            assertThat(parsed(text)).as(text).isEqualTo("none");
        }
    }

    @Test
    void everyInstantOfTheCalendarIsReadBack() {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        var random = new Random(seed);
        var bsd = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
        for (int i = 0; i < 20_000; i++) {
            var instant = Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L));
            assertThat(parsed(bsd.format(instant))).as("seed %d", seed).isEqualTo(instant.toString());
        }
    }
}
