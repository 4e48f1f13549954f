package io.marsad.agent.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.testkit.TestClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

final class ServicesTest {
    static final String SHOW = Recordings.of(ServicesTest.class, "systemctl-show.txt");
    private static final String[] FIELDS = {"name", "pid", "pid_before", "start_mode_before", "cmd_line_before"};

    @TempDir
    private Path root;

    private Path units;
    private String said = SHOW;
    private String saidByName = "";
    private final List<List<String>> asked = new ArrayList<>();

    @BeforeEach
    void unitsAreOnDisk() throws IOException {
        units = Files.createDirectories(root.resolve("etc/systemd/system"));
        Files.writeString(units.resolve("backup.service"), "");
        Files.writeString(units.resolve("idle.service"), "");
        Files.createSymbolicLink(units.resolve("alias.service"), units.resolve("idle.service"));
        Files.createSymbolicLink(units.resolve("masked.service"), Path.of("/dev/null"));
    }

    private ServiceCollector collector() {
        Programs programs = command -> {
            asked.add(command);
            return (command.getLast().equals("*.service") ? said : saidByName).getBytes(StandardCharsets.UTF_8);
        };
        return new ServiceCollector(
                Origin.linux(new TestClock("2026-11-23T06:00:00Z")), new Systemd(programs), List.of(units), ".service");
    }

    private List<String> becomes(Collector collector, String from, String to) {
        assertThat(said).contains(from);
        said = said.replace(from, to);
        return Recordings.poll(collector, FIELDS);
    }

    @Test
    void whatIsThereComesWithAllFieldsOnce() {
        var found = new ArrayList<ObjectNode>();
        var collector = collector();
        collector.poll(found::add);
        assertThat(found)
                .extracting(one -> one.get("name").stringValue())
                .containsExactlyInAnyOrder("ssh.service", "backup.service", "idle.service");
        var ssh = found.stream()
                .filter(one -> one.get("name").stringValue().startsWith("ssh"))
                .findFirst()
                .orElseThrow();
        assertThat(ssh.toString())
                .isEqualTo("{\"source\":\"service\",\"activity\":\"Inventory\",\"time\":1795413600000,"
                        + "\"name\":\"ssh.service\",\"title\":\"OpenBSD Secure Shell server\",\"state\":\"running\","
                        + "\"start_mode\":\"enabled\",\"path\":\"/lib/systemd/system/ssh.service\","
                        + "\"cmd_line\":\"/usr/sbin/sshd -D $SSHD_OPTS\",\"pid\":712}");
        assertThat(Objects.requireNonNull(Systemd.parse(SHOW).services().get("backup.service"))
                        .command())
                .isEqualTo("/usr/local/bin/dump --all; /usr/bin/sync");
        assertThat(Recordings.poll(collector)).isEmpty();
        assertThat(collector.refusals()).isZero();
    }

    @Test
    void tellsWhatBecomesOfAService() {
        var collector = collector();
        Recordings.poll(collector);
        assertThat(becomes(collector, "MainPID=712", "MainPID=999")).containsExactly("Restart ssh.service 999 712");
        assertThat(becomes(collector, "start_time=[Mon 2026-11-23 06:00:00 UTC]", "start_time=[n/a]"))
                .as("a time is no change")
                .isEmpty();
        assertThat(becomes(collector, "ActiveState=active\nSubState=running", "ActiveState=failed\nSubState=failed"))
                .containsExactly("Fail ssh.service 999");
        assertThat(becomes(collector, "ActiveState=failed", "ActiveState=inactive"))
                .as("it was reset, and did not stop then")
                .isEmpty();
        assertThat(becomes(collector, "ActiveState=inactive\nSubState=failed", "ActiveState=active\nSubState=running"))
                .containsExactly("Start ssh.service 999");
        assertThat(becomes(collector, "ActiveState=active", "ActiveState=inactive"))
                .containsExactly("Stop ssh.service 999");
        assertThat(becomes(collector, "UnitFileState=enabled", "UnitFileState=masked"))
                .containsExactly("Disable ssh.service 999 enabled");
        assertThat(becomes(collector, "UnitFileState=masked", "UnitFileState=enabled"))
                .containsExactly("Enable ssh.service 999 masked");
        assertThat(becomes(collector, "argv[]=/usr/sbin/sshd -D", "argv[]=/tmp/sshd -D"))
                .containsExactly("Update ssh.service 999 /usr/sbin/sshd -D $SSHD_OPTS");
    }

    @Test
    void unitFilesSayWhatIsInstalledAndMemoryDoesNot() throws IOException {
        var collector = collector();
        Recordings.poll(collector);
        var backup = said.substring(said.indexOf("Id=backup"), said.indexOf("Id=ntp"));
        assertThat(becomes(collector, backup, "")).as("only unloaded").isEmpty();
        assertThat(becomes(collector, "Id=ntp", backup + "Id=ntp"))
                .as("loaded again")
                .isEmpty();
        Files.writeString(units.resolve("evil.service"), "");
        assertThat(Recordings.poll(collector, "name", "path"))
                .containsExactly("Install evil.service " + units + "/evil.service");
        said += "\nId=evil.service\nLoadState=loaded\nActiveState=active\nMainPID=4\nUnitFileState=enabled\n";
        assertThat(Recordings.poll(collector, FIELDS)).containsExactly("Start evil.service 4");
        Files.delete(units.resolve("evil.service"));
        said = SHOW;
        assertThat(Recordings.poll(collector, FIELDS)).containsExactly("Remove evil.service 4", "Stop evil.service 4");
        said += "\nId=run-1.service\nLoadState=loaded\nActiveState=active\nMainPID=5\nUnitFileState=transient\n";
        assertThat(Recordings.poll(collector, FIELDS)).containsExactly("Start run-1.service 5");
    }

    @Test
    void anEnabledUnitThatIsForgottenIsAskedByNameWhetherItWasDisabled() {
        var collector = collector();
        Recordings.poll(collector);
        saidByName = SHOW.substring(0, SHOW.indexOf("Id=backup"))
                .replace("UnitFileState=enabled", "UnitFileState=disabled")
                .replace("ActiveState=active", "ActiveState=inactive")
                .replace("MainPID=712", "MainPID=0");
        said = SHOW.substring(SHOW.indexOf("Id=backup"));
        assertThat(Recordings.poll(collector, "name")).containsExactly("Disable ssh.service", "Stop ssh.service");
        assertThat(asked.getLast()).endsWith("--", "ssh.service");
        assertThat(Recordings.poll(collector, "name")).isEmpty();
        assertThat(asked.getLast()).endsWith("--", "*.service");
    }

    @Test
    void nothingIsSaidWhereThereIsNoSystemd() {
        said = "";
        assertThat(Recordings.poll(collector())).isEmpty();
    }

    @Test
    void whatIsNoParagraphIsCounted() {
        assertThat(Systemd.parse("Id=a.service\nLoadState=loaded\nrubbish\n\nActiveState=active\n"))
                .satisfies(read -> assertThat(read.services()).containsOnlyKeys("a.service"))
                .satisfies(read -> assertThat(read.refused()).isEqualTo(2));
    }
}
