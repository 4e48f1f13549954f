package io.marsad.fleet.relay;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.marsad.proto.agent.v1.RelayState;
import io.marsad.proto.agent.v1.RelaysGrpc;
import io.marsad.proto.agent.v1.Roster;
import io.marsad.wire.PeerId;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Relays say how they are and hear whom they may speak with. Thread-safe. */
final class RelayService extends RelaysGrpc.RelaysImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(RelayService.class);

    @Override
    public StreamObserver<RelayState> attend(StreamObserver<Roster> rosters) {
        var call = (ServerCallStreamObserver<Roster>) rosters;
        var peer = Peers.current();
        var desk = peer.desks().relays();
        if (desk == null || peer.id().kind() != PeerId.Kind.RELAY) {
            call.onError(Status.PERMISSION_DENIED
                    .withDescription("this is for relays, at the control plane")
                    .asRuntimeException());
            return new Attending(peer, call);
        }
        var attending = new Attending(peer, call);
        call.setOnCancelHandler(attending::gone);
        attending.begin(desk);
        return attending;
    }

    private static final class Attending implements StreamObserver<RelayState>, RelayDesk.Line {
        private final Peers.Peer peer;
        private final ActionDesk actions;
        private final ServerCallStreamObserver<Roster> call;
        private RelayDesk.@Nullable Attendance attendance;
        private boolean ended;
        private boolean first = true;

        private Attending(Peers.Peer peer, ServerCallStreamObserver<Roster> call) {
            this.peer = peer;
            this.actions = peer.desks().actions();
            this.call = call;
        }

        private synchronized void begin(RelayDesk desk) {
            attendance = desk.attend(peer.id(), this);
        }

        @Override
        public synchronized boolean send(Roster roster) {
            if (ended || call.isCancelled()) {
                return false;
            }
            var refused = peer.refused();
            if (refused == null) {
                call.onNext(roster);
                return true;
            }
            end(Status.UNAUTHENTICATED.withDescription(refused));
            return false;
        }

        @Override
        public void onNext(RelayState state) {
            RelayDesk.@Nullable Attendance to;
            synchronized (this) {
                var refused = peer.refused();
                if (refused != null) {
                    end(Status.UNAUTHENTICATED.withDescription(refused));
                }
                to = ended ? null : attendance;
            }
            if (to != null) {
                connections(state);
                to.heard(state);
            }
        }

        /** Which way orders go from now on. */
        private void connections(RelayState state) {
            var relay = peer.id().id();
            if (first) {
                first = false;
                actions.forget(relay);
            }
            each(state.getConnectedList(), endpoint -> actions.connected(endpoint, relay));
            each(state.getDisconnectedList(), endpoint -> actions.disconnected(endpoint, relay));
        }

        private static void each(List<String> ids, Consumer<UUID> what) {
            for (var id : ids) {
                try {
                    what.accept(UUID.fromString(id));
                } catch (IllegalArgumentException e) {
                    LOG.warn("a relay names an endpoint that is none", e);
                }
            }
        }

        private void end(Status status) {
            if (!ended) {
                ended = true;
                call.onError(status.asRuntimeException());
            }
        }

        private void gone() {
            RelayDesk.@Nullable Attendance from;
            synchronized (this) {
                from = attendance;
                attendance = null;
                ended = true;
            }
            if (from != null) {
                actions.forget(peer.id().id());
                from.close();
            }
        }

        @Override
        public void onError(Throwable lost) {
            LOG.debug("{} is gone", peer.id().uri(), lost);
            gone();
        }

        @Override
        public void onCompleted() {
            boolean open;
            synchronized (this) {
                open = !ended;
            }
            gone();
            if (open) {
                call.onCompleted();
            }
        }
    }
}
