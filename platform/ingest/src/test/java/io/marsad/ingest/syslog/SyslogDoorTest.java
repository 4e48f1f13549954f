package io.marsad.ingest.syslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.ingest.intake.Intake;
import io.marsad.ingest.intake.Sender;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.store.log.LogConfig;
import io.marsad.store.log.SegmentLog;
import io.marsad.testkit.FaultyDisk;
import io.marsad.testkit.Seed;
import io.marsad.testkit.TestClock;
import io.marsad.testkit.TestRecords;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SyslogDoorTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Sender SENDER = new Sender(new TenantId("tenant-a"), "syslog");

    private final TestClock clock = new TestClock("2026-03-01T12:00:00Z");
    private SegmentLog log;
    private SyslogDoor door;

    @BeforeEach
    void open() throws IOException {
        open(64 << 20, new SyslogConfig(SENDER, LOOPBACK, 0, 0, 3, Duration.ofSeconds(20)));
    }

    private void open(long maxBytes, SyslogConfig config) throws IOException {
        log = SegmentLog.open(
                LogConfig.in(Path.of("/log"))
                        .withMaxBytes(maxBytes)
                        .withReserveBytes(0)
                        .withoutRetention(),
                new FaultyDisk(),
                clock,
                new SplittableRandom(1),
                p -> 0);
        door = SyslogDoor.open(config, new Intake(log, clock, new SplittableRandom(2)));
    }

    @AfterEach
    void close() throws IOException {
        door.close();
        log.close();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private List<String> messages(int count) throws Exception {
        await(() -> log.endOffset(0) >= count);
        var texts = new ArrayList<String>();
        try (var reader = log.read(0, 0)) {
            for (var batch = reader.poll(Duration.ZERO); batch != null; batch = reader.poll(Duration.ZERO)) {
                assertThat(batch.tenant()).isEqualTo(SENDER.tenant());
                assertThat(batch.format()).isEqualTo("syslog");
                assertThat(batch.origin()).isEqualTo("syslog");
                texts.addAll(TestRecords.texts(batch));
            }
        }
        return texts;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aDatagramIsAMessage() throws Exception {
        try (var socket = new DatagramSocket()) {
            for (int i = 0; i < 50; i++) {
                var message = bytes("<13>message " + i + (i % 2 == 0 ? "\n" : ""));
                socket.send(new DatagramPacket(message, message.length, LOOPBACK, door.udpPort()));
            }
        }
        assertThat(messages(50)).hasSize(50).contains("<13>message 0", "<13>message 49");
        await(() -> door.stats().udp() == 50);
    }

    @Test
    void bothFramingsMayMixOnOneConnection() throws Exception {
        try (var socket = new Socket(LOOPBACK, door.tcpPort())) {
            var out = socket.getOutputStream();
            out.write(bytes("<13>one\n8 <13>t\nwo<13>three\r\n\n2026-01-01 four\n5 <1>ab7 <13>end<13>no end"));
            socket.shutdownOutput();
            assertThat(messages(7))
                    .containsExactly(
                            "<13>one", "<13>t\nwo", "<13>three", "2026-01-01 four", "<1>ab", "<13>end", "<13>no end");
        }
    }

    @Test
    void theStreamMayBeCutAnywhere() {
        var random = Seed.of("SyslogDoorTest").random();
        for (int round = 0; round < 300; round++) {
            var expected = new ArrayList<String>();
            var stream = new StringBuilder();
            for (int i = 0; i < 30; i++) {
                int length = random.nextInt(40) == 0 ? Frames.MAX + random.nextInt(3) - 1 : 2 + random.nextInt(50);
                var body = "<13>" + "x".repeat(length);
                boolean counted = random.nextBoolean();
                if (counted) {
                    body = body.replaceFirst("x", "\n");
                }
                stream.append(counted ? body.length() + " " + body : body + "\n");
                expected.add(body.length() > Frames.MAX ? body.substring(0, Frames.MAX) : body);
            }
            var all = bytes(stream.toString());
            var frames = new Frames();
            var got = new ArrayList<String>();
            Frames.Taker taker = (b, o, n) -> got.add(new String(b, o, n, StandardCharsets.UTF_8));
            for (int at = 0; at < all.length; ) {
                int to = frames.free();
                int n = Math.min(Math.min(frames.room(), all.length - at), 1 + random.nextInt(30_000));
                System.arraycopy(all, at, frames.buffer(), to, n);
                frames.read(n, taker);
                at += n;
            }
            frames.finish(taker);
            assertThat(got).isEqualTo(expected);
        }
    }

    @Test
    void tooManyConnectionsAreRefusedAndClosedOnesMakeRoom() throws Exception {
        var open = new ArrayList<Socket>();
        for (int i = 0; i < 3; i++) {
            open.add(new Socket(LOOPBACK, door.tcpPort()));
        }
        await(() -> door.stats().open() == 3);
        try (var more = new Socket(LOOPBACK, door.tcpPort())) {
            assertThat(more.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(door.stats().refused()).isEqualTo(1);
        for (var socket : open) {
            socket.close();
        }
        await(() -> door.stats().open() == 0);
    }

    @Test
    void aSilentConnectionIsClosed() throws Exception {
        close();
        open(64 << 20, new SyslogConfig(SENDER, LOOPBACK, -1, 0, 3, Duration.ofMillis(50)));
        try (var socket = new Socket(LOOPBACK, door.tcpPort())) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aFullLogMakesSendersWaitAndLosesNothing() throws Exception {
        close();
        open(2 << 20, new SyslogConfig(SENDER, LOOPBACK, -1, 0, 3, Duration.ofSeconds(60)));
        int count = 5000;
        try (var socket = new Socket(LOOPBACK, door.tcpPort())) {
            var sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < count; i++) {
                        socket.getOutputStream().write(bytes("<13>" + i + " " + "y".repeat(1000) + "\n"));
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            int next = 0;
            try (var reader = log.read(0, 0)) {
                await(() -> door.stats().pauses() > 0);
                while (next < count) {
                    var batch = Objects.requireNonNull(reader.poll(Duration.ofSeconds(20)));
                    for (var text : TestRecords.texts(batch)) {
                        assertThat(text).startsWith("<13>" + next++ + " ");
                    }
                    log.release(0, reader.position());
                }
            }
            sender.join();
        }
        assertThat(door.stats().lost()).isZero();
    }
}
