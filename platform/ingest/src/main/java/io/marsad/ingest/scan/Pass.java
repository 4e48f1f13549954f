package io.marsad.ingest.scan;

import io.marsad.ingest.offline.Contributions;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.normalize.format.EvtxReader;
import io.marsad.normalize.format.RecordFiles;
import io.marsad.normalize.format.RecordFormat;
import io.marsad.normalize.mapping.MappingSet;
import io.marsad.normalize.mapping.Normalizer;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.DetectionSink;
import io.marsad.sigma.Explain;
import io.marsad.sigma.RuleMatcher;
import io.marsad.sigma.SigmaRule;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One thread's way through parts of files: read, normalize, match, some records at a time. */
final class Pass implements RecordFiles.Sink, DetectionSink {
    static final TenantId TENANT = new TenantId("scan");
    private static final Finding.Place NOWHERE = new Finding.Place("", 0);
    private static final int BATCH_RECORDS = 256;
    private static final int BATCH_BYTES = 1 << 20;

    private final ScanOptions options;
    private final RuleMatcher rules;
    private final Normalizer normalizer;
    private final long received;
    private final EvtxReader evtx = new EvtxReader();
    private final Explain explain = new Explain();
    private final Contributions contributions;
    private final EventBatch events = new EventBatch(TENANT);
    private @Nullable RecordBatch pending;

    private Outcome outcome = new Outcome();
    private long partId;
    private long recordInPart;

    private long normalizing;
    private long matching;
    private long working;

    /** What came of a part. Records are numbered from its start. */
    static final class Outcome {
        final List<Hit> hits = new ArrayList<>();
        final Map<String, Long> unread = new TreeMap<>();
        /** Of an archive: its files by the number of their first record. */
        final TreeMap<Long, String> entries = new TreeMap<>();

        long records;
        long events;

        void unread(String reason, long count) {
            unread.merge(reason, count, Long::sum);
        }
    }

    /** A rule that an event fits; the place in the event is completed when all parts of its file are known. */
    record Hit(long record, Finding.Event event, SigmaRule rule, List<Finding.Matched> matched) {}

    Pass(ScanOptions options, MappingSet mappings, RuleMatcher ownRules, Contributions.Wanted wanted, long received) {
        this.options = options;
        this.received = received;
        rules = ownRules;
        normalizer = new Normalizer(mappings);
        contributions = new Contributions(wanted, TENANT);
    }

    Contributions contributions() {
        return contributions;
    }

    long normalizing() {
        return normalizing;
    }

    long matching() {
        return matching;
    }

    /** All time spent in {@link #run}. */
    long working() {
        return working;
    }

    Outcome run(ScanFiles.Part part) {
        long before = System.nanoTime();
        outcome = new Outcome();
        partId = (long) part.source().index() << 32 | part.number();
        recordInPart = 0;
        try {
            Map<String, Long> reasons = part.count() == 0 ? file(part) : chunks(part);
            flush();
            reasons.forEach((reason, count) -> outcome.unread(reason, count));
        } catch (IOException e) {
            flush();
            outcome.unread(ScanFiles.reason(e), 1);
        }
        working += System.nanoTime() - before;
        return outcome;
    }

    private Map<String, Long> file(ScanFiles.Part part) throws IOException {
        return RecordFiles.read(part.source().path(), this).reasons();
    }

    private Map<String, Long> chunks(ScanFiles.Part part) throws IOException {
        try (var file = FileChannel.open(part.source().path())) {
            return evtx.read(
                            file,
                            part.first(),
                            part.count(),
                            (id, written, bytes, offset, length) -> record(RecordFormat.WINDOWS, bytes, offset, length))
                    .reasons();
        }
    }

    @Override
    public void entry(String name) {
        outcome.entries.put(recordInPart, name);
    }

    @Override
    public void record(RecordFormat format, byte[] bytes, int offset, int length) {
        var records = pending;
        if (records != null && !records.format().equals(format.label())) {
            flush();
            records = null;
        }
        if (records == null) {
            records = new RecordBatch(TENANT, "scan", format.label(), received, 64 << 10);
            pending = records;
        }
        records.add(new EventId(partId, recordInPart++), (byte) 0, bytes, offset, length);
        if (records.size() >= BATCH_RECORDS || records.byteCount() >= BATCH_BYTES) {
            flush();
        }
    }

    private void flush() {
        var records = pending;
        if (records == null) {
            return;
        }
        pending = null;
        long start = System.nanoTime();
        events.clear();
        for (int i = 0; i < records.size(); i++) {
            var refusal = normalizer.normalize(records, i, events);
            if (refusal != null) {
                outcome.unread(refusal, 1);
            }
        }
        long normalized = System.nanoTime();
        outcome.records += records.size();
        for (int row = 0; row < events.rows(); row++) {
            long time = events.time(row);
            if (time < options.since() || time >= options.until()) {
                continue;
            }
            outcome.events++;
            if (options.anySource()) {
                rules.matchAnySource(events, row, this);
            } else {
                rules.match(events, row, this);
            }
        }
        normalizing += normalized - start;
        matching += System.nanoTime() - normalized;
    }

    @Override
    public void detected(SigmaRule rule, EventBatch batch, int row) {
        var matched = new ArrayList<Finding.Matched>();
        for (Explain.Match match : explain.explain(rule, batch, row)) {
            matched.add(new Finding.Matched(match.selection(), match.field(), match.value(), match.pattern()));
        }
        long record = batch.idLow(row);
        outcome.hits.add(new Hit(record, Slots.event(NOWHERE, batch, row), rule, List.copyOf(matched)));
    }

    @Override
    public void contributed(Correlation correlation, Correlation.Member member, EventBatch batch, int row) {
        contributions.add(correlation, member, batch, row);
    }
}
