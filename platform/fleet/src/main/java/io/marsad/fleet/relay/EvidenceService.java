package io.marsad.fleet.relay;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.marsad.proto.agent.v1.EvidenceBlock;
import io.marsad.proto.agent.v1.EvidenceGrpc;
import io.marsad.proto.agent.v1.EvidenceTaken;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what proves an action and is too large for its report: one piece for each call, its blocks in order, the next asked
 * for when the one before is kept. Thread-safe.
 */
final class EvidenceService extends EvidenceGrpc.EvidenceImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(EvidenceService.class);

    @Override
    public StreamObserver<EvidenceBlock> upload(StreamObserver<EvidenceTaken> answers) {
        var call = (ServerCallStreamObserver<EvidenceTaken>) answers;
        call.disableAutoRequest();
        call.request(1);
        var upload = new Upload(Peers.current(), call);
        call.setOnCancelHandler(upload::release);
        return upload;
    }

    private static final class Upload implements StreamObserver<EvidenceBlock> {
        private final Peers.Peer peer;
        private final ServerCallStreamObserver<EvidenceTaken> call;
        private EvidenceDesk.@Nullable Receiving receiving;
        private boolean ended;

        private Upload(Peers.Peer peer, ServerCallStreamObserver<EvidenceTaken> call) {
            this.peer = peer;
            this.call = call;
        }

        @Override
        public synchronized void onNext(EvidenceBlock block) {
            if (ended) {
                return;
            }
            var refused = peer.refused();
            if (refused != null) {
                end(Status.UNAUTHENTICATED.withDescription(refused));
                return;
            }
            try {
                call.onNext(EvidenceTaken.newBuilder().setThrough(take(block)).build());
                call.request(1);
            } catch (StatusException e) {
                end(e.getStatus());
            } catch (IOException e) {
                LOG.warn("evidence of {} is not taken", peer.id().uri(), e);
                end(Status.FAILED_PRECONDITION.withDescription("it is not taken: " + e.getMessage()));
            }
        }

        /** The first block says what is to come, and may have no bytes: it asks how much is there. */
        private long take(EvidenceBlock block) throws StatusException, IOException {
            var to = receiving;
            if (to == null) {
                receiving = to = open(block);
            }
            return block.getData().isEmpty()
                    ? to.through()
                    : to.take(block.getOffset(), block.getData().toByteArray());
        }

        private EvidenceDesk.Receiving open(EvidenceBlock block) throws StatusException, IOException {
            var desk = peer.desks().evidence();
            if (desk == null) {
                throw Status.UNIMPLEMENTED
                        .withDescription("no evidence is taken here")
                        .asException();
            }
            try {
                var action = UUID.fromString(block.getActionId());
                var endpoint = peer.endpoint(block.getEndpointId());
                return desk.receive(new EvidenceDesk.Announced(
                        endpoint, action, block.getName(), block.getSize(), block.getSha256()));
            } catch (IllegalArgumentException e) {
                throw Status.INVALID_ARGUMENT
                        .withDescription("the first block says of which action it is")
                        .withCause(e)
                        .asException();
            }
        }

        private void end(Status status) {
            ended = true;
            release();
            call.onError(status.asRuntimeException());
        }

        private synchronized void release() {
            var open = receiving;
            receiving = null;
            if (open != null) {
                open.close();
            }
        }

        @Override
        public void onError(Throwable gone) {
            LOG.debug("{} is gone", peer.id().uri(), gone);
            release();
        }

        @Override
        public synchronized void onCompleted() {
            release();
            if (!ended) {
                ended = true;
                call.onCompleted();
            }
        }
    }
}
