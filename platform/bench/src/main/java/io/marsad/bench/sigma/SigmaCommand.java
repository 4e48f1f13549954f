package io.marsad.bench.sigma;

import io.marsad.server.client.Terminal;
import io.marsad.server.node.Content;
import io.marsad.sigma.RuleMatcher;
import io.marsad.sigma.SigmaRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad bench sigma}. */
@Command(
        name = "sigma",
        description = {
            "All rules over real events: the matcher against one rule at a time and against OpenSearch's percolator,",
            "in one run. Times are CPU time of one thread, the best of the rounds.",
            "Rules and events are those of a data folder (MARSAD_SHARED_DATA, or ../shared/data); without it only what",
            "is shipped is measured, and the output says so. Page: docs/reference/bench.md"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class SigmaCommand implements Callable<Integer> {
    @Option(names = "--format", paramLabel = "table|json", description = "How to print the result (default: table).")
    private String format = "table";

    @Option(names = "--quick", description = "Fewer events and rounds: rough numbers in about a minute.")
    private boolean quick;

    @Option(names = "--no-percolator", description = "Leave the comparison with OpenSearch out.")
    private boolean noPercolator;

    @Option(names = "--costs", paramLabel = "N", description = "Also print the N rules that cost most.")
    private int costs;

    private final Map<String, @Nullable Object> result = new LinkedHashMap<>();

    @Override
    public Integer call() throws Exception {
        if (!format.equals("table") && !format.equals("json")) {
            System.err.println("marsad bench sigma: --format is table or json");
            return 2;
        }
        var terminal = new Terminal(
                System.err, System.console() != null && System.console().isTerminal());
        var root =
                Path.of(System.getProperty("marsad.root", ".")).toAbsolutePath().normalize();
        var data = Data.find(root);
        var folders = new ArrayList<Path>();
        folders.add(root.resolve("content/rules"));
        if (data != null) {
            folders.add(data.resolve("sigma"));
        }
        terminal.progress(0, "loading rules, cold and from the cache");
        loading(root, folders);
        var content = Content.load(root.resolve("content"), folders);
        var rules = content.rules().rules();
        var matcher = content.rules().compile();
        result.put("rules", rules.size());
        result.put(
                "data",
                data == null
                        ? "shipped rules and the samples beside them only: no data folder was found"
                        : "data folder");
        terminal.progress(0.05, "reading events");
        var workload = data == null
                ? Workload.samples(content.rules(), content.mappings())
                : Workload.read(
                        List.of(data.resolve("evtx"), data.resolve("logs")),
                        content.mappings(),
                        quick ? 8000 : 200_000);
        result.put("events_mixed", Workload.count(workload.mixed()));
        result.put("events_process_creation", Workload.count(workload.processCreation()));
        var bench = new SigmaBench(rules, matcher, workload);
        terminal.progress(0.1, "comparing results");
        result.put("differences", bench.differences());
        times(bench.measure(quick ? 8 : 24, done -> terminal.progress(0.15 + done * 0.6, "measuring")));
        terminal.progress(0.8, "comparing with OpenSearch");
        percolator(root, rules, workload);
        terminal.progress(1, "done");
        print(terminal);
        expensive(terminal, rules, matcher);
        return Integer.valueOf(0).equals(result.get("differences")) ? 0 : 1;
    }

    private void times(SigmaBench.Times times) {
        result.put("process_creation_us_per_event", rounded(times.processCreation()));
        result.put("process_creation_events_per_s", Math.round(1e6 / times.processCreation()));
        result.put("naive_us_per_event", rounded(times.naive()));
        result.put("process_creation_vs_naive", rounded(times.naive() / times.processCreation()));
        result.put("without_prefilter_us_per_event", rounded(times.oneByOne()));
        result.put("process_creation_vs_without_prefilter", rounded(times.oneByOne() / times.processCreation()));
        result.put("mixed_us_per_event", rounded(times.mixed()));
        result.put("mixed_events_per_s", Math.round(1e6 / times.mixed()));
        result.put("doubling_rules_cost", rounded(times.doubled() / times.single()));
        result.put(
                "alloc_bytes_per_event", rounded(Math.max(times.allocatedMixed(), times.allocatedProcessCreation())));
    }

    private void loading(Path root, List<Path> folders) throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("marsad-bench");
        var cache = folder.resolve("rules.cache");
        try {
            result.put("load_and_compile_cold_ms", LoadOnce.inNewProcess(root, folders, cache));
            result.put("load_and_compile_cached_ms", LoadOnce.inNewProcess(root, folders, cache));
            result.put("reload_cached_ms", LoadOnce.again(root, folders, cache));
        } finally {
            Files.deleteIfExists(cache);
            Files.deleteIfExists(folder);
        }
    }

    private void percolator(Path root, List<SigmaRule> rules, Workload workload) throws InterruptedException {
        var libraries = root.resolve("platform/bench/target/opensearch");
        result.put("percolator_ratio", null);
        if (noPercolator || !Files.exists(libraries.resolve(".complete"))) {
            result.put("percolator", noPercolator ? "left out, as asked" : "not measured: its libraries are not here");
            return;
        }
        try {
            var compared = Percolator.measure(libraries, rules, workload.processCreation(), quick ? 100 : 400);
            result.put("percolator_ratio", rounded(compared.ratio()));
            result.put("percolator_us_per_event", rounded(compared.theirs()));
            result.put("percolator_our_us_per_event", rounded(compared.ours()));
            result.put("percolator_rules", compared.rules());
            result.put("percolator_events", compared.events());
            result.put("percolator_differences", compared.different());
        } catch (IOException e) {
            result.put("percolator", "not measured: " + e.getMessage());
        }
    }

    private void print(Terminal terminal) {
        if (format.equals("table")) {
            terminal.line("");
            result.forEach((name, value) -> System.out.printf(
                    Locale.ROOT, "  %-40s %s%n", name.replace('_', ' '), value == null ? "-" : value));
            return;
        }
        System.out.println(new JsonMapper().writeValueAsString(result));
    }

    private void expensive(Terminal terminal, List<SigmaRule> rules, RuleMatcher matcher) {
        matcher.costs().stream()
                .sorted(Comparator.comparingLong(c -> -c.estimatedNanos()))
                .limit(costs)
                .forEach(c -> terminal.line(String.format(
                        Locale.ROOT,
                        "  %10d us %10d evaluations %8d matches  %s",
                        c.estimatedNanos() / 1000,
                        c.evaluations(),
                        c.matches(),
                        rules.get(c.index()).title())));
    }

    private static @Nullable Double rounded(double number) {
        return Double.isFinite(number) ? Double.valueOf(String.format(Locale.ROOT, "%.2f", number)) : null;
    }
}
