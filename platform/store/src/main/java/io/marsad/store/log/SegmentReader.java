package io.marsad.store.log;

import io.marsad.kernel.log.EventLog;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.store.disk.DiskFile;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Walks a partition's frames up to the durable end. Damaged frames are reported and passed over. Has files of its own:
 * an interrupt closes the channel that is being read, which must not be the writer's.
 */
final class SegmentReader implements EventLog.Reader {
    private final LogPartition partition;
    private long position;
    private @Nullable LogSegment segment;
    private @Nullable DiskFile file;
    private @Nullable FrameCursor cursor;
    private long filePosition;
    private boolean closed;

    SegmentReader(LogPartition partition, long from) {
        this.partition = partition;
        this.position = Math.clamp(from, partition.segments().firstOffset(), partition.end());
    }

    @Override
    public @Nullable RecordBatch poll(Duration timeout) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            do {
                var frame = step(Long.MAX_VALUE);
                if (frame != null) {
                    return frame.batch();
                }
            } while (partition.awaitBeyond(position, deadline));
            return null;
        } catch (ClosedByInterruptException e) {
            leave();
            throw new InterruptedException("interrupted while reading the event log");
        }
    }

    /**
     * Goes to the next frame whose records start before the offset, checks it and stands behind it.
     *
     * @return the cursor, which still has the frame; null when there is none
     */
    @Nullable
    FrameCursor step(long before) throws IOException {
        if (closed) {
            throw new IOException("the reader is closed");
        }
        while (position < Math.min(before, partition.end())) {
            var at = segment;
            var frames = cursor;
            if (at == null || frames == null) {
                enter();
                continue;
            }
            boolean sealed = at.sealed();
            var tail = at.tail();
            if (filePosition < tail.bytes() && frames.frameAt(filePosition, tail.bytes())) {
                if (frames.offset() > position) {
                    damaged(position, frames.offset(), at, "records are missing");
                }
                filePosition += frames.total();
                position = frames.offset() + frames.records();
                return frames;
            }
            if (position < tail.end()) {
                resync(at, frames, tail);
            } else if (sealed) {
                leave();
            } else {
                return null;
            }
        }
        return null;
    }

    private void resync(LogSegment at, FrameCursor frames, LogSegment.Tail tail) throws IOException {
        long found = frames.next(filePosition, tail.bytes(), position);
        long goesOn = found < 0 ? tail.end() : Math.max(position, frames.offset());
        damaged(position, goesOn, at, "bytes from " + filePosition + " on are not as they were written");
        position = goesOn;
        filePosition = found < 0 ? tail.bytes() : found;
    }

    private void damaged(long from, long to, LogSegment at, String reason) {
        if (from < to) {
            partition.segments().damaged(from, to, at.name(), reason);
        }
    }

    /** Opens the segment that holds the position, or the next one there is. */
    private void enter() throws IOException {
        var at = partition.segments().holding(position);
        try {
            file = partition.segments().openForReading(at);
        } catch (NoSuchFileException e) {
            if (partition.segments().holding(position) == at) {
                throw e; // not released meanwhile: somebody else took it away
            }
            return;
        }
        segment = at;
        position = Math.max(position, at.base());
        var frames = new FrameCursor(file, at.marker());
        cursor = frames;
        long limit = at.tail().bytes();
        long p = at.positionBefore(position);
        while (frames.headerAt(p, limit) && frames.offset() + frames.records() <= position) {
            p += frames.total();
        }
        filePosition = p;
    }

    private void leave() throws IOException {
        segment = null;
        cursor = null;
        if (file != null) {
            file.close();
            file = null;
        }
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        leave();
    }
}
