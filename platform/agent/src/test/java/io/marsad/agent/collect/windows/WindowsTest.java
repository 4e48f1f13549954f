package io.marsad.agent.collect.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.agent.collect.Collector;
import io.marsad.agent.collect.HostService;
import io.marsad.agent.collect.InventoryTable;
import io.marsad.agent.collect.Origin;
import io.marsad.agent.collect.ProcessTable;
import io.marsad.agent.collect.Programs;
import io.marsad.agent.collect.Recordings;
import io.marsad.agent.collect.ServiceCollector;
import io.marsad.agent.collect.SocketTable;
import io.marsad.testkit.TestClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** What was written down after the documentation, as there is no Windows here. */
final class WindowsTest {
    static final String FIVE = recording("processes-5.json");
    static final String SEVEN = recording("processes-7.json");
    static final String SERVICES = recording("services.json");
    static final String SESSIONS = recording("sessions.json");
    static final String NETSTAT = recording("netstat.txt");
    static final String GERMAN = recording("netstat-german.txt");
    static final String UNINSTALL = recording("uninstall.txt");

    private final Origin origin = new Origin("Windows", new TestClock("2026-11-23T06:00:00Z"));
    private String said = "";
    private final Programs programs = command -> said.getBytes(StandardCharsets.UTF_8);

    private static String recording(String name) {
        return Recordings.of(WindowsTest.class, name);
    }

    private List<String> says(String now, Collector collector, String... fields) {
        said = now;
        return Recordings.poll(collector, fields);
    }

    @Test
    void processesAreTheSameByEitherPowerShell() {
        var five = Cim.processes(FIVE.getBytes(StandardCharsets.UTF_8));
        var seven = Cim.processes(SEVEN.getBytes(StandardCharsets.UTF_8));
        assertThat(five.rows()).hasSize(2);
        assertThat(seven.rows()).hasSize(1);
        assertThat(five.rows()).containsAllEntriesOf(seven.rows());
        assertThat(five.refused() + seven.refused()).isZero();
    }

    @Test
    void processesStartAndEnd() {
        var collector = new ProcessTable(origin, programs, Cim.PROCESSES, Cim::processes, pid -> null);
        var found = new ArrayList<ObjectNode>();
        said = FIVE;
        collector.poll(found::add);
        assertThat(found.getLast().toString())
                .isEqualTo(
                        "{\"source\":\"process\",\"activity\":\"Inventory\",\"time\":1795413600000,\"os\":\"Windows\","
                                + "\"pid\":5120,\"name\":\"powershell.exe\",\"parent_pid\":780,\"created_time\":1795417200000,"
                                + "\"cmd_line\":\"powershell.exe -nop -w hidden -enc SQBFAFgA\","
                                + "\"path\":\"C:\\\\Windows\\\\System32\\\\WindowsPowerShell\\\\v1.0\\\\powershell.exe\"}");
        assertThat(says(SEVEN, collector, "pid")).containsExactly("Terminate 4");
        assertThat(says(SEVEN.replace("08:00:00", "08:00:01"), collector, "pid"))
                .as("another process with the same pid")
                .containsExactly("Launch 5120", "Terminate 5120");
        assertThat(says("{", collector, "pid")).as("no list is no end of all").isEmpty();
        assertThat(collector.refusals()).isEqualTo(1);
    }

