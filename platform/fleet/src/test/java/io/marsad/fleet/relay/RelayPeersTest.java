package io.marsad.fleet.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.marsad.fleet.identity.Authority;
import io.marsad.fleet.relay.RelayRig.Heard;
import io.marsad.proto.agent.v1.ActionReport;
import io.marsad.proto.agent.v1.ActionsGrpc;
import io.marsad.proto.agent.v1.Batch;
import io.marsad.proto.agent.v1.EnrollRequest;
import io.marsad.proto.agent.v1.EnrollmentGrpc;
import io.marsad.proto.agent.v1.EvidenceBlock;
import io.marsad.proto.agent.v1.EvidenceGrpc;
import io.marsad.proto.agent.v1.EvidenceTaken;
import io.marsad.proto.agent.v1.Host;
import io.marsad.proto.agent.v1.KeysGrpc;
import io.marsad.proto.agent.v1.RelayState;
import io.marsad.proto.agent.v1.RelaysGrpc;
import io.marsad.proto.agent.v1.Roster;
import io.marsad.proto.agent.v1.SignedKeys;
import io.marsad.proto.agent.v1.Taken;
import io.marsad.proto.agent.v1.TelemetryGrpc;
import io.marsad.proto.agent.v1.WatchKeys;
import io.marsad.wire.CertificateRequests;
import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import io.marsad.wire.SignedAction;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Relays call with the same messages as endpoints do, and each tenant is shown its own certificate. */
class RelayPeersTest {
    private final RelayRig rig = RelayRig.open();
    private final RelayRig.Host relay = rig.host(rig.acme, "acme", PeerId.Kind.RELAY);

    @AfterEach
    void end() {
        rig.close();
    }

    private static Batch batch(String endpoint) {
        return Batch.newBuilder()
                .setEndpointId(endpoint)
                .setFirst(1)
                .addRecords(ByteString.copyFromUtf8("a"))
                .build();
    }

    private Object sent(RelayRig.Host by, String endpoint) throws Exception {
        var heard = new Heard<Taken>(taken -> taken.getEndpointId() + " " + taken.getThrough());
        TelemetryGrpc.newStub(rig.channel(by)).send(heard).onNext(batch(endpoint));
        return heard.next();
    }

    @Test
    void aRelaySaysOfWhomABatchIsAndAnEndpointSpeaksForItselfOnly() throws Exception {
        var host = rig.host(rig.acme, "acme");
        var id = host.id().id().toString();
        assertThat(sent(relay, id)).isEqualTo(id + " 1");
        assertThat(rig.kept).containsExactly(id + " a");
        assertThat(sent(relay, "")).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(sent(relay, "1-1-1-1-1")).as("an id in another spelling").isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(sent(host, id)).isEqualTo(id + " 1");
        assertThat(sent(host, UUID.randomUUID().toString())).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(rig.kept).hasSize(2);
    }

    @Test
    void whoNamesNoTenantThatIsServedIsShownNothing() throws Exception {
        var host = rig.host(rig.acme, "acme");
        var foreign = rig.host(rig.other, "other");
        assertThat(sent(foreign, "")).as("of another tenant").isEqualTo(Status.Code.UNAVAILABLE);
        rig.called = "other";
        assertThat(sent(host, "")).as("a tenant that is not served").isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(rig.kept).isEmpty();
    }

