package io.marsad.bench.flow;

import io.marsad.server.client.Terminal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad bench tenants}. Exit code 1 when one of its bars was missed. */
@Command(
        name = "tenants",
        description = {
            "What a thousand tenants cost: making each over HTTP with its first administrator, and then the live heap and",
            "the start of a platform that has them beside one that has none, in turns. Prints one line of JSON."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class TenantsCommand implements Callable<Integer> {
    private static final double MOST_CREATE_MILLIS = 1_000;
    private static final double MOST_HEAP = 1 << 20;
    private static final double MOST_GROWTH = 0.2;
    private static final List<String> JVM = List.of("-Xms48m", "-Xmx600m");

    @Option(names = "--tenants", paramLabel = "N", description = "Default: 1,000.")
    private int tenants = 1_000;

    @Option(names = "--rounds", paramLabel = "N", description = "Starts of each platform (default: 3).")
    private int rounds = 3;

    private final List<Double> create = new ArrayList<>();

    /** What a start took and what lived on the heap afterwards. */
    private record Started(double millis, double heap) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        var terminal = new Terminal(
                System.err, System.console() != null && System.console().isTerminal());
        var without = folder();
        var with = folder();
        var few = new ArrayList<Started>();
        var many = new ArrayList<Started>();
        terminal.progress(0, "making tenants");
        Platform.start(without, JVM, List.of()).stop();
        make(Platform.start(with, JVM, List.of()), terminal);
        for (int round = 1; round <= rounds; round++) {
            terminal.progress(0.5 + 0.5 * round / (rounds + 1), "starting both, round " + round);
            few.add(start(without, round == rounds));
            many.add(start(with, round == rounds));
        }
        terminal.clear();
        double growth = median(many.stream().map(Started::millis).toList())
                        / median(few.stream().map(Started::millis).toList())
                - 1;
        double heap = (median(many.stream().map(Started::heap).toList())
                        - median(few.stream().map(Started::heap).toList()))
                / tenants;
        double slowest = Collections.max(create);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("tenants", tenants);
        line.put("create_ms_p50", rounded(median(create)));
        line.put("create_ms_max", rounded(slowest));
        line.put("idle_heap_bytes_each", Math.round(heap));
        line.put(
                "start_ms_without",
                few.stream().map(one -> Math.round(one.millis)).toList());
        line.put(
                "start_ms_with",
                many.stream().map(one -> Math.round(one.millis)).toList());
        line.put("start_growth", rounded(growth));
        boolean ok = slowest <= MOST_CREATE_MILLIS && heap <= MOST_HEAP && growth < MOST_GROWTH;
        line.put("ok", ok);
        System.out.println(new JsonMapper().writeValueAsString(line));
        return ok ? 0 : 1;
    }

    /** PostgreSQL does not run as root: another account has to reach its folder. */
    private static Path folder() throws IOException {
        var folder = Files.createTempDirectory("marsad-bench-tenants");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        return folder;
    }

    private void make(Platform platform, Terminal terminal) throws IOException, InterruptedException {
        try (var client = platform.client()) {
            for (int i = 0; i < tenants; i++) {
                long began = System.nanoTime();
                var made = client.post("/v1/tenants", Map.of("id", "bench-" + i));
                create.add((System.nanoTime() - began) / 1e6);
                if (made.status() != 201) {
                    throw new IOException("a tenant was not made: " + made.problem());
                }
                terminal.progress(0.5 * i / tenants, "making tenants");
            }
        }
        platform.stop();
    }

    private static Started start(Path folder, boolean last) throws IOException, InterruptedException {
        var platform = Platform.start(folder, JVM, List.of());
        var started = new Started(platform.start().toNanos() / 1e6, liveHeap(platform.pid()));
        if (last) {
            platform.close();
        } else {
            platform.stop();
        }
        return started;
    }

    /** Bytes of all objects that are reachable. */
    private static double liveHeap(long pid) throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var process = new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        var total = said.lines().filter(line -> line.startsWith("Total")).findFirst();
        if (total.isEmpty()) {
            throw new IOException("jcmd did not tell the heap: " + said);
        }
        return Double.parseDouble(total.get().strip().split("\\s+")[2]);
    }

    private static double median(List<Double> values) {
        var sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private static double rounded(double number) {
        return Math.round(number * 100) / 100.0;
    }
}
