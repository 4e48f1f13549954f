package io.marsad.ingest.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.ingest.intake.Intake;
import io.marsad.ingest.intake.Sender;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.store.log.LogConfig;
import io.marsad.store.log.SegmentLog;
import io.marsad.testkit.FaultyDisk;
import io.marsad.testkit.TestClock;
import io.marsad.testkit.TestRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // followers work by themselves
final class LogFollowerTest {
    private static final Sender SENDER = new Sender(new TenantId("tenant-a"), "auth log");

    private final TestClock clock = new TestClock("2026-03-01T12:00:00Z");

    @TempDir
    Path folder;

    private SegmentLog log;
    private Intake intake;

    @BeforeEach
    void open() throws IOException {
        log = SegmentLog.open(
                LogConfig.in(Path.of("/log")).withReserveBytes(0),
                new FaultyDisk(),
                clock,
                new SplittableRandom(1),
                p -> 0);
        intake = new Intake(log, clock, new SplittableRandom(2));
    }

    @AfterEach
    void close() throws IOException {
        log.close();
    }

    private LogFollower follow() {
        return LogFollower.file(folder.resolve("auth.log"), folder.resolve("mark"), 1 << 20, SENDER, intake);
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("auth.log"), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
    }

    /** The distinct records, by id as the worker would take them. */
    private List<String> texts(int atLeast) throws Exception {
        await(() -> log.endOffset(0) >= atLeast);
        var texts = new ArrayList<String>();
        var ids = new HashSet<EventId>();
        try (var reader = log.read(0, 0)) {
            for (var batch = reader.poll(Duration.ZERO); batch != null; batch = reader.poll(Duration.ZERO)) {
                for (int i = 0; i < batch.size(); i++) {
                    if (ids.add(batch.id(i))) {
                        texts.add(TestRecords.text(batch, i));
                    }
                }
            }
        }
        return texts;
    }

    @Test
    void wholeLinesAreSentAsTheyAreWritten() throws Exception {
        write("one\ntwo\npart");
        try (var follower = follow()) {
            assertThat(texts(2)).containsExactly("one", "two");
            write("ial\n\nthree\r\n");
            assertThat(texts(4)).containsExactly("one", "two", "partial", "three");
            await(() -> follower.sent() >= 4); // counted once they are in the log
            assertThat(follower.sent()).isEqualTo(4);
            assertThat(follower.trouble()).isNull();
        }
    }

    @Test
    void aRenamedFileIsReadToItsEndFirst() throws Exception {
        write("one\n");
        try (var follower = follow()) {
            texts(1);
            write("two\n");
            Files.move(folder.resolve("auth.log"), folder.resolve("auth.log.1"));
            write("three\n");
            assertThat(texts(3)).containsExactly("one", "two", "three");
        }
    }

    @Test
    void aTruncatedFileIsReadFromItsBeginning() throws Exception {
        write("one\ntwo\n");
        try (var follower = follow()) {
            texts(2);
            Files.writeString(folder.resolve("auth.log"), "ten\n");
            assertThat(texts(3)).containsExactly("one", "two", "ten");
        }
    }

    @Test
    void aRestartNeitherLosesNorRepeats() throws Exception {
        write("one\n");
        try (var follower = follow()) {
            texts(1);
        }
        write("two\n");
        try (var follower = follow()) {
            assertThat(texts(2)).containsExactly("one", "two");
        }
        write("three\n");
        Files.move(folder.resolve("auth.log"), folder.resolve("auth.log.1"));
        write("four\n");
        try (var follower = follow()) {
            assertThat(texts(4)).containsExactly("one", "two", "three", "four");
        }
        Files.delete(folder.resolve("mark"));
        try (var follower = follow()) {
            assertThat(texts(5)).as("sent again, recognised by their place").hasSize(4);
        }
    }

    @Test
    void entriesOfTheJournalAreWrittenAsSyslog() throws Exception {
        var script = folder.resolve("journalctl");
        Files.writeString(script, """
                #!/bin/sh
                echo "$@" >> %s/calls
                echo '{"__CURSOR":"c1","_SOURCE_REALTIME_TIMESTAMP":"1764000000123456","PRIORITY":"5","SYSLOG_FACILITY":"10","_HOSTNAME":"web","SYSLOG_IDENTIFIER":"sudo","_PID":"7","X":[1,"]"],"MESSAGE":"ann : \\\\"COMMAND\\\\"=/bin/ls"}'
                echo '{"__CURSOR":"c2","MESSAGE":[1,2],"__REALTIME_TIMESTAMP":"1764000000123456"}'
                exec sleep 60
                """.formatted(folder));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (int run = 0; run < 2; run++) {
            try (var follower = LogFollower.journal(script.toString(), folder.resolve("mark"), SENDER, intake)) {
                assertThat(texts(1 + run))
                        .containsExactly("<85>2025-11-24T16:00:00.123456Z web sudo[7]: ann : \"COMMAND\"=/bin/ls");
                awaitMark("c2");
            }
        }
        assertThat(Files.readAllLines(folder.resolve("calls")).getLast()).contains("--after-cursor=c2");
        assertThat(Map.of("a", "b\n☃")).isEqualTo(JournalEntry.members("{ \"n\": null, \"a\" : \"b\\n\\u2603\" }"));
    }

    private void awaitMark(String cursor) throws IOException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        var mark = new Bookmark(folder.resolve("mark"));
        while (!cursor.equals(mark.read())) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
