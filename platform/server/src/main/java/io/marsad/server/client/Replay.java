package io.marsad.server.client;

import io.marsad.normalize.format.RecordFiles;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends files record by record through the batch door and says what became of each. */
public final class Replay {
    private static final int MOST_FAULTS = 20;
    /** How long a platform may stand still, in nanoseconds; one that says it is not ready, and one that does not. */
    private static final long PATIENCE_UNREADY = 10_000_000_000L;

    private static final long PATIENCE = 60_000_000_000L;

    private final PlatformClient client;
    private final Terminal terminal;
    private final String source;
    private final @Nullable String format;
    private final int rate;

    private String sending = "";
    private double done;
    private long started;
    private long elapsed;
    private long records;
    private long unreadable;
    private int passedOver;
    private final List<String> faults = new ArrayList<>();

    /** @param rate records a second at most; 0 for no limit */
    public Replay(PlatformClient client, Terminal terminal, String source, @Nullable String format, int rate) {
        this.client = client;
        this.terminal = terminal;
        this.source = source;
        this.format = format;
        this.rate = rate;
    }

    /** Where counters of the source stand. */
    private record Counters(long stored, long dead, long deduplicated, long pending) {}

    /**
     * @param json where to print the result as one line of JSON, or null
     * @return 0 when every record is accounted for, else 1
     */
    public int run(List<Path> paths, @Nullable PrintStream json) throws IOException, InterruptedException {
        var files = files(paths);
        if (files.isEmpty()) {
            terminal.line("Nothing to replay: no files there.");
            return 1;
        }
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        var before = counters();
        var alerts = RaisedAlerts.follow(client);
        var sender = new BatchSender(client, source, false);
        started = System.nanoTime();
        for (int i = 0; i < files.size(); i++) {
            sending = (i + 1) + "/" + files.size() + " files, ";
            send(files.get(i), sender);
            done += (double) Files.size(files.get(i)) / Math.max(1, bytes);
            progress();
        }
        sender.flush();
        elapsed = System.nanoTime() - started;
        var after = settled();
        return report(sender, before, after, alerts, json);
    }

    private void progress() {
        terminal.progress(done, sending + records + " records, " + perSecond(System.nanoTime() - started) + "/s");
    }

    /** One file; that it cannot be read is told at the end and stops nothing, unlike that records cannot be sent. */
    private void send(Path file, BatchSender sender) throws IOException, InterruptedException {
        try {
            var outcome = RecordFiles.read(file, (recordFormat, bytes, offset, length) -> {
                try {
                    pace();
                    sender.add(format == null ? recordFormat.label() : format, bytes, offset, length);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new SendingFailed(new InterruptedIOException("stopped while sending " + file));
                } catch (IOException e) {
                    throw new SendingFailed(e);
                }
                if (++records % 1000 == 0) {
                    progress();
                }
            });
            unreadable += outcome.refused();
            outcome.reasons().forEach((reason, times) -> fault(file, reason + " (" + times + " times)"));
        } catch (SendingFailed e) {
            throw e.why;
        } catch (IOException e) {
            unreadable++;
            fault(file, String.valueOf(e.getMessage()));
        }
    }

