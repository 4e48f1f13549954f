package io.marsad.agent.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.testkit.TestClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Processes and sockets of a recorded {@code /proc}. */
final class ProcessCollectorTest {
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path root;

    private void process(long pid, String name, long parent, long start) throws IOException {
        var folder = Files.createDirectories(root.resolve("proc/" + pid));
        Files.writeString(
                folder.resolve("stat"),
                pid + " (" + name + ") S " + parent + " 1 1 0 -1 4 1 0 0 0 1 2 0 0 20 0 1 0 " + start + " 100 10");
        Files.writeString(folder.resolve("status"), "Name:\tx\nUid:\t1000\t0\t0\t0\n");
        Files.writeString(folder.resolve("cmdline"), name + "\0-a\0b c\0");
        Files.writeString(folder.resolve("comm"), name + "\n");
        if (!Files.exists(folder.resolve("exe"))) {
            Files.createSymbolicLink(folder.resolve("exe"), root.resolve("program"));
        }
    }

    private static List<ObjectNode> poll(Collector collector) {
        var found = new ArrayList<ObjectNode>();
        collector.poll(found::add);
        return found;
    }

    @Test
    void tellsStartsAndEndsAndAPidThatIsUsedAgain() throws IOException {
        Files.writeString(root.resolve("program"), "abc");
        process(1, "init", 0, 5);
        Files.writeString(root.resolve("proc/stat"), "cpu 1 2\nbtime 1000\nprocs 3\n");
        var collector = new ProcessCollector(new HostRoot(root), new TestClock("2026-11-23T06:00:00Z"), 1000);
        assertThat(poll(collector))
                .singleElement()
                .satisfies(p -> assertThat(p.get("activity").stringValue()).isEqualTo("Inventory"));

        process(7, "a) b (c", 1, 250);
        assertThat(poll(collector)).singleElement().satisfies(p -> {
            assertThat(p.get("activity").stringValue()).isEqualTo("Launch");
            assertThat(p.get("name").stringValue()).isEqualTo("a) b (c");
            assertThat(p.get("parent_pid").asLong()).isEqualTo(1);
            assertThat(p.get("uid").asLong()).isEqualTo(1000);
            assertThat(p.get("cmd_line").stringValue()).isEqualTo("a) b (c -a b c");
            assertThat(p.get("hashes").stringValue()).isEqualTo("SHA256=" + ABC);
            assertThat(p.get("created_time").asLong()).isEqualTo(1_002_500);
        });
        assertThat(poll(collector)).isEmpty();

        process(7, "other", 1, 900);
        assertThat(poll(collector))
                .extracting(p ->
                        p.get("activity").stringValue() + " " + p.get("name").stringValue())
                .containsExactlyInAnyOrder("Launch other", "Terminate a) b (c");
        Files.delete(root.resolve("program"));
        process(8, "gone", 1, 901);
        assertThat(poll(collector))
                .singleElement()
                .satisfies(p -> assertThat(p.has("hashes")).isFalse());
    }

    @Test
    void socketsHaveTheirProcess() throws IOException {
        process(7, "sshd", 1, 250);
        Files.createDirectories(root.resolve("proc/7/fd"));
        Files.createSymbolicLink(root.resolve("proc/7/fd/3"), Path.of("socket:[4242]"));
        Files.createDirectories(root.resolve("proc/net"));
        Files.writeString(
                root.resolve("proc/net/tcp"),
                "  sl  local_address\n"
                        + "   0: 0100007F:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000  33 0 4242 1\n"
                        + "   1: 0100007F:0016 0A01A8C0:E454 06 00000000:00000000 00:00000000 00000000  33 0 0 1\n"
                        + "   rubbish\n");
        Files.writeString(
                root.resolve("proc/net/tcp6"),
                "  sl  local_address\n   0: B80D0120000000000000000001000000:01BB 0000000000000000FFFF00000A01A8C0:E454"
                        + " 01 00000000:00000000 00:00000000 00000000  0 0 99 1\n");
        var collector = new SocketCollector(new HostRoot(root), new TestClock("2026-11-23T06:00:00Z"));
        assertThat(poll(collector))
                .hasSize(2)
                .anySatisfy(s -> {
                    assertThat(s.get("activity").stringValue()).isEqualTo("Listen");
                    assertThat(s.get("src_ip").stringValue()).isEqualTo("127.0.0.1");
                    assertThat(s.get("src_port").asInt()).isEqualTo(22);
                    assertThat(s.get("pid").asLong()).isEqualTo(7);
                    assertThat(s.get("process_name").stringValue()).isEqualTo("sshd");
                })
                .anySatisfy(s -> {
                    assertThat(s.get("activity").stringValue()).isEqualTo("Open");
                    assertThat(s.get("src_ip").stringValue()).isEqualTo("2001:db8:0:0:0:0:0:1");
                    assertThat(s.get("dst_ip").stringValue()).isEqualTo("192.168.1.10");
                });
        assertThat(collector.refusals()).isEqualTo(1);
        Files.write(root.resolve("proc/net/tcp6"), "  sl\n".getBytes(StandardCharsets.UTF_8));
        assertThat(poll(collector))
                .singleElement()
                .satisfies(s -> assertThat(s.get("activity").stringValue()).isEqualTo("Close"));
    }
}
