package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.store.EventSummary;
import io.marsad.kernel.store.SearchWatch;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.store.query.Query;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Measures the store by hand: {@code java … StoreBench EVENTS}. Times are of this thread's CPU, medians of five. */
final class StoreBench {
    private static final TenantId TENANT = new TenantId("bench");

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private StoreBench() {}

    private interface Work {
        long run() throws IOException;
    }

    public static void main(String[] args) throws IOException {
        int events = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        var directory = Files.createTempDirectory("store-bench");
        var stream = new SampleStream(1);
        long encode = 0;
        EventId some = new EventId(0, 0);
        try (var store = SegmentStore.open(directory, SegmentStore.Options.standard())) {
            var batch = new EventBatch(TENANT);
            for (int done = 0; done < events; done += 500) {
                batch.clear();
                stream.fill(batch, 500, done);
                if (done == events / 2 / 500 * 500) {
                    some = batch.id(7);
                }
                long from = cpu();
                store.append(0, batch);
                if (done % 25_000 == 0) {
                    store.checkpoint(0, done + 500);
                }
                encode += cpu() - from;
                if (done == events / 2 / 500 * 500) {
                    System.out.printf("first half: %.2f us/event%n", encode / 1e3 / done);
                }
            }
            long from = cpu();
            store.checkpoint(0, events);
            encode += cpu() - from;
            var usage = store.usage(TENANT);
            System.out.printf(
                    "%d events, raw %.0f B/event, append+checkpoint %.2f us/event, disk %.1f B/event = %.3f of raw%n",
                    events,
                    stream.rawBytes / (double) events,
                    encode / 1e3 / events,
                    disk(directory) / (double) events,
                    disk(directory) / (double) stream.rawBytes);
            long middle = usage.oldest() + (usage.newest() - usage.oldest()) / 3;
            for (String text : new String[] {
                "*",
                "host = ws-42.corp.example",
                "host = absent.example",
                "comsvcs",
                "zzqqxxyy77",
                "203.0.17.99",
                "cmd contains \"comsvcs.dll, Mini\"",
                "cmd contains \"task 99\"",
                "class = process_activity and severity >= high",
                "cmd ~ \"task 12[0-9]{3}$\"",
                "ip in cidr(\"198.51.100.0/28\") and not user = root",
                "\"root(uid=0) by (uid=77\""
            }) {
                var query = Query.parse(text).predicate();
                var search = new EventSearch(TENANT, middle, Long.MAX_VALUE, query, 100, null, Duration.ofMinutes(2));
                time("newest 100: " + text, () -> {
                    var page = store.search(search);
                    return page.scannedEvents() * 1000 + page.events().rows();
                });
            }
            for (String path : new String[] {
                "process.integrity",
                "device.hostname",
                "src_endpoint.ip",
                "process.pid",
                "actor.user.credential_uid",
                "process.cmd_line"
            }) {
                var key = new EventSummary.OfField(List.of(Field.of(path)));
                var summary = new EventSummary(
                        TENANT, 0, Long.MAX_VALUE, Predicate.EVERYTHING, List.of(key), List.of(), 11, LIMIT);
                time(
                        "top 11 of " + path,
                        () -> store.summarize(summary, SearchWatch.NONE).droppedGroups());
            }
            for (String text :
                    new String[] {"cmd contains \"task 99\"", "cmd contains \"comsvcs.dll\"", "cmd contains svchost"}) {
                var summary = new EventSummary(
                        TENANT, 0, Long.MAX_VALUE, Query.parse(text).predicate(), List.of(), List.of(), 1, LIMIT);
                time(
                        "count: " + text,
                        () -> store.summarize(summary, SearchWatch.NONE).events());
            }
            for (String text :
                    new String[] {"*", "host = ws-42.corp.example", "cmd contains \"task 99\"", "mimikatz", "mini"}) {
                var query = Query.parse(text).predicate();
                var search = new EventSearch(
                        TENANT, usage.oldest(), usage.newest() + 1, query, 1, null, Duration.ofMinutes(2));
                time(
                        "histogram 60: " + text,
                        () -> Arrays.stream(store.histogram(search, 60)).sum());
            }
            var id = some;
            time("find by id", () -> {
                var one = store.find(TENANT, id);
                return one == null ? 0 : one.rows() + one.find(0, Field.of("class_uid"));
            });
        }
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void time(String name, Work work) throws IOException {
        var cpu = new long[5];
        long result = 0;
        long first = System.nanoTime();
        work.run();
        first = System.nanoTime() - first;
        for (int i = 0; i < cpu.length; i++) {
            long from = cpu();
            result = work.run();
            cpu[i] = cpu() - from;
        }
        Arrays.sort(cpu);
        System.out.printf(
                "%-60s %8.1f ms cpu  first %8.1f ms wall  result %d%n", name, cpu[2] / 1e6, first / 1e6, result);
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long disk(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            long sum = 0;
            for (var file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return sum;
        }
    }
}
