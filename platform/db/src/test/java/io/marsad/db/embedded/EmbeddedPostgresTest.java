package io.marsad.db.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.marsad.db.TestPostgres;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedPostgresTest {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private static Path template;

    private Path folder;
    private Path binaries;

    /** A database that was stopped, for the tests that are not about making one. */
    @BeforeAll
    static void make() throws IOException {
        template = Files.createTempDirectory(Path.of("/tmp"), "marsad-pg-");
        Files.setPosixFilePermissions(template, PosixFilePermissions.fromString("rwxr-xr-x"));
        start(template.resolve("pg")).close();
    }

    @AfterAll
    static void remove() throws IOException {
        PostgresBinaries.deleteTree(template);
    }

    @BeforeEach
    void prepare() throws IOException {
        // Where every user may pass, as an installation would be.
        folder = Files.createTempDirectory(Path.of("/tmp"), "marsad-pg-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        binaries = TestPostgres.binaries().toAbsolutePath();
    }

    @AfterEach
    void clean() throws IOException {
        PostgresBinaries.deleteTree(folder);
    }

    private Path made() throws IOException, InterruptedException {
        var copy = folder.resolve("pg");
        var copying = new ProcessBuilder("cp", "-a", template.resolve("pg").toString(), copy.toString())
                .inheritIO()
                .start();
        assertThat(copying.waitFor()).isZero();
        return copy;
    }

    @Test
    void itIsDurableSmallAndAsksForAPassword() throws Exception {
        try (var server = start(folder.resolve("pg"));
                var connection = DriverManager.getConnection(
                        server.access().url(),
                        "marsad_super",
                        Files.readString(folder.resolve("pg/superuser.secret")));
                var statement = connection.createStatement()) {
            for (var setting : List.of(
                    "fsync=on",
                    "full_page_writes=on",
                    "synchronous_commit=on",
                    "listen_addresses=127.0.0.1",
                    "unix_socket_directories=",
                    "data_checksums=on",
                    "jit=off",
                    "max_connections=24",
                    "password_encryption=scram-sha-256",
                    "server_encoding=UTF8")) {
                var name = setting.substring(0, setting.indexOf('='));
                try (var rows = statement.executeQuery("SHOW " + name)) {
                    rows.next();
                    assertThat(name + "=" + rows.getString(1)).isEqualTo(setting);
                }
            }
            assertThatThrownBy(() -> DriverManager.getConnection(server.access().url(), "marsad_super", "wrong"))
                    .hasMessageContaining("password authentication failed");
            if (!ROOT) {
                assertThat(Files.readString(folder.resolve("pg/data/pg_hba.conf")))
                        .doesNotContain("trust\n");
            }
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(folder.resolve("pg/superuser.secret"))))
                    .isEqualTo("rw-------");
            var process = ProcessHandle.of(server.pid()).orElseThrow();
            assertThat(process.info().user().orElse("")).isNotEqualTo(ROOT ? "root" : "");
            assertThat(process.descendants().count()).as("processes below it").isLessThanOrEqualTo(7);
        }
    }

    @Test
    void itStopsAndStartsAgainWithItsData() throws Exception {
        long pid;
        try (var server = start(made())) {
            pid = server.pid();
            assertThatThrownBy(() -> start(folder.resolve("pg")))
                    .hasMessageContaining("in use by another running Marsad");
            assertThat(server.running()).isTrue();
        }
        assertThat(ProcessHandle.of(pid)).isEmpty();
        try (var again = start(folder.resolve("pg"))) {
            assertThat(again.running()).isTrue();
        }
    }

    @Test
    void anUnreachableFolderWorksForRootToo() throws Exception {
        assumeTrue(ROOT, "only root drops to an account that may not pass");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        var child = new Child(List.of(), folder.resolve("pg"), "1");
        child.awaitCommitted(3);
        child.kill();
        awaitGone(child.server);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (var moved = start(folder.resolve("pg"))) { // the data changes hands
            assertThat(moved.running()).isTrue();
        }
    }

    @Test
    void killedAsWeAreItGoesAndKeepsWhatWasCommitted() throws Exception {
        made();
        killAndRestart(List.of());
    }

    @Test
    void theSameAsAnOrdinaryUser() throws Exception {
        assumeTrue(ROOT, "only root can become another user");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        PostgresBinaries.unpack(binaries);
        killAndRestart(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));
    }

    @Test
    void aServerLeftBehindIsStoppedFirst() throws Exception {
        var pg = made();
        int port;
        try (var server = start(pg)) {
            port = server.port();
        }
        var data = pg.toRealPath().resolve("data");
        var home = PostgresBinaries.unpack(binaries);
        var launcher = Launcher.choose(data, home);
        var orphan = new ProcessBuilder(launcher.toolCommand(
                        home.resolve("bin/postgres").toString(),
                        "-D",
                        data.toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories="))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("orphan.log").toFile())
                .start();
        var pidFile = data.resolve("postmaster.pid");
        awaitThat(() -> Files.exists(pidFile) && Files.readString(pidFile).contains("ready"));
        try (var server = start(pg)) {
            assertThat(orphan.waitFor(5, TimeUnit.SECONDS)).isTrue();
            assertThat(server.pid()).isNotEqualTo(orphan.pid());
        }
    }

    @Test
    void aStalePidFileOfAnotherProgramIsNoObstacle() throws Exception {
        var pg = made();
        Files.writeString(
                pg.resolve("data/postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + pg.resolve("data")
                        + "\n1\n5432\n\n127.0.0.1\n  0 0\nready   \n");
        try (var server = start(pg)) {
            assertThat(server.running()).isTrue();
        }
    }

    @Test
    void aCrashedServerIsStartedAgain() throws Exception {
        try (var server = start(made())) {
            long first = server.pid();
            assertThat(new ProcessBuilder("kill", "-KILL", Long.toString(first))
                            .start()
                            .waitFor())
                    .isZero();
            var owner = server.access().owner();
            awaitThat(() -> {
                try (var connection =
                        DriverManager.getConnection(server.access().url(), owner.user(), owner.password())) {
                    return connection.isValid(1);
                } catch (SQLException e) {
                    return false;
                }
            });
            assertThat(server.pid()).isNotEqualTo(first);
        }
    }

    /** Three rounds of commits and kill -9; nothing that was said to be committed may be missing. */
    private void killAndRestart(List<String> prefix) throws Exception {
        long told = 0;
        long found = 0;
        for (int round = 0; round < 3; round++) {
            var child = new Child(prefix, folder.resolve("pg"), Long.toString(100_000L * (round + 1)));
            assertThat(child.found).as("rows after kill %d", round).isBetween(told, told + round);
            found = child.found;
            int more = child.awaitCommitted(20) + child.kill();
            awaitGone(child.server);
            told = found + more;
        }
        var last = new Child(prefix, folder.resolve("pg"), "stop");
        assertThat(last.found).isBetween(told, told + 1).isGreaterThanOrEqualTo(60);
        assertThat(last.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(ProcessHandle.of(last.server)).isEmpty();
    }

    private static EmbeddedPostgres start(Path pg) throws IOException {
        var binaries = TestPostgres.binaries().toAbsolutePath();
        return EmbeddedPostgres.start(new EmbeddedPostgres.Settings(pg, binaries, 0), new SecureRandom());
    }

    private static void awaitGone(long pid) throws Exception {
        awaitThat(() -> ProcessHandle.of(pid).isEmpty());
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void awaitThat(Condition condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("within 20 s").isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    /** The other JVM and what it says. */
    private final class Child {
        final Process process;
        final BufferedReader output;
        final long server;
        final long found;

        Child(List<String> prefix, Path pg, String from) throws IOException {
            var command = new ArrayList<>(prefix);
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Djava.io.tmpdir=/tmp",
                    "-cp",
                    classPath(prefix),
                    ChildMarsad.class.getName(),
                    pg.toString(),
                    binaries.toString(),
                    from));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            var ready = line().split(" ", -1);
            server = Long.parseLong(ready[1]);
            found = Long.parseLong(ready[2]);
        }

        /** Another user cannot read the build's own jars: a copy of those that are needed. */
        private String classPath(List<String> prefix) throws IOException {
            var own = System.getProperty("java.class.path");
            if (prefix.isEmpty()) {
                return own;
            }
            var copy = Files.createDirectories(folder.resolve("class-path"));
            var entries = new ArrayList<String>();
            for (String entry : own.split(File.pathSeparator, -1)) {
                var path = Path.of(entry);
                if (Files.isDirectory(path)) {
                    entries.add(entry);
                } else if (path.getFileName().toString().matches("(postgresql|slf4j|commons|xz|jspecify).*\\.jar")) {
                    entries.add(Files.copy(path, copy.resolve(path.getFileName()), StandardCopyOption.REPLACE_EXISTING)
                            .toString());
                }
            }
            return String.join(File.pathSeparator, entries);
        }

        private String line() throws IOException {
            var line = output.readLine();
            assertThat(line).as("what the child says").isNotNull();
            return line;
        }

        int awaitCommitted(int count) throws IOException {
            for (int i = 0; i < count; i++) {
                assertThat(line()).startsWith("committed ");
            }
            return count;
        }

        /** kill -9; returns how many more it said were committed. */
        int kill() throws Exception {
            process.toHandle().destroyForcibly(); // leaves its output readable
            int more = 0;
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                more += line.matches("committed [0-9]{6}") ? 1 : 0;
            }
            process.waitFor();
            return more;
        }
    }
}
