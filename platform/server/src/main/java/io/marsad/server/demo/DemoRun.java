package io.marsad.server.demo;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import io.marsad.server.client.BatchSender;
import io.marsad.server.client.PlatformClient;
import io.marsad.server.client.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/** Sends the scenario through the real doors of a running platform and tells what comes of it. */
public final class DemoRun {
    private static final long SEED = 20_261_121;
    private static final int NOISE = 1500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PlatformClient client;
    private final Terminal terminal;
    private final Path content;
    private final AtomicLong firstAlertNanos = new AtomicLong();
    private final CountDownLatch listening = new CountDownLatch(1);

    /** @param content the folder with {@code rules/} */
    public DemoRun(PlatformClient client, Terminal terminal, Path content) {
        this.client = client;
        this.terminal = terminal;
        this.content = content;
    }

    /** What the run showed; {@link #good} decides the exit code. */
    public record Result(
            boolean good,
            long firstAlertNanos,
            int events,
            int alerts,
            List<String> rulesFired,
            List<String> complaints,
            long lost,
            long duplicated) {}

    /**
     * @param now the scenario ends here
     * @param length over how long the records are sent; zero sends them at once
     */
    public Result run(Instant now, Duration length) throws IOException, InterruptedException, ContentException {
        var scenario = Scenario.of(SEED, now.minus(Scenario.SPAN), NOISE);
        var follower = Thread.ofVirtual().name("demo-live").start(this::follow);
        listening.await(10, TimeUnit.SECONDS);
        try {
            var sender = new BatchSender(client, "demo", true);
            send(scenario, sender, length);
            if (sender.rejected() > 0) {
                throw new IOException(
                        sender.rejected() + " records were refused at the door: " + sender.lastRejection());
            }
            var verdict = await(scenario, sender.ids());
            var complaints = new java.util.ArrayList<String>();
            verdict.missed().forEach(step -> complaints.add("not detected: " + step));
            verdict.falseAlerts().forEach(alert -> complaints.add("raised by noise: " + alert));
            return new Result(
                    verdict.good(),
                    firstAlertNanos.get(),
                    scenario.records().size(),
                    verdict.alerts(),
                    List.copyOf(verdict.rulesFired()),
                    complaints,
                    verdict.lost(),
                    verdict.duplicated());
        } finally {
            follower.interrupt();
        }
    }

    private void send(Scenario scenario, BatchSender sender, Duration length) throws IOException, InterruptedException {
        var records = scenario.records();
        var first = records.getFirst().at();
        double pace = (double) length.toMillis() / Scenario.SPAN.toMillis();
        long started = System.nanoTime();
        for (int i = 0; i < records.size(); i++) {
            var record = records.get(i);
            long due = (long) (Duration.between(first, record.at()).toMillis() * pace);
            long early = due - (System.nanoTime() - started) / 1_000_000;
            if (early > 200) {
                sender.flush();
                terminal.progress((double) i / records.size(), i + " of " + records.size() + " records sent");
                Thread.sleep(early); // the pace of the story
            }
            sender.add(record.format(), record.bytes(), 0, record.bytes().length);
        }
        sender.flush();
    }

    /** Asks until everything planted was detected, or patience ends. */
    private Verdict await(Scenario scenario, List<String> ids)
            throws IOException, InterruptedException, ContentException {
        var ruleIds = ruleIds(scenario);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        awaitDrained(deadline);
        var verdict = Verdict.of(scenario, ids, ruleIds, client);
        while (!verdict.good()
                && System.nanoTime() < deadline
                && verdict.falseAlerts().isEmpty()) {
            Thread.sleep(500);
            verdict = Verdict.of(scenario, ids, ruleIds, client);
        }
        return verdict;
    }

    private void awaitDrained(long deadline) throws IOException, InterruptedException {
        while (System.nanoTime() < deadline) {
            var ledger = client.get("/v1/sources").body().path("ledger");
            if (ledger.path("pending").asLong(0) == 0) {
                return;
            }
            Thread.sleep(100);
        }
    }

    private void follow() {
        try {
            var start = client.get("/v1/alerts?limit=1").body().path("live_seq").asString("0");
            listening.countDown();
            client.live(start, this::show);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            if (!Thread.currentThread().isInterrupted()) {
                terminal.line("  (the live stream ended: " + e.getMessage() + ")");
            }
        } finally {
            listening.countDown();
        }
    }

    private void show(PlatformClient.LiveEvent event) {
        if (!event.name().equals("alert.created")) {
            return;
        }
        var alert = event.data();
        firstAlertNanos.compareAndSet(0, System.nanoTime());
        var entities = new StringBuilder();
        for (JsonNode entity : alert.path("entities")) {
            var type = entity.path("type").asString();
            if (type.equals("host") || type.equals("user") || type.equals("container") || type.equals("account")) {
                entities.append(entities.isEmpty() ? "  " : ", ")
                        .append(entity.path("value").asString());
            }
        }
        terminal.line(alert.path("time").asString().substring(11, 19) + "  "
                + terminal.severity(alert.path("severity").asString())
                + alert.path("title").asString() + entities);
    }

    private Map<String, Set<String>> ruleIds(Scenario scenario) throws IOException, ContentException {
        Map<String, Set<String>> ids = new HashMap<>();
        for (Intrusion.Step step : scenario.steps()) {
            var file = content.resolve("rules").resolve(step.rule() + ".yaml");
            if (!Files.exists(file)) {
                continue; // reported as not detected
            }
            var found = new HashSet<String>();
            for (YamlNode document : YamlReader.read(file)) {
                found.add(document.asMapping().requireText("id"));
            }
            ids.put(step.rule(), found);
        }
        return ids;
    }
}
