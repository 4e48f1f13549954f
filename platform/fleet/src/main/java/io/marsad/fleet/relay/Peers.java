package io.marsad.fleet.relay;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.UUID;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows at each call who is at the other end, and asks again while a call lasts: a connection may outlive its certificate,
 * which may be revoked meanwhile. Thread-safe.
 */
final class Peers implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(Peers.class);

    /** Who calls; none where nobody has to show a certificate. */
    static final Context.Key<Peer> PEER = Context.key("peer");

    /** From where. */
    static final Context.Key<SocketAddress> CALLER = Context.key("caller");

    private final Tenancy tenancy;
    private final Set<PeerId.Kind> kinds;
    private final boolean needed;

    /**
     * @param kinds who may call
     * @param needed whether nobody may call without a certificate
     */
    Peers(Tenancy tenancy, Set<PeerId.Kind> kinds, boolean needed) {
        this.tenancy = tenancy;
        this.kinds = Set.copyOf(kinds);
        this.needed = needed;
    }

    /** Who calls. Thread-safe. */
    final class Peer {
        private final X509Certificate certificate;
        private final PeerId id;
        private final Tenancy.Desks desks;

        private Peer(X509Certificate certificate, PeerId said, Tenancy.Serving serving) throws PeerTrust.Refused {
            this.certificate = certificate;
            this.id = serving.trust().check(certificate, kinds, PeerTrust.Use.CLIENT);
            this.desks = serving.desks();
            if (!id.equals(said)) {
                throw new IllegalStateException("a certificate was read in two ways");
            }
        }

        PeerId id() {
            return id;
        }

        /** Of its tenant. */
        Tenancy.Desks desks() {
            return desks;
        }

        /** @return why it is not spoken with any more; null: it is */
        @Nullable
        String refused() {
            var serving = tenancy.of(id.tenant());
            if (serving == null) {
                return "the tenant is not served any more";
            }
            try {
                serving.trust().check(certificate, kinds, PeerTrust.Use.CLIENT);
                return null;
            } catch (PeerTrust.Refused e) {
                return e.getMessage();
            }
        }

        /**
         * Of whom a message is. An endpoint speaks for itself; a relay says for which one of its tenant.
         *
         * @param said as the message has it; empty: nothing
         * @throws StatusException when it may not say that
         */
        PeerId endpoint(String said) throws StatusException {
            if (id.kind() == PeerId.Kind.ENDPOINT) {
                if (said.isEmpty() || said.equals(id.id().toString())) {
                    return id;
                }
                throw Status.PERMISSION_DENIED
                        .withDescription("the message is said to be of another endpoint")
                        .asException();
            }
            try {
                var endpoint = UUID.fromString(said);
                if (endpoint.toString().equals(said)) {
                    return new PeerId(id.tenant(), PeerId.Kind.ENDPOINT, endpoint);
                }
            } catch (IllegalArgumentException e) {
                LOG.debug("a relay names no endpoint", e);
            }
            throw Status.INVALID_ARGUMENT
                    .withDescription("a relay says of which endpoint a message is")
                    .asException();
        }
    }

    private Peer peer(X509Certificate certificate) throws PeerTrust.Refused {
        PeerId said;
        try {
            said = PeerId.of(certificate);
        } catch (IllegalArgumentException e) {
            throw new PeerTrust.Refused("the certificate does not say who it is", e);
        }
        var serving = tenancy.of(said.tenant());
        if (serving == null) {
            throw new PeerTrust.Refused("the tenant is not served here");
        }
        return new Peer(certificate, said, serving);
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
                context = context.withValue(PEER, peer(certificate));
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
