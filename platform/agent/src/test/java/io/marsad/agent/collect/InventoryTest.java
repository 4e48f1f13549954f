package io.marsad.agent.collect;

import static org.assertj.core.api.Assertions.assertThat;

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
}
