package io.marsad.fleet.relay;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.marsad.proto.agent.v1.PoliciesGrpc;
import io.marsad.proto.agent.v1.PolicyReport;
import io.marsad.proto.agent.v1.PolicyReportTaken;
import io.marsad.proto.agent.v1.SignedPolicy;
import io.marsad.proto.agent.v1.WatchPolicy;

/** Endpoints watch for policies and say what became of each. Thread-safe. */
final class PolicyService extends PoliciesGrpc.PoliciesImplBase {
    @Override
    public void watch(WatchPolicy wanted, StreamObserver<SignedPolicy> policies) {
        var peer = Peers.current();
        var call = (ServerCallStreamObserver<SignedPolicy>) policies;
        var desk = peer.desks().policies();
        var watching = new Watching(peer, desk, call);
        call.setOnCancelHandler(() -> desk.close(watching));
        desk.open(peer.id(), wanted.getVersion(), watching);
    }

    private final class Watching implements PolicyDesk.Watcher {
        private final Peers.Peer peer;
        private final PolicyDesk desk;
        private final ServerCallStreamObserver<SignedPolicy> call;

        private Watching(Peers.Peer peer, PolicyDesk desk, ServerCallStreamObserver<SignedPolicy> call) {
            this.peer = peer;
            this.desk = desk;
            this.call = call;
        }

        @Override
        public synchronized void send(String envelope) {
            if (call.isCancelled()) {
                return;
            }
            var refused = peer.refused();
            if (refused == null) {
                call.onNext(SignedPolicy.newBuilder()
                        .setEnvelope(ByteString.copyFromUtf8(envelope))
                        .build());
            } else {
                desk.close(this);
                call.onError(Status.UNAUTHENTICATED.withDescription(refused).asRuntimeException());
            }
        }
    }

    @Override
    public void report(PolicyReport report, StreamObserver<PolicyReportTaken> answer) {
        var peer = Peers.current();
        try {
            var endpoint = peer.endpoint(report.getEndpointId());
            peer.desks().policies().report(endpoint, report);
            answer.onNext(PolicyReportTaken.getDefaultInstance());
            answer.onCompleted();
        } catch (StatusException e) {
            answer.onError(e);
        }
    }
}
