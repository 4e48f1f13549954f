package io.marsad.bench.scan;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad bench scan}. */
@Command(
        name = "scan",
        description = {
            "The whole of 'marsad scan' as a process of its own, several times: launcher, JVM, rules, files, rows.",
            "The first run has no cache of rules and counts apart; of the others the medians. Exits 1 when a median",
            "takes longer than --bar or more memory than 500 MB."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ScanCommand implements Callable<Integer> {
    private static final long MOST_KILOBYTES = 500_000_000 / 1024;
    private static final long MOST_SECONDS = 600;
    private static final List<String> PHASES = List.of(
            "starting_ms", "rules_ms", "reading_ms", "normalizing_ms", "matching_ms", "reporting_ms", "total_ms");

    @Parameters(
            paramLabel = "PATH",
            arity = "0..*",
            description = "What to scan (default: the event logs of the shared data).")
    private List<Path> paths = List.of();

    @Option(names = "--rules", paramLabel = "DIR", description = "Default: the public rules of the shared data.")
    private @Nullable Path rules;

    @Option(names = "--runs", paramLabel = "N", description = "Default: 5.")
    private int runs = 5;

    @Option(names = "--bar", paramLabel = "MS", description = "How long the median may take (default: 3000).")
    private long bar = 3000;

    private record Run(long wall, JsonNode said) {
        long number(String key) {
            return said.path(key).asLong();
        }

        long cpu() {
            return number("starting_cpu_ms")
                    + number("rules_cpu_ms")
                    + number("scanning_cpu_ms")
                    + number("reporting_cpu_ms");
        }
    }

    @Override
    public Integer call() throws Exception {
        var cache = Files.createTempDirectory("marsad-bench-scan");
        try {
            double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
            var first = run(cache);
            var others = new ArrayList<Run>();
            for (int i = 0; i < Math.max(1, runs); i++) {
                others.add(run(cache));
            }
            return report(first, others, load);
        } finally {
            try (var files = Files.walk(cache)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static Path shared(String name) throws IOException {
        var set = System.getenv("MARSAD_SHARED_DATA");
        var root = set != null ? Path.of(set) : Path.of(System.getProperty("marsad.root", "."), "..", "shared", "data");
        if (!Files.exists(root.resolve(name))) {
            throw new IOException("no data at " + root.resolve(name) + ": name paths and --rules");
        }
        return root.resolve(name).normalize();
    }

    private Run run(Path cache) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("marsad.root", "."), "marsad").toString(),
                "scan",
                "--rules",
                (rules == null ? shared("sigma") : rules).toString(),
                "--format",
                "ndjson",
                "--timing-json",
                "--output",
                cache.resolve("rows").toString()));
        for (Path path : paths.isEmpty() ? List.of(shared("evtx")) : paths) {
            command.add(path.toString());
        }
        var builder = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("XDG_CACHE_HOME", cache.toString());
        builder.environment().remove("MARSAD_JAVA_OPTIONS");
        long start = System.nanoTime();
        var process = builder.start();
        var errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("the scan failed: " + errors);
        }
        long wall = (System.nanoTime() - start) / 1_000_000;
        var lines = errors.strip().lines().toList();
        return new Run(wall, new JsonMapper().readTree(lines.getLast()));
    }

    private int report(Run first, List<Run> runs, double load) {
        var result = new LinkedHashMap<String, Object>();
        result.put("wall_ms", median(runs.stream().map(Run::wall).toList()));
        result.put("cpu_ms", median(runs.stream().map(Run::cpu).toList()));
        result.put(
                "peak_rss_kb",
                median(runs.stream().map(run -> run.number("peak_rss_kb")).toList()));
        for (String phase : PHASES) {
            result.put(phase, median(runs.stream().map(run -> run.number(phase)).toList()));
        }
        result.put("first_wall_ms", first.wall());
        for (String fact : List.of("rules", "files", "bytes", "records", "detections", "unread")) {
            result.put(fact, first.number(fact));
        }
        result.put("runs", runs.size());
        result.put("load_before", Math.round(load * 100) / 100.0);
        result.put("bar_ms", bar);
        boolean held = number(result, "wall_ms") <= bar && number(result, "peak_rss_kb") <= MOST_KILOBYTES;
        result.put("held", held);
        result.forEach((name, value) -> System.out.println(String.format(Locale.ROOT, "%-16s %s", name, value)));
        System.out.println(new JsonMapper().writeValueAsString(result));
        return held ? 0 : 1;
    }

    private static long number(Map<String, Object> result, String key) {
        return result.get(key) instanceof Long number ? number : Long.MAX_VALUE;
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
