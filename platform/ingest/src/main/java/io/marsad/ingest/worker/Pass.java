package io.marsad.ingest.worker;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.tenant.TenantId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass over batches of one tenant: what was taken, what became of it, and what was found. Reused; one thread.
 *
 * <p>A record that makes the mapping fail is a dead letter. A row that makes a rule fail stays an event: the fault is the
 * rule's and is told as the source's last error.
 */
final class Pass {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final int MAX_REASON = 500;
    /** A batch that grew beyond is not kept for the next pass. */
    private static final int KEPT_BYTES = 8 << 20;

    private final RecordNormalizer normalizer;
    private final Detector detector;
    private final Listing listing;
    private final DedupeWindow seen;

    private EventBatch events;
    private long decideFrom;
    private long bytes;
    private final List<DeadRecord> dead = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<Finding> scratch = new ArrayList<>();
    private final Map<SourceCount.Key, SourceCount> counts = new HashMap<>();
    private final List<SourceCount> countOfRow = new ArrayList<>();
    private long ruleFaults;
    /** Rows before it were looked at. */
    private int looked;

    Pass(Workers.Parts parts, DedupeWindow seen, TenantId any) {
        this.normalizer = parts.normalizer();
        this.detector = parts.detector();
        this.listing = parts.listing();
        this.seen = seen;
        this.events = new EventBatch(any);
    }

    /** @param from records before this offset were decided on already: they go to store and state only */
    void begin(TenantId tenant, long from) {
        if (events.tenant().equals(tenant)) {
            events.clear();
        } else {
            events = new EventBatch(tenant);
        }
        decideFrom = from;
        bytes = 0;
        dead.clear();
        findings.clear();
        counts.clear();
        countOfRow.clear();
        ruleFaults = 0;
        looked = 0;
    }

    void add(RecordBatch records) {
        seen.advance(records.received());
        var count =
                counts.computeIfAbsent(new SourceCount.Key(records.origin(), records.format()), k -> new SourceCount());
        bytes += records.byteCount();
        for (int i = 0; i < records.size(); i++) {
            add(records, i, records.baseOffset() + i >= decideFrom ? count : new SourceCount());
        }
    }

    private void add(RecordBatch records, int index, SourceCount count) {
        count.received++;
        count.bytes += records.length(index);
        count.firstReceived = Math.min(count.firstReceived, records.received());
        count.lastReceived = Math.max(count.lastReceived, records.received());
        boolean keyed = records.keyed(index);
        if (keyed && seen.contains(records.id(index))) {
            count.deduplicated++;
            return;
        }
        var reason = normalize(records, index);
        if (reason != null) {
            count.dead++;
            count.lastError = reason;
            if (records.baseOffset() + index >= decideFrom) {
                dead.add(new DeadRecord(records, index, reason));
            }
            return;
        }
        count.stored++;
        countOfRow.add(count);
        int row = events.rows() - 1;
        count.lastEvent = Math.max(count.lastEvent, events.time(row));
        count.logSource(events.source(row));
        if (keyed) {
            seen.add(records.id(index));
        }
    }

    private @org.jspecify.annotations.Nullable String normalize(RecordBatch records, int index) {
        int rows = events.rows();
        try {
            var reason = normalizer.normalize(records, index, events);
            if (reason == null && events.rows() != rows + 1) {
                throw new IllegalStateException("the mapping made " + (events.rows() - rows) + " events of a record");
            }
            return reason == null ? null : shortened(reason);
        } catch (RuntimeException | StackOverflowError e) {
            if (events.rows() != rows) {
                throw e; // rows were ended that do not belong to anything: not to be repaired here
            }
            events.dropRow();
            LOG.warn("a mapping failed on record {} of {}", records.id(index), records.origin(), e);
            return shortened("the mapping failed: " + e);
        }
    }

    /** Looks at the rows that were added since it did. */
    void detect() {
        look(looked);
        for (; looked < events.rows(); looked++) {
            int row = looked;
            scratch.clear();
            try {
                detector.detect(events, row, scratch);
            } catch (RuntimeException | StackOverflowError e) {
                ruleFaults++;
                countOfRow.get(row).lastError = shortened("a rule failed on event " + events.id(row) + ": " + e);
                LOG.warn("a rule failed on event {}", events.id(row), e);
            }
            if (events.logOffset(row) >= decideFrom) {
                findings.addAll(scratch);
            }
        }
    }

    private void look(int from) {
        scratch.clear();
        try {
            listing.look(events, from, scratch);
        } catch (RuntimeException e) {
            ruleFaults++;
            LOG.warn("listed values of {} could not be looked for", events.tenant(), e);
        }
        for (Finding found : scratch) {
            if (found instanceof Finding.OnListed one && events.logOffset(one.row()) >= decideFrom) {
                findings.add(one);
            }
        }
    }

    /** Nothing of the tenant's events stays in memory. */
    void forget(TenantId tenant, TenantId nobody) {
        if (events.tenant().equals(tenant)) {
            begin(nobody, 0);
            scratch.clear();
        }
    }

    /** Nobody needs any more what was taken; memory that is rarely needed is given back. */
    void end() {
        findings.clear();
        dead.clear();
        if (events.bytes() > KEPT_BYTES) {
            events = new EventBatch(events.tenant());
        }
    }

    private static String shortened(String reason) {
        return reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason;
    }

    EventBatch events() {
        return events;
    }

    /** Of the records taken. */
    long bytes() {
        return bytes;
    }

    List<DeadRecord> dead() {
        return dead;
    }

    List<Finding> findings() {
        return findings;
    }

    Map<SourceCount.Key, SourceCount> counts() {
        return counts;
    }

    long ruleFaults() {
        return ruleFaults;
    }
}
