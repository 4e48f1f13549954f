package io.marsad.bench.search;

import io.marsad.bench.diff.ReferenceRules;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.store.RetentionPolicy;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.normalize.format.RecordFiles;
import io.marsad.normalize.format.RecordFormat;
import io.marsad.normalize.mapping.Normalizer;
import io.marsad.server.node.Content;
import io.marsad.store.segment.SegmentStore;
import io.marsad.testkit.sigma.ReferenceEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Fills an event store with real events, and notes of each what a naive filter over its text says to every rule and every
 * question. One thread uses it.
 */
final class SearchDiff {
    static final TenantId TENANT = new TenantId("diff");
    /** When records count as received; 2100, so that no record is from the future. A copy is received a day later. */
    private static final long RECEIVED = 4_102_444_800_000L;

    private static final long DAY = 86_400_000;
    private static final int BATCH = 500;
    private static final int CHECKPOINT_EVERY = 20_000;

    private final SegmentStore store;
    private final ReferenceRules rules;
    private final List<Question> questions;
    private final Normalizer normalizer;

    private final Map<EventId, Integer> numbers = new HashMap<>();
    private final Map<String, BitSet> ruleHits = new TreeMap<>();
    private EventBatch rows = new EventBatch(TENANT);
    private long records;
    private long sinceCheckpoint;
    private long[] times = new long[1024];

    SearchDiff(SegmentStore store, Content content, ReferenceRules rules, List<Question> questions) {
        this.store = store;
        this.rules = rules;
        this.questions = questions;
        normalizer = new Normalizer(content.mappings());
    }

    int events() {
        return numbers.size();
    }

    /** The number of an event; they are counted from 0 as they come. */
    int number(EventId id) {
        var number = numbers.get(id);
        if (number == null) {
            throw new IllegalStateException("a search gave an event that was never stored: " + id);
        }
        return number;
    }

    long time(int number) {
        return times[number];
    }

    BitSet hits(String rule) {
        return ruleHits.getOrDefault(rule, new BitSet());
    }

    /** Stores and judges all records of the files, as the so manieth copy. */
    void read(List<Path> files, int copy, Progress progress) throws IOException {
        for (Path file : files) {
            try {
                RecordFiles.read(file, (format, bytes, offset, length) -> record(format, bytes, offset, length, copy));
            } catch (IOException e) {
                System.err.println(file + ": " + e.getMessage());
            }
            progress.at(numbers.size());
        }
    }

    interface Progress {
        void at(int events);
    }

    private void record(RecordFormat format, byte[] bytes, int offset, int length, int copy) throws IOException {
        var one = new RecordBatch(TENANT, "diff", format.label(), RECEIVED + copy * DAY, length);
        one.add(EventId.atTime(RECEIVED, 1, records), (byte) 0, bytes, offset, length);
        one.appendedAt(records++);
        int before = rows.rows();
        normalizer.normalize(one, 0, rows);
        for (int row = before; row < rows.rows(); row++) {
            judge(row);
        }
        if (rows.rows() >= BATCH) {
            append();
        }
    }

    private void judge(int row) {
        int number = numbers.size();
        if (numbers.put(rows.id(row), number) != null) {
            throw new IllegalStateException("two events with one id: " + rows.id(row));
        }
        if (number == times.length) {
            times = java.util.Arrays.copyOf(times, 2 * number);
        }
        times[number] = rows.time(row);
        var event = ReferenceRules.event(rows, row);
        rules.of(rows.source(row)).forEach((id, rule) -> {
            if (rule.matches(event)) {
                ruleHits.computeIfAbsent(id, i -> new BitSet()).set(number);
            }
        });
        var raw = new String(rows.arena(), rows.rawOffset(row), rows.rawLength(row), StandardCharsets.UTF_8);
        var subject = new Subject(event, new ReferenceEvent.Value(raw), rows.time(row));
        for (var question : questions) {
            question.ask(subject, number);
        }
    }

    private void append() throws IOException {
        store.append(0, rows);
        sinceCheckpoint += rows.rows();
        if (sinceCheckpoint >= CHECKPOINT_EVERY) {
            sinceCheckpoint = 0;
            store.checkpoint(0, records);
        }
        rows.clear();
    }

    /** Appends what is left; it stays in the open part of the store. */
    void finish() throws IOException {
        append();
    }

    /** Puts small files together, so that compacted files are asked too. */
    void compact() throws IOException {
        append();
        store.checkpoint(0, records);
        store.maintain(RetentionPolicy.KEEP_ALL, RECEIVED, () -> true);
    }

    /** Values that the files' events have, evenly taken. */
    static List<QuestionMaker.Seen> values(Content content, List<Path> files, java.util.Random random, List<Long> times)
            throws IOException {
        var normalizer = new Normalizer(content.mappings());
        var seen = new ArrayList<QuestionMaker.Seen>();
        var batch = new EventBatch(TENANT);
        for (Path file : files) {
            int[] left = {40};
            RecordFiles.read(file, (format, bytes, offset, length) -> {
                if (left[0] <= 0 || random.nextInt(3) != 0) {
                    return;
                }
                left[0]--;
                var one = new RecordBatch(TENANT, "diff", format.label(), RECEIVED, length);
                one.add(new EventId(1, 1), (byte) 0, bytes, offset, length);
                batch.clear();
                normalizer.normalize(one, 0, batch);
                for (int row = 0; row < batch.rows(); row++) {
                    times.add(batch.time(row));
                    sample(batch, row, random, seen);
                }
            });
        }
        return seen;
    }

    private static void sample(EventBatch batch, int row, java.util.Random random, List<QuestionMaker.Seen> seen) {
        for (int e = batch.first(row); e < batch.end(row); e++) {
            if (batch.type(e) != EventBatch.NULL && random.nextInt(3) == 0) {
                var field = io.marsad.kernel.event.Field.byId(batch.field(e)).path();
                seen.add(new QuestionMaker.Seen(field, batch.text(e)));
            }
        }
    }
}
