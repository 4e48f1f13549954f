package io.marsad.fleet.boundary;

import com.google.protobuf.InvalidProtocolBufferException;
import io.marsad.fleet.relay.TelemetrySink;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.log.EventLog;
import io.marsad.kernel.log.LogFullException;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.proto.agent.v1.Batch;
import io.marsad.uplink.DurableFile;
import io.marsad.wire.PeerId;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Batches of endpoints that wait for the control plane, in the event log: durable before they are acknowledged. When it is
 * full nothing is taken, and the endpoints keep what they have. Thread-safe.
 */
public final class RelaySpool implements TelemetrySink, AutoCloseable {
    /** The largest batch: with what a relay adds to it, it still fits into what the control plane takes. */
    static final int MOST_BYTES = (4 << 20) - 4096;

    private static final Pattern SPOOL = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final int MOST_KNOWN = 100_000;
    private static final int LONGEST_WAIT = 60_000;
    private static final int MOST_READ = 16 << 20; // bytes, at once
    private static final String FORMAT = "agent-batch";

    private final TenantId tenant;
    private final EventLog log;
    private final Path positionFile;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Map<UUID, Kept> kept = new ConcurrentHashMap<>();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong waiting;
    private long position;

    /** How far the newest spool of an endpoint is here. */
    private record Kept(String spool, long through) {}

    /** Batches, and where it is gone on behind them. */
    record Chunk(List<Batch> batches, long end) {}

    /**
     * @param tenant whose endpoints they are
     * @param log of one partition, whose position was {@link #position read}
     * @param positionFile how far it was passed on
     */
    public RelaySpool(TenantId tenant, EventLog log, Path positionFile, InstantSource clock, RandomGenerator random)
            throws IOException {
        this.tenant = tenant;
        this.log = log;
        this.positionFile = positionFile;
        this.clock = clock;
        this.random = random;
        this.position = position(positionFile);
        this.waiting = new AtomicLong(count());
    }

    /** Records that waited when the relay stopped: only the batches themselves say how many they have. */
    private long count() throws IOException {
        long records = 0;
        try (var reading = read()) {
            long end = log.endOffset(0);
            while (reading.at() < end) {
                for (var batch : reading.next(1, Duration.ofMillis(100)).batches()) {
                    records += batch.getRecordsCount();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the relay is stopped while it begins");
        }
        return records;
    }

    /** How far it was passed on; 0: nothing was. */
    public static long position(Path file) throws IOException {
        return Files.exists(file) ? ByteBuffer.wrap(Files.readAllBytes(file)).getLong() : 0;
    }

    @Override
    public Outcome take(PeerId endpoint, Batch batch) throws IOException {
        if (!SPOOL.matcher(batch.getSpoolId()).matches() || batch.getSerializedSize() > MOST_BYTES) {
            refused.incrementAndGet();
            throw new IOException("the batch of " + endpoint.uri() + " is one that the control plane would not take");
        }
        long first = batch.getFirst();
        long last = first + batch.getRecordsCount() - 1;
        var before = kept.get(endpoint.id());
        long through = before != null && before.spool.equals(batch.getSpoolId()) ? before.through : first - 1;
        if (through >= last) {
            return new Outcome(through, 0);
        }
        try {
            append(endpoint, batch, (int) Math.max(0, through + 1 - first));
        } catch (LogFullException e) {
            return new Outcome(first - 1, (int) Math.min(LONGEST_WAIT, Math.max(1, e.retryAfterMillis())));
        }
        if (kept.size() >= MOST_KNOWN) {
            kept.clear(); // what comes twice then is told apart by the control plane
        }
        kept.put(endpoint.id(), new Kept(batch.getSpoolId(), last));
        return new Outcome(last, 0);
    }

    /** @param known so many records of the beginning are here already */
    private void append(PeerId endpoint, Batch batch, int known) throws IOException, LogFullException {
        var builder = batch.toBuilder().setEndpointId(endpoint.id().toString());
        if (known > 0) {
            builder.clearRecords()
                    .setFirst(batch.getFirst() + known)
                    .addAllRecords(batch.getRecordsList().subList(known, batch.getRecordsCount()));
        }
        append(builder.build());
        taken.addAndGet(batch.getRecordsCount() - known);
    }

    private void append(Batch batch) throws IOException, LogFullException {
        var bytes = batch.toByteArray();
        long now = clock.millis();
        var records = new RecordBatch(tenant, "relay", FORMAT, now, bytes.length);
        records.add(EventId.atTime(now, random.nextLong(), random.nextLong()), (byte) 0, bytes, 0, bytes.length);
        log.append(records);
        waiting.addAndGet(batch.getRecordsCount());
    }

    /** Puts one back that was here before. */
    void again(Batch batch) throws IOException, LogFullException {
        append(batch);
    }

    /** What waits, read on from where it was passed on last. One thread uses it. */
    Reading read() throws IOException {
        return new Reading(log.read(0, position), position);
    }

    /** A place in what waits. */
    static final class Reading implements AutoCloseable {
        private final EventLog.Reader reader;
        private final long from;

        private Reading(EventLog.Reader reader, long from) {
            this.reader = reader;
            this.from = from;
        }

        private long at() {
            return reader.position();
        }

        /** The next ones, about so many, and not much more than {@link #MOST_READ}; none when there are none in time. */
        Chunk next(int most, Duration patience) throws IOException, InterruptedException {
            var batches = new ArrayList<Batch>();
            long bytes = 0;
            var some = reader.poll(patience);
            while (some != null) {
                for (int i = 0; i < some.size(); i++) {
                    if (some.baseOffset() + i >= from) {
                        batches.add(batch(some, i));
                        bytes += some.length(i);
                    }
                }
                some = batches.size() < most && bytes < MOST_READ ? reader.poll(Duration.ZERO) : null;
            }
            return new Chunk(batches, reader.position());
        }

        private static Batch batch(RecordBatch records, int i) throws IOException {
            try {
                var bytes = ByteBuffer.wrap(records.bytes(), records.offset(i), records.length(i));
                return Batch.parseFrom(bytes);
            } catch (InvalidProtocolBufferException e) {
                throw new IOException("what was kept cannot be read", e);
            }
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }

    /** All before this place is kept at the control plane. */
    synchronized void passedOn(Chunk chunk) throws IOException {
        DurableFile.replace(
                positionFile, ByteBuffer.allocate(Long.BYTES).putLong(chunk.end).array());
        position = chunk.end;
        waiting.addAndGet(
                -chunk.batches.stream().mapToLong(Batch::getRecordsCount).sum());
        log.release(0, chunk.end);
    }

    /** Records that were taken since the relay began. */
    long taken() {
        return taken.get();
    }

    /** Batches that no control plane would take, since the relay began. */
    long refused() {
        return refused.get();
    }

    /** Records that wait. */
    long waiting() {
        return waiting.get();
    }

    /** Bytes on disk, with what was passed on and not yet deleted. */
    long bytes() {
        return log.bytes();
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
