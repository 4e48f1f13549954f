package io.marsad.bench.opensearch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An OpenSearch node in a process of its own, on loopback, in a folder that goes with it. */
public final class OpenSearchNode implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(4);
    /** As its own distribution starts it on this JDK (config/jvm.options), but for logs, dumps and agents. */
    private static final List<String> SHIPPED_OPTIONS = List.of(
            "-XX:+UseG1GC",
            "-XX:G1ReservePercent=25",
            "-XX:InitiatingHeapOccupancyPercent=30",
            "--add-modules=jdk.incubator.vector",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=dontinline,java/lang/invoke/MethodHandle.setAsTypeCache",
            "-XX:CompileCommand=dontinline,java/lang/invoke/MethodHandle.asTypeUncached",
            "-Dorg.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits=1",
            "-XX:+UseCompactObjectHeaders");

    private static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final Path folder;
    private final String base;
    private final HttpClient http = HttpClient.newHttpClient();

    /** Ends it with this JVM, also when that is told to end. */
    private final Thread hook = new Thread(this::end);

    private OpenSearchNode(Process process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        base = "http://127.0.0.1:" + port;
    }

    /**
     * Starts a node and waits until it answers.
     *
     * @param libraries the folder with its jars
     * @throws IOException when it does not come up; says where its output is
     */
    public static OpenSearchNode start(Path libraries) throws IOException, InterruptedException {
        return start(libraries, 768);
    }

    /** @param heap its size in MiB */
    public static OpenSearchNode start(Path libraries, int heap) throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("marsad-bench-opensearch");
        int port = freePort();
        var log = folder.resolve("output.log").toFile();
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(List.of("-Xms" + heap + "m", "-Xmx" + heap + "m"));
        command.addAll(SHIPPED_OPTIONS);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                libraries.resolve("*").toString(),
                "org.codelibs.opensearch.runner.OpenSearchRunner",
                "-clusterName",
                "marsad-bench",
                "-numOfNode",
                "1",
                "-basePath",
                folder.resolve("node").toString(),
                "-baseHttpPort",
                String.valueOf(port - 1))); // it counts its nodes from 1
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        var node = new OpenSearchNode(process, folder, port);
        Runtime.getRuntime().addShutdownHook(node.hook);
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                node.call("GET", "/", null);
                return node;
            } catch (ConnectException e) {
                process.waitFor(500, TimeUnit.MILLISECONDS); // not yet
            }
        }
        process.destroyForcibly();
        var said = Files.exists(log.toPath()) ? Files.readString(log.toPath()) : "";
        node.close();
        throw new IOException(
                "the OpenSearch node did not start; it said: " + said.substring(Math.max(0, said.length() - 2000)));
    }

    private static int freePort() throws IOException {
        for (int port = 9241; port < 9299; port++) { // where the runner looks
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (java.net.BindException e) {
                continue; // taken
            }
        }
        throw new IOException("no port from 9241 to 9298 is free");
    }

    /** Sends a JSON body, or text as lines of JSON, and returns the answer. */
    public JsonNode call(String method, String path, @Nullable Object body) throws IOException, InterruptedException {
        var publisher = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(
                        body instanceof String text ? text : JSON.writeValueAsString(body));
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", body instanceof String ? "application/x-ndjson" : "application/json")
                .method(method, publisher)
                .timeout(Duration.ofMinutes(5))
                .build();
        var response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            var text = response.body();
            throw new IOException("OpenSearch: " + path + " " + response.statusCode() + " "
                    + text.substring(0, Math.min(500, text.length())));
        }
        return JSON.readTree(response.body());
    }

    public ProcessHandle process() {
        return process.toHandle();
    }

    /** The process's CPU time so far. */
    public Duration cpu() {
        return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        http.close();
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // it is running
        }
    }

    private void end() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            return; // gone
        } catch (IOException | UncheckedIOException e) {
            System.err.println("marsad bench: " + folder + " could not be deleted: " + e);
        }
    }
}