    @Test
    void aRenewedCertificateIsShownToWhoCallsNext() throws Exception {
        var host = rig.host(rig.acme, "acme");
        assertThat(sent(host, "")).isEqualTo(host.id().id() + " 1");
        var keys = Authority.keys(new SecureRandom());
        var id = new PeerId("acme", PeerId.Kind.RELAY, UUID.randomUUID());
        rig.clock.advance(Duration.ofDays(20));
        rig.identity = new Tenancy.Identity(
                List.of(rig.acme.issue(id, keys.getPublic(), List.of(), rig.clock.instant()), rig.acme.certificate()),
                keys.getPrivate());
        rig.clock.advance(Duration.ofDays(11)); // the one before is over now, and so is the host's
        var later = rig.host(rig.acme, "acme");
        assertThat(sent(later, "")).isEqualTo(later.id().id() + " 1");
        assertThat(sent(host, "")).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void ordersGoToTheRelayToWhichTheEndpointIsConnected() throws Exception {
        var host = rig.host(rig.acme, "acme");
        var endpoint = host.id().id();
        var rosters = new Heard<Roster>(Roster::getWhole);
        var state = RelaysGrpc.newStub(rig.channel(relay)).attend(rosters);
        assertThat(rosters.next()).isEqualTo(true);
        var orders = new Heard<io.marsad.proto.agent.v1.SignedAction>(
                order -> order.getEnvelope().toStringUtf8());
        var reports = ActionsGrpc.newStub(rig.channel(relay)).follow(orders);
        reports.onNext(ActionReport.getDefaultInstance());
        var envelope = rig.signer.sign(action(endpoint));
        rig.actions.offer(envelope);
        assertThat(rig.actions.waiting(endpoint)).isEqualTo(1);
        state.onNext(RelayState.newBuilder().addConnected(endpoint.toString()).build());
        assertThat(orders.next()).isEqualTo(envelope);
        reports.onNext(ActionReport.newBuilder()
                .setActionId(UUID.randomUUID().toString())
                .setEndpointId(endpoint.toString())
                .setState(ActionReport.State.STATE_BEGUN)
                .build());
        Awaitility.await().until(() -> rig.reports.size() == 1);
        state.onNext(
                RelayState.newBuilder().addDisconnected(endpoint.toString()).build());
        Awaitility.await().until(() -> rig.attendances.states.size() == 2);
        rig.actions.offer(rig.signer.sign(action(endpoint)));
        assertThat(rig.actions.waiting(endpoint)).as("nobody listens for it").isEqualTo(1);
        state.onCompleted();
        Awaitility.await().until(rig.attendances.lines::isEmpty);

        var refused = new Heard<Roster>(Roster::getWhole);
        RelaysGrpc.newStub(rig.channel(host)).attend(refused);
        assertThat(refused.next()).as("an endpoint is no relay").isEqualTo(Status.Code.PERMISSION_DENIED);
    }

    private SignedAction action(UUID endpoint) {
        return new SignedAction(
                UUID.randomUUID(),
                "acme",
                endpoint.toString(),
                "isolate_host",
                "{}",
                "dana",
                List.of("kim"),
                1,
                rig.clock.instant(),
                rig.clock.instant().plus(Duration.ofMinutes(10)),
                UUID.randomUUID());
    }

    @Test
    void aRelayPassesOnWhoAsksToBeLetIn() throws Exception {
        var request = EnrollRequest.newBuilder()
                .setSecret("s3cret")
                .setCertificateRequest(ByteString.copyFrom(CertificateRequests.of(Authority.keys(new SecureRandom()))))
                .setHost(Host.newBuilder().setHostname("ws-7").setHardwareId("hw-1"))
                .setAddress("203.0.113.9")
                .build();
        var by = EnrollmentGrpc.newBlockingStub(rig.door(relay)).enroll(request);
        assertThat(rig.asked.getLast().address()).isEqualTo("203.0.113.9");
        assertThat(rig.asked.getLast().relay()).isEqualTo(relay.id());
        assertThat(by.getEndpointId()).isNotEmpty();
        var asRelay = request.toBuilder().setKind(EnrollRequest.Kind.KIND_RELAY).build();
        EnrollmentGrpc.newBlockingStub(rig.door(null)).enroll(asRelay);
        assertThat(rig.asked.getLast().kind()).isEqualTo(PeerId.Kind.RELAY);
        assertThat(rig.asked.getLast().address())
                .as("by itself it cannot say from where")
                .isEqualTo("127.0.0.1");
        assertThat(rig.asked.getLast().relay()).isNull();
    }

    @Test
    void listsOfKeysGoThroughAndEvidenceGoesOnWhereItWasBrokenOff() throws Exception {
        var host = rig.host(rig.acme, "acme");
        var lists = new Heard<SignedKeys>(list -> list.getEnvelope().toStringUtf8());
        rig.keys("first");
        KeysGrpc.newStub(rig.channel(host)).watch(WatchKeys.getDefaultInstance(), lists);
        assertThat(lists.next()).isEqualTo("first");
        rig.keys("second");
        assertThat(lists.next()).isEqualTo("second");

        var action = UUID.randomUUID();
        var announced = EvidenceBlock.newBuilder()
                .setActionId(action.toString())
                .setName("triage.tar.gz")
                .setSize(6)
                .build();
        var taken = new Heard<EvidenceTaken>(EvidenceTaken::getThrough);
        var blocks = EvidenceGrpc.newStub(rig.channel(host)).upload(taken);
        blocks.onNext(announced);
        assertThat(taken.next()).isEqualTo(0L);
        blocks.onNext(
                announced.toBuilder().setData(ByteString.copyFromUtf8("abc")).build());
        assertThat(taken.next()).isEqualTo(3L);
        blocks.onCompleted();
        assertThat(taken.next()).isEqualTo("completed");

        var again = new Heard<EvidenceTaken>(EvidenceTaken::getThrough);
        var more = EvidenceGrpc.newStub(rig.channel(host)).upload(again);
        more.onNext(announced);
        assertThat(again.next()).isEqualTo(3L);
        more.onNext(announced.toBuilder()
                .setOffset(3)
                .setData(ByteString.copyFromUtf8("def"))
                .build());
        assertThat(again.next()).isEqualTo(6L);
        assertThat(rig.evidence.pieces.get(action)).asString().isEqualTo("abcdef");
        assertThat(rig.evidence.announced.getLast().endpoint()).isEqualTo(host.id());
        more.onNext(announced.toBuilder()
                .setOffset(9)
                .setData(ByteString.copyFromUtf8("x"))
                .build());
        assertThat(again.next()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    }

    @Test
    void anEndpointIsRenewedByTheWordOfARelayToo() throws Exception {
        var endpoint = UUID.randomUUID();
        var keys = Authority.keys(new SecureRandom());
        var renewed = EnrollmentGrpc.newBlockingStub(rig.door(relay))
                .renew(io.marsad.proto.agent.v1.RenewRequest.newBuilder()
                        .setCertificateRequest(ByteString.copyFrom(CertificateRequests.of(keys)))
                        .setEndpointId(endpoint.toString())
                        .build());
        var certificate =
                (java.security.cert.X509Certificate) java.security.cert.CertificateFactory.getInstance("X.509")
                        .generateCertificate(renewed.getCertificates(0).newInput());
        assertThat(rig.trust(rig.acme)
                        .check(certificate, PeerId.Kind.ENDPOINT, PeerTrust.Use.CLIENT)
                        .id())
                .isEqualTo(endpoint);
    }
}
