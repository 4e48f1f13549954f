package io.marsad.agent.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.testkit.Seed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Whatever a host writes, no parser throws. For longer with {@code -Dmarsad.fuzz.seconds=NUMBER} for each parser. */
final class FuzzTest {
    private static final String MARKS = " =:\"'(){}[]\n\0-9fF,";
    private static final int ROUNDS = 4_000;
    private static final long SECONDS = Long.getLong("marsad.fuzz.seconds", 0);
    private final SplittableRandom random = Seed.of("FuzzTest").random();

    private void fuzz(List<String> samples, Consumer<byte[]> parser) {
        long given = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (given < ROUNDS || System.nanoTime() < end) {
            var bytes = samples.get(random.nextInt(samples.size())).getBytes(StandardCharsets.UTF_8);
            for (int i = random.nextInt(6); i >= 0 && bytes.length > 0; i--) {
                bytes = mutate(bytes);
            }
            parser.accept(bytes);
            given++;
        }
        assertThat(given).isGreaterThanOrEqualTo(ROUNDS);
        if (SECONDS > 0) {
            System.out.println("tried " + given);
        }
    }

    private byte[] mutate(byte[] bytes) {
        int at = random.nextInt(bytes.length);
        var copy = bytes.clone();
        switch (random.nextInt(5)) {
            case 0 -> copy[at] = (byte) random.nextInt();
            case 1 -> copy[at] = (byte) MARKS.charAt(random.nextInt(MARKS.length()));
            case 2 -> copy = Arrays.copyOf(bytes, at);
            case 3 -> {
                copy = Arrays.copyOf(bytes, bytes.length + Math.min(bytes.length - at, 2_000));
                System.arraycopy(bytes, at, copy, bytes.length, copy.length - bytes.length);
            }
            default -> copy = Arrays.copyOfRange(bytes, at, bytes.length);
        }
        return copy;
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
