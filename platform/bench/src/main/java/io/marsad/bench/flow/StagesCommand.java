package io.marsad.bench.flow;

import com.sun.management.ThreadMXBean;
import io.marsad.bench.sigma.Data;
import io.marsad.ingest.intake.Intake;
import io.marsad.ingest.intake.Sender;
import io.marsad.ingest.worker.Finding;
import io.marsad.ingest.worker.SigmaDetector;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.log.EventLog;
import io.marsad.kernel.log.LogFullException;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.normalize.mapping.Normalizer;
import io.marsad.server.node.Content;
import io.marsad.store.disk.Disk;
import io.marsad.store.log.LogConfig;
import io.marsad.store.log.SegmentLog;
import io.marsad.store.segment.SegmentStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad bench stages}. */
@Command(
        name = "stages",
        description = {
            "What each stage of an event's way costs, in one thread and one process: intake, log, mapping, rules, store.",
            "CPU time and allocated bytes of that thread; of the rounds the median of the second half."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class StagesCommand implements Callable<Integer> {
    private static final long SEED = 20_261_121;
    private static final TenantId TENANT = new TenantId("bench");
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int GROUP = 1000;

    @Option(names = "--rounds", paramLabel = "N", description = "Default: 24, of 20,000 records each.")
    private int rounds = 24;

    @Option(names = "--origin", paramLabel = "NAME", description = "Records of this source only, such as sysmon.")
    private @Nullable String only;

    @Option(names = "--format", paramLabel = "table|json", description = "How to print the result (default: table).")
    private String format = "table";

    private final Map<String, List<long[]>> spent = new LinkedHashMap<>();
    private long cpu;
    private long allocated;

    @Override
    public Integer call() throws Exception {
        var folder = Files.createTempDirectory("marsad-bench-stages");
        try {
            run(folder);
        } finally {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
        return 0;
    }

    private void run(Path folder) throws Exception {
        var root =
                Path.of(System.getProperty("marsad.root", ".")).toAbsolutePath().normalize();
        var data = Data.find(root);
        var folders = new ArrayList<>(List.of(root.resolve("content/rules")));
        if (data != null) {
            folders.add(data.resolve("sigma"));
        }
        var content = Content.load(root.resolve("content"), folders);
        var detector = new SigmaDetector(content.rules().compile());
        var normalizer = new Normalizer(content.mappings());
        var batches = new Traffic(SEED)
                .batches(40, 500).stream()
                        .filter(batch -> only == null || batch.origin().equals(only))
                        .toList();
        int events = batches.stream().mapToInt(Batch::events).sum();
        var clock = InstantSource.system();
        try (var log = SegmentLog.open(
                        LogConfig.in(folder.resolve("log")), Disk.real(), clock, new SplittableRandom(SEED), p -> 0);
                var store = SegmentStore.open(folder.resolve("store"), SegmentStore.Options.standard())) {
            var intake = new Intake(log, clock, new SplittableRandom(SEED));
            try (var reader = log.read(0, 0)) {
                for (int round = 0; round < rounds; round++) {
                    doors(intake, batches, round);
                    worker(reader, events, normalizer, detector, store);
                    log.release(0, store.checkpoint(0, reader.position()));
                }
            }
        }
        print(content.rules().rules().size(), events, batches);
    }

    private void doors(Intake intake, List<Batch> batches, int round) throws IOException, LogFullException {
        long serial = round * 1_000_000L;
        for (Batch batch : batches) {
            batch.refresh(System.currentTimeMillis(), serial += batch.events());
            begin();
            var into = intake.begin(
                    new Sender(TENANT, "bench-" + batch.origin()), batch.format(), null, false, batch.body().length);
            into.addLines(batch.body());
            end("intake");
            begin();
            into.commit();
            end("log append");
        }
    }

    private void worker(
            EventLog.Reader reader, int events, Normalizer normalizer, SigmaDetector detector, SegmentStore store)
            throws IOException, InterruptedException {
        var out = new EventBatch(TENANT);
        var findings = new ArrayList<Finding>();
        for (int done = 0; done < events; ) {
            begin();
            var group = new ArrayList<RecordBatch>();
            int rows = 0;
            while (rows < GROUP && done + rows < events) {
                var batch = reader.poll(Duration.ofSeconds(10));
                if (batch == null) {
                    throw new IOException("the log has not what was appended");
                }
                group.add(batch);
                rows += batch.size();
            }
            end("log read");
            begin();
            out.clear();
            for (RecordBatch batch : group) {
                for (int i = 0; i < batch.size(); i++) {
                    var refusal = normalizer.normalize(batch, i, out);
                    if (refusal != null) {
                        throw new IOException(refusal);
                    }
                }
            }
            end("normalize");
            begin();
            findings.clear();
            for (int row = 0; row < out.rows(); row++) {
                detector.detect(out, row, findings);
            }
            end("match");
            begin();
            store.append(0, out);
            end("store");
            done += rows;
        }
    }

    private void begin() {
        allocated = THREADS.getCurrentThreadAllocatedBytes();
        cpu = THREADS.getCurrentThreadCpuTime();
    }

    private void end(String stage) {
        long took = THREADS.getCurrentThreadCpuTime() - cpu;
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        spent.computeIfAbsent(stage, s -> new ArrayList<>()).add(new long[] {took, bytes});
    }

    private void print(int rules, int events, List<Batch> batches) {
        var result = new LinkedHashMap<String, Object>();
        double all = 0;
        for (var stage : spent.entrySet()) {
            double micros = perEvent(stage.getValue(), 0, events) / 1000;
            double bytes = perEvent(stage.getValue(), 1, events);
            all += micros;
            result.put(stage.getKey().replace(' ', '_') + "_us", Math.round(micros * 100) / 100.0);
            result.put(stage.getKey().replace(' ', '_') + "_bytes", Math.round(bytes));
        }
        result.put("sum_us", Math.round(all * 100) / 100.0);
        result.put("rules", rules);
        result.put(
                "bytes_per_event",
                batches.stream().mapToLong(b -> b.body().length).sum() / Math.max(1, events));
        if (format.equals("json")) {
            System.out.println(new JsonMapper().writeValueAsString(result));
        } else {
            result.forEach((name, value) -> System.out.printf(Locale.ROOT, "  %-24s %s%n", name, value));
        }
    }

    /** The median round of the second half. */
    private double perEvent(List<long[]> all, int what, int events) {
        int each = all.size() / rounds;
        var sums = new double[rounds - rounds / 2];
        for (int round = rounds / 2; round < rounds; round++) {
            for (long[] one : all.subList(round * each, (round + 1) * each)) {
                sums[round - rounds / 2] += one[what];
            }
        }
        Arrays.sort(sums);
        return sums[sums.length / 2] / events;
    }
}
