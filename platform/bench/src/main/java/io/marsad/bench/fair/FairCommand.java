package io.marsad.bench.fair;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.store.EventSummary;
import io.marsad.kernel.store.SearchWatch;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.store.segment.SegmentStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.ObjectMapper;

/** {@code marsad bench fair}. Exit code 1 when the neighbour's median moves by more than a fifth. */
@Command(
        name = "fair",
        description = {
            "What a tenant waits for its answers alone, and while another tenant asks heavy questions without end",
            "(expressions over every value and record, several at once). Rounds of both take turns."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class FairCommand implements Callable<Integer> {
    private static final TenantId HEAVY = new TenantId("heavy");
    private static final TenantId NEIGHBOUR = new TenantId("neighbour");
    private static final Field HOST = Field.of("device.hostname");
    private static final Field COMMAND = Field.of("process.cmd_line");
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final double BAR = 1.2;
    private static final int BATCH = 500;

    @Option(names = "--events", paramLabel = "N", description = "Of each tenant (default: 400,000).")
    private int events = 400_000;

    @Option(names = "--rounds", paramLabel = "N", description = "Of both kinds (default: 5).")
    private int rounds = 5;

    @Option(names = "--askings", paramLabel = "N", description = "The neighbour's in a round (default: 40).")
    private int askings = 40;

    @Option(names = "--heavy", paramLabel = "N", description = "Heavy questions at once (default: 4).")
    private int heavy = 4;

    @Option(names = "--format", paramLabel = "table|json", description = "How to print the result (default: table).")
    private String format = "table";

    private final AtomicLong heavyAnswers = new AtomicLong();
    private volatile boolean flooding;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("marsad-bench-fair");
        var alone = new ArrayList<Double>();
        var beside = new ArrayList<Double>();
        try (var store = SegmentStore.open(folder, SegmentStore.Options.standard())) {
            fill(store, HEAVY, 0);
            fill(store, NEIGHBOUR, events);
            ask(store, askings, new ArrayList<>()); // compiled by now
            for (int round = 0; round < rounds; round++) {
                ask(store, askings, alone);
                flooding = true;
                var threads = new ArrayList<Thread>();
                for (int i = 0; i < heavy; i++) {
                    threads.add(Thread.ofPlatform().name("heavy-" + i).start(() -> flood(store)));
                }
                ask(store, askings, beside);
                flooding = false;
                for (Thread thread : threads) {
                    thread.join();
                }
            }
        } finally {
            try (var walk = Files.walk(folder)) {
                for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        return print(alone, beside);
    }

    private void fill(SegmentStore store, TenantId tenant, int offset) throws IOException {
        var random = new Random(offset);
        var batch = new EventBatch(tenant);
        for (int i = 0; i < events; i++) {
            long time = 1_767_225_600_000L + i * 20L;
            batch.beginRow(EventId.atTime(time, random.nextLong(), random.nextLong()), time, offset + i, "bench");
            var host = "host-" + random.nextInt(2_000);
            var command = "C:\\Windows\\System32\\svchost.exe -k netsvcs -p -s task" + random.nextInt(100_000)
                    + " --id " + Long.toHexString(random.nextLong());
            var raw = ("{\"host\":\"" + host + "\",\"command\":\"" + command.replace("\\", "\\\\") + "\",\"number\":"
                            + i + "}")
                    .getBytes(StandardCharsets.UTF_8);
            batch.raw(raw, 0, raw.length);
            batch.time(time);
            batch.add(HOST, host);
            batch.add(COMMAND, command);
            batch.endRow();
            if (batch.rows() == BATCH || i == events - 1) {
                store.append(0, batch);
                batch.clear();
            }
        }
        store.checkpoint(0, offset + events);
    }

    private static EventSummary question(TenantId tenant, Predicate where) {
        return new EventSummary(
                tenant,
                0,
                Long.MAX_VALUE,
                where,
                List.of(new EventSummary.OfField(List.of(HOST))),
                List.of(),
                10,
                LONG);
    }

    /** What an analyst asks: which hosts ran something. */
    private static void ask(SegmentStore store, int times, List<Double> millis) throws IOException {
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            var glob = Glob.contains("-s task" + (10 + i % 90));
            store.summarize(question(NEIGHBOUR, new Predicate.Text(COMMAND, glob, false)), SearchWatch.NONE);
            millis.add((System.nanoTime() - start) / 1e6);
        }
    }

    private void flood(SegmentStore store) {
        var regex = new Predicate.Regex(Predicate.ANYWHERE, "[0-9a-f]{17,}z", Set.of());
        while (flooding) {
            try {
                store.summarize(question(HEAVY, regex), progress -> flooding);
                heavyAnswers.incrementAndGet();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private int print(List<Double> alone, List<Double> beside) {
        double ratio = percentile(beside, 0.5) / percentile(alone, 0.5);
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("events_each", events);
        report.put("processors", Runtime.getRuntime().availableProcessors());
        report.put("heavy_at_once", heavy);
        report.put("heavy_answers", heavyAnswers.get());
        report.put("alone_p50_ms", rounded(percentile(alone, 0.5)));
        report.put("alone_p95_ms", rounded(percentile(alone, 0.95)));
        report.put("beside_p50_ms", rounded(percentile(beside, 0.5)));
        report.put("beside_p95_ms", rounded(percentile(beside, 0.95)));
        report.put("median_ratio", rounded(ratio));
        if (format.equals("json")) {
            System.out.println(new ObjectMapper().writeValueAsString(report));
        } else {
            report.forEach((name, value) -> System.out.printf(Locale.ROOT, "%-16s %s%n", name, value));
        }
        return ratio <= BAR ? 0 : 1;
    }

    private static double percentile(List<Double> millis, double part) {
        var sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(part * sorted.size())));
    }

    private static double rounded(double number) {
        return Math.round(number * 100) / 100.0;
    }
}
