package io.marsad.agent.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.marsad.agent.act.HostAction.Done;
import io.marsad.agent.act.HostAction.Told;
import io.marsad.wire.SignedAction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.zip.ZipFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Actions on this host: real processes, files and programs; nothing of the network, which the test of networks does. */
final class HostActionsTest {
    private final Map<String, String> scripts = new HashMap<>();
    private final Map<String, byte[]> evidence = new HashMap<>();

    @TempDir
    private Path folder;

    private Path root;
    private HostActions actions;

    @BeforeEach
    void begin() throws IOException {
        root = folder.resolve("root");
        Files.createDirectories(root.resolve("etc"));
        Files.createDirectories(root.resolve("opt"));
        Files.createDirectories(folder.resolve("data"));
        actions = new HostActions(
                new HostActions.Surroundings(
                        root,
                        folder.resolve("data"),
                        () -> new Isolation.Relay("localhost", Set.of(8481)),
                        () -> scripts,
                        (_, name, file, sha256) -> {
                            evidence.put(name, Files.readAllBytes(file));
                            assertThat(Sums.of(file)).isEqualTo(sha256);
                        }),
                InstantSource.system());
    }

    private Done perform(String action, Object... parameters) throws Exception {
        return perform(UUID.randomUUID(), action, parameters);
    }

