package io.marsad.fleet.relay;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.marsad.proto.agent.v1.Batch;
import io.marsad.proto.agent.v1.Taken;
import io.marsad.proto.agent.v1.TelemetryGrpc;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes batches of endpoints: the next is asked for when the one before is kept, so that an endpoint never sends faster
 * than there is room. Thread-safe.
 */
final class TelemetryService extends TelemetryGrpc.TelemetryImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(TelemetryService.class);

    @Override
    public StreamObserver<Batch> send(StreamObserver<Taken> answers) {
        var call = (ServerCallStreamObserver<Taken>) answers;
        call.disableAutoRequest();
        call.request(1);
        return new Stream(Peers.current(), call);
    }

    private final class Stream implements StreamObserver<Batch> {
        private final Peers.Peer peer;
        private final ServerCallStreamObserver<Taken> call;
        private boolean ended;

        private Stream(Peers.Peer peer, ServerCallStreamObserver<Taken> call) {
            this.peer = peer;
            this.call = call;
        }

        @Override
        public void onNext(Batch batch) {
            if (ended) {
                return;
            }
            var refused = peer.refused();
            if (refused != null) {
                end(Status.UNAUTHENTICATED.withDescription(refused));
            } else if (batch.getFirst() < 1
                    || batch.getRecordsCount() == 0
                    || batch.getFirst() > Long.MAX_VALUE - batch.getRecordsCount()) {
                end(Status.INVALID_ARGUMENT.withDescription("a batch has records, numbered from 1"));
            } else {
                take(batch);
            }
        }

        private void take(Batch batch) {
            try {
                var endpoint = peer.endpoint(batch.getEndpointId());
                var outcome = peer.desks().sink().take(endpoint, batch);
                call.onNext(Taken.newBuilder()
                        .setEndpointId(endpoint.id().toString())
                        .setSpoolId(batch.getSpoolId())
                        .setThrough(outcome.through())
                        .setWaitMs(outcome.waitMillis())
                        .build());
                call.request(1);
            } catch (StatusException e) {
                end(e.getStatus());
            } catch (IOException e) {
                LOG.warn(
                        "a batch of {} could not be kept; it is sent again",
                        peer.id().uri(),
                        e);
                end(Status.UNAVAILABLE.withDescription("it could not be kept; send it again"));
            }
        }

        private void end(Status status) {
            ended = true;
            call.onError(status.asRuntimeException());
        }

        @Override
        public void onError(Throwable gone) {
            LOG.debug("{} is gone", peer.id().uri(), gone);
        }

        @Override
        public void onCompleted() {
            if (!ended) {
                call.onCompleted();
            }
        }
    }
}