    @Test
    void connectionsAreReadWhateverTheLanguage() {
        var collector = new SocketTable(origin, programs, Netstat.COMMAND, Netstat::parse);
        String[] fields = {"protocol_name", "src_ip", "src_port", "dst_ip", "dst_port", "pid"};
        assertThat(says(NETSTAT, collector, fields))
                .containsExactly(
                        "Listen tcp 0.0.0.0 135 0.0.0.0 0 1044",
                        "Open tcp 10.0.0.7 50122 203.0.113.9 443 5120",
                        "Listen tcp :: 445 :: 0 4",
                        "Open tcp fe80::1 49152 fe80::2 88 780",
                        "Listen udp 0.0.0.0 123 0.0.0.0 0 4044",
                        "Listen udp ::1 1900 :: 0 4045");
        assertThat(says(GERMAN, collector, fields))
                .containsExactly(
                        "Open tcp 10.0.0.7 50101 203.0.113.9 443 5120",
                        "Close tcp :: 445 :: 0 4",
                        "Close tcp fe80::1 49152 fe80::2 88 780",
                        "Close udp 0.0.0.0 123 0.0.0.0 0 4044",
                        "Close udp ::1 1900 :: 0 4045");
        assertThat(collector.refusals()).isZero();
        assertThat(Netstat.parse("  TCP  10.0.0.7  x:y 1\n".getBytes(StandardCharsets.UTF_8))
                        .refused())
                .isEqualTo(1);
    }

    @Test
    void servicesComeGoAndChange() {
        var services = new ServiceCollector.Listed(programs, Cim.SERVICES, Cim::services);
        var collector = new ServiceCollector(origin, services, List.of(), "");
        String[] fields = {"name", "start_mode", "pid", "cmd_line_before"};
        assertThat(says(SERVICES, collector, fields))
                .containsExactly("Inventory Spooler Auto 2412", "Inventory RemoteRegistry Disabled");
        assertThat(says(SERVICES.replace("Stopped", "Running").replace("Disabled", "Manual"), collector, fields))
                .containsExactly("Enable RemoteRegistry Manual", "Start RemoteRegistry Manual");
        assertThat(says(SERVICES.replace("spoolsv.exe", "evil.exe"), collector, fields))
                .containsExactly(
                        "Update Spooler Auto 2412 C:\\Windows\\System32\\spoolsv.exe",
                        "Disable RemoteRegistry Disabled",
                        "Stop RemoteRegistry Disabled");
        assertThat(says(SERVICES.replace("\"Spooler\"", "\"Other\""), collector, fields))
                .containsExactly(
                        "Install Other Auto 2412",
                        "Start Other Auto 2412",
                        "Stop Spooler Auto 2412",
                        "Remove Spooler Auto 2412");
        assertThat(Objects.requireNonNull(Cim.services(SERVICES.getBytes(StandardCharsets.UTF_8))
                                .rows()
                                .get("Spooler"))
                        .state())
                .isEqualTo(HostService.State.RUNNING);
    }

    @Test
    void sessionsAndSoftwareComeAndGo() {
        var sessions = new String[] {SESSIONS};
        Programs both = command -> (command.equals(Cim.SESSIONS) ? sessions[0] : said).getBytes(StandardCharsets.UTF_8);
        var collector = new InventoryTable(origin, "windows", new WindowsInventory(both));
        String[] fields = {"user", "domain", "session", "package_manager", "name", "version", "version_before"};
        assertThat(says(UNINSTALL, collector, fields))
                .containsExactly(
                        "Inventory dana ACME 412345",
                        "Inventory windows 7-Zip 23.01 (x64) 23.01",
                        "Inventory windows Office 16    Click-to-Run 16.0.14332");
        sessions[0] = "";
        assertThat(says(
                        UNINSTALL.replace("    23.01", "    24.08").replace("Office 16 ", "Office 19 "),
                        collector,
                        fields))
                .containsExactly(
                        "Logoff dana ACME 412345",
                        "Update windows 7-Zip 23.01 (x64) 24.08 23.01",
                        "Install windows Office 19    Click-to-Run 16.0.14332",
                        "Remove windows Office 16    Click-to-Run 16.0.14332");
        assertThat(collector.refusals()).isZero();
    }

    @Test
    void collectorsAreMadeByTheNamesOfPolicies() {
        for (var name : List.of("processes", "sockets", "services", "inventory", "eventlog")) {
            assertThat(WindowsCollectors.of(name, Path.of("."), List.of(), origin.clock()))
                    .as(name)
                    .isPresent();
        }
        assertThat(WindowsCollectors.of("audit", Path.of("."), List.of(), origin.clock()))
                .isEmpty();
    }
}
