package io.marsad.bench.store;

import io.marsad.bench.diff.RealData;
import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.event.EventBatch;
import io.marsad.server.node.Content;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Our worker's pass in a process of its own, as OpenSearch has one: nothing else runs there, its compilers see nothing else,
 * and what it costs is what the process costs. It runs with this JVM's options and the heap that {@code up} has at most. It
 * ends when its input does, so also when this JVM dies. Not thread-safe.
 */
final class OurProcess implements AutoCloseable {
    private static final String HEAP = "-Xmx1200m";

    private final Process process;
    private final BufferedReader answers;
    private final Writer orders;
    final int rules;

    private OurProcess(Process process, int templates) throws IOException {
        this.process = process;
        answers = process.inputReader();
        orders = process.outputWriter();
        var ready = answer();
        rules = (int) ready[0];
        if (ready[1] != templates) {
            throw new IOException("our process has " + ready[1] + " different events instead of " + templates);
        }
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param templates how many different events it has to have
     */
    static OurProcess start(int templates) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(one -> !one.startsWith("-Xmx") && !one.startsWith("-agentlib"))
                .forEach(command::add);
        command.addAll(List.of(HEAP, "-cp", System.getProperty("java.class.path"), OurProcess.class.getName()));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            return new OurProcess(process, templates);
        } catch (IOException e) {
            process.destroy();
            throw e;
        }
    }

    /**
     * Works off the events with these numbers, until all are durable and searchable and the store's files are in order.
     *
     * @return CPU of the process meanwhile, but for making the events
     */
    ProcessCpu.Each run(long first, int count) throws IOException {
        var before = ProcessCpu.of(process.toHandle());
        orders.write(first + " " + count + "\n");
        orders.flush();
        long made = answer()[0];
        return ProcessCpu.of(process.toHandle()).since(before, made, count);
    }

    private long[] answer() throws IOException {
        var line = answers.readLine();
        if (line == null) {
            throw new IOException("our process has ended; what it said is above");
        }
        var parts = line.split(" ", -1);
        return new long[] {Long.parseLong(parts[0]), Long.parseLong(parts[1])};
    }

    @Override
    public void close() throws IOException {
        orders.close();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** All rules: the shipped ones, and the data folder's where there is one. */
    static Content content(Path root, RealData data) throws IOException, ContentException {
        var rules = new ArrayList<>(List.of(root.resolve("content/rules")));
        if (data.isThere()) {
            rules.add(data.rules());
        }
        return Content.load(root.resolve("content"), rules);
    }

    /** The process: a line with the first number and how many for each turn, a line back when it is done. */
    public static void main(String[] none) throws Exception {
        var root = Path.of(System.getProperty("marsad.root", "."));
        var data = RealData.here();
        var content = content(root, data);
        EventBatch templates = Templates.of(data, content.mappings(), content.rules());
        try (var pass = new WorkerPass(content);
                var orders = new BufferedReader(
                        new java.io.InputStreamReader(System.in, java.nio.charset.StandardCharsets.US_ASCII))) {
            System.out.println(pass.rules + " " + templates.rows());
            for (var order = orders.readLine(); order != null; order = orders.readLine()) {
                var parts = order.split(" ", -1);
                long made = pass.run(new EventStream(templates), Long.parseLong(parts[0]), Integer.parseInt(parts[1]));
                System.out.println(made + " " + pass.stored);
            }
        }
    }
}
