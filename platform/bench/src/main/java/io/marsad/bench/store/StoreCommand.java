package io.marsad.bench.store;

import io.marsad.bench.diff.RealData;
import io.marsad.bench.opensearch.OpenSearchNode;
import io.marsad.bench.store.Question.Subjects;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.server.client.Terminal;
import io.marsad.server.node.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
    @Option(names = "--events", paramLabel = "N", description = "Events in our store (default: 5,000,000).")
    private long events = 5_000_000;

    @Option(
            names = "--opensearch-events",
            paramLabel = "N",
            description = "Events in OpenSearch, and in the store of ours that is asked the same (default: 200,000).")
    private int compared = 200_000;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds of each query; the median counts (default: 5).")
    private int rounds = 5;

    @Option(names = "--no-opensearch", description = "Leave the comparison out.")
    private boolean alone;

    @Option(names = "--format", paramLabel = "table|json", description = "How to print the result (default: table).")
    private String format = "table";

    private final Map<String, @Nullable Object> result = new LinkedHashMap<>();
    private final List<Map<String, @Nullable Object>> queries = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        if (!format.equals("table") && !format.equals("json") || events < 1000 || compared < 1000 || rounds < 1) {
            System.err.println("marsad bench store: --format is table or json; events are 1,000 or more");
            return 2;
        }
        var terminal = new Terminal(
                System.err, System.console() != null && System.console().isTerminal());
        var root =
                Path.of(System.getProperty("marsad.root", ".")).toAbsolutePath().normalize();
        var data = RealData.here();
        terminal.progress(0, "reading events");
        var content = Content.load(root.resolve("content"), List.of(root.resolve("content/rules")));
        var templates = Templates.of(data, content.mappings(), content.rules());
        result.put("data", data.isThere() ? "data folder" : "samples of the shipped rules: no data folder was found");
        result.put("different_events", templates.rows());
        terminal.progress(0.05, "filling our store");
        try (var large = new Ours()) {
            large.fill(new EventStream(templates), events);
            result.put("events", events);
            result.put("raw_bytes_per_event", rounded((double) large.rawBytes / events));
            result.put("append_us_per_event", rounded(large.append));
            result.put("disk_bytes_per_event", rounded((double) large.disk() / events));
            result.put("disk_ratio_raw", rounded((double) large.disk() / large.rawBytes));
            var about = subjects(large);
            result.put("subjects", about.toString());
            for (var question : Question.twelve(about)) {
                var row = new LinkedHashMap<String, @Nullable Object>();
                row.put("name", question.name());
                double each = large.cpu(question, rounds);
                row.put("ours_ms", rounded(each));
                row.put("ours_ms_per_million", rounded(each * 1e6 / events));
                queries.add(row);
                terminal.progress(0.3 + queries.size() * 0.02, question.name());
            }
        }
        if (!alone) {
            compare(terminal, root, templates);
        }
        result.put("queries", queries);
        print(terminal);
        return queries.stream().anyMatch(row -> Boolean.FALSE.equals(row.get("equal"))) ? 1 : 0;
    }

    private void compare(Terminal terminal, Path root, EventBatch templates) throws IOException, InterruptedException {
        var libraries = root.resolve("platform/bench/target/opensearch");
        if (!Files.isDirectory(libraries)) {
            result.put("opensearch", "could not be had: no libraries");
            return;
        }
        terminal.progress(0.55, "starting OpenSearch");
        var stream = new EventStream(templates);
        try (var node = OpenSearchNode.start(libraries);
                var same = new Ours()) {
            var theirs = new Theirs(node, new Documents(templates), stream);
            same.fill(stream, compared);
            theirs.prepare();
            var about = subjects(same);
            int known = Math.min(templates.rows(), compared / 2);
            theirs.createDefault("plain");
            terminal.progress(0.6, "OpenSearch, default mapping");
            double plain = theirs.fill("plain", compared, known, false);
            theirs.createTuned("tuned", about.address(), false);
            terminal.progress(0.7, "OpenSearch, tuned");
            double tuned = theirs.fill("tuned", compared, known, false);
            long disk = theirs.disk("plain");
            long tunedDisk = theirs.disk("tuned");
            result.put("opensearch_events", compared);
            result.put("opensearch_default_us_per_event", rounded(plain));
            result.put("opensearch_tuned_us_per_event", rounded(tuned));
            result.put("opensearch_disk_bytes_per_event", rounded((double) disk / compared));
            result.put("opensearch_tuned_disk_bytes_per_event", rounded((double) tunedDisk / compared));
            result.put("same_append_us_per_event", rounded(same.append));
            result.put("cpu_ratio_opensearch_default", rounded(same.append / plain));
            result.put("cpu_ratio_opensearch_tuned", rounded(same.append / tuned));
            result.put("disk_ratio_opensearch", rounded((double) same.disk() / disk));
            result.put("disk_ratio_opensearch_tuned", rounded((double) same.disk() / tunedDisk));
            theirs.createTuned("asked", about.address(), true);
            terminal.progress(0.8, "OpenSearch, with the record as text");
            theirs.fill("asked", compared, known, true);
            result.put("opensearch_refused", theirs.refused);
            ask(terminal, same, theirs, Question.twelve(about));
        }
    }

    private void ask(Terminal terminal, Ours same, Theirs theirs, List<Question> questions)
            throws IOException, InterruptedException {
        int wins = 0;
        double worst = 0;
        for (int q = 0; q < questions.size(); q++) {
            var question = questions.get(q);
            terminal.progress(0.85 + q * 0.01, question.name());
            var row = queries.get(q);
            var ours = same.ask(question);
            var answer = theirs.ask("asked", question, same.span());
            var each = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                each[round] = theirs.cpu("asked", question, same.span());
            }
            Arrays.sort(each);
            double own = same.cpu(question, rounds);
            double their = each[rounds / 2];
            row.put("same_events_ours_ms", rounded(own));
            row.put("opensearch_ms", rounded(their));
            row.put("opensearch_ms_per_million", rounded(their * 1e6 / compared));
            row.put("ratio", rounded(own / their));
            row.put("equal", ours.equals(answer));
            if (!ours.equals(answer)) {
                row.put("answers", ours + " / " + answer);
            }
            wins += own <= their ? 1 : 0;
            worst = Math.max(worst, own / their);
        }
        result.put("queries_won", wins);
        result.put("worst_ratio", rounded(worst));
    }

    /** A host of some events, a program that runs on it, fields of few and of very many values. */
    private static Subjects subjects(Ours store) throws IOException {
        var host = Field.of("device.hostname");
        var hosts = store.top(host);
        var process = Field.of("process.name");
        var processes = store.top(process);
        var address = Field.of("src_endpoint.ip");
        var known =
                List.of("process.uid", "actor.process.pid", "process.pid", "unmapped.EventRecordID", "metadata.uid");
        var many = known.stream().map(Field::of).max(Comparator.comparingInt(field -> size(store, field)));
        var addresses = store.top(address);
        var one = addresses.isEmpty()
                ? "10.0.0.1"
                : text(addresses.getFirst().keys().getFirst());
        var program =
                processes.isEmpty() ? "none" : text(processes.getFirst().keys().getFirst());
        return new Subjects(
                host,
                hosts.isEmpty()
                        ? "none"
                        : text(hosts.get(hosts.size() / 20).keys().getFirst()),
                process,
                program,
                program.length() > 6 ? program.substring(2, 6).toLowerCase(Locale.ROOT) : program,
                address,
                one.substring(0, one.indexOf('.') + 1) + "0.0.0/8",
                Field.of("metadata.log_name"),
                many.orElse(host));
    }

    private static int size(Ours store, Field field) {
        try {
            return store.top(field).size();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String text(@Nullable Object key) {
        return String.valueOf(key);
    }

    private static double rounded(double number) {
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
