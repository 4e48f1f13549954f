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
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Knows at each call who is at the other end, and asks again while a call lasts: a connection may outlive its certificate,
 * which may be revoked meanwhile. Thread-safe.
 */
final class Peers implements ServerInterceptor {
    /** Who calls; none where nobody has to show a certificate. */
    static final Context.Key<Peer> PEER = Context.key("peer");

    /** From where. */
    static final Context.Key<SocketAddress> CALLER = Context.key("caller");

    private final PeerTrust trust;
    private final boolean needed;

    /** @param needed whether nobody may call without a certificate */
    Peers(PeerTrust trust, boolean needed) {
        this.trust = trust;
        this.needed = needed;
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
        var context = Context.current();
        var from = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        if (from != null) {
            context = context.withValue(CALLER, from);
        }
        var certificate = shown(call);
        if (certificate == null && needed) {
            return close(call, "no certificate is shown");
        }
        try {
            if (certificate != null) {
                context = context.withValue(PEER, new Peer(certificate));
            }
            return Contexts.interceptCall(context, call, headers, next);
        } catch (PeerTrust.Refused e) {
            return close(call, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable X509Certificate shown(ServerCall<?, ?> call) {
        var session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        try {
            var chain = session == null ? null : session.getPeerCertificates();
            return chain != null && chain.length > 0 && chain[0] instanceof X509Certificate first ? first : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    private static <Q, A> ServerCall.Listener<Q> close(ServerCall<Q, A> call, String why) {
        call.close(Status.UNAUTHENTICATED.withDescription(why), new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
