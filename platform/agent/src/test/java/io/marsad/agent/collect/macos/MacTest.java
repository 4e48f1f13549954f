package io.marsad.agent.collect.macos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.marsad.agent.collect.Collector;
import io.marsad.agent.collect.HostSocket;
import io.marsad.agent.collect.InventoryTable;
import io.marsad.agent.collect.Origin;
import io.marsad.agent.collect.ProcessTable;
import io.marsad.agent.collect.ProgramLook;
import io.marsad.agent.collect.Programs;
import io.marsad.agent.collect.Recordings;
import io.marsad.agent.collect.ServiceCollector;
import io.marsad.agent.collect.SocketTable;
import io.marsad.testkit.TestClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** What was written down after the documentation, as there is no Mac here; lsof is run for real where there is one. */
final class MacTest {
    static final String PS = recording("ps.txt");
    static final String LSOF = recording("lsof.txt");
    static final String LAUNCHCTL = recording("launchctl.txt");
    static final String WHO = recording("who.txt");
    static final String APPLICATIONS = recording("applications.json");
    static final String LOG = recording("log.ndjson");

    private final Origin origin = new Origin("macOS", new TestClock("2026-11-23T06:00:00Z"));
    private String said = "";
    private final Programs programs = command -> said.getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    private static String recording(String name) {
        return Recordings.of(MacTest.class, name);
    }

    private List<String> says(String now, Collector collector, String... fields) {
        said = now;
        return Recordings.poll(collector, fields);
    }

    @Test
    void processesStartAndEnd() {
        var collector =
                new ProcessTable(origin, programs, Ps.COMMAND, Ps::parse, pid -> pid == 1 ? "/sbin/launchd" : null);
        var found = new ArrayList<ObjectNode>();
        said = PS;
        collector.poll(found::add);
        assertThat(found.get(2).toString())
                .isEqualTo("{\"source\":\"process\",\"activity\":\"Inventory\",\"time\":1795413600000,\"os\":\"macOS\","
                        + "\"pid\":700,\"name\":\"Google Chrome\",\"parent_pid\":1,\"created_time\":1793697011000,"
                        + "\"uid\":501,\"cmd_line\":\"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
                        + " --type=renderer -x\"}");
        assertThat(found).extracting(one -> one.path("path").asString("")).startsWith("/sbin/launchd", "");
        assertThat(found.getLast().path("uid").asLong()).isEqualTo(4294967294L);
        assertThat(found).extracting(one -> one.path("name").asString("")).contains("cfprefsd", "sh");
        assertThat(says(PS.replace("  701 ", "  702 "), collector, "pid", "name"))
                .containsExactly("Launch 702 sh", "Terminate 701 sh");
        assertThat(collector.refusals()).isZero();
    }

    @Test
    void connectionsAreOpenedAndClosed() {
        var collector = new SocketTable(origin, programs, Lsof.COMMAND, Lsof::parse);
        String[] fields = {"protocol_name", "src_ip", "src_port", "dst_ip", "dst_port", "uid", "pid", "process_name"};
        assertThat(says(LSOF, collector, fields))
                .containsExactly(
                        "Open tcp 10.0.0.7 50122 203.0.113.9 443 501 412 sharingd",
                        "Listen tcp :: 22 :: 0 501 412 sharingd",
                        "Listen udp fe80::1 5353 :: 0 501 412 sharingd",
                        "Listen udp 0.0.0.0 0 0.0.0.0 0 65 77 mDNSResponder");
        assertThat(says(LSOF.replace("50122", "50123"), collector, fields))
                .containsExactly(
                        "Open tcp 10.0.0.7 50123 203.0.113.9 443 501 412 sharingd",
                        "Close tcp 10.0.0.7 50122 203.0.113.9 443 501 412 sharingd");
        assertThat(collector.refusals()).isZero();
    }

