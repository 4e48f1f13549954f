package io.marsad.agent.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Whatever a host writes, no parser throws. */
final class FuzzTest {
    private final Fuzz fuzz = new Fuzz();

    private void fuzz(List<String> samples, Consumer<byte[]> parser) {
        fuzz.fuzz(samples, parser);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void procStat() {
        fuzz(List.of("7 (a) b) S 1 1 1 0 -1 4 1 0 0 0 1 2 0 0 20 0 1 0 250 100 10"), b -> ProcStat.parse(text(b)));
        fuzz(List.of("Name:\tx\nUid:\t1000\t0\t0\t0\n"), b -> ProcessCollector.uid(text(b)));
    }

    @Test
    void netTable() {
        var line = " 00000000:00000000 00:00000000 00000000  33 0 4242 1\n";
        fuzz(
                List.of(
                        "  sl\n   0: 0100007F:0016 00000000:0000 0A" + line,
                        "  sl\n   0: B80D0120000000000000000001000000:01BB 0000000000000000FFFF00000A01A8C0:E454 01"
                                + line),
                b -> NetTable.parse(text(b), 1000));
    }

    @Test
    void audit() {
        fuzz(AuditTest.SAMPLE.lines().toList(), b -> AuditLine.parse(text(b)));
        fuzz(List.of(AuditTest.SAMPLE), b -> {
            var join = new AuditJoin(1000);
            text(b).lines().forEach(l -> {
                var line = AuditLine.parse(l);
                if (line != null) {
                    join.add(line, 0, found -> assertThat(found.size()).isLessThan(400));
                }
            });
            join.expire(5000, found -> {});
            assertThat(join.isEmpty()).isTrue();
        });
    }

    @Test
    void journal() {
        fuzz(List.of(JournalTest.SAMPLE), JournalEntry::parse);
    }

    @Test
    void inventory() {
        fuzz(List.of(InventoryTest.STATUS), b -> Dpkg.parse(text(b), 100));
        fuzz(List.of(InventoryTest.RPM), b -> Rpm.parse(text(b), 100));
        fuzz(List.of(ServicesTest.SHOW), b -> Systemd.parse(text(b)));
        fuzz(List.of(new String(InventoryTest.session("ann", 4), StandardCharsets.ISO_8859_1)), Utmp::parse);
    }

    @Test
    void lines() {
        fuzz(List.of("one\ntwo\r\n\n" + "x".repeat(300) + "\nend"), b -> {
            var lines = new Lines(64, (line, cut) -> assertThat(line.length).isBetween(1, 64));
            lines.add(b, b.length);
            assertThat(lines.consumed()).isLessThanOrEqualTo(b.length);
        });
    }
}
