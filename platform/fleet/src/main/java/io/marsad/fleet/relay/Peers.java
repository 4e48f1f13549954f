package io.marsad.fleet.relay;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Knows at each call who is at the other end, and asks again while a call lasts: a connection may outlive its certificate,
 * which may be revoked meanwhile. Thread-safe.
 */
final class Peers implements ServerInterceptor {
    private static final Context.Key<Peer> PEER = Context.key("peer");

    private final PeerTrust trust;

    Peers(PeerTrust trust) {
        this.trust = trust;
    }

    /** Who calls. Thread-safe. */
    final class Peer {
        private final X509Certificate certificate;
        private final PeerId id;

        private Peer(X509Certificate certificate) throws PeerTrust.Refused {
            this.certificate = certificate;
            this.id = trust.check(certificate, PeerId.Kind.ENDPOINT, PeerTrust.Use.CLIENT);
        }

        PeerId id() {
            return id;
        }

        /** @return why it is not spoken with any more; null: it is */
        @Nullable
        String refused() {
            try {
                trust.check(certificate, PeerId.Kind.ENDPOINT, PeerTrust.Use.CLIENT);
                return null;
            } catch (PeerTrust.Refused e) {
                return e.getMessage();
            }
        }
    }

    /** Of the running call. */
    static Peer current() {
        var peer = PEER.get();
        if (peer == null) {
            throw new IllegalStateException("nobody has looked who calls");
        }
        return peer;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        try {
            var session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
            var chain = session == null ? null : session.getPeerCertificates();
            if (chain == null || chain.length == 0 || !(chain[0] instanceof X509Certificate certificate)) {
                return close(call, "no certificate is shown");
            }
            return Contexts.interceptCall(
                    Context.current().withValue(PEER, new Peer(certificate)), call, headers, next);
        } catch (SSLPeerUnverifiedException e) {
            return close(call, "no certificate is shown");
        } catch (PeerTrust.Refused e) {
            return close(call, String.valueOf(e.getMessage()));
        }
    }

    private static <Q, A> ServerCall.Listener<Q> close(ServerCall<Q, A> call, String why) {
        call.close(Status.UNAUTHENTICATED.withDescription(why), new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
