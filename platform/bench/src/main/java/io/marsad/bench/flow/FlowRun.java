package io.marsad.bench.flow;

import com.sun.management.OperatingSystemMXBean;
import io.marsad.server.client.PlatformClient;
import io.marsad.server.client.Terminal;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One run: sends, measures, waits until all is worked through, and counts. */
final class FlowRun {
    private static final int BATCHES_EACH = 24;
    /** So many may wait when it is sent as fast as is worked through: enough to keep everybody busy. */
    private static final long MOST_WAITING = 20_000;

    private static final String DOORS = "doors";
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final long PLANT_EVERY = 500_000_000L;
    private static final long PATIENCE = 120_000_000_000L;

    private final Platform platform;
    private final Traffic traffic;
    private final Plan plan;
    private final PlatformClient client;

    /** @param rate records a second; 0 for as fast as they are worked through */
    record Plan(int seconds, int warmUp, int rate, int connections, int events) {}

    /** Where the ledger stands. */
    private record Counters(long received, long stored, long deduplicated, long dead, long pending) {}

    FlowRun(Platform platform, Traffic traffic, Plan plan) {
        this.platform = platform;
        this.traffic = traffic;
        this.plan = plan;
        client = platform.client();
    }

    void run(Terminal terminal, Map<String, @Nullable Object> result) throws IOException, InterruptedException {
        var batches = traffic.batches(plan.connections() * BATCHES_EACH, plan.events());
        var started = Instant.now();
        try (var planted = new Planted(client)) {
            var load = new Load(platform, planted);
            var threads = start(load, batches);
            watch(load, plan.warmUp(), terminal, "warming up");
            load.measure();
            var cpuBefore = platform.cpu();
            long ownBefore = PROCESS.getProcessCpuTime();
            long before = load.acknowledged();
            long bytesBefore = load.bytes();
            long from = System.nanoTime();
            long most = watch(load, plan.seconds(), terminal, "measuring");
            load.end();
            for (Thread thread : threads) {
                thread.join();
            }
            long sent = load.acknowledged() - before;
            double sentFor = (System.nanoTime() - from) / 1e9;
            double own = (PROCESS.getProcessCpuTime() - ownBefore) / 1e3;
            var counters = drained();
            double took = (System.nanoTime() - from) / 1e9;
            var cpu = difference(cpuBefore, platform.cpu());
            alerts(planted);
            result.put("events", sent);
            result.put("bytes_per_event", (load.bytes() - bytesBefore) / Math.max(1, sent));
            result.put("sent_per_s", Math.round(sent / sentFor));
            result.put("events_per_s", Math.round(sent / took));
            result.put("ack_p50_ms", FlowCommand.rounded(load.acks().millis(0.5)));
            result.put("ack_p99_ms", FlowCommand.rounded(load.acks().millis(0.99)));
            result.put("ack_max_ms", FlowCommand.rounded(load.acks().millis(1)));
            result.put("alert_p50_ms", FlowCommand.rounded(planted.took().millis(0.5)));
            result.put("alert_p99_ms", FlowCommand.rounded(planted.took().millis(0.99)));
            result.put("alerts_planted", planted.planted());
            result.put(
                    "alerts_raised",
                    planted.titles().values().stream().mapToInt(n -> n).sum());
            result.put("most_waiting", most);
            result.put("refused_429", load.refused());
            verdict(load, counters, planted, started, result);
            cpu(cpu, sent, result);
            result.put("sender_cpu_us_per_event", FlowCommand.rounded(own / sent));
            result.put("peak_memory_mb", platform.peakBytes() >> 20);
            result.put("load", FlowCommand.rounded(PROCESS.getSystemLoadAverage()));
            result.put("alerts_by_title", planted.titles());
        }
    }

    private List<Thread> start(Load load, List<Batch> batches) {
        var threads = new ArrayList<Thread>();
        long interval = plan.rate() == 0 ? 0 : 1_000_000_000L * plan.events() * plan.connections() / plan.rate();
        for (int c = 0; c < plan.connections(); c++) {
            var own = new ArrayList<Batch>();
            for (int i = c; i < batches.size(); i += plan.connections()) {
                own.add(batches.get(i));
            }
            threads.add(load.start(own, interval, interval * c / plan.connections(), MOST_WAITING));
        }
        threads.add(load.plant(traffic.planted(), PLANT_EVERY));
        return threads;
    }

