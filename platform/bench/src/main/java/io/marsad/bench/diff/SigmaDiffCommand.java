package io.marsad.bench.diff;

import io.marsad.kernel.content.ContentException;
import io.marsad.server.node.Content;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.ObjectMapper;

/** {@code marsad bench sigma-diff}. Exit code 1 when the engine and the reference do not agree. */
@Command(
        name = "sigma-diff",
        description = {
            "Hold the Sigma engine against a slow matcher that was written from the specification and shares no code with it.",
            "Without --generated: every public rule, every event of the real logs (MARSAD_SHARED_DATA or ../shared/data)."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class SigmaDiffCommand implements Callable<Integer> {
    @Option(names = "--format", paramLabel = "table|json", description = "How to print the result (default: table).")
    private String format = "table";

    @Option(
            names = "--generated",
            paramLabel = "PAIRS",
            description = "Compare so many generated pairs of rules and events instead.")
    private long generated;

    @Option(names = "--seed", paramLabel = "NUMBER", description = "What they are generated from (default: the time).")
    private long seed = System.nanoTime();

    @Option(names = "--every", paramLabel = "N", description = "Of the real logs, read one file in N (default: 1).")
    private int every = 1;

    @Option(
            names = "--unrouted-every",
            paramLabel = "N",
            description =
                    "For one event in N, also compare all rules whatever their log source (default: 100; 0: never).")
    private int unroutedEvery = 100;

    @Override
    public Integer call() throws IOException, ContentException {
        return generated > 0 ? generated() : real();
    }

    private int generated() {
        System.err.println("seed " + seed);
        long start = System.nanoTime();
        var result = new GeneratedDiff(seed).run(generated);
        var report = new LinkedHashMap<String, Object>();
        report.put("seed", seed);
        report.put("rules", result.rules());
        report.put("refused_by_both", result.refused());
        report.put("pairs", result.pairs());
        report.put("crossed_pairs", result.crossed());
        report.put("hits", result.hits());
        return print(report, result.different(), result.differences(), start);
    }

    private int real() throws IOException, ContentException {
        var data = RealData.here();
        if (!data.isThere()) {
            System.err.println("There are no real logs at " + data.folder() + "; set MARSAD_SHARED_DATA.");
            return 2;
        }
        long start = System.nanoTime();
        var root = Path.of(System.getProperty("marsad.root", "."));
        var content = Content.load(root.resolve("content"), List.of(data.rules()));
        var diff = new RealDiff(content, data.rules(), unroutedEvery);
        var logs = data.logs();
        int files = 0;
        for (int i = 0; i < logs.size(); i += every) {
            files++;
            try {
                diff.read(logs.get(i));
            } catch (IOException e) {
                System.err.println(logs.get(i) + ": " + e.getMessage());
            }
        }
        var result = diff.result();
        var report = new LinkedHashMap<String, Object>();
        report.put("rules", result.rules());
        report.put("files", files);
        report.put("records", result.records());
        report.put("events", result.events());
        report.put("pairs", result.pairs());
        report.put("evaluated_pairs", result.evaluated());
        report.put("unrouted_pairs", result.unrouted());
        report.put("hits", result.hits());
        return print(report, result.different(), result.differences(), start);
    }

    private int print(Map<String, Object> report, long different, List<String> differences, long start) {
        report.put("differences", different);
        report.put("seconds", (System.nanoTime() - start) / 1_000_000_000);
        differences.forEach(System.err::println);
        if (format.equals("json")) {
            System.out.println(new ObjectMapper().writeValueAsString(report));
        } else {
            report.forEach((name, value) -> System.out.printf(Locale.ROOT, "%-16s %s%n", name, value));
        }
        return different == 0 ? 0 : 1;
    }
}
