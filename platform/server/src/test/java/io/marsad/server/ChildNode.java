package io.marsad.server;

import io.marsad.server.client.PlatformClient;
import io.marsad.server.node.LocalAccess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The platform in a process of its own, as {@code ./marsad up} starts it, so that it can be killed. */
final class ChildNode implements AutoCloseable {
    private static final long START_SECONDS = 180;

    private final Process process;
    private final Path data;
    private final Path output;

    private ChildNode(Process process, Path data, Path output) {
        this.process = process;
        this.data = data;
        this.output = output;
    }

    static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    static ChildNode start(Path data, String... more) throws IOException, InterruptedException {
        return start(List.of("-cp", classPath()), data, more);
    }

    /** @param jvm the class path, and how the JVM is started beside what every node has */
    static ChildNode start(List<String> jvm, Path data, String... more) throws IOException, InterruptedException {
        Files.createDirectories(data);
        var output = data.resolveSibling(data.getFileName() + ".out");
        Files.deleteIfExists(data.resolve("local-access"));
        var root = System.getProperty("marsad.root");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "-Dmarsad.root=" + root,
                "-Dmarsad.home=" + root + "/target/dist"));
        command.addAll(jvm);
        command.addAll(List.of(
                "io.marsad.server.Main", "up", "--data", data.toString(), "--port", "0", "--set", "watch=false"));
        command.addAll(List.of(more));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        var node = new ChildNode(process, data, output);
        node.awaitReady();
        return node;
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (LocalAccess.read(data) == null) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new AssertionError("the platform did not start:\n" + Files.readString(output));
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
    }

    Path data() {
        return data;
    }

    PlatformClient client() throws IOException {
        var access = LocalAccess.read(data);
        if (access == null) {
            throw new AssertionError("no platform runs on " + data);
        }
        return new PlatformClient(access.url(), access.token());
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    /** SIGKILL: no shutdown hook, nothing is flushed. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(40, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the platform did not stop in 40 s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    static Path freshFolder(String name) throws IOException {
        var folder = Files.createTempDirectory(Path.of("/tmp"), "marsad-" + name);
        Files.setPosixFilePermissions(folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        return folder.resolve("data");
    }

    static void delete(Path data) throws IOException {
        var folder = data.getParent();
        try (var all = Files.walk(folder)) {
            all.sorted(java.util.Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }
}