    /** Returns the most records that waited. */
    private long watch(Load load, int length, Terminal terminal, String what) throws IOException, InterruptedException {
        long from = System.nanoTime();
        long end = from + length * 1_000_000_000L;
        long most = 0;
        long pause = plan.rate() == 0 ? 200 : 500;
        for (long now = from; now < end; now = System.nanoTime()) {
            var failure = load.failure();
            if (failure != null) {
                load.end();
                throw new IOException(failure);
            }
            long pending = counters().pending();
            load.backlog(pending);
            most = Math.max(most, pending);
            terminal.progress(
                    (double) (now - from) / (end - from),
                    String.format(Locale.ROOT, "%s: %,d records, %,d wait", what, load.acknowledged(), pending));
            Thread.sleep(Math.min(pause, Math.max(1, (end - now) / 1_000_000))); // how often one looks
        }
        return most;
    }

    private Counters counters() throws IOException, InterruptedException {
        var answer = client.get("/v1/sources");
        if (!answer.ok()) {
            throw new IOException("reading the ledger: " + answer.problem());
        }
        long received = 0;
        long stored = 0;
        long deduplicated = 0;
        long dead = 0;
        for (JsonNode one : answer.body().path("sources")) {
            received += one.path("received").asLong();
            stored += one.path("stored").asLong();
            deduplicated += one.path("deduplicated").asLong();
            dead += one.path("dead").asLong();
        }
        return new Counters(
                received,
                stored,
                deduplicated,
                dead,
                answer.body().path("ledger").path("pending").asLong());
    }

    private Counters drained() throws IOException, InterruptedException {
        long last = System.nanoTime();
        var counters = counters();
        for (long least = counters.pending(); counters.pending() > 0; counters = counters()) {
            if (counters.pending() < least) {
                least = counters.pending();
                last = System.nanoTime();
            }
            if (System.nanoTime() - last > PATIENCE) {
                throw new IOException(counters.pending() + " records wait and do not get fewer");
            }
            Thread.sleep(20); // how often one looks
        }
        return counters;
    }

    private static void alerts(Planted planted) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE / 4;
        while (planted.missing() > 0 && planted.trouble().isEmpty() && System.nanoTime() < end) {
            Thread.sleep(20); // how often one looks
        }
        if (!planted.trouble().isEmpty()) {
            throw new IOException("the live stream ended: " + planted.trouble());
        }
    }

    private void verdict(
            Load load, Counters counters, Planted planted, Instant started, Map<String, @Nullable Object> result)
            throws IOException, InterruptedException {
        long searchable = searchable(started);
        long lost = Math.max(0, load.acknowledged() - Math.min(counters.stored(), searchable)) + planted.missing();
        long most = load.acknowledged() + load.unknown();
        long doubled = Math.max(0, Math.max(counters.stored(), searchable) - most)
                + Math.max(0, load.repeated() - counters.deduplicated())
                + planted.doubled();
        result.put("acknowledged", load.acknowledged());
        result.put("stored", counters.stored());
        result.put("searchable", searchable);
        result.put("repeated", load.repeated());
        result.put("deduplicated", counters.deduplicated());
        result.put("dead_letters", counters.dead());
        result.put("lost", lost);
        result.put("duplicated", doubled);
    }

    private long searchable(Instant started) throws IOException, InterruptedException {
        var question = new HashMap<String, Object>();
        question.put("from", started.minusSeconds(60).toString());
        question.put("to", Instant.now().plusSeconds(60).toString());
        question.put("buckets", 1);
        var answer = client.post("/v1/events/histogram", question);
        if (!answer.ok()) {
            throw new IOException("counting what can be found: " + answer.problem());
        }
        return answer.body().path("total").asLong();
    }

    private static Map<String, Double> difference(Map<String, Double> before, Map<String, Double> after) {
        var spent = new TreeMap<String, Double>();
        after.forEach((name, seconds) -> spent.put(name, seconds - before.getOrDefault(name, 0.0)));
        return spent;
    }

    private static void cpu(Map<String, Double> cpu, long events, Map<String, @Nullable Object> result) {
        double postgres = cpu.getOrDefault("postgresql", 0.0);
        double all = cpu.getOrDefault("process", Double.NaN) + postgres;
        result.put("cpu_us_per_event", FlowCommand.rounded(all * 1e6 / events));
        // Threads of the doors come and go, and what they spent with them: they have what is left of the process.
        double others = cpu.entrySet().stream()
                .filter(one -> !List.of("process", "postgresql", DOORS).contains(one.getKey()))
                .mapToDouble(Map.Entry::getValue)
                .sum();
        cpu.computeIfPresent(DOORS, (name, seconds) -> all - postgres - others);
        var stages = new TreeMap<String, @Nullable Double>();
        cpu.forEach((name, seconds) -> {
            if (!name.equals("process")) {
                stages.put(name, FlowCommand.rounded(seconds * 1e6 / events));
            }
        });
        result.put("cpu_us_by_stage", stages);
    }
}
