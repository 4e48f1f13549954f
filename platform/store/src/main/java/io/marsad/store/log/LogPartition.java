package io.marsad.store.log;

import io.marsad.kernel.log.LogFullException;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.store.disk.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition: its segments and the thread that writes them. Whoever appends while a sync is under way is in the next
 * one, together with all others: the slower the disk, the bigger the groups.
 *
 * <p>After a failed sync nothing is known about what is on the disk, so the partition takes nothing more until it is
 * opened again (and looks).
 */
final class LogPartition {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentLog.class);
    private static final int GROUP_BYTES = 8 << 20;
    private static final long QUEUE_BYTES = 64L << 20;
    private static final int STAGE = 1 << 20;
    private static final int FIRST_STEP = 256 << 10;
    private static final int STEP = 4 << 20;
    private static final long RETRY_MILLIS = 2000;

    private final LogConfig config;
    private final int number;
    private final SegmentSet segments;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Condition advanced = lock.newCondition();

    // guarded by lock
    private final ArrayDeque<PendingAppend> queue = new ArrayDeque<>();
    private long queuedBytes;
    private boolean closing;
    private @Nullable IOException failure;

    private volatile long end;

    // the committer's
    private final ByteBuffer stage = ByteBuffer.allocateDirect(STAGE);
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(FIRST_STEP);
    private @Nullable Thread committer;

    LogPartition(LogConfig config, int number, SegmentSet segments) {
        this.config = config;
        this.number = number;
        this.segments = segments;
    }

    /** @param least the partition goes on at this offset or later, as its reader has seen everything before it */
    void open(long least) throws IOException {
        end = segments.open(least);
        committer = Thread.ofPlatform().name("log-" + number).start(this::run);
    }

    SegmentSet segments() {
        return segments;
    }

    // ---- appending

    long append(RecordBatch batch) throws IOException, LogFullException {
        var pending = new PendingAppend(Frame.encode(batch));
        if (!enqueue(pending)) {
            segments.drop(true);
            if (!enqueue(pending)) {
                throw new LogFullException(
                        "the event log holds " + (config.maxBytes() >> 20) + " MiB that were not processed yet",
                        RETRY_MILLIS);
            }
        }
        long offset = pending.await();
        batch.appendedAt(offset);
        return offset;
    }

    /** False when the configured space is used up. */
    private boolean enqueue(PendingAppend pending) throws IOException {
        lock.lock();
        try {
            while (queuedBytes > QUEUE_BYTES && failure == null && !closing) {
                room.awaitUninterruptibly();
            }
            if (failure != null) {
                throw new IOException("the event log has stopped: " + failure.getMessage(), failure);
            }
            if (closing) {
                throw new IOException("the event log is closed");
            }
            if (segments.bytes() + queuedBytes + pending.length() > config.maxBytes()) {
                return false;
            }
            queuedBytes += pending.length();
            queue.add(pending);
            arrived.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        var group = new ArrayList<PendingAppend>();
        try {
            while (take(group)) {
                commit(group);
                group.clear();
            }
        } catch (IOException | RuntimeException | Error e) {
            stop(e instanceof IOException io ? io : new IOException(e), group);
        }
    }

    /** Fills the group with what waits; false when the log is closed and nothing waits. */
    private boolean take(List<PendingAppend> group) {
        lock.lock();
        try {
            while (queue.isEmpty() && !closing) {
                arrived.awaitUninterruptibly();
            }
            long bytes = 0;
            while (!queue.isEmpty() && bytes < GROUP_BYTES) {
                var pending = queue.remove();
                bytes += pending.length();
                group.add(pending);
            }
            return !group.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void commit(List<PendingAppend> group) throws IOException {
        int from = 0;
        while (from < group.size()) {
            int to = from;
            try {
                var segment = segmentWithRoom(group.get(from).length());
                long bytes = segment.tail().bytes();
                long offset = end;
                while (to < group.size() && (to == from || bytes + group.get(to).length() <= config.segmentBytes())) {
                    var pending = group.get(to++);
                    pending.place(segment.marker(), offset, end);
                    bytes += pending.length();
                    offset += pending.records();
                }
                write(segment, group.subList(from, to), bytes);
                segment.file().sync();
                publish(segment, new LogSegment.Tail(bytes, offset), group.subList(from, to));
            } catch (DiskFullException e) {
                segments.active().cut();
                to = group.size();
                refuse(group.subList(from, to), e);
            }
            from = to;
        }
    }

    private LogSegment segmentWithRoom(int bytes) throws IOException {
        var active = segments.active();
        if (active.tail().bytes() + bytes <= config.segmentBytes()
                || active.tail().bytes() == LogSegment.DATA) {
            return active;
        }
        var next = segments.roll(end);
        active.cut(); // gives the preallocated rest back
        active.seal();
        segments.drop(false);
        return next;
    }

    private void write(LogSegment segment, List<PendingAppend> group, long upTo) throws IOException {
        if (upTo > segment.allocated()) {
            int step =
                    (int) Math.min(segment.allocated() == LogSegment.DATA ? FIRST_STEP : STEP, config.segmentBytes());
            segments.checkReserve(Math.max(step, upTo - segment.allocated()));
            segment.allocate(upTo, step, zeros);
        }
        long at = segment.tail().bytes();
        stage.clear();
        for (var pending : group) {
            for (int done = 0; done < pending.length(); ) {
                int n = Math.min(stage.remaining(), pending.length() - done);
                stage.put(pending.frame(), done, n);
                done += n;
                if (!stage.hasRemaining()) {
                    at = flush(segment, at);
                }
            }
        }
        flush(segment, at);
    }

    private long flush(LogSegment segment, long at) throws IOException {
        stage.flip();
        int n = stage.remaining();
        segment.file().write(stage, at);
        stage.clear();
        return at + n;
    }

    private void publish(LogSegment segment, LogSegment.Tail tail, List<PendingAppend> group) {
        long at = segment.tail().bytes();
        for (var pending : group) {
            segment.frameWritten(at, pending.offset());
            at += pending.length();
        }
        lock.lock();
        try {
            segments.grown(tail.bytes() - segment.tail().bytes());
            segment.publish(tail);
            end = tail.end();
            settled(group);
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
        group.forEach(PendingAppend::durable);
    }

    private void refuse(List<PendingAppend> group, DiskFullException e) {
        lock.lock();
        settled(group);
        lock.unlock();
        LOG.warn("event log, partition {}: {}; senders are told to come again", number, e.getMessage());
        group.forEach(p -> p.full(new LogFullException("the event log's disk is full", RETRY_MILLIS)));
    }

    private void settled(List<PendingAppend> group) {
        for (var pending : group) {
            queuedBytes -= pending.length();
        }
        room.signalAll();
    }

    private void stop(IOException cause, List<PendingAppend> group) {
        LOG.error("event log, partition {}: stopped, nothing more is taken until the next start", number, cause);
        lock.lock();
        try {
            failure = cause;
            group.addAll(queue);
            queue.clear();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        group.forEach(p -> p.failed(cause)); // those that are durable already stay so
    }

    // ---- reading

    long end() {
        return end;
    }

    /** Waits until there are durable records at or after the offset; false when the time is up or the log closes. */
    boolean awaitBeyond(long offset, long deadline) throws InterruptedException {
        if (end > offset) {
            return true;
        }
        lock.lockInterruptibly();
        try {
            while (end <= offset && !closing) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                advanced.awaitNanos(left);
            }
            return end > offset;
        } finally {
            lock.unlock();
        }
    }

    // ---- closing

    void close() throws IOException {
        lock.lock();
        closing = true;
        arrived.signalAll();
        advanced.signalAll();
        room.signalAll();
        lock.unlock();
        boolean interrupted = false;
        while (committer != null && committer.isAlive()) {
            try {
                TimeUnit.SECONDS.timedJoin(committer, 60);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        segments.close();
    }
}
