package io.marsad.bench.store;

import com.sun.management.ThreadMXBean;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.store.EventSummary;
import io.marsad.kernel.store.SearchWatch;
import io.marsad.kernel.store.SummaryTable;
import io.marsad.store.segment.SegmentStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Events in our store, and questions to it, in one thread. */
final class Ours implements AutoCloseable {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int BATCH = 500;
    private static final int CHECKPOINT = 25_000;
    private static final int BUCKETS = 60;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Path folder;
    private final SegmentStore store;
    long events;
    long rawBytes;
    /** Microseconds of CPU an event, to append and to make durable. */
    double append;

    /**
     * The time that the events are of.
     *
     * @param middle where the newest two thirds begin
     * @param bucket width of a part of the histogram
     */
    record Span(long from, long middle, long to, long bucket) {}

    Ours() throws IOException {
        folder = Files.createTempDirectory("marsad-bench-store");
        store = SegmentStore.open(folder, SegmentStore.Options.standard());
    }

    static long cpu() {
        return THREADS.getCurrentThreadCpuTime();
    }

    void fill(EventStream stream, long count) throws IOException {
        var batch = new EventBatch(Templates.TENANT);
        long spent = 0;
        long raw = stream.rawBytes;
        while (events < count) {
            batch.clear();
            int n = (int) Math.min(BATCH, count - events);
            stream.fill(batch, events, n);
            events += n;
            long from = cpu();
            store.append(0, batch);
            if (events % CHECKPOINT == 0 || events == count) {
                store.checkpoint(0, events);
            }
            spent += cpu() - from;
        }
        rawBytes = stream.rawBytes - raw;
        append = spent / 1e3 / count;
    }

    long disk() throws IOException {
        try (var files = Files.walk(folder)) {
            long sum = 0;
            for (var file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return sum;
        }
    }

    Span span() {
        long to = EventStream.START + events * EventStream.STEP + 1000;
        long bucket = Math.ceilDiv(to - EventStream.START, BUCKETS);
        long end = EventStream.START + bucket * BUCKETS;
        return new Span(EventStream.START, EventStream.START + (to - EventStream.START) / 3, end, bucket);
    }

    /** Milliseconds of CPU for one question: the median of rounds, each of some askings. */
    double cpu(Question question, int rounds) throws IOException {
        var each = new double[rounds];
        ask(question);
        for (int round = 0; round < rounds; round++) {
            long from = cpu();
            int asked = 0;
            while (asked < 1 || asked < 100 && cpu() - from < 100_000_000) {
                ask(question);
                asked++;
            }
            each[round] = (cpu() - from) / 1e6 / asked;
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
        store.close();
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
