package io.marsad.fleet.relay;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.marsad.proto.agent.v1.KeysGrpc;
import io.marsad.proto.agent.v1.SignedKeys;
import io.marsad.proto.agent.v1.WatchKeys;

/** Endpoints and relays watch for the list of the keys whose signatures count. Thread-safe. */
final class KeyService extends KeysGrpc.KeysImplBase {
    @Override
    public void watch(WatchKeys wanted, StreamObserver<SignedKeys> lists) {
        var peer = Peers.current();
        var desk = peer.desks().keys();
        var watching = new Watching(peer, desk, (ServerCallStreamObserver<SignedKeys>) lists);
        watching.call.setOnCancelHandler(() -> desk.close(watching));
        var newest = desk.open(wanted.getVersion(), watching);
        if (newest != null) {
            watching.send(newest);
        }
    }

    private static final class Watching implements KeyDesk.Watcher {
        private final Peers.Peer peer;
        private final KeyDesk desk;
        private final ServerCallStreamObserver<SignedKeys> call;

        private Watching(Peers.Peer peer, KeyDesk desk, ServerCallStreamObserver<SignedKeys> call) {
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
                call.onNext(SignedKeys.newBuilder()
                        .setEnvelope(ByteString.copyFromUtf8(envelope))
                        .build());
            } else {
                desk.close(this);
                call.onError(Status.UNAUTHENTICATED.withDescription(refused).asRuntimeException());
            }
        }
    }
}