    private Done perform(UUID id, String action, Object... parameters) throws Exception {
        var node = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < parameters.length; i += 2) {
            node.putPOJO(parameters[i].toString(), parameters[i + 1]);
        }
        var read = JsonMapper.shared().readTree(node.toString()).asObject();
        var one = actions.all().stream()
                .filter(known -> known.names().contains(action))
                .findFirst()
                .orElseThrow();
        return one.perform(new Told(id, action, read));
    }

    private static ProcessHandle family() throws IOException {
        var process = new ProcessBuilder("sh", "-c", "sleep 300 & (sleep 301; true) & wait").start();
        Awaitility.await().until(() -> process.toHandle().descendants().count() == 3);
        return process.toHandle();
    }

    @Test
    void aProcessIsEndedWithAllThatItBegan() throws Exception {
        var parent = family();
        var children = parent.descendants().toList();
        var started = parent.info().startInstant().orElseThrow();
        var later = started.plus(Duration.ofMinutes(5)).toString();
        assertThatThrownBy(() -> perform("kill_process", "pid", parent.pid(), "started", later))
                .isInstanceOf(ActionFailed.class)
                .hasMessageContaining("another one: it was started at");
        assertThatThrownBy(() -> perform("kill_process", "pid", parent.pid(), "hash", "00"))
                .isInstanceOf(ActionFailed.class)
                .hasMessageContaining("SHA-256");
        assertThatThrownBy(() -> perform("kill_process", "pid", parent.pid()))
                .isInstanceOf(ActionFailed.class)
                .hasMessageContaining("given to one process after another");
        assertThat(parent.isAlive()).isTrue();
        var done = perform("kill_process", "pid", parent.pid(), "started", started.toEpochMilli());
        assertThat(done.outputs()).containsEntry("killed", "4");
        assertThat(done.proof().path("killed").size()).isEqualTo(4);
        Awaitility.await().until(() -> !parent.isAlive() && children.stream().noneMatch(ProcessHandle::isAlive));
        assertThatThrownBy(() -> perform("kill_process", "pid", parent.pid(), "started", started.toString()))
                .hasMessageContaining("there is no process");
    }

    @Test
    void theAgentAndWhatItHangsOnAreNotEnded() {
        var own = ProcessHandle.current();
        var started = own.info().startInstant().orElseThrow().toString();
        assertThatThrownBy(() -> perform("kill_process", "pid", own.pid(), "started", started))
                .isInstanceOf(ActionFailed.class)
                .hasMessageContaining("the agent");
        var first = ProcessHandle.of(1).orElseThrow().info().startInstant().orElseThrow();
        assertThatThrownBy(() -> perform("kill_process", "pid", 1, "started", first.toString()))
                .isInstanceOf(ActionFailed.class);
    }

    @Test
    void aFileComesBackFromQuarantineAsItWas() throws Exception {
        var file = root.resolve("opt/tool");
        Files.writeString(file, "#!/bin/sh\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
        var modified = Files.getLastModifiedTime(file);
        assertThatThrownBy(() -> perform("quarantine_file", "path", "/opt/tool", "hash", "ab"))
                .hasMessageContaining("another file");
        var id = UUID.randomUUID();
        var done = perform(id, "quarantine_file", "path", "/opt/tool");
        assertThat(file).doesNotExist();
        var content = folder.resolve("data/quarantine/" + id + "/content");
        assertThat(Files.getPosixFilePermissions(content)).isEmpty();
        assertThat(perform(id, "quarantine_file", "path", "/opt/tool").outputs())
                .as("an interruption after it was moved")
                .isEqualTo(done.outputs());
        Files.writeString(file, "another");
        assertThatThrownBy(() -> perform("restore_file", "quarantine", id)).hasMessageContaining("not overwritten");
        Files.delete(file);
        perform("restore_file", "path", "/opt/tool");
        assertThat(file).hasContent("#!/bin/sh\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rwxr-x--x");
        assertThat(Files.getLastModifiedTime(file).toMillis()).isEqualTo(modified.toMillis());
        assertThat(perform("restore_file", "quarantine", id).outputs()).containsEntry("path", "/opt/tool");
    }

    @Test
    void whatIsNoFileOnADiskOrTheAgentsOwnIsNotTaken() throws IOException {
        Files.createDirectories(root.resolve("proc"));
        Files.writeString(root.resolve("proc/version"), "x");
        Files.createSymbolicLink(root.resolve("opt/link"), root.resolve("proc/version"));
        Files.createSymbolicLink(root.resolve("opt/dir"), root.resolve("proc"));
        for (var path : List.of("/proc/version", "/opt/link", "/opt/dir/version", "/opt", "opt/x", "/opt/../etc/x")) {
            assertThatThrownBy(() -> perform("quarantine_file", "path", path))
                    .as(path)
                    .isInstanceOf(ActionFailed.class);
        }
        assertThat(root.resolve("proc/version")).exists();
    }

    @Test
    void anAccountIsDisabledAndGetsBackWhatItHad() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/sbin/usermod")), "skipped: this host has no usermod");
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: only root changes accounts");
        Files.writeString(
                root.resolve("etc/passwd"),
                "root:x:0:0:root:/root:/bin/sh\ndana:x:1000:1000::/home/dana:/bin/sh\nsvc:x:900:900::/:/bin/sh\n");
        Files.writeString(
                root.resolve("etc/shadow"),
                "root:*:20000:0:99999:7:::\ndana:$y$j9T$x:20000:0:99999:7::21000:\nsvc:!:20000:0:99999:7:::\n");
        var before = Files.readString(root.resolve("etc/shadow"));
        for (var user : List.of("dana", "svc")) {
            perform("disable_user", "user", user);
            perform("disable_user", "user", user); // an interruption does not make it forget
        }
        assertThat(Files.readString(root.resolve("etc/shadow")))
                .contains("dana:!$y$j9T$x:20000:0:99999:7::1:", "svc:!:20000:0:99999:7::1:");
        perform("enable_user", "user", "dana");
        perform("enable_user", "user", "svc");
        assertThat(Files.readString(root.resolve("etc/shadow"))).isEqualTo(before);
        assertThatThrownBy(() -> perform("disable_user", "user", "root")).hasMessageContaining("superuser");
        assertThatThrownBy(() -> perform("disable_user", "user", "nobody")).hasMessageContaining("no account");
        assertThatThrownBy(() -> perform("disable_user", "user", "--root /x")).hasMessageContaining("no name");
    }

    @Test
    void onlyScriptsOfThePolicyRunByTheirHash() throws Exception {
        var text = "#!/bin/sh\necho \"$1 and $2\"; echo wrong >&2; exit 3\n";
        var hash = SignedAction.hash(text);
        assertThatThrownBy(() -> perform("run_script", "sha256", hash)).hasMessageContaining("has no script");
        scripts.put(hash, text + "# changed");
        assertThatThrownBy(() -> perform("run_script", "sha256", hash)).hasMessageContaining("has no script");
        scripts.put(hash, text);
        var done = perform("run_script", "sha256", hash, "arguments", List.of("a b", "$(id)"));
        assertThat(done.outputs()).containsEntry("exit_code", "3").containsEntry("output", "a b and $(id)\nwrong\n");
        assertThat(folder.resolve("data/scripts")).isEmptyDirectory();
    }

    @Test
    void aHostAnswersWhatItMayBeAsked() throws Exception {
        Files.writeString(root.resolve("etc/passwd"), "dana:secret:1000:1000:Dana:/home/dana:/bin/sh\n");
        var rows = JsonMapper.shared()
                .readTree(perform("run_endpoint_query", "query", "users")
                        .outputs()
                        .get("rows"));
        assertThat(rows.get(0).toString())
                .isEqualTo("{\"name\":\"dana\",\"uid\":\"1000\",\"gid\":\"1000\",\"full_name\":\"Dana\","
                        + "\"home\":\"/home/dana\",\"shell\":\"/bin/sh\"}");
        assertThatThrownBy(() -> perform("run_endpoint_query", "query", "shadow"))
                .hasMessageContaining("there are");
    }

    @Test
    void aTriagePackageHasWhatItSays() throws Exception {
        Files.writeString(root.resolve("etc/passwd"), "dana:x:1000:1000::/home/dana:/bin/sh\n");
        Files.createDirectories(root.resolve("home/dana/.ssh"));
        Files.writeString(root.resolve("home/dana/.ssh/authorized_keys"), "ssh-ed25519 AAAA");
        Files.createSymbolicLink(root.resolve("etc/sudoers"), Path.of("/etc/shadow"));
        var done = perform("collect_triage_package");
        var bytes = evidence.get(done.outputs().get("package"));
        var file = folder.resolve("package.zip");
        Files.write(file, bytes);
        assertThat(Sums.of(file)).isEqualTo(done.outputs().get("sha256"));
        try (var zip = new ZipFile(file.toFile())) {
            var manifest = JsonMapper.shared().readTree(zip.getInputStream(zip.getEntry("manifest.json")));
            assertThat(manifest.findValuesAsString("name"))
                    .contains("processes.jsonl", "files/etc/passwd", "files/home/dana/.ssh/authorized_keys")
                    .doesNotContain("files/etc/sudoers");
            for (var one : manifest) {
                var entry = zip.getInputStream(zip.getEntry(one.path("name").asString()))
                        .readAllBytes();
                assertThat(Sums.hex(Sums.sha256().digest(entry)))
                        .isEqualTo(one.path("sha256").asString());
            }
        }
        assertThat(folder.resolve("data")).isEmptyDirectory();
    }

    @Test
    void addressesThatTheHostNeedsAreNotBlocked() {
        for (var ip : List.of("127.0.0.1", "0.0.0.0", "::", "224.0.0.1", "localhost", "10.0.0.0/8", "nonsense")) {
            assertThatThrownBy(() -> perform("block_ip", "ip", ip)).as(ip).isInstanceOf(ActionFailed.class);
        }
    }

    @Test
    void aProgramThatSaysMoreThanFitsEndsAllTheSame() throws Exception {
        var text = "#!/bin/sh\nhead -c 300000 /dev/zero | tr '\\0' x\n";
        scripts.put(SignedAction.hash(text), text);
        var done = perform("run_script", "sha256", SignedAction.hash(text));
        assertThat(done.outputs()).containsEntry("output", "x".repeat(Commands.MOST_OUTPUT));
        assertThat(done.proof().path("output_cut").asBoolean()).isTrue();
    }
}
