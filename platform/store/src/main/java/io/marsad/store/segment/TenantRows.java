package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.tenant.TenantId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's rows of one partition: segments, and open rows that are in no block yet. Rows are numbered as they come;
 * blocks are always made of all open rows, so that one number says how far they reach.
 *
 * <p>Written by the partition's thread; {@link #view} is what searches see, replaced as a whole.
 */
final class TenantRows {
    /** Chunks smaller than this are put together, so that many small appends do not leave many small batches. */
    private static final int SMALL = 256;
    /** The journal's blocks, which have few rows, are about so many times smaller than the rows in memory. */
    private static final int PACKED = 4;

    /**
     * What there is at one moment. The open batches are no longer written to.
     *
     * @param sealedRows the number of the first open row
     * @param journal of the open rows, so many have a place in the journal
     */
    record View(List<Segment> segments, List<EventBatch> open, long sealedRows, InJournal journal) {
        /** About how many bytes the rows have on disk; those that the journal has not yet are estimated. */
        long bytes() {
            long bytes = journal.bytes;
            long rows = 0;
            long unpacked = 0;
            for (var segment : segments) {
                bytes += segment.length;
            }
            for (var batch : open) {
                rows += batch.rows();
                unpacked += batch.bytes();
            }
            return rows == 0 ? bytes : bytes + unpacked * Math.max(0, rows - journal.rows) / rows / PACKED;
        }
    }

    /** Open rows that the journal has, and the bytes of their blocks there. */
    record InJournal(long rows, long bytes) {
        static final InJournal NONE = new InJournal(0, 0);
    }

    final TenantId tenant;
    final Path directory;
    volatile View view;
    /** Log offset of the last row in a segment, plus one. */
    long sealedOffset;
    /** Log offset of the last row, plus one: what comes again is passed over. */
    long nextOffset;
    /** The number of the first row that is neither in a segment nor in the journal. */
    long journaled;

    long openBytes;
    int openRows;
    boolean changed;
    boolean newFile;
    /** Nothing more is added to the last segment. */
    boolean closed;

    /** Segments that cannot be written anew as they have damaged blocks. */
    final Set<Segment> unfit = Collections.newSetFromMap(new IdentityHashMap<>());
    /** Segments whose damage was tried to be mended. */
    final Set<Segment> hopeless = ConcurrentHashMap.newKeySet();

    private long nextNumber;

    TenantRows(TenantId tenant, Path directory, List<Segment> segments, long sealedRows, long sealedOffset) {
        this.tenant = tenant;
        this.directory = directory;
        this.view = new View(List.copyOf(segments), List.of(), sealedRows, InJournal.NONE);
        this.sealedOffset = sealedOffset;
        this.nextOffset = sealedOffset;
        this.journaled = sealedRows;
        this.nextNumber =
                segments.stream().mapToLong(s -> s.facts.number()).max().orElse(0) + 1;
    }

    /** The same tenant with nothing left, so that rows which come again from the log are still passed over. */
    TenantRows emptied() {
        var empty = new TenantRows(tenant, directory, List.of(), nextRow(), nextOffset);
        empty.nextNumber = nextNumber;
        empty.changed = true;
        return empty;
    }

    /** The number of a new segment; none is given twice. */
    long takeNumber() {
        return nextNumber++;
    }

    /** The segment that blocks are added to, or null when the next begins a new one. */
    @Nullable
    Segment growing() {
        var segments = view.segments;
        return closed || segments.isEmpty() || segments.getLast().facts.tidy() ? null : segments.getLast();
    }

    static long weight(EventBatch batch) {
        return batch.bytes() + batch.end(batch.rows() - 1) * 13L + batch.rows() * 80L;
    }

    long nextRow() {
        return view.sealedRows + openRows;
    }

    /** Takes a batch that nobody writes to any more; it has at least one row. Returns by how many bytes memory grew. */
    long add(EventBatch chunk) {
        var open = new ArrayList<>(view.open);
        open.add(chunk);
        openRows += chunk.rows();
        nextOffset = Math.max(nextOffset, chunk.logOffset(chunk.rows() - 1) + 1);
        while (open.size() > 1) {
            var last = open.getLast();
            var previous = open.get(open.size() - 2);
            if (last.rows() + previous.rows() > SMALL || previous.rows() > 2 * last.rows()) {
                break;
            }
            open.removeLast();
            open.set(open.size() - 1, join(previous, last));
        }
        long before = openBytes;
        openBytes = open.stream().mapToLong(TenantRows::weight).sum();
        view = new View(view.segments, List.copyOf(open), view.sealedRows, view.journal);
        return openBytes - before;
    }

    private EventBatch join(EventBatch a, EventBatch b) {
        var both = new EventBatch(
                tenant, a.rows() + b.rows(), a.end(a.rows() - 1) + b.end(b.rows() - 1), a.bytes() + b.bytes());
        for (var one : List.of(a, b)) {
            for (int r = 0; r < one.rows(); r++) {
                both.copyRow(one, r);
            }
        }
        return both;
    }

    /** The open rows became a block of this segment, the last one. Returns how many bytes of memory are free again. */
    long sealed(Segment grown, boolean isNew) {
        var segments = new ArrayList<>(view.segments);
        if (!isNew) {
            segments.removeLast();
        }
        segments.add(grown);
        long freed = openBytes;
        view = new View(List.copyOf(segments), List.of(), nextRow(), InJournal.NONE);
        openRows = 0;
        openBytes = 0;
        sealedOffset = nextOffset;
        journaled = Math.max(journaled, view.sealedRows);
        changed = true;
        closed = false;
        newFile |= isNew;
        return freed;
    }

    /**
     * The journal has all rows that are open.
     *
     * @param bytes what was added to it
     * @param anew whether that is all it has of them
     */
    void journaled(long bytes, boolean anew) {
        journaled = nextRow();
        long before = anew ? 0 : view.journal.bytes;
        view = new View(view.segments, view.open, view.sealedRows, new InJournal(openRows, before + bytes));
    }

    /** Others stand where these were; none is the one that grows. */
    void replace(List<Segment> old, List<Segment> fresh) {
        var segments = new ArrayList<Segment>();
        for (var segment : view.segments) {
            if (segment == old.getFirst()) {
                segments.addAll(fresh);
            }
            if (!old.contains(segment)) {
                segments.add(segment);
            }
        }
        closed |= !segments.isEmpty() && old.contains(view.segments.getLast());
        view = new View(List.copyOf(segments), view.open, view.sealedRows, view.journal);
        changed = true;
    }

    /** The open rows from a number on, which is not below the first. */
    List<EventBatch> openFrom(long row) {
        var rows = new ArrayList<EventBatch>();
        long at = view.sealedRows;
        for (var chunk : view.open) {
            if (at >= row) {
                rows.add(chunk);
            } else if (at + chunk.rows() > row) {
                var part = new EventBatch(tenant, chunk.rows(), chunk.end(chunk.rows() - 1), chunk.bytes());
                for (int r = (int) (row - at); r < chunk.rows(); r++) {
                    part.copyRow(chunk, r);
                }
                rows.add(part);
            }
            at += chunk.rows();
        }
        return rows;
    }

    /** The log offset of the oldest open row, or the given one when there is none. */
    long oldestOpen(long otherwise) {
        var open = view.open;
        return open.isEmpty() ? otherwise : open.getFirst().logOffset(0);
    }
}
