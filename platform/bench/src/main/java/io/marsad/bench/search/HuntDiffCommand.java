package io.marsad.bench.search;

import io.marsad.bench.diff.RealData;
import io.marsad.bench.flow.FlowCommand;
import io.marsad.bench.flow.Platform;
import io.marsad.normalize.format.RecordFiles;
import io.marsad.normalize.format.RecordFormat;
import io.marsad.server.client.PlatformClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** {@code marsad bench hunt-diff}. Exit code 1 when a hunt and the live stream do not agree. */
@Command(
        name = "hunt-diff",
        description = {
            "Hold a retro-hunt of all rules against what the live stream raised: a platform of its own with the public rules"
                    + " gets the real logs (MARSAD_SHARED_DATA or ../shared/data) over HTTP, then all rules are hunted over"
                    + " what it stored, first as a preview, then raising alerts."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class HuntDiffCommand implements Callable<Integer> {
    private static final int RECORDS = 500;
    private static final int BYTES = 4 << 20;
    private static final int MOST_SHOWN = 50;
    private static final long PAUSE_MS = 200;
    private static final int FIRST_YEAR = 1970;
    private static final int LAST_YEAR = 2060;
    /** A hunt looks at ten at most. */
    private static final int YEARS = 9;

    private static final long PATIENCE = 600_000_000_000L;

    @Option(names = "--format", paramLabel = "table|json", description = "How to print the result (default: table).")
    private String format = "table";

    @Option(names = "--every", paramLabel = "N", description = "Of the real logs, send one file in N (default: 1).")
    private int every = 1;

    private final ObjectMapper mapper = new ObjectMapper();
    private long sent;
    private long refused;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var data = RealData.here();
        if (!data.isThere()) {
            System.err.println("There are no real logs at " + data.folder() + "; set MARSAD_SHARED_DATA.");
            return 2;
        }
        long start = System.nanoTime();
        var folder = Files.createTempDirectory("marsad-hunt-diff");
        // PostgreSQL does not run as root: another account has to reach its folder.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        FlowCommand.rules(folder);
        var report = new LinkedHashMap<String, Object>();
        try (var platform = Platform.start(folder, List.of("-Xmx1200m"), List.of());
                var client = platform.client()) {
            var logs = data.logs();
            for (int i = 0; i < logs.size(); i += every) {
                send(client, logs.get(i));
            }
            report.put("records", sent);
            report.put("records_refused", refused);
            compare(client, report);
        }
        report.put("seconds", (System.nanoTime() - start) / 1_000_000_000);
        if (format.equals("json")) {
            System.out.println(mapper.writeValueAsString(report));
        } else {
            report.forEach((name, value) -> System.out.printf(Locale.ROOT, "%-20s %s%n", name, value));
        }
        return Long.valueOf(0).equals(report.get("differences")) ? 0 : 1;
    }

    private void compare(PlatformClient client, Map<String, Object> report) throws IOException, InterruptedException {
        awaitProcessed(client);
        var before = new TreeSet<String>();
        var live = alerts(client, before);
        var found = new TreeMap<String, Long>();
        huntAll(client, false, found);
        var differences = new ArrayList<String>();
        var all = new TreeSet<>(live.keySet());
        all.addAll(found.keySet());
        for (String rule : all) {
            long raised = live.getOrDefault(rule, 0L);
            long hunted = found.getOrDefault(rule, 0L);
            if (raised != hunted) {
                differences.add("rule " + rule + ": the stream raised " + raised + ", the hunt found " + hunted);
            }
        }
        var again = new TreeMap<String, Long>();
        huntAll(client, true, again);
        var after = new TreeSet<String>();
        alerts(client, after);
        for (String id : after) {
            if (!before.contains(id)) {
                differences.add("raised by the hunt alone: alert " + id);
            }
        }
        differences.stream().limit(MOST_SHOWN).forEach(System.err::println);
        report.put("rules_that_fired", live.size());
        report.put("alerts_live", before.size());
        report.put("hits_hunted", sum(found));
        report.put("hits_raised_again", sum(again));
        report.put("alerts_after", after.size());
        report.put("differences", (long) differences.size());
    }

    private void send(PlatformClient client, Path file) throws IOException, InterruptedException {
        var batch = new Batch(client);
        try {
            RecordFiles.read(file, batch::add);
        } catch (IOException e) {
            System.err.println(file + ": " + e.getMessage());
        }
        batch.flush();
    }

    /** Records of one format on their way. */
    private final class Batch {
        private final PlatformClient client;
        private final List<byte[]> records = new ArrayList<>();
        private RecordFormat of = RecordFormat.WINDOWS;
        private int size;

        Batch(PlatformClient client) {
            this.client = client;
        }

        void add(RecordFormat format, byte[] bytes, int offset, int length) throws IOException {
            if (format != of || records.size() == RECORDS || size + length > BYTES) {
                flushOrFail();
                of = format;
            }
            records.add(
                    length > 0 && bytes[offset] == '{'
                            ? Arrays.copyOfRange(bytes, offset, offset + length)
                            : mapper.writeValueAsBytes(new String(bytes, offset, length, StandardCharsets.UTF_8)));
            size += length;
        }

        private void flushOrFail() throws IOException {
            try {
                flush();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }

        void flush() throws IOException, InterruptedException {
            if (!records.isEmpty() && !send(records)) {
                for (var record : records) { // one that is no JSON takes no other with it
                    refused += send(List.of(record)) ? 0 : 1;
                }
            }
            records.clear();
            size = 0;
        }

        /** False when the body is not one that is taken. */
        private boolean send(List<byte[]> some) throws IOException, InterruptedException {
            var body = new ByteArrayOutputStream(size + 100);
            body.writeBytes(("{\"source_format\":\"" + of.label() + "\",\"events\":").getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < some.size(); i++) {
                body.write(i == 0 ? '[' : ',');
                body.writeBytes(some.get(i));
            }
            body.writeBytes("]}".getBytes(StandardCharsets.UTF_8));
            while (true) {
                var answer = client.post("/v1/ingest/batch", body.toByteArray(), Map.of());
                if (answer.ok()) {
                    sent += answer.body().path("accepted").asLong();
                    return true;
                }
                if (answer.status() == 400) {
                    return false;
                }
                if (answer.status() != 429 && answer.status() != 503) {
                    throw new IOException(answer.problem());
                }
                Thread.sleep(1000L * Math.max(1, answer.retryAfter())); // as it asks for
            }
        }
    }

    private static void awaitProcessed(PlatformClient client) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE;
        while (client.get("/v1/sources").body().path("ledger").path("pending").asLong() > 0) {
            if (System.nanoTime() > end) {
                throw new IOException("records still wait");
            }
            Thread.sleep(PAUSE_MS); // how often one looks
        }
    }

    /** How often each rule fired; adds the ids of its alerts. */
    private static TreeMap<String, Long> alerts(PlatformClient client, TreeSet<String> ids)
            throws IOException, InterruptedException {
        var counts = new TreeMap<String, Long>();
        var cursor = "";
        do {
            var page = client.get("/v1/alerts?limit=500" + cursor).body();
            for (JsonNode alert : page.path("alerts")) {
                if (ids.add(alert.path("id").asString())) {
                    var fired = alert.path("count").asLong();
                    counts.merge(alert.path("rule_id").asString(), fired, Long::sum);
                }
            }
            var next = page.path("next");
            cursor = next.isString() ? "&cursor=" + next.asString() : "";
        } while (!cursor.isEmpty());
        return counts;
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(n -> n).sum();
    }

    /** All rules over all years that events may be of. */
    private static void huntAll(PlatformClient client, boolean raise, Map<String, Long> hits)
            throws IOException, InterruptedException {
        for (int year = FIRST_YEAR; year < LAST_YEAR; year += YEARS) {
            for (JsonNode rule : hunt(client, raise, year).path("rules")) {
                hits.merge(rule.path("rule_id").asString(), rule.path("hits").asLong(), Long::sum);
            }
        }
    }

    private static JsonNode hunt(PlatformClient client, boolean raise, int year)
            throws IOException, InterruptedException {
        var asked =
                Map.of("from", year + "-01-01T00:00:00Z", "to", (year + YEARS) + "-01-01T00:00:00Z", "raise", raise);
        var started = client.post("/v1/hunts", asked);
        if (!started.ok()) {
            throw new IOException("starting the hunt: " + started.problem());
        }
        var path = "/v1/hunts/" + started.body().path("id").asString();
        long end = System.nanoTime() + PATIENCE;
        while (System.nanoTime() < end) {
            var hunt = client.get(path).body();
            if (!hunt.path("ended_at").isNull()) {
                if (!hunt.path("state").asString().equals("done")) {
                    throw new IOException("the hunt ended as " + hunt);
                }
                return hunt;
            }
            Thread.sleep(PAUSE_MS); // how often one looks
        }
        throw new IOException("the hunt does not end");
    }
}
