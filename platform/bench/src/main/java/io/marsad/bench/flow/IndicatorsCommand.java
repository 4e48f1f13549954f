package io.marsad.bench.flow;

import com.sun.management.ThreadMXBean;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.Network;
import io.marsad.match.indicator.IndicatorMatcher;
import io.marsad.match.indicator.IndicatorSet;
import io.marsad.match.indicator.IndicatorSetBuilder;
import io.marsad.match.indicator.IndicatorType;
import io.marsad.normalize.mapping.MappingSet;
import io.marsad.normalize.mapping.Normalizer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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

/** {@code marsad bench indicators}. */
@Command(
        name = "indicators",
        description = {
            "Millions of listed addresses, names, hashes and links, looked up in every event: memory, time to build,",
            "and what it adds to an event's way. CPU time of one thread, medians of rounds that take turns."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class IndicatorsCommand implements Callable<Integer> {
    private static final long SEED = 20_261_122;
    private static final TenantId TENANT = new TenantId("bench");
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int GROUP = 500;
    private static final int SYNTHETIC = 20_000;

    /** The bars: bytes of ten million, and nanoseconds added to an event. */
    private static final double MOST_BYTES_EACH = 20, MOST_NANOS = 500;

    @Option(names = "--count", paramLabel = "N", description = "Indicators (default: 10,000,000).")
    private int count = 10_000_000;

    @Option(names = "--rounds", paramLabel = "N", description = "Default: 30; the first third does not count.")
    private int rounds = 30;

    private final IndicatorMatcher matcher = new IndicatorMatcher();
    private long finds;

    @Override
    public Integer call() throws Exception {
        if (count < 1_000 || count > IndicatorSetBuilder.MOST_VALUES || rounds < 3) {
            System.err.println("--count is 1,000 to " + IndicatorSetBuilder.MOST_VALUES + ", --rounds 3 or more");
            return 2;
        }
        var result = new LinkedHashMap<String, Object>();
        long start = THREADS.getCurrentThreadCpuTime();
        var set = listed();
        result.put("indicators", set.size());
        result.put("build_cpu_s", rounded((THREADS.getCurrentThreadCpuTime() - start) / 1e9));
        result.put("off_heap_mb", rounded(set.bytes() / 1e6));
        result.put("bytes_each", rounded((double) set.bytes() / set.size()));
        measure(set, new LinkedHashMap<>()); // what is compiled anew when another kind of event comes
        finds = 0;
        double added = measure(set, result);
        result.put("finds", finds);
        result.put("load", rounded(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
        boolean ok = (double) set.bytes() / set.size() <= MOST_BYTES_EACH && added <= MOST_NANOS;
        result.put("ok", ok);
        set.release();
        System.out.println(new JsonMapper().writeValueAsString(result));
        return ok ? 0 : 1;
    }

    /** What it adds to an event of the stream; beside it what values cost that never come again. */
    private double measure(IndicatorSet set, Map<String, Object> result) throws Exception {
        double added = traffic(set, result);
        for (int lookups : new int[] {0, 1, 3}) {
            synthetic(set, lookups, result);
        }
        return added;
    }

    /** Four in ten are addresses, three names, two hashes, one a link, and one in 1,000 a network beside them. */
    private IndicatorSet listed() {
        var random = new SplittableRandom(SEED);
        try (var builder = new IndicatorSetBuilder(random.nextLong(), random.nextLong())) {
            for (int id = 0; id < count; id++) {
                var type = type(random);
                var value = value(type, random, "bad").getBytes(StandardCharsets.US_ASCII);
                builder.add(type, value, 0, value.length, id);
                if (id % 1000 == 0 && id / 1000 < IndicatorSetBuilder.MOST_NETWORKS) {
                    builder.add(new Network(4, 0, 100L << 24 | random.nextInt(1 << 24), 32).within(24), id);
                }
            }
            return builder.build();
        }
    }

    private static IndicatorType type(SplittableRandom random) {
        int tenth = random.nextInt(10);
        return tenth < 4
                ? IndicatorType.IP
                : tenth < 7 ? IndicatorType.DOMAIN : tenth < 9 ? IndicatorType.HASH : IndicatorType.URL;
    }

    /** @param mark listed names and links have another than those of events */
    private static String value(IndicatorType type, SplittableRandom random, String mark) {
        boolean listed = mark.equals("bad");
        return switch (type) {
            case IP ->
                (listed ? 40 + random.nextInt(40) : 120 + random.nextInt(40)) + "." + random.nextInt(256) + "."
                        + random.nextInt(256) + "." + random.nextInt(256);
            case DOMAIN, EMAIL ->
                Long.toString(random.nextLong() >>> 20, 36) + "." + mark + random.nextInt(100_000) + ".com";
            case HASH -> {
                long[] words = random.longs(4).toArray();
                yield String.format(Locale.ROOT, "%016x%016x%016x%016x", words[0], words[1], words[2], words[3]);
            }
            case URL ->
                "http://" + mark + random.nextInt(1_000_000) + ".example/" + Long.toString(random.nextLong(), 36)
                        + "/index.php?id=" + random.nextInt(1000);
        };
    }

    /** Events with so many values to look up, each another: nothing of the set stays in the caches by itself. */
    private void synthetic(IndicatorSet set, int lookups, Map<String, Object> result) {
        var random = new SplittableRandom(SEED + lookups + 1);
        var batches = new ArrayList<EventBatch>();
        for (int i = 0; i < SYNTHETIC; i++) {
            if (i % GROUP == 0) {
                batches.add(new EventBatch(TENANT));
            }
            var batch = batches.getLast();
            batch.beginRow(new EventId(1, i), 0, -1, "bench");
            for (int other = 0; other < 25; other++) {
                batch.add(Field.of("unmapped.bench" + other), "value " + other);
            }
            for (int n = 0; n < lookups; n++) {
                switch ((i + n) % 3) {
                    case 0 -> batch.add(Field.of("dst_endpoint.ip"), value(IndicatorType.IP, random, "ok"));
                    case 1 -> batch.add(Field.of("query.hostname"), "www." + value(IndicatorType.DOMAIN, random, "ok"));
                    default ->
                        batch.add(Field.of("process.file.hashes.value"), value(IndicatorType.HASH, random, "ok"));
                }
            }
            batch.endRow();
        }
        var without = new double[rounds];
        var with = new double[rounds];
        long before = finds;
        for (int round = 0; round < rounds; round++) {
            without[round] = pass(batches, null);
            with[round] = pass(batches, set);
        }
        long wrong = finds - before;
        double added = median(with) - median(without);
        result.put("added_ns_" + lookups + "_lookups", rounded(added));
        if (lookups > 0) {
            result.put("ns_per_lookup_of_" + lookups, rounded(added / lookups));
            result.put("wrong_finds_of_" + lookups, wrong);
        }
    }

    /** Nanoseconds an event to read where its values are, and to look them up when there is a set. */
    private double pass(List<EventBatch> batches, @Nullable IndicatorSet set) {
        long start = THREADS.getCurrentThreadCpuTime();
        int events = 0;
        long seen = 0;
        for (EventBatch batch : batches) {
            for (int row = 0; row < batch.rows(); row++) {
                for (int e = batch.first(row); e < batch.end(row); e++) {
                    seen += batch.field(e) + batch.length(e) + batch.arena()[batch.offset(e)];
                }
                events++;
            }
            if (set != null) {
                finds += matcher.match(set, batch, (row, entry, id) -> {});
            }
        }
        long took = THREADS.getCurrentThreadCpuTime() - start;
        finds += seen == Long.MIN_VALUE ? 1 : 0; // so that reading is not left out
        return (double) took / events;
    }

    /** Records of the end-to-end benchmark, normalized each time as the worker does it, without and with lookups. */
    private double traffic(IndicatorSet set, Map<String, Object> result) throws Exception {
        var root =
                Path.of(System.getProperty("marsad.root", ".")).toAbsolutePath().normalize();
        var normalizer = new Normalizer(MappingSet.load(root.resolve("content")));
        var records = new ArrayList<RecordBatch>();
        for (Batch batch : new Traffic(SEED).batches(40, GROUP)) {
            batch.refresh(1_767_225_600_000L, 1);
            records.add(records(batch, 1_767_225_600_000L));
        }
        int events = records.stream().mapToInt(RecordBatch::size).sum();
        var without = new double[rounds];
        var with = new double[rounds];
        var out = new EventBatch(TENANT);
        for (int round = 0; round < rounds; round++) {
            without[round] = worker(records, normalizer, out, null) / events;
            with[round] = worker(records, normalizer, out, set) / events;
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        pass(List.of(out), set);
        allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        double added = median(with) - median(without);
        result.put("traffic_events", events);
        result.put("traffic_normalize_ns", rounded(median(without)));
        result.put("traffic_added_ns", rounded(added));
        result.put("traffic_ratio", Math.round(median(with) / median(without) * 1000) / 1000.0);
        result.put("traffic_alloc_bytes_per_event", rounded((double) allocated / out.rows()));
        return added;
    }

    /** Each line of the body, with an id of its own. */
    static RecordBatch records(Batch batch, long time) {
        var body = batch.body();
        var records = new RecordBatch(TENANT, "bench-" + batch.origin(), batch.format(), time, body.length);
        int from = 0;
        for (int i = 0; i < body.length; i++) {
            if (body[i] == '\n') {
                if (i > from) {
                    records.add(EventId.atTime(time, i, body.length), (byte) 0, body, from, i - from);
                }
                from = i + 1;
            }
        }
        return records;
    }

    private double worker(List<RecordBatch> records, Normalizer normalizer, EventBatch out, @Nullable IndicatorSet set)
            throws IOException {
        long start = THREADS.getCurrentThreadCpuTime();
        for (RecordBatch batch : records) {
            out.clear();
            for (int i = 0; i < batch.size(); i++) {
                var refusal = normalizer.normalize(batch, i, out);
                if (refusal != null) {
                    throw new IOException(refusal);
                }
            }
            if (set != null) {
                finds += matcher.match(set, out, (row, entry, id) -> {});
            }
        }
        return THREADS.getCurrentThreadCpuTime() - start;
    }

    /** Of the rounds after the first third. */
    private static double median(double[] all) {
        var warm = Arrays.copyOfRange(all, all.length / 3, all.length);
        Arrays.sort(warm);
        return warm[warm.length / 2];
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