    private void fault(Path file, String reason) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(file + ": " + reason);
        }
    }

    /** Not the file's fault. */
    private static final class SendingFailed extends IOException {
        private static final long serialVersionUID = 1;
        private final IOException why;

        SendingFailed(IOException why) {
            super(why);
            this.why = why;
        }
    }

    private void pace() throws InterruptedException {
        if (rate > 0) {
            long early = records * 1_000_000_000L / rate - (System.nanoTime() - started);
            if (early > 1_000_000) {
                Thread.sleep(early / 1_000_000); // the speed that was asked for
            }
        }
    }

    private long perSecond(long nanos) {
        return records * 1_000_000_000L / Math.max(1, nanos);
    }

    private List<Path> files(List<Path> paths) throws IOException {
        var files = new ArrayList<Path>();
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new IOException(path + " does not exist");
            }
            try (var found = Files.walk(path)) {
                for (Path file :
                        (Iterable<Path>) found.filter(Files::isRegularFile).sorted()::iterator) {
                    if (file.equals(path) || RecordFiles.isLog(file)) {
                        files.add(file);
                    } else {
                        passedOver++;
                    }
                }
            }
        }
        return files;
    }

    private Counters counters() throws IOException, InterruptedException {
        var answer = client.get("/v1/sources");
        if (!answer.ok()) {
            throw new IOException("reading the source counters: " + answer.problem());
        }
        long stored = 0;
        long dead = 0;
        long deduplicated = 0;
        for (JsonNode one : answer.body().path("sources")) {
            if (one.path("origin").asString().equals(source)) {
                stored += one.path("stored").asLong();
                dead += one.path("dead").asLong();
                deduplicated += one.path("deduplicated").asLong();
            }
        }
        return new Counters(
                stored,
                dead,
                deduplicated,
                answer.body().path("ledger").path("pending").asLong());
    }

    /**
     * Counters once the platform has worked through everything that was sent.
     *
     * @throws IOException when it does not get on with them any more
     */
    private Counters settled() throws IOException, InterruptedException {
        var last = counters();
        long moved = System.nanoTime();
        while (last.pending != 0) {
            terminal.progress(1, "waiting for " + last.pending + " records to be worked through");
            Thread.sleep(100);
            var now = counters();
            if (now.pending != last.pending) {
                moved = System.nanoTime();
            }
            var ready = client.get("/ready");
            long still = System.nanoTime() - moved;
            if (now.pending != 0 && (still > PATIENCE || !ready.ok() && still > PATIENCE_UNREADY)) {
                throw new IOException("The platform has stood still for " + still / 1_000_000_000 + " s with "
                        + now.pending + " records to be worked through; they are safe in its log. It says: "
                        + ready.problem());
            }
            last = now;
        }
        return last;
    }

    private int report(
            BatchSender sender, Counters before, Counters after, RaisedAlerts raised, @Nullable PrintStream json)
            throws IOException, InterruptedException {
        var alerts = raised.byTitle();
        var result = new LinkedHashMap<String, Object>();
        long stored = after.stored - before.stored;
        long dead = after.dead - before.dead;
        long deduplicated = after.deduplicated - before.deduplicated;
        boolean balanced = sender.accepted() == stored + dead + deduplicated;
        result.put("records", records);
        result.put("accepted", sender.accepted());
        result.put("rejected", sender.rejected());
        result.put("stored", stored);
        result.put("dead_lettered", dead);
        result.put("deduplicated", deduplicated);
        result.put("unreadable", unreadable);
        result.put("passed_over", passedOver);
        result.put("balanced", balanced);
        result.put("records_per_s", perSecond(elapsed));
        result.put(
                "alerts", alerts.values().stream().mapToInt(Integer::intValue).sum());
        result.put("rules_fired", alerts);
        if (!raised.missing().isEmpty()) {
            terminal.line("There may be more alerts: " + raised.missing() + ".");
        }
        if (json != null) {
            json.println(new JsonMapper().writeValueAsString(result));
        } else {
            print(result, alerts, sender);
        }
        return balanced && sender.rejected() == 0 ? 0 : 1;
    }

    private void print(Map<String, Object> result, Map<String, Integer> alerts, BatchSender sender) {
        terminal.line(String.format(
                Locale.ROOT,
                "%s records sent = %s stored + %s dead-lettered + %s deduplicated%s",
                result.get("accepted"),
                result.get("stored"),
                result.get("dead_lettered"),
                result.get("deduplicated"),
                Boolean.TRUE.equals(result.get("balanced")) ? "" : "   (THIS DOES NOT ADD UP)"));
        terminal.line(String.format(
                Locale.ROOT, "sent in %.1f s, %s records a second", elapsed / 1e9, result.get("records_per_s")));
        if (passedOver > 0) {
            terminal.line(passedOver + " files of the folders are no logs and were passed over"
                    + " (name one itself to send its lines)");
        }
        if (sender.rejected() > 0) {
            terminal.line(sender.rejected() + " records were refused at the door, e.g.: " + sender.lastRejection());
        }
        if (unreadable > 0) {
            terminal.line(unreadable + " pieces of the files could not be read, e.g.:");
            faults.forEach(fault -> terminal.line("  " + fault));
        }
        terminal.line(result.get("alerts") + " alerts raised" + (alerts.isEmpty() ? "." : ":"));
        alerts.forEach((title, times) -> terminal.line(String.format(Locale.ROOT, "%6d  %s", times, title)));
    }
}
