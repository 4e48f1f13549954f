package io.marsad.fleet.boundary;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.marsad.proto.agent.v1.Batch;
import io.marsad.proto.agent.v1.Taken;
import io.marsad.proto.agent.v1.TelemetryGrpc;
import io.marsad.uplink.Reasons;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on what waits: over several calls at once, those of one endpoint in their order over one. What is passed on is
 * forgotten when the control plane has said that it is kept there.
 */
final class Forwarder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);
    private static final int LANES = 16;
    private static final int MOST_AT_ONCE = 512;
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final long ANSWER_SECONDS = 60;
    private static final long LEAST_WAIT = 500;
    private static final long MOST_WAIT = 10_000;
    private static final int MOST_FAULTS = 60; // at one batch: about ten minutes

    private final RelaySpool spool;
    private final SetAside aside;
    private final Supplier<? extends Channel> channel;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Lane> lanes = new ArrayList<>();
    private final AtomicLong sent = new AtomicLong();
    private volatile String trouble = "";

    Forwarder(RelaySpool spool, SetAside aside, Supplier<? extends Channel> channel) {
        this.spool = spool;
        this.aside = aside;
        this.channel = channel;
        for (int i = 0; i < LANES; i++) {
            lanes.add(new Lane());
        }
        threads.execute(this::run);
    }

    private void run() {
        try {
            do {
                try {
                    passOn();
                } catch (IOException | RuntimeException e) {
                    trouble = "what waits cannot be read, or what was passed on not be noted: " + e.getMessage();
                    LOG.error("nothing is passed on for now", e);
                }
            } while (!stop.await(MOST_WAIT, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lanes.forEach(Lane::end);
        }
    }

    private void passOn() throws IOException, InterruptedException {
        try (var reading = spool.read()) {
            while (stop.getCount() > 0) {
                var chunk = reading.next(MOST_AT_ONCE, PATIENCE);
                if (!chunk.batches().isEmpty() && pass(chunk.batches())) {
                    spool.passedOn(chunk);
                }
            }
        }
    }

    /** @return false when it was stopped before all were kept */
    private boolean pass(List<Batch> batches) throws InterruptedException {
        List<List<Batch>> each = new ArrayList<>();
        for (int i = 0; i < LANES; i++) {
            each.add(new ArrayList<>());
        }
        batches.forEach(batch ->
                each.get(Math.floorMod(batch.getEndpointId().hashCode(), LANES)).add(batch));
        List<Future<Boolean>> running = new ArrayList<>();
        for (int i = 0; i < LANES; i++) {
            var lane = lanes.get(i);
            var its = each.get(i);
            if (!its.isEmpty()) {
                running.add(threads.submit(() -> lane.pass(its)));
            }
        }
        boolean all = true;
        for (var one : running) {
            try {
                all &= one.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a batch could not be passed on", e.getCause());
            }
        }
        return all;
    }

    /** Records that are kept at the control plane, since the relay began. */
    long sent() {
        return sent.get();
    }

    /** Why nothing is passed on; empty: it is. */
    String trouble() {
        return trouble;
    }

    @Override
    public void close() {
        stop.countDown();
        lanes.forEach(Lane::end);
        threads.shutdown();
        try {
            if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** One call to the control plane after another. */
    private final class Lane {
        private volatile @Nullable Sending sending;

        private boolean pass(List<Batch> batches) throws InterruptedException {
            for (var batch : batches) {
                if (!pass(batch)) {
                    return false;
                }
            }
            return true;
        }

        private boolean pass(Batch batch) throws InterruptedException {
            long last = batch.getFirst() + batch.getRecordsCount() - 1;
            long wait = LEAST_WAIT;
            int faults = 0;
            while (stop.getCount() > 0) {
                try {
                    var taken = open().exchange(batch);
                    if (taken.getThrough() >= last) {
                        sent.addAndGet(batch.getRecordsCount());
                        trouble = "";
                        return true;
                    }
                    wait = Math.max(LEAST_WAIT, taken.getWaitMs());
                } catch (Failed e) {
                    end();
                    if (isOfTheBatch(e.status, ++faults) && isSetAside(batch, e)) {
                        return true;
                    }
                    trouble = "the control plane does not take records: " + e.getMessage();
                    LOG.debug("a batch is passed on again", e);
                    wait = Math.min(MOST_WAIT, wait * 2);
                }
                if (stop.await(wait, TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
            return false;
        }

        private boolean isSetAside(Batch batch, Failed why) {
            try {
                boolean done = aside.put(batch);
                LOG.error("the control plane does not take a batch of {}", batch.getEndpointId(), why);
                return done;
            } catch (IOException e) {
                LOG.error("a batch that is not taken cannot be set aside", e);
                return false;
            }
        }

        private Sending open() {
            var to = channel.get();
            var open = sending;
            if (open == null || open.by != to) {
                end();
                sending = open = new Sending(to);
                TelemetryGrpc.newStub(to).send(open);
            }
            return open;
        }

        private void end() {
            var open = sending;
            sending = null;
            if (open != null) {
                open.end();
            }
        }
    }

    /** Whether it will not be taken however often it is said: others wait behind it. */
    private static boolean isOfTheBatch(Status status, int faults) {
        return switch (status.getCode()) {
            case INVALID_ARGUMENT -> true;
            case UNKNOWN, INTERNAL -> faults >= MOST_FAULTS;
            default -> false;
        };
    }

    private static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Status status;

        private Failed(Status status, String message) {
            super(message, status.getCause());
            this.status = status;
        }
    }

    private static final class Sending implements ClientResponseObserver<Batch, Taken> {
        private final Channel by;
        private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        private volatile @Nullable ClientCallStreamObserver<Batch> call;

        private Sending(Channel by) {
            this.by = by;
        }

        private Taken exchange(Batch batch) throws Failed, InterruptedException {
            var open = call;
            if (open == null || heard.poll() instanceof Failed) {
                throw new Failed(Status.UNAVAILABLE, "the call has ended");
            }
            try {
                open.onNext(batch);
            } catch (IllegalStateException e) {
                throw new Failed(Status.CANCELLED.withCause(e), "the call has ended");
            }
            return switch (heard.poll(ANSWER_SECONDS, TimeUnit.SECONDS)) {
                case Taken taken -> taken;
                case Failed failed -> throw failed;
                case null, default ->
                    throw new Failed(Status.DEADLINE_EXCEEDED, "no word within " + ANSWER_SECONDS + " s");
            };
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
            heard.add(new Failed(Status.fromThrowable(failed), Reasons.of(failed)));
        }

        @Override
        public void onCompleted() {
            heard.add(new Failed(Status.UNAVAILABLE, "the control plane has ended the call"));
        }

        private void end() {
            var open = call;
            if (open != null) {
                open.cancel("it is not used any more", null);
            }
            heard.add(new Failed(Status.CANCELLED, "it is not used any more"));
        }
    }
}
