package io.marsad.fleet.relay;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.StreamObserver;
import io.marsad.proto.agent.v1.EnrollRequest;
import io.marsad.proto.agent.v1.EnrollResponse;
import io.marsad.proto.agent.v1.EnrollmentGrpc;
import io.marsad.proto.agent.v1.Host;
import io.marsad.proto.agent.v1.RenewRequest;
import io.marsad.proto.agent.v1.RenewResponse;
import io.marsad.wire.CertificateRequests;
import io.marsad.wire.PeerId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets endpoints in by a secret, and gives those that are in their next certificate. Whoever is refused is not told why:
 * who tries secrets learns nothing. Thread-safe.
 */
final class EnrollmentService extends EnrollmentGrpc.EnrollmentImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(EnrollmentService.class);
    private static final int MOST_SECRET = 512;
    private static final int MOST_TEXT = 256;

    private final Enroller enroller;

    EnrollmentService(Enroller enroller) {
        this.enroller = enroller;
    }

    @Override
    public void enroll(EnrollRequest request, StreamObserver<EnrollResponse> answer) {
        answer(answer, () -> {
            requireShort(request);
            var key = key(request.getCertificateRequest());
            var admission = enroller.enroll(asking(request, key));
            if (admission == null) {
                throw Status.PERMISSION_DENIED
                        .withDescription("the secret does not let this host in")
                        .asException();
            }
            return EnrollResponse.newBuilder()
                    .setEndpointId(admission.endpoint().id().toString())
                    .setPort(enroller.port())
                    .addAllCertificates(encoded(List.of(admission.certificate())))
                    .addAllAuthorities(encoded(admission.authorities()))
                    .setKeysEnvelope(ByteString.copyFromUtf8(admission.keys()))
                    .build();
        });
    }

    @Override
    public void renew(RenewRequest request, StreamObserver<RenewResponse> answer) {
        answer(answer, () -> {
            var peer = Peers.PEER.get(Context.current());
            if (peer == null) {
                throw Status.UNAUTHENTICATED
                        .withDescription("this needs the certificate that is to be renewed")
                        .asException();
            }
            // A relay that says nothing of an endpoint means itself.
            var id = request.getEndpointId();
            var who = id.isEmpty() ? peer.id() : peer.endpoint(id);
            var admission = enroller.renew(who, key(request.getCertificateRequest()));
            if (admission == null) {
                throw Status.PERMISSION_DENIED.withDescription("enroll again").asException();
            }
            return RenewResponse.newBuilder()
                    .addAllCertificates(encoded(List.of(admission.certificate())))
                    .addAllAuthorities(encoded(admission.authorities()))
                    .setKeysEnvelope(ByteString.copyFromUtf8(admission.keys()))
                    .build();
        });
    }

    private static Enroller.Asking asking(EnrollRequest request, PublicKey key) throws StatusException {
        var kind = switch (request.getKind()) {
            case KIND_ENDPOINT -> PeerId.Kind.ENDPOINT;
            case KIND_RELAY -> PeerId.Kind.RELAY;
            case UNRECOGNIZED ->
                throw Status.INVALID_ARGUMENT
                        .withDescription("it asks as something that is not known here")
                        .asException();
        };
        var peer = Peers.PEER.get(Context.current());
        boolean passedOn = peer != null && peer.id().kind() == PeerId.Kind.RELAY;
        return new Enroller.Asking(
                request.getSecret(),
                kind,
                request.getHost(),
                key,
                passedOn ? request.getAddress() : address(Peers.CALLER.get(Context.current())),
                passedOn ? peer.id() : null);
    }

    /** Empty: it is not known. */
    static String address(@Nullable SocketAddress from) {
        return from instanceof InetSocketAddress socket && socket.getAddress() != null
                ? socket.getAddress().getHostAddress()
                : "";
    }

    private interface Deciding<T> {
        T decide() throws StatusException, IOException;
    }

    private static <T> void answer(StreamObserver<T> to, Deciding<T> deciding) {
        try {
            to.onNext(deciding.decide());
            to.onCompleted();
        } catch (StatusException e) {
            to.onError(e);
        } catch (IOException e) {
            LOG.warn("it cannot be decided now whether a host is let in", e);
            to.onError(Status.UNAVAILABLE.withDescription("try again").asException());
        }
    }

    private static void requireShort(EnrollRequest request) throws StatusException {
        Host host = request.getHost();
        var texts = List.of(
                host.getHostname(),
                host.getPlatform(),
                host.getOsName(),
                host.getOsVersion(),
                host.getArchitecture(),
                host.getHardwareId(),
                host.getAgentVersion(),
                request.getAddress());
        boolean sound = texts.stream().allMatch(text -> text.length() <= MOST_TEXT)
                && !host.getHostname().isBlank()
                && !host.getHardwareId().isBlank()
                && request.getSecret().length() <= MOST_SECRET;
        if (!sound) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("a host has a name and a hardware id, and no text is longer than " + MOST_TEXT)
                    .asException();
        }
    }

    private static PublicKey key(ByteString request) throws StatusException {
        try {
            return CertificateRequests.key(request.toByteArray());
        } catch (IllegalArgumentException e) {
            throw Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asException();
        }
    }

    private static List<ByteString> encoded(List<X509Certificate> certificates) {
        var all = new ArrayList<ByteString>();
        try {
            for (var one : certificates) {
                all.add(ByteString.copyFrom(one.getEncoded()));
            }
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was made cannot be written", e);
        }
        return all;
    }
}
