package io.marsad.bench.store;

import io.marsad.bench.diff.RealData;
import io.marsad.bench.opensearch.OpenSearchNode;
import io.marsad.kernel.event.EventBatch;
import io.marsad.server.client.Terminal;
import io.marsad.server.node.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad bench store}. */
@Command(
        name = "store",
        description = {
            "The event store beside OpenSearch: CPU an event to index, bytes on disk, and twelve queries, of the same",
            "events on the same machine in one run. The events are those of the data folder (MARSAD_SHARED_DATA, or",
            "../shared/data) again and again with other hosts, users, addresses, ids and times; without it those of the",
            "shipped rules' samples. Page: docs/reference/bench.md"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class StoreCommand implements Callable<Integer> {
    /** Bytes of disk an event, generously: ours; OpenSearch's while it merges, with the record as text; without. */
    private static final long OUR_ROOM = 400;

    private static final long ASKED_ROOM = 5_000;
    private static final long INDEXED_ROOM = 4_000;

    @Option(names = "--events", paramLabel = "N", description = "Events in our store (default: 5,000,000).")
    private long events = 5_000_000;

    @Option(
            names = "--opensearch-events",
            paramLabel = "N",
            description = {
                "Events that both are asked the twelve queries of (default: 200,000). With as many as --events our large",
                "store is the one that is compared."
            })
    private int compared = 200_000;

    @Option(
            names = "--indexed",
            paramLabel = "N",
            description = "Events of each round of indexing in OpenSearch, default and tuned (default: 100,000).")
    private int indexed = 100_000;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = {
                "Events that each side works off before that, in rounds of as many, so that its compilers are done",
                "(default: 400,000)."
            })
    private int warmUp = 400_000;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds of everything; the median counts (default: 5).")
    private int rounds = 5;

    @Option(names = "--no-opensearch", description = "Leave the comparison out.")
    private boolean alone;

    @Option(names = "--format", paramLabel = "table|json", description = "How to print the result (default: table).")
    private String format = "table";

    private final Map<String, @Nullable Object> result = new LinkedHashMap<>();
    private final List<Map<String, @Nullable Object>> queries = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        if (!format.equals("table") && !format.equals("json")
                || events < 1000
                || compared < 1000
                || indexed < 1000
                || warmUp < 0
                || rounds < 1) {
            System.err.println("marsad bench store: --format is table or json; events are 1,000 or more");
            return 2;
        }
        boolean watched = System.console() != null && System.console().isTerminal();
        var terminal = new Terminal(System.err, watched);
        var progress = new Progress(terminal, watched);
        var root =
                Path.of(System.getProperty("marsad.root", ".")).toAbsolutePath().normalize();
        var libraries = root.resolve("platform/bench/target/opensearch");
        boolean both = !alone && Files.isDirectory(libraries);
        long need = events * OUR_ROOM
                + (both ? compared * ASKED_ROOM + 2L * (warmUp + (long) rounds * indexed) * INDEXED_ROOM : 0);
        if (Scratch.free() < need) {
            System.err.printf(
                    Locale.ROOT,
                    "marsad bench store: this may need %,d MB of disk in %s, which has %,d%n",
                    need >> 20,
                    System.getProperty("java.io.tmpdir"),
                    Scratch.free() >> 20);
            return 2;
        }
        progress.phase("reading rules and events");
        var data = RealData.here();
        var content = OurProcess.content(root, data);
        var templates = Templates.of(data, content.mappings(), content.rules());
        result.put("data", data.isThere() ? "data folder" : "samples of the shipped rules: no data folder was found");
        result.put("different_events", templates.rows());
        if (data.isThere()) {
            realLogs(data, content, progress);
        }
        try (var large = new Ours()) {
            large(large, templates, progress);
            if (both) {
                beside(libraries, large, templates, progress);
            } else {
                pass(templates, progress);
                result.put("opensearch", alone ? "left out" : "could not be had: no libraries");
            }
        } catch (IOException e) {
            result.put("error", String.valueOf(e.getMessage()));
        }
        result.put("queries", queries);
        print(terminal);
        boolean differs = queries.stream().anyMatch(row -> Boolean.FALSE.equals(row.get("equal")));
        return differs || result.containsKey("error") ? 1 : 0;
    }

    /** Every log of the folder once, as it is: what it takes on disk. */
    private void realLogs(RealData data, Content content, Progress progress) throws IOException {
        progress.phase("storing the data folder's logs as they are");
        try (var store = new Ours()) {
            Templates.each(data, content.mappings(), store::add);
            store.end();
            result.put("real_logs_events", store.events);
            result.put("real_logs_disk_ratio_raw", rounded((double) store.disk() / store.rawBytes));
            store.upkeep();
            result.put("real_logs_disk_ratio_raw_after_upkeep", rounded((double) store.disk() / store.rawBytes));
        }
    }

    private void large(Ours store, EventBatch templates, Progress progress) throws IOException {
        progress.phase("filling our store");
        store.fill(new EventStream(templates), events, progress);
        result.put("events", events);
        result.put("raw_bytes_per_event", rounded((double) store.rawBytes / events));
        result.put("append_us_per_event", rounded(store.append));
        result.put("disk_bytes_per_event", rounded((double) store.disk() / events));
        result.put("disk_ratio_raw", rounded((double) store.disk() / store.rawBytes));
        var about = Subjects.of(store);
        result.put("subjects", about.toString());
        for (var question : Question.twelve(about)) {
            progress.phase("our store asked: " + question.name());
            var row = new LinkedHashMap<String, @Nullable Object>();
            row.put("name", question.name());
            double each = store.cpu(question, rounds);
            row.put("ours_ms", rounded(each));
            row.put("ours_ms_per_million", rounded(each * 1e6 / events));
            queries.add(row);
        }
        progress.phase("the store's upkeep");
        store.upkeep();
        result.put("disk_ratio_raw_after_upkeep", rounded((double) store.disk() / store.rawBytes));
    }

    private void pass(EventBatch templates, Progress progress) throws IOException {
        progress.phase("all of our worker's pass");
        try (var pass = OurProcess.start(templates.rows())) {
            int cold = Comparison.cold(templates, warmUp, indexed);
            var each = new ArrayList<ProcessCpu.Each>();
            for (int round = 0; round < cold + rounds; round++) {
                each.add(pass.run((long) round * indexed, indexed));
                progress.done(round + 1L, cold + rounds);
            }
            result.put("worker_rules", pass.rules);
            result.put("warm_up_rounds", cold);
            Comparison.tell("worker", each, cold, result);
        }
    }

    private void beside(Path libraries, Ours large, EventBatch templates, Progress progress)
            throws IOException, InterruptedException {
        progress.phase("starting OpenSearch");
        var node = OpenSearchNode.start(libraries, Comparison.NODE_HEAP);
        try (var comparison = new Comparison(node, templates, result, progress)) {
            try (var pass = OurProcess.start(templates.rows())) {
                result.put("worker_rules", pass.rules);
                var address = Subjects.of(large).address();
                comparison.index(pass, address, warmUp, indexed, rounds, (double) large.disk() / events);
            }
            if (compared == events) {
                comparison.ask(large, Subjects.of(large), rounds, queries);
                return;
            }
            try (var same = new Ours()) {
                progress.phase("filling a store of ours with as many events");
                same.fill(new EventStream(templates), compared, progress);
                comparison.ask(same, Subjects.of(same), rounds, queries);
            }
        }
    }

    static double rounded(double number) {
        double scale = number < 1 ? 1000 : 100;
        return Math.round(number * scale) / scale;
    }

    private void print(Terminal terminal) {
        terminal.clear();
        if (format.equals("json")) {
            System.out.println(new JsonMapper().writeValueAsString(result));
            return;
        }
        result.forEach((name, value) -> {
            if (!name.equals("queries")) {
                System.out.printf(Locale.ROOT, "%-40s %s%n", name, value);
            }
        });
        System.out.printf(
                Locale.ROOT,
                "%n%-30s %14s %14s %14s %8s %s%n",
                "query",
                "ours ms/M",
                "same, ours ms",
                "OpenSearch ms",
                "ratio",
                "equal");
        for (var row : queries) {
            System.out.printf(
                    Locale.ROOT,
                    "%-30s %14s %14s %14s %8s %s%n",
                    row.get("name"),
                    row.get("ours_ms_per_million"),
                    row.get("same_events_ours_ms"),
                    row.get("opensearch_ms"),
                    row.get("ratio"),
                    row.get("equal"));
        }
    }
}
