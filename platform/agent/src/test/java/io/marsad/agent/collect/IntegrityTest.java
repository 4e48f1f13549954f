package io.marsad.agent.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.testkit.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Changes of watched files on a real file system, with the kernel's word. */
final class IntegrityTest {
    private static final List<String> WATCHED = List.of("/etc/passwd", "/etc/ssh/*");

    private final TestClock clock = new TestClock("2026-11-23T08:00:00Z");
    private final List<ObjectNode> found = new ArrayList<>();

    @TempDir
    private Path folder;

    private IntegrityCollector collector;

    @BeforeEach
    void begin() throws IOException {
        Files.createDirectories(folder.resolve("root/etc/ssh"));
        Files.writeString(file("passwd"), "root");
        Files.writeString(file("ssh/sshd_config"), "PermitRootLogin no");
        Files.setPosixFilePermissions(file("passwd"), PosixFilePermissions.fromString("rw-r--r--"));
        collector = open(WATCHED);
    }

    @AfterEach
    void end() {
        collector.close();
    }

    private Path file(String name) {
        return folder.resolve("root/etc").resolve(name);
    }

    private IntegrityCollector open(List<String> patterns) {
        return new IntegrityCollector(
                new HostRoot(folder.resolve("root")), patterns, folder.resolve("integrity.json"), clock);
    }

    private void look() {
        collector.poll(found::add);
        collector.commit();
    }

    /** The kernel's word comes a little later. */
    private ObjectNode next(int count) {
        Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> {
            look();
            return found.size() >= count;
        });
        assertThat(found).hasSize(count);
        return found.getLast();
    }

    private static String text(ObjectNode record, String field) {
        return record.path(field).asString("");
    }

    @Test
    void whatIsMadeChangedAndGoneIsSaidAndNotWhatWasThereAtFirst() throws IOException {
        look();
        assertThat(found).isEmpty();
        Files.writeString(file("passwd"), "root\nmallory");
        var update = next(1);
        assertThat(text(update, "activity")).isEqualTo("Update");
        assertThat(text(update, "path")).isEqualTo("/etc/passwd");
        assertThat(text(update, "hashes")).startsWith("SHA256=").isNotEqualTo(text(update, "hashes_before"));
        assertThat(update.path("size").asInt()).isEqualTo(12);
        assertThat(update.path("size_before").asInt()).isEqualTo(4);
        Files.setPosixFilePermissions(file("passwd"), PosixFilePermissions.fromString("rw-rw-rw-"));
        var mode = next(2);
        assertThat(text(mode, "activity")).isEqualTo("Set Attributes");
        assertThat(text(mode, "mode")).isEqualTo("666");
        assertThat(text(mode, "mode_before")).isEqualTo("644");
        Files.writeString(file("ssh/new_key"), "key");
        assertThat(text(next(3), "activity")).isEqualTo("Create");
        Files.delete(file("ssh/sshd_config"));
        var gone = next(4);
        assertThat(text(gone, "activity")).isEqualTo("Delete");
        assertThat(text(gone, "path")).isEqualTo("/etc/ssh/sshd_config");
        assertThat(text(gone, "hashes_before")).startsWith("SHA256=");
        Files.setLastModifiedTime(file("passwd"), java.nio.file.attribute.FileTime.fromMillis(1));
        look();
        clock.advance(Duration.ofMinutes(11));
        look();
        assertThat(found).as("only another time: it is the same file").hasSize(4);
    }

    @Test
    void changesWhileTheAgentIsAwayAreFoundAndWhatIsWatchedFromNowOnIsNone() throws IOException {
        look();
        collector.close();
        Files.writeString(file("passwd"), "another");
        Files.createDirectories(folder.resolve("root/opt"));
        Files.writeString(folder.resolve("root/opt/tool"), "a tool");
        collector = open(List.of("/etc/passwd", "/opt/*"));
        assertThat(text(next(1), "path"))
                .as("not what is watched no more, nor from now on")
                .isEqualTo("/etc/passwd");
        Files.writeString(folder.resolve("root/opt/tool"), "another tool");
        assertThat(text(next(2), "path")).isEqualTo("/opt/tool");
    }

    @Test
    void aFolderThatComesLaterIsWatched() throws IOException {
        collector.close();
        collector = open(List.of("/srv/*"));
        look();
        Files.createDirectories(folder.resolve("root/srv"));
        Files.writeString(folder.resolve("root/srv/one"), "1");
        assertThat(text(next(1), "activity")).isEqualTo("Create");
    }
}
