package io.marsad.server.scan;

import io.marsad.ingest.scan.ScanResult;
import io.marsad.sigma.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Where the time of a scan went. One thread uses it. */
public final class ScanTimes {
    private final InstantSource clock;
    private final long created = System.nanoTime();
    private long starting;
    private long mark;
    private long loading;
    private long scanning;
    private long reporting;
    private int rules;
    private final Map<String, Long> cpu = new LinkedHashMap<>();
    private ScanResult.Times inside = new ScanResult.Times(0, 0, 0, 0);

    /** Starts counting; the launcher says when the program was called. */
    public ScanTimes(InstantSource clock) {
        this.clock = clock;
        mark = created;
    }

    private long lap(String phase) {
        cpu.put(phase, cpuMillis());
        long now = System.nanoTime();
        long passed = now - mark;
        mark = now;
        return passed;
    }

    /** All before rules are loaded is starting. */
    public void started() {
        long sinceCreated = lap("starting");
        var called = Long.getLong("marsad.called", 0);
        starting = called == 0 ? sinceCreated : clock.millis() * 1_000_000 - called * 1000;
    }

    public void loaded(RuleSet loadedRules) {
        rules = loadedRules.rules().size() + loadedRules.correlations().size();
        loading = lap("rules");
    }

    public void scanned(ScanResult.Times times) {
        inside = times;
        scanning = lap("scanning");
    }

    public void reported() {
        reporting = lap("reporting");
    }

    /** One line: {@code text} for people, {@code json} for programs. Reading, normalizing and matching share the scan's wall time as they shared its work. */
    public String told(boolean json, ScanResult result) {
        double work = Math.max(1, inside.reading() + inside.normalizing() + inside.matching());
        long reading = (long) (scanning * (inside.reading() / work));
        long normalizing = (long) (scanning * (inside.normalizing() / work));
        long matching = scanning - reading - normalizing;
        long total = starting + loading + scanning + reporting;
        if (!json) {
            return String.format(
                    Locale.ROOT,
                    "starting %d ms, loading %d rules %d ms, reading %d ms, normalizing %d ms, matching %d ms,"
                            + " reporting %d ms; %d ms in all, %d MiB of memory",
                    starting / 1_000_000,
                    rules,
                    loading / 1_000_000,
                    reading / 1_000_000,
                    normalizing / 1_000_000,
                    matching / 1_000_000,
                    reporting / 1_000_000,
                    total / 1_000_000,
                    peakKilobytes() >> 10);
        }
        var line = new JsonLine();
        line.begin();
        line.number("starting_ms", starting / 1_000_000);
        line.number("rules_ms", loading / 1_000_000);
        line.number("reading_ms", reading / 1_000_000);
        line.number("normalizing_ms", normalizing / 1_000_000);
        line.number("matching_ms", matching / 1_000_000);
        line.number("reporting_ms", reporting / 1_000_000);
        line.number("total_ms", total / 1_000_000);
        long before = 0;
        for (var phase : cpu.entrySet()) {
            line.number(phase.getKey() + "_cpu_ms", phase.getValue() - before);
            before = phase.getValue();
        }
        line.number("rules", rules);
        line.number("files", result.files());
        line.number("bytes", result.bytes());
        line.number("records", result.records());
        line.number("detections", result.findings().size() + result.unlisted());
        line.number(
                "unread",
                result.unread().stream().mapToLong(ScanResult.Unread::count).sum());
        line.number("peak_rss_kb", peakKilobytes());
        return line.end().toString();
    }

    /** Processor time of all threads so far; 0 where the system does not say. */
    private static long cpuMillis() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toMillis)
                .orElse(0L);
    }

    /** The most memory the process had, in KiB; 0 where the system does not say. */
    private static long peakKilobytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            return 0;
        } catch (IOException e) {
            return 0; // not Linux
        }
    }
}
