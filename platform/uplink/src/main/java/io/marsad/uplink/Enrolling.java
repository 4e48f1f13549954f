package io.marsad.uplink;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.marsad.proto.agent.v1.EnrollRequest;
import io.marsad.proto.agent.v1.EnrollResponse;
import io.marsad.proto.agent.v1.EnrollmentGrpc;
import io.marsad.proto.agent.v1.Host;
import io.marsad.proto.agent.v1.RenewRequest;
import io.marsad.proto.agent.v1.RenewResponse;
import io.marsad.wire.CertificateRequests;
import io.marsad.wire.EnvelopeRefused;
import io.marsad.wire.PeerId;
import io.marsad.wire.TrustedKeys;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Being let in by a secret, and staying in with the next certificate. */
public final class Enrolling {
    private static final Pattern SECRET = Pattern.compile("mse_([a-z0-9][a-z0-9-]{1,61}[a-z0-9])\\.[^.]+\\.[^.]+");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final int SECONDS = 30;

    private Enrolling() {}

    /** What the one who installs the agent says. */
    public record Invitation(Identity.Address door, String secret, String authority) {
        /** @throws IllegalArgumentException when a part of it cannot be so */
        public Invitation {
            if (!SECRET.matcher(secret).matches()) {
                throw new IllegalArgumentException("--secret: an enroll secret begins with mse_ and has three parts");
            }
            if (!SHA256.matcher(authority).matches()) {
                throw new IllegalArgumentException(
                        "--authority: the SHA-256 of the authority's certificate is expected, 64 hexadecimal digits");
            }
        }

        String tenant() {
            var match = SECRET.matcher(secret);
            return match.matches() ? match.group(1) : "";
        }

        @Override
        public String toString() {
            return door.toString(); // never the secret
        }
    }

    /**
     * @param kind as what it is to be let in
     * @return who the host is from now on; not kept yet
     * @throws IOException when it is not let in, with why
     */
    public static Identity enroll(Invitation invitation, PeerId.Kind kind, Host host, InstantSource clock)
            throws IOException {
        var keys = keys();
        var request = EnrollRequest.newBuilder()
                .setKind(
                        switch (kind) {
                            case ENDPOINT -> EnrollRequest.Kind.KIND_ENDPOINT;
                            case RELAY -> EnrollRequest.Kind.KIND_RELAY;
                        })
                .setSecret(invitation.secret)
                .setCertificateRequest(ByteString.copyFrom(CertificateRequests.of(keys)))
                .setHost(host)
                .build();
        try (var channels = new RelayChannels()) {
            var channel = channels.door(invitation.door, invitation.tenant(), invitation.authority, clock);
            try {
                var answer = EnrollmentGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                        .enroll(request);
                return identity(invitation, kind, keys, answer, clock);
            } finally {
                end(channel);
            }
        } catch (StatusRuntimeException e) {
            throw new IOException("not let in at " + invitation.door + ": " + Reasons.of(e), e);
        } catch (GeneralSecurityException | IllegalArgumentException | EnvelopeRefused e) {
            throw new IOException("what " + invitation.door + " answered is not to be believed: " + e.getMessage(), e);
        }
    }

    private static Identity identity(
            Invitation invitation, PeerId.Kind kind, KeyPair keys, EnrollResponse answer, InstantSource clock)
            throws GeneralSecurityException, EnvelopeRefused {
        var authorities = certificates(answer.getAuthoritiesList());
        boolean told = false;
        for (var one : authorities) {
            told |= FirstTrust.sha256(one).equals(invitation.authority);
        }
        var certificate = certificates(answer.getCertificatesList()).getFirst();
        if (!told || !certificate.getPublicKey().equals(keys.getPublic())) {
            throw new GeneralSecurityException("the certificate is not for this host, or of another authority");
        }
        if (answer.getPort() < 1) {
            throw new IllegalArgumentException("it does not say where to call");
        }
        var list = answer.getKeysEnvelope().toStringUtf8();
        new TrustedKeys(invitation.tenant(), authorities, clock).accept(list);
        return new Identity(
                new PeerId(invitation.tenant(), kind, UUID.fromString(answer.getEndpointId())),
                new Identity.Address(invitation.door.host(), answer.getPort()),
                invitation.door,
                keys.getPrivate(),
                certificate,
                authorities,
                list);
    }

    /**
     * @return with the next certificate, for a new key; not kept yet
     * @throws IOException when there is none now
     */
    public static Identity renew(Identity identity, RelayChannels channels, InstantSource clock) throws IOException {
        var keys = keys();
        var request = RenewRequest.newBuilder()
                .setCertificateRequest(ByteString.copyFrom(CertificateRequests.of(keys)))
                .build();
        var channel = channels.open(identity.door(), identity, clock);
        try {
            RenewResponse answer = EnrollmentGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                    .renew(request);
            var next = certificates(answer.getCertificatesList()).getFirst();
            if (!next.getPublicKey().equals(keys.getPublic())) {
                throw new IOException("the next certificate is not for this host");
            }
            var authorities = certificates(answer.getAuthoritiesList());
            return identity.with(keys.getPrivate(), next, authorities, identity.keys());
        } catch (StatusRuntimeException e) {
            throw new IOException("no next certificate from " + identity.door() + ": " + Reasons.of(e), e);
        } catch (GeneralSecurityException e) {
            throw new IOException("the next certificate cannot be read", e);
        } finally {
            end(channel);
        }
    }

    private static void end(ManagedChannel channel) {
        channel.shutdownNow();
        try {
            channel.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<X509Certificate> certificates(List<ByteString> encoded) throws GeneralSecurityException {
        var all = new ArrayList<X509Certificate>();
        for (var one : encoded) {
            all.add(Identity.certificate(one.toByteArray()));
        }
        if (all.isEmpty()) {
            throw new GeneralSecurityException("a certificate is missing");
        }
        return all;
    }

    private static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), new SecureRandom());
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has P-256", e);
        }
    }
}
