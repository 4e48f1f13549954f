package io.marsad.bench.store;

import io.marsad.ingest.intake.Intake;
import io.marsad.ingest.intake.Sender;
import io.marsad.ingest.worker.Finding;
import io.marsad.ingest.worker.SigmaDetector;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.log.EventLog;
import io.marsad.kernel.log.LogFullException;
import io.marsad.kernel.store.RetentionPolicy;
import io.marsad.normalize.mapping.Normalizer;
import io.marsad.server.node.Content;
import io.marsad.store.disk.Disk;
import io.marsad.store.log.LogConfig;
import io.marsad.store.log.SegmentLog;
import io.marsad.store.segment.SegmentStore;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * All that the platform does with an event but for HTTP and PostgreSQL, by its own classes: made durable in the log, read
 * from there, parsed, normalized, asked of all rules, stored and searchable, checkpointed, and at the end of a run the store's
 * upkeep. Runs in a process of its own, {@link OurProcess}, of which all CPU counts.
 */
final class WorkerPass implements AutoCloseable {
    private static final int CHUNK = 10_000;
    private static final int REQUEST = 500;
    private static final int GROUP = 1000;
    private static final String ORIGIN = "bench-";

    private final Scratch scratch;
    private final SegmentLog log;
    private final SegmentStore store;
    private final EventLog.Reader reader;
    private final Intake intake;
    private final Normalizer normalizer;
    private final SigmaDetector detector;
    private final EventBatch out = new EventBatch(Templates.TENANT);
    private final List<Finding> findings = new ArrayList<>();
    final int rules;
    long detections;
    long stored;

    WorkerPass(Content content) throws IOException {
        scratch = new Scratch("marsad-bench-pass");
        var clock = InstantSource.system();
        var random = new SplittableRandom(1);
        log = SegmentLog.open(LogConfig.in(scratch.folder().resolve("log")), Disk.real(), clock, random, p -> 0);
        var standard = SegmentStore.Options.standard();
        store = SegmentStore.open(
                scratch.folder().resolve("store"),
                new SegmentStore.Options( // the upkeep without its waits, which cost no CPU
                        standard.openBytes(), standard.segmentBytes(), standard.cacheBytes(), 1));
        reader = log.read(0, 0);
        intake = new Intake(log, clock, random.split());
        normalizer = new Normalizer(content.mappings());
        detector = new SigmaDetector(content.rules().compile());
        rules = content.rules().rules().size();
    }

    /** Where an event of a format is from; {@link #run} finds the format there again. */
    static String origin(String format) {
        return ORIGIN + format;
    }

    /** Returns nanoseconds of CPU that this thread spent on making the events, which is no part of the pass. */
    long run(EventStream stream, long first, int count) throws IOException, LogFullException, InterruptedException {
        var events = new EventBatch(Templates.TENANT);
        long made = 0;
        for (int done = 0; done < count; done += CHUNK) {
            long from = Ours.cpu();
            events.clear();
            stream.fill(events, first + done, Math.min(CHUNK, count - done));
            var requests = requests(events);
            made += Ours.cpu() - from;
            for (var request : requests.entrySet()) {
                send(events, request.getKey(), request.getValue());
            }
            work();
            log.release(0, store.checkpoint(0, reader.position()));
        }
        store.maintain(RetentionPolicy.KEEP_ALL, EventStream.START, () -> true);
        log.release(0, store.checkpoint(0, reader.position()));
        return made;
    }

    private static Map<String, List<Integer>> requests(EventBatch events) {
        var requests = new LinkedHashMap<String, List<Integer>>();
        for (int row = 0; row < events.rows(); row++) {
            requests.computeIfAbsent(events.origin(row), _ -> new ArrayList<>()).add(row);
        }
        return requests;
    }

    private void send(EventBatch events, String origin, List<Integer> rows) throws IOException, LogFullException {
        var format = origin.substring(ORIGIN.length());
        for (int from = 0; from < rows.size(); from += REQUEST) {
            var some = rows.subList(from, Math.min(rows.size(), from + REQUEST));
            int bytes = some.stream().mapToInt(events::rawLength).sum();
            var request = intake.begin(new Sender(Templates.TENANT, origin), format, null, false, bytes);
            for (int row : some) {
                request.add(events.arena(), events.rawOffset(row), events.rawLength(row));
            }
            request.commit();
        }
    }

    private void work() throws IOException, InterruptedException {
        while (reader.position() < log.endOffset(0)) {
            out.clear();
            while (out.rows() < GROUP && reader.position() < log.endOffset(0)) {
                var batch = reader.poll(Duration.ofSeconds(10));
                if (batch == null) {
                    throw new IOException("the log has not what was appended");
                }
                for (int i = 0; i < batch.size(); i++) {
                    normalizer.normalize(batch, i, out); // what is refused is no event
                }
            }
            findings.clear();
            for (int row = 0; row < out.rows(); row++) {
                detector.detect(out, row, findings);
            }
            detections += findings.size();
            store.append(0, out);
            stored += out.rows();
        }
    }

    @Override
    public void close() throws IOException {
        try (scratch;
                log;
                store) {
            reader.close();
        }
    }
}
