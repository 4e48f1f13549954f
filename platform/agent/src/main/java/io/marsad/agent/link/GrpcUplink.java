package io.marsad.agent.link;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.marsad.agent.Uplink;
import io.marsad.agent.spool.SpoolEntry;
import io.marsad.proto.agent.v1.Batch;
import io.marsad.proto.agent.v1.Lost;
import io.marsad.proto.agent.v1.Taken;
import io.marsad.proto.agent.v1.TelemetryGrpc;
import io.marsad.uplink.Reasons;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends batches over one call as long as that lasts, the next when the one before is kept at the other end. Used by one
 * thread, but for {@link #close}.
 */
final class GrpcUplink implements Uplink, AutoCloseable {
    private static final int SECONDS = 30;

    private final Supplier<Channel> channel;
    private final String spool;
    private final Supplier<Lost> lost;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable Sending sending;
    private volatile long sent;

    /**
     * @param channel to call by: another one when there is another certificate
     * @param lost what the spool could not keep so far
     */
    GrpcUplink(Supplier<Channel> channel, String spool, Supplier<Lost> lost) {
        this.channel = channel;
        this.spool = spool;
        this.lost = lost;
    }

    /** What came back, or how the call ended. */
    private static final class Sending implements ClientResponseObserver<Batch, Taken> {
        private final Channel by;
        private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        private volatile @Nullable ClientCallStreamObserver<Batch> call;

        private Sending(Channel by) {
            this.by = by;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<Batch> stream) {
            call = stream;
        }

        @Override
        public void onNext(Taken taken) {
            heard.add(taken);
        }

        @Override
        public void onError(Throwable failed) {
            heard.add(new IOException(Reasons.of(failed), failed));
        }

        @Override
        public void onCompleted() {
            heard.add(new IOException("the relay has ended the call"));
        }

        private void end() {
            var open = call;
            if (open != null) {
                open.cancel("it is not used any more", null);
            }
        }
    }

    @Override
    public long send(List<SpoolEntry> records) throws IOException {
        var batch = Batch.newBuilder()
                .setSpoolId(spool)
                .setFirst(records.getFirst().sequence())
                .setLost(lost.get());
        long last = records.getFirst().sequence() - 1;
        for (var record : records) {
            if (record.sequence() != last + 1) {
                break; // some numbers are never given: what is behind them is a batch of its own
            }
            last++;
            batch.addRecords(ByteString.copyFrom(record.record()));
        }
        try {
            var taken = exchange(batch.build());
            sent += Math.max(0, Math.min(taken.getThrough(), last) - batch.getFirst() + 1);
            if (taken.getWaitMs() > 0 && stopped.await(taken.getWaitMs(), TimeUnit.MILLISECONDS)) {
                throw new IOException("the agent stops");
            }
            return Math.min(taken.getThrough(), last);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the relay was asked", e);
        }
    }

    private Taken exchange(Batch batch) throws IOException, InterruptedException {
        var to = channel.get();
        var open = sending;
        if (open == null || open.by != to) {
            drop();
            sending = open = new Sending(to);
            TelemetryGrpc.newStub(to).send(open);
        }
        var call = open.call;
        if (call == null) {
            throw new IOException("the call did not begin");
        }
        if (open.heard.poll() instanceof IOException ended) { // since the batch before
            drop();
            throw ended;
        }
        call.onNext(batch);
        var heard = open.heard.poll(SECONDS, TimeUnit.SECONDS);
        if (heard instanceof Taken taken && taken.getSpoolId().equals(spool)) {
            return taken;
        }
        drop();
        if (heard instanceof IOException failed) {
            throw failed;
        }
        throw new IOException("the relay has not said within " + SECONDS + " s what it kept");
    }

    private void drop() {
        var open = sending;
        sending = null;
        if (open != null) {
            open.end();
        }
    }

    /** Records that were kept at the other end. */
    long sent() {
        return sent;
    }

    /** Whoever waits in {@link #send} does not wait any more. */
    @Override
    public void close() {
        stopped.countDown();
        drop();
    }
}
