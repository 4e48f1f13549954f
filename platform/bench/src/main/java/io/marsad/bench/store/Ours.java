package io.marsad.bench.store;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.store.EventSummary;
import io.marsad.kernel.store.RetentionPolicy;
import io.marsad.kernel.store.SearchWatch;
import io.marsad.kernel.store.SummaryTable;
import io.marsad.store.segment.SegmentStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Events in our store, and questions to it, in one thread. */
final class Ours implements AutoCloseable {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    /** A round of asking, ours or theirs: so long, or so often. */
    static final double ROUND_MS = 150;

    static final int MOST_ASKED = 500;

    private static final int BATCH = 500;
    private static final int CHECKPOINT = 25_000;
    private static final int BUCKETS = 60;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Scratch scratch;
    private final SegmentStore store;
    long events;
    long rawBytes;
    /** Microseconds of CPU an event, to append and to make durable. */
    double append;

    private long spent;

    /**
     * The time that the events are of.
     *
     * @param middle where the newest two thirds begin
     * @param bucket width of a part of the histogram
     */
    record Span(long from, long middle, long to, long bucket) {}

    Ours() throws IOException {
        scratch = new Scratch("marsad-bench-store");
        var standard = SegmentStore.Options.standard();
        long cache = Math.max(standard.cacheBytes(), Runtime.getRuntime().maxMemory() / 6);
        store = SegmentStore.open(
                scratch.folder(), new SegmentStore.Options(standard.openBytes(), standard.segmentBytes(), cache));
    }

    static long cpu() {
        return THREADS.getCurrentThreadCpuTime();
    }

    void fill(EventStream stream, long count, Progress progress) throws IOException {
        var batch = new EventBatch(Templates.TENANT);
        while (events < count) {
            batch.clear();
            stream.fill(batch, events, (int) Math.min(BATCH, count - events));
            add(batch);
            if (events % CHECKPOINT == 0) {
                progress.done(events, count);
            }
        }
        end();
    }

    /** Adds events as they come. */
    void add(EventBatch batch) throws IOException {
        events += batch.rows();
        for (int row = 0; row < batch.rows(); row++) {
            rawBytes += batch.rawLength(row);
        }
        long from = cpu();
        store.append(0, batch);
        if (events % CHECKPOINT < batch.rows()) {
            store.checkpoint(0, events);
        }
        spent += cpu() - from;
    }

    /** All have been added. */
    void end() throws IOException {
        long from = cpu();
        store.checkpoint(0, events);
        spent += cpu() - from;
        append = events == 0 ? 0 : spent / 1e3 / events;
    }

    /** Bytes on disk, all of them. */
    long disk() throws IOException {
        return scratch.size();
    }

    /** Does what the platform does in the background; events are kept for ever. */
    void upkeep() throws IOException {
        store.maintain(RetentionPolicy.KEEP_ALL, EventStream.START, () -> true);
        store.checkpoint(0, events);
    }

    Span span() {
        long to = EventStream.START + events * EventStream.STEP + 1000;
        long bucket = Math.ceilDiv(to - EventStream.START, BUCKETS);
        long end = EventStream.START + bucket * BUCKETS;
        return new Span(EventStream.START, EventStream.START + (to - EventStream.START) / 3, end, bucket);
    }

    /**
     * Milliseconds of this process's CPU for one question: the median of rounds, each of as many askings as its clock of 10 ms
     * needs, after one that does not count, as OpenSearch is asked.
     */
    double cpu(Question question, int rounds) throws IOException {
        var each = new double[rounds];
        for (int round = -1; round < rounds; round++) {
            long from = PROCESS.getProcessCpuTime();
            int asked = 0;
            double spent = 0;
            while (asked < 5 || spent < ROUND_MS && asked < MOST_ASKED) {
                ask(question);
                asked++;
                spent = (PROCESS.getProcessCpuTime() - from) / 1e6;
            }
            if (round >= 0) {
                each[round] = spent / asked;
            }
        }
        Arrays.sort(each);
        return each[rounds / 2];
    }

    /** What the answer is, in short. */
    String ask(Question question) throws IOException {
        var span = span();
        return switch (question.kind()) {
            case COUNT -> Long.toString(summarize(question, List.of()).events());
            case NEWEST -> {
                var page = store.search(new EventSearch(
                        Templates.TENANT, span.middle(), span.to(), question.where(), 100, null, LIMIT));
                var rows = page.events();
                yield rows.rows() + " to " + (rows.rows() == 0 ? "" : rows.time(rows.rows() - 1));
            }
            case TERMS ->
                summarize(question, List.of(new EventSummary.OfField(question.of()))).groups().stream()
                        .filter(group -> group.keys().getFirst() != null)
                        .limit(10)
                        .map(group -> Long.toString(group.events()))
                        .collect(Collectors.joining(" "));
            case HISTOGRAM -> {
                var counts = store.histogram(
                        new EventSearch(Templates.TENANT, span.from(), span.to(), question.where(), 1, null, LIMIT),
                        BUCKETS);
                yield Arrays.stream(counts).sum() + " in "
                        + Arrays.stream(counts).filter(n -> n > 0).count();
            }
        };
    }

    private SummaryTable summarize(Question question, List<EventSummary.Key> keys) throws IOException {
        return store.summarize(
                new EventSummary(Templates.TENANT, 0, Long.MAX_VALUE, question.where(), keys, List.of(), 11, LIMIT),
                SearchWatch.NONE);
    }

    /** The values of a field, the most frequent first, with the number of all. */
    List<SummaryTable.Group> top(Field field) throws IOException {
        return store
                .summarize(
                        new EventSummary(
                                Templates.TENANT,
                                0,
                                Long.MAX_VALUE,
                                Predicate.EVERYTHING,
                                List.of(new EventSummary.OfField(List.of(field))),
                                List.of(),
                                100_000,
                                LIMIT),
                        SearchWatch.NONE)
                .groups()
                .stream()
                .filter(group -> group.keys().getFirst() != null)
                .toList();
    }

    @Override
    public void close() throws IOException {
        try (scratch) {
            store.close();
        }
    }
}
