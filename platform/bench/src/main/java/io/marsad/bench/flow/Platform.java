package io.marsad.bench.flow;

import io.marsad.server.client.PlatformClient;
import io.marsad.server.node.LocalAccess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The platform in a process and a folder of its own, as {@code ./marsad up} starts it. */
public final class Platform implements AutoCloseable {
    private static final long START_SECONDS = 180;
    private static final long TICKS_PER_SECOND = 100;

    private final Process process;
    private final Path folder;
    private final LocalAccess access;

    /** How long it took to answer. */
    private final Duration start;

    private Platform(Process process, Path folder, LocalAccess access, Duration start) {
        this.process = process;
        this.folder = folder;
        this.access = access;
        this.start = start;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param folder empty; goes with the platform
     * @param options of its JVM, after those of this one
     * @param settings of the platform, {@code KEY=VALUE}
     * @throws IOException when it does not start, with what it said
     */
    public static Platform start(Path folder, List<String> options, List<String> settings)
            throws IOException, InterruptedException {
        var data = folder.resolve("data");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(one -> !one.startsWith("-Xmx") && !one.startsWith("-Xms") && !one.startsWith("-agentlib"))
                .forEach(command::add);
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.marsad.server.Main", "up"));
        command.addAll(List.of("--data", data.toString(), "--port", "0", "--set", "watch=false"));
        for (String setting : settings) {
            command.addAll(List.of("--set", setting));
        }
        var output = folder.resolve("output");
        long started = System.nanoTime();
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        while (true) {
            var access = LocalAccess.read(data);
            var took = Duration.ofNanos(System.nanoTime() - started);
            if (access != null) {
                return new Platform(process, folder, access, took);
            }
            if (!process.isAlive() || took.toSeconds() > START_SECONDS) {
                process.destroyForcibly();
                throw new IOException("the platform did not start:\n" + Files.readString(output));
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
    }

    LocalAccess access() {
        return access;
    }

    Duration start() {
        return start;
    }

    long pid() {
        return process.pid();
    }

    public PlatformClient client() {
        return new PlatformClient(access.url(), access.token());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** CPU seconds so far of the threads of the platform by what they do, and of its PostgreSQL; empty where there is no /proc. */
    Map<String, Double> cpu() throws IOException {
        var cpu = new TreeMap<String, Double>();
        var tasks = Path.of("/proc/" + process.pid() + "/task");
        if (!Files.isDirectory(tasks)) {
            return cpu;
        }
        List<Path> threads;
        try (var list = Files.list(tasks)) {
            threads = list.toList();
        }
        for (Path thread : threads) {
            add(thread, null, cpu);
        }
        add(Path.of("/proc/" + process.pid()), "process", cpu);
        for (ProcessHandle child : process.descendants().toList()) {
            add(Path.of("/proc/" + child.pid()), "postgresql", cpu);
        }
        return cpu;
    }

    private static void add(Path proc, @Nullable String as, Map<String, Double> cpu) throws IOException {
        String stat;
        try {
            stat = Files.readString(proc.resolve("stat"));
        } catch (NoSuchFileException e) {
            return; // has just ended
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("No such process")) {
                return;
            }
            throw e;
        }
        int close = stat.lastIndexOf(')');
        var name = stat.substring(stat.indexOf('(') + 1, close);
        var fields = stat.substring(close + 2).split(" ", -1);
        // 14 and 15 of proc(5), here from the third on; of a process its ended threads count too
        double seconds = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / (double) TICKS_PER_SECOND;
        cpu.merge(as == null ? stage(name) : as, seconds, Double::sum);
    }

    private static String stage(String thread) {
        if (thread.startsWith("worker-") || thread.startsWith("writer-")) {
            return thread.substring(0, 6);
        } else if (thread.startsWith("ForkJoinPool") || thread.startsWith("VirtualThread")) {
            return "doors";
        } else if (thread.startsWith("GC ")
                || thread.startsWith("G1 ")
                || thread.startsWith("ParGC")
                || thread.equals("VM Thread")) {
            return "gc";
        } else if (thread.contains("CompilerThre")) {
            return "jit";
        } else if (thread.startsWith("log-")) {
            return "log";
        }
        return "other threads";
    }

    /** Its peak memory in bytes, of the JVM alone; 0 where there is no /proc. */
    long peakBytes() throws IOException {
        var status = Path.of("/proc/" + process.pid() + "/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElse(0);
    }

    /** Stops it as Ctrl-C does. */
    void stop() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("the platform did not stop in 60 s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        if (process.isAlive()) {
            stop();
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
