package io.marsad.bench.flow;

import com.sun.management.OperatingSystemMXBean;
import io.marsad.bench.store.Scratch;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.normalize.mapping.MappingSet;
import io.marsad.normalize.mapping.Normalizer;
import io.marsad.soc.indicator.Listed;
import io.marsad.soc.indicator.PastSightings;
import io.marsad.store.segment.SegmentStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad bench past}. */
@Command(
        name = "past",
        description = {
            "A new indicator of each kind against 30 days of stored events: the time from when it is listed until it is",
            "known where it was seen. Some were in a few events, some in none, some in very many."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class PastCommand implements Callable<Integer> {
    private static final long SEED = 20_261_122;
    private static final TenantId TENANT = new TenantId("bench");
    private static final long START = 1_767_225_600_000L;
    private static final long SPAN = PastSightings.BACK.toMillis() - 60_000;
    private static final int GROUP = 500, KINDS = 40, CHECKPOINT = 25_000, HITS = 5;

    /** The bar. */
    private static final double MOST_MS = 2_000;

    @Option(names = "--events", paramLabel = "N", description = "Of 30 days (default: 5,000,000).")
    private long events = 5_000_000;

    @Option(names = "--rounds", paramLabel = "N", description = "Indicators of each sort (default: 12).")
    private int rounds = 12;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private long offset;

    /** What is listed of one sort, and in how many events each is; -1: in some number. */
    private record Sort(String name, List<Listed.Value> values, int hits) {}

    @Override
    public Integer call() throws Exception {
        if (events < 10_000 || rounds < 1 || rounds > 1_000) {
            System.err.println("--events is 10,000 or more, --rounds 1 to 1,000");
            return 2;
        }
        var sorts = sorts();
        var result = new LinkedHashMap<String, Object>();
        try (var scratch = new Scratch("marsad-bench-past");
                var store = SegmentStore.open(scratch.folder(), SegmentStore.Options.standard())) {
            result.put("events", fill(store, sorts));
            result.put("disk_mb", scratch.size() >> 20);
            boolean ok = true;
            var past = new PastSightings(store, () -> Instant.ofEpochMilli(START + SPAN + 30_000));
            for (var sort : sorts) {
                ok &= measure(past, sort, result);
            }
            result.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
            result.put("ok", ok);
            System.out.println(new JsonMapper().writeValueAsString(result));
            return ok ? 0 : 1;
        }
    }

    private List<Sort> sorts() {
        var sorts = new ArrayList<Sort>();
        for (String kind : List.of("ip", "ip6", "network", "domain", "hash", "url", "email")) {
            for (int hits : new int[] {HITS, 0}) {
                var values = new ArrayList<Listed.Value>();
                for (int i = 0; i < rounds; i++) {
                    values.add(value(kind));
                }
                sorts.add(new Sort(kind + (hits == 0 ? "_unseen" : "_seen"), values, hits));
            }
        }
        var lan = new ArrayList<Listed.Value>();
        for (int i = 0; i < rounds; i++) {
            lan.add(Listed.Value.of("network", "10." + i % 20 + ".0.0/16"));
        }
        sorts.add(new Sort("network_everywhere", lan, -1));
        sorts.add(new Sort("domain_everywhere", List.of(Listed.Value.of("domain", "example.com")), -1));
        return sorts;
    }

    private Listed.Value value(String kind) {
        var word = Long.toString(random.nextLong() >>> 16, 36);
        return switch (kind) {
            case "ip" -> Listed.Value.of("ip", "185." + number() + "." + number() + "." + number());
            case "ip6" ->
                Listed.Value.of(
                        "ip",
                        "2001:db8:" + Integer.toHexString(random.nextInt(1, 65536)) + "::"
                                + Integer.toHexString(random.nextInt(1, 65536)));
            case "network" -> Listed.Value.of("network", "186." + number() + "." + number() + ".0/24");
            case "domain" -> Listed.Value.of("domain", word + ".example.net");
            case "hash" ->
                Listed.Value.of(
                        "hash",
                        String.format(
                                Locale.ROOT,
                                "%016x%016x%016x%016x",
                                random.nextLong(),
                                random.nextLong(),
                                random.nextLong(),
                                random.nextLong()));
            case "url" -> Listed.Value.of("url", "http://cdn.example.org/" + word + "/index.php?id=7");
            default -> Listed.Value.of("email", word + "@mail.example.org");
        };
    }

    private int number() {
        return random.nextInt(1, 255);
    }

    /** The traffic of the end-to-end benchmark over 30 days, mails among it, and what is looked for later. */
    private long fill(SegmentStore store, List<Sort> sorts) throws Exception {
        var root =
                Path.of(System.getProperty("marsad.root", ".")).toAbsolutePath().normalize();
        var normalizer = new Normalizer(MappingSet.load(root.resolve("content")));
        var bodies = new Traffic(SEED).batches(KINDS, GROUP);
        var planted = planted(sorts);
        var out = new EventBatch(TENANT);
        long count = 0;
        int planting = 0;
        int step = 0;
        long serial = 1;
        while (count < events) {
            var body = bodies.get(step++ % KINDS);
            long time = START + SPAN / 1000 * (count * 1000 / events);
            body.refresh(time, serial);
            serial += GROUP;
            out.clear();
            var records = IndicatorsCommand.records(body, time);
            records.appendedAt(offset);
            offset += records.size();
            for (int i = 0; i < records.size(); i++) {
                normalizer.normalize(records, i, out);
            }
            for (int i = 0; i < GROUP / 50; i++) {
                mail(out, time);
            }
            int until = (int) (planted.size() * Math.min(events, count + out.rows()) / events);
            for (; planting < until; planting++) {
                plant(out, planted.get(planting), time);
            }
            store.append(0, out);
            if (count / CHECKPOINT != (count + out.rows()) / CHECKPOINT) {
                store.checkpoint(0, offset);
            }
            count += out.rows();
        }
        store.checkpoint(0, offset);
        return count;
    }

    private List<Listed.Value> planted(List<Sort> sorts) {
        var planted = new ArrayList<Listed.Value>();
        for (var sort : sorts) {
            for (int hit = 0; hit < sort.hits; hit++) {
                planted.addAll(sort.values);
            }
        }
        for (int i = planted.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            planted.set(i, planted.set(other, planted.get(i)));
        }
        return planted;
    }

    private void mail(EventBatch out, long time) {
        begin(out, time);
        out.add(
                Field.of("email.from"),
                "user" + random.nextInt(5_000) + "@partner" + random.nextInt(200) + ".example.org");
        out.add(Field.of("email.to"), "user" + random.nextInt(5_000) + "@mail.example.org");
        out.add(Field.of("email.subject"), "Message " + random.nextInt(1_000_000));
        out.add(Field.of("url.url_string"), "http://cdn.example.org/p/" + random.nextInt(50_000));
        out.endRow();
    }

    private void begin(EventBatch out, long time) {
        out.beginRow(EventId.atTime(time, random.nextLong(), random.nextLong()), time, offset++, "bench");
        out.time(time);
    }

    private void plant(EventBatch out, Listed.Value value, long time) {
        begin(out, time);
        out.add(Field.of("device.hostname"), "wks-" + random.nextInt(2_000));
        var text = value.text();
        switch (value.type()) {
            case "ip" -> out.add(Field.of("dst_endpoint.ip"), text);
            case "network" -> out.add(Field.of("dst_endpoint.ip"), text.replace(".0/24", "." + number()));
            case "domain" -> out.add(Field.of("query.hostname"), "www." + text);
            case "hash" -> out.add(Field.of("process.file.hashes.value"), text.toUpperCase(Locale.ROOT));
            case "url" -> out.add(Field.of("http_request.url.url_string"), text);
            default -> out.add(Field.of("email.from"), text);
        }
        out.endRow();
    }

    private boolean measure(PastSightings past, Sort sort, Map<String, Object> result) throws IOException {
        var wall = new double[sort.values.size()];
        var cpu = new double[wall.length];
        boolean right = true;
        for (int i = 0; i < wall.length; i++) {
            long cpuFrom = process.getProcessCpuTime();
            long from = System.nanoTime();
            var found = past.of(TENANT, sort.values.get(i));
            wall[i] = (System.nanoTime() - from) / 1e6;
            cpu[i] = (process.getProcessCpuTime() - cpuFrom) / 1e6;
            right &= sort.hits < 0 ? found.events() > 0 : found.events() == sort.hits && !found.partial();
        }
        double first = wall[0];
        Arrays.sort(wall);
        Arrays.sort(cpu);
        var one = new LinkedHashMap<String, Object>();
        one.put("first_ms", rounded(first));
        one.put("p50_ms", rounded(wall[wall.length / 2]));
        one.put("max_ms", rounded(wall[wall.length - 1]));
        one.put("cpu_p50_ms", rounded(cpu[cpu.length / 2]));
        one.put("cpu_max_ms", rounded(cpu[cpu.length - 1]));
        one.put("right", right);
        result.put(sort.name, one);
        return right && wall[wall.length - 1] <= MOST_MS;
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
