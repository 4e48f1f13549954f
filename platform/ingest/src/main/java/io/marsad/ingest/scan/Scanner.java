package io.marsad.ingest.scan;

import io.marsad.ingest.offline.Contributions;
import io.marsad.ingest.scan.ScanFiles.Part;
import io.marsad.ingest.scan.ScanFiles.Source;
import io.marsad.normalize.mapping.MappingSet;
import io.marsad.sigma.RuleMatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Runs rules over files: every kind that {@link io.marsad.normalize.format.RecordFiles} knows, folders with all below.
 * Files, and parts of large event logs, are worked through by several threads, the largest first; what is found comes in
 * the order of the files all the same. Correlations see the events of all files in the order of their time.
 *
 * <p>What cannot be read is counted with its reason; no file makes a scan fail. Use one for one scan.
 */
public final class Scanner {
    /** More findings are counted but not listed. */
    public static final int MOST_FINDINGS = 300_000;

    private final MappingSet mappings;
    private final RuleMatcher rules;
    private final ScanOptions options;
    private final InstantSource clock;

    private final AtomicInteger next = new AtomicInteger();
    private final AtomicLong doneBytes = new AtomicLong();
    private final AtomicLong findings = new AtomicLong();

    /** @param clock completes times that lack a year, and bounds those that cannot be */
    public Scanner(MappingSet mappings, RuleMatcher rules, ScanOptions options, InstantSource clock) {
        this.mappings = mappings;
        this.rules = rules;
        this.options = options;
        this.clock = clock;
    }

    /** @throws java.nio.file.NoSuchFileException when one of the paths does not exist */
    public ScanResult scan(List<Path> paths, Progress progress) throws IOException, InterruptedException {
        long start = System.nanoTime();
        var files = new ScanFiles(paths);
        var collected = new Collected(files);
        var parts = parts(files, collected);
        long bytes = parts.stream().mapToLong(Part::weight).sum();
        var wanted = new Contributions.Wanted(rules.rules(), Slots.ALL);
        long received = clock.millis();
        var outcomes = new Pass.@Nullable Outcome[parts.size()];
        var passes = new ArrayList<Pass>();
        int threads = Math.clamp(parts.size(), 1, options.threads());
        for (int i = 0; i < threads; i++) {
            passes.add(new Pass(options, mappings, i == 0 ? rules : rules.copy(), wanted, received));
        }
        run(passes, parts, outcomes, (done, findingsSoFar) -> progress.done(done, bytes, findingsSoFar));
        for (int i = 0; i < parts.size(); i++) {
            var outcome = outcomes[i];
            if (outcome != null) {
                collected.add(parts.get(i), outcome);
            }
        }
        Contributions.correlate(
                rules.rules(), passes.stream().map(Pass::contributions).toList(), collected::correlated);
        long scanning = System.nanoTime() - start;
        return collected.result(bytes, wanted.forgotten(), times(scanning, passes));
    }

    private static ScanResult.Times times(long scanning, List<Pass> passes) {
        long normalizing = passes.stream().mapToLong(Pass::normalizing).sum();
        long matching = passes.stream().mapToLong(Pass::matching).sum();
        long working = passes.stream().mapToLong(Pass::working).sum();
        return new ScanResult.Times(scanning, working - normalizing - matching, normalizing, matching);
    }

    private static List<Part> parts(ScanFiles files, Collected collected) {
        var parts = new ArrayList<Part>();
        for (Source source : files.sources()) {
            try {
                var own = ScanFiles.parts(source);
                collected.file(source, own.size());
                parts.addAll(own);
            } catch (IOException e) {
                collected.unread(source.name(), ScanFiles.reason(e), 1);
            }
        }
        return parts;
    }

    private interface Step {
        void done(long bytes, long findings);
    }

    private void run(List<Pass> passes, List<Part> parts, Pass.@Nullable Outcome[] outcomes, Step step)
            throws InterruptedException {
        Integer[] order = new Integer[parts.size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingLong(i -> -parts.get(i).weight()));
        try (var threads = Executors.newFixedThreadPool(
                passes.size(), Thread.ofPlatform().name("scan-", 0).factory())) {
            var running = new ArrayList<Future<?>>();
            for (Pass pass : passes) {
                running.add(threads.submit(() -> {
                    for (int i = next.getAndIncrement(); i < order.length; i = next.getAndIncrement()) {
                        int index = order[i];
                        var outcome = pass.run(parts.get(index));
                        outcomes[index] = outcome;
                        step.done(
                                doneBytes.addAndGet(parts.get(index).weight()),
                                findings.addAndGet(outcome.hits.size()));
                    }
                }));
            }
            for (Future<?> one : running) {
                try {
                    one.get();
                } catch (ExecutionException e) {
                    threads.shutdownNow();
                    throw new IllegalStateException("the scan failed", e.getCause());
                }
            }
        }
    }
}
