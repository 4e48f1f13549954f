package io.marsad.fleet.relay;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusException;
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

    @Override
    public StreamObserver<ActionReport> follow(StreamObserver<SignedAction> orders) {
        var listening = new Listening(Peers.current(), (ServerCallStreamObserver<SignedAction>) orders);
        listening.desk.open(listening.caller(), listening);
        return listening;
    }

    private final class Listening implements StreamObserver<ActionReport>, ActionDesk.Line {
        private final Peers.Peer peer;
        private final ActionDesk desk;
        private final ServerCallStreamObserver<SignedAction> call;
        private boolean ended;

        private Listening(Peers.Peer peer, ServerCallStreamObserver<SignedAction> call) {
            this.peer = peer;
            this.desk = peer.desks().actions();
            this.call = call;
            call.setOnCancelHandler(this::gone);
        }

        private UUID caller() {
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
                leave(Status.UNAUTHENTICATED.withDescription(refused));
            } else if (!report.getActionId().isEmpty()) { // the first says only that somebody listens
                try {
                    desk.report(peer.endpoint(report.getEndpointId()), report);
                } catch (StatusException e) {
                    leave(e.getStatus());
                }
            }
        }

        private void leave(Status status) {
            synchronized (this) {
                end(status);
            }
            gone();
        }

        private void end(Status status) {
            if (!ended) {
                ended = true;
                call.onError(status.asRuntimeException());
            }
        }

        private void gone() {
            desk.close(caller(), this);
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
