package io.marsad.agent.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.marsad.testkit.TestClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InventoryTest {
    static final String STATUS = """
            Package: adduser
            Status: install ok installed
            Architecture: all
            Version: 3.134
            Description: add users
             .
             more

            Package: gone
            Status: deinstall ok config-files
            Architecture: amd64
            Version: 1

            Package: zlib1g
            Status: install ok installed
            Architecture: amd64
            Version: 1:1.2.13
            """;

    static final String RPM = Recordings.of(InventoryTest.class, "rpm-qa.txt");

    @TempDir
    private Path root;

    static byte[] session(String user, int pid) {
        var bytes = ByteBuffer.allocate(Utmp.RECORD).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putShort(0, (short) 7).putInt(4, pid).putInt(340, 1_000);
        bytes.put(8, "pts/0".getBytes(StandardCharsets.UTF_8));
        bytes.put(44, user.getBytes(StandardCharsets.UTF_8)).put(76, "10.0.0.9".getBytes(StandardCharsets.UTF_8));
        return bytes.array();
    }

    private void status(String text, int second) throws IOException {
        var file = Files.createDirectories(root.resolve("var/lib/dpkg")).resolve("status");
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(second)));
    }

    private static List<String> poll(Collector collector) {
        var found = new ArrayList<String>();
        collector.poll(r -> found.add(
                r.get("source").stringValue() + " " + r.get("activity").stringValue() + " "
                        + r.path("name").asString("") + r.path("user").asString("") + " "
                        + r.path("version").asString("") + " "
                        + r.path("version_before").asString("")));
        return found;
    }

    @Test
    void tellsWhatChanged() throws IOException {
        Files.createDirectories(root.resolve("run"));
        Files.write(root.resolve("run/utmp"), session("ann", 4));
        status(STATUS, 1_000);
        var collector = new InventoryCollector(new HostRoot(root), new TestClock("2026-11-23T06:00:00Z"));
        assertThat(poll(collector))
                .containsExactly(
                        "login Inventory ann  ",
                        "package Inventory adduser:all 3.134 ",
                        "package Inventory zlib1g:amd64 1:1.2.13 ");
        assertThat(poll(collector)).isEmpty();
        Files.write(root.resolve("run/utmp"), session("bob", 5));
        status(STATUS.replace("3.134", "3.135").replace("zlib1g", "zlib2"), 2_000);
        assertThat(poll(collector))
                .containsExactlyInAnyOrder(
                        "login Logon bob  ",
                        "login Logoff ann  ",
                        "package Update adduser:all 3.135 3.134",
                        "package Install zlib2:amd64 1:1.2.13 ",
                        "package Remove zlib1g:amd64  1:1.2.13");
        assertThat(collector.refusals()).isZero();
    }

    private List<String> rpm(Collector collector) {
        return Recordings.poll(collector, "package_manager", "name", "version", "version_before");
    }

    @Test
    void rpmIsAskedOnlyWhenItsDatabaseWasWrittenTo() throws IOException {
        var database = Files.createDirectories(root.resolve("var/lib/rpm")).resolve("rpmdb.sqlite");
        Files.writeString(database, "x");
        var said = new AtomicReference<>(RPM);
        var asked = new ArrayList<List<String>>();
        var clock = new TestClock("2026-11-23T06:00:00Z");
        var collector = new InventoryCollector(new HostRoot(root), clock, command -> {
            asked.add(command);
            return said.get().getBytes(StandardCharsets.UTF_8);
        });
        assertThat(rpm(collector))
                .containsExactly(
                        "Inventory rpm bash:x86_64 5.1.8-9.el9",
                        "Inventory rpm kernel:x86_64 5.14.0-427.el9",
                        "Inventory rpm kernel:x86_64 5.14.0-503.el9",
                        "Inventory rpm openssl:x86_64 1:3.0.7-27.el9",
                        "Inventory rpm gpg-pubkey:(none) fd431d51-4ae0493b");
        assertThat(collector.refusals()).as("a line that is no package").isEqualTo(1);
        assertThat(asked).hasSize(1);
        assertThat(asked.getFirst())
                .startsWith("rpm", "--dbpath", root.resolve("var/lib/rpm").toString());
        said.set(RPM.replace("5.14.0-503", "5.14.0-570")
                .replace("kernel\t5.14.0-427.el9\tx86_64\n", "")
                .replace("1:3.0.7-27", "1:3.0.7-28")
                .replace("bash", "zsh"));
        assertThat(rpm(collector)).as("nobody wrote to it").isEmpty();
        Files.writeString(root.resolve("var/lib/rpm/rpmdb.sqlite-wal"), "y");
        assertThat(rpm(collector))
                .containsExactlyInAnyOrder(
                        "Install rpm zsh:x86_64 5.1.8-9.el9",
                        "Remove rpm bash:x86_64 5.1.8-9.el9",
                        "Install rpm kernel:x86_64 5.14.0-570.el9",
                        "Remove rpm kernel:x86_64 5.14.0-427.el9",
                        "Remove rpm kernel:x86_64 5.14.0-503.el9",
                        "Update rpm openssl:x86_64 1:3.0.7-28.el9 1:3.0.7-27.el9");
        assertThat(asked).hasSize(2);
    }

    @Test
    void aRealRpmAnswersTheQuestion() throws Exception {
        var folder = Files.createDirectories(root.resolve("var/lib/rpm"));
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/rpm")), "skipped: there is no rpm here");
        var made = new ProcessBuilder("rpm", "--dbpath", folder.toString(), "--initdb").start();
        assertThat(made.waitFor()).isZero();
        assertThat(Rpm.database(new HostRoot(root))).isNotNull();
        var look = new ProgramLook(new TestClock("2026-11-23T06:00:00Z"));
        var said =
                look.at(Objects.requireNonNull(Rpm.database(new HostRoot(root))).query());
        assertThat(said).as("it ended well, and has no packages").isNotNull().isEmpty();
    }
}
