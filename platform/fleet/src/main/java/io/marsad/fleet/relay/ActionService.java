package io.marsad.fleet.relay;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.marsad.proto.agent.v1.ActionReport;
import io.marsad.proto.agent.v1.ActionsGrpc;
import io.marsad.proto.agent.v1.SignedAction;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Endpoints listen for actions and say what comes of them. Thread-safe. */
final class ActionService extends ActionsGrpc.ActionsImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(ActionService.class);

    private final ActionDesk desk;

    ActionService(ActionDesk desk) {
        this.desk = desk;
    }

    @Override
    public StreamObserver<ActionReport> follow(StreamObserver<SignedAction> orders) {
        var listening = new Listening(Peers.current(), (ServerCallStreamObserver<SignedAction>) orders);
        desk.open(listening.endpoint(), listening);
        return listening;
    }

    private final class Listening implements StreamObserver<ActionReport>, ActionDesk.Line {
        private final Peers.Peer peer;
        private final ServerCallStreamObserver<SignedAction> call;
        private boolean ended;

        private Listening(Peers.Peer peer, ServerCallStreamObserver<SignedAction> call) {
            this.peer = peer;
            this.call = call;
            call.setOnCancelHandler(this::gone);
        }

        private UUID endpoint() {
            return peer.id().id();
        }

        @Override
        public synchronized boolean send(String envelope) {
            if (ended || call.isCancelled()) {
                return false;
            }
            var refused = peer.refused();
            if (refused != null) {
                end(Status.UNAUTHENTICATED.withDescription(refused));
                return false;
            }
            call.onNext(SignedAction.newBuilder()
                    .setEnvelope(ByteString.copyFromUtf8(envelope))
                    .build());
            return true;
        }

        @Override
        public void onNext(ActionReport report) {
            var refused = peer.refused();
            if (refused != null) {
                synchronized (this) {
                    end(Status.UNAUTHENTICATED.withDescription(refused));
                }
                gone();
            } else if (!report.getActionId().isEmpty()) { // the first says only that somebody listens
                desk.report(peer.id(), report);
            }
        }

        private void end(Status status) {
            if (!ended) {
                ended = true;
                call.onError(status.asRuntimeException());
            }
        }

        private void gone() {
            desk.close(endpoint(), this);
        }

        @Override
        public void onError(Throwable lost) {
            LOG.debug("{} does not listen any more", peer.id().uri(), lost);
            gone();
        }

        @Override
        public void onCompleted() {
            gone();
            synchronized (this) {
                if (!ended) {
                    ended = true;
                    call.onCompleted();
                }
            }
        }
    }
}
