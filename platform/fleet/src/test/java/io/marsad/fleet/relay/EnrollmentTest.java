package io.marsad.fleet.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.marsad.fleet.identity.Authority;
import io.marsad.proto.agent.v1.Batch;
import io.marsad.proto.agent.v1.EnrollRequest;
import io.marsad.proto.agent.v1.EnrollResponse;
import io.marsad.proto.agent.v1.EnrollmentGrpc;
import io.marsad.proto.agent.v1.Host;
import io.marsad.proto.agent.v1.RenewRequest;
import io.marsad.proto.agent.v1.Taken;
import io.marsad.proto.agent.v1.TelemetryGrpc;
import io.marsad.wire.CertificateRequests;
import io.marsad.wire.PeerId;
import java.io.ByteArrayInputStream;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From a secret to a certificate to the next one, over real sockets. */
class EnrollmentTest {
    private final RelayRig rig = RelayRig.open();
    private final KeyPair keys = Authority.keys(new SecureRandom());

    @AfterEach
    void end() {
        rig.close();
    }

    private EnrollRequest request(String secret, String hardware) {
        return EnrollRequest.newBuilder()
                .setSecret(secret)
                .setCertificateRequest(ByteString.copyFrom(CertificateRequests.of(keys)))
                .setHost(Host.newBuilder()
                        .setHostname("ws-7")
                        .setHardwareId(hardware)
                        .setPlatform("linux"))
                .build();
    }

    private static Status.Code refused(ManagedChannel door, EnrollRequest request) {
        return catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> EnrollmentGrpc.newBlockingStub(door).enroll(request))
                .getStatus()
                .getCode();
    }

    private static X509Certificate certificate(ByteString der) throws CertificateException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der.toByteArray()));
    }

    private RelayRig.Host host(EnrollResponse in) throws CertificateException {
        var id = new PeerId("acme", PeerId.Kind.ENDPOINT, UUID.fromString(in.getEndpointId()));
        return new RelayRig.Host(id, keys, certificate(in.getCertificates(0)));
    }

    @Test
    void whoKnowsTheSecretIsLetInAndCallsWithWhatItGot() throws Exception {
        var door = rig.door(null);
        var in = EnrollmentGrpc.newBlockingStub(door).enroll(request("s3cret", "hw-1"));
        assertThat(EnrollmentGrpc.newBlockingStub(door)
                        .enroll(request("s3cret", "hw-1"))
                        .getEndpointId())
                .as("the same host")
                .isEqualTo(in.getEndpointId());
        assertThat(certificate(in.getAuthorities(0))).isEqualTo(rig.acme.certificate());
        assertThat(in.getPort()).as("where it calls from now on").isEqualTo(rig.port());
        var host = host(in);
        var heard = new RelayRig.Heard<Taken>(Taken::getThrough);
        TelemetryGrpc.newStub(rig.channel(host))
                .send(heard)
                .onNext(Batch.newBuilder()
                        .setFirst(1)
                        .addRecords(ByteString.copyFromUtf8("a"))
                        .build());
        assertThat(heard.next()).isEqualTo(1L);
        assertThat(rig.kept).containsExactly(in.getEndpointId() + " a");
    }

    @Test
    void aCertificateIsRenewedByWhoHasOne() throws Exception {
        var host = host(EnrollmentGrpc.newBlockingStub(rig.door(null)).enroll(request("s3cret", "hw-1")));
        var next = Authority.keys(new SecureRandom());
        var wanted = RenewRequest.newBuilder()
                .setCertificateRequest(ByteString.copyFrom(CertificateRequests.of(next)))
                .build();
        rig.clock.advance(Duration.ofDays(25));
        var renewed = EnrollmentGrpc.newBlockingStub(rig.door(host)).renew(wanted);
        var later = certificate(renewed.getCertificates(0));
        assertThat(later.getPublicKey()).isEqualTo(next.getPublic());
        assertThat(later.getNotAfter()).isAfter(host.certificate().getNotAfter());
        assertThat(catchThrowableOfType(
                                StatusRuntimeException.class,
                                () -> EnrollmentGrpc.newBlockingStub(rig.door(null))
                                        .renew(wanted))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void nobodyElseIsLetInAndTheDoorHasNothingElse() throws Exception {
        var door = rig.door(null);
        assertThat(refused(door, request("other", "hw-1"))).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(refused(door, request("s3cret", ""))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused(door, request("x".repeat(600), "hw-1"))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        var noRequest = request("s3cret", "hw-1").toBuilder()
                .setCertificateRequest(ByteString.copyFromUtf8("none"))
                .build();
        assertThat(refused(door, noRequest)).isEqualTo(Status.Code.INVALID_ARGUMENT);
        var heard = new RelayRig.Heard<Taken>(Taken::getThrough);
        TelemetryGrpc.newStub(door).send(heard).onNext(Batch.getDefaultInstance());
        assertThat(heard.next()).isEqualTo(Status.Code.UNIMPLEMENTED);
    }
}