    @Test
    void aRealLsofListsAPortThatIsOpen() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/lsof")), "skipped: there is no lsof here");
        try (var server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            var command = new ArrayList<>(Lsof.COMMAND);
            command.set(0, "/usr/bin/lsof");
            var table = Lsof.parse(
                    Objects.requireNonNull(new ProgramLook(origin.clock(), Duration.ofSeconds(60), 1).at(command)));
            assertThat(table.rows().keySet())
                    .filteredOn(one -> one.localPort() == server.getLocalPort())
                    .extracting(HostSocket::local, HostSocket::remotePort, HostSocket::pid)
                    .containsExactly(org.assertj.core.api.Assertions.tuple(
                            "127.0.0.1", 0, ProcessHandle.current().pid()));
            assertThat(table.refused()).isZero();
        }
    }

    @Test
    void servicesAndTheFilesThatStartThem() throws IOException {
        Files.writeString(folder.resolve("com.apple.cfprefsd.plist"), "");
        var services = new ServiceCollector.Listed(programs, Launchctl.COMMAND, Launchctl::parse);
        var collector = new ServiceCollector(origin, services, List.of(folder), ".plist");
        String[] fields = {"name", "state", "pid"};
        assertThat(says(LAUNCHCTL, collector, fields))
                .containsExactly(
                        "Inventory com.apple.periodic-daily stopped",
                        "Inventory com.apple.cfprefsd running 412",
                        "Inventory com.acme.broken failed",
                        "Inventory com.acme.told stopped");
        Files.writeString(folder.resolve("com.evil.plist"), "");
        assertThat(says(LAUNCHCTL + "9\t0\tcom.evil\n9\t0\n", collector, fields))
                .containsExactly("Install com.evil running 9", "Start com.evil running 9");
        assertThat(says(LAUNCHCTL, collector, fields))
                .as("unloaded, and still there")
                .containsExactly("Stop com.evil running 9");
        Files.delete(folder.resolve("com.evil.plist"));
        assertThat(says(LAUNCHCTL, collector, fields)).containsExactly("Remove com.evil stopped");
        assertThat(collector.refusals()).isEqualTo(1);
    }

    @Test
    void sessionsAndApplicationsWhenSomethingWasInstalled() throws IOException {
        var users = new String[] {WHO};
        Programs who = command -> users[0].getBytes(StandardCharsets.UTF_8);
        Files.setLastModifiedTime(folder, FileTime.from(Instant.ofEpochSecond(1_000)));
        var collector = new InventoryTable(origin, "macos", new MacInventory(who, programs, List.of(folder)));
        String[] fields = {"user", "terminal", "src_host", "name", "version", "version_before"};
        assertThat(says(APPLICATIONS, collector, fields))
                .containsExactly(
                        "Inventory dana console",
                        "Inventory dana ttys001 198.51.100.4",
                        "Inventory Safari 17.0",
                        "Inventory Safari 26.1",
                        "Inventory Install");
        users[0] = WHO.lines().findFirst().orElseThrow();
        var newer = APPLICATIONS.replace("26.1", "26.2");
        assertThat(says(newer, collector, fields)).containsExactly("Logoff dana ttys001 198.51.100.4");
        Files.setLastModifiedTime(folder, FileTime.from(Instant.ofEpochSecond(2_000)));
        assertThat(says(newer, collector, fields)).containsExactly("Update Safari 26.2 26.1");
        assertThat(collector.refusals()).isZero();
    }

    @Test
    void theUnifiedLogIsReadLineByLine() {
        var journal = new UnifiedLog(origin);
        var lines =
                LOG.lines().map(line -> line.getBytes(StandardCharsets.UTF_8)).toList();
        assertThat(journal.parse(lines.getFirst())).isNull();
        assertThat(journal.isHeading(lines.getFirst())).isTrue();
        assertThat(journal.isHeading(lines.getLast())).isFalse();
        var entry = Objects.requireNonNull(journal.parse(lines.getLast()));
        assertThat(entry.found().path("time").asLong()).isEqualTo(1795413600123L);
        assertThat(entry.found().path("os").asString()).isEqualTo("macOS");
        assertThat(entry.found().path("message").asString()).startsWith("Failed to authenticate");
        assertThat(entry.found().path("path").asString()).isEqualTo("/usr/libexec/opendirectoryd");
        assertThat(entry.found().path("name").asString()).isEqualTo("opendirectoryd");
        assertThat(entry.found().path("pid").asLong()).isEqualTo(177);
        assertThat(entry.found().path("log_category").asString()).isEqualTo("auth");
        assertThatNoException()
                .isThrownBy(() -> journal.parse("{\"count\":1,\"finished\":1}".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void collectorsAreMadeByTheNamesOfPolicies() {
        for (var name : List.of("processes", "sockets", "services", "inventory", "journal")) {
            assertThat(MacCollectors.of(name, folder, origin.clock())).as(name).isPresent();
        }
        assertThat(MacCollectors.of("audit", folder, origin.clock())).isEmpty();
    }
}
