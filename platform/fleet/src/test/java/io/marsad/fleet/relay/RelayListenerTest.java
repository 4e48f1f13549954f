package io.marsad.fleet.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.marsad.fleet.identity.Authority;
import io.marsad.fleet.relay.RelayRig.Heard;
import io.marsad.proto.agent.v1.Batch;
import io.marsad.proto.agent.v1.Taken;
import io.marsad.proto.agent.v1.TelemetryGrpc;
import io.marsad.wire.PeerTrust;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Over real sockets: who is let in, and what is taken from whom. */
class RelayListenerTest {
    private final RelayRig rig = RelayRig.open();

    @AfterEach
    void end() {
        rig.close();
    }

    private static Heard<Taken> heard() {
        return new Heard<>(Taken::getThrough);
    }

    private static Batch batch(long first, String... records) {
        var batch = Batch.newBuilder().setSpoolId("s1").setFirst(first);
        for (var record : records) {
            batch.addRecords(ByteString.copyFromUtf8(record));
        }
        return batch.build();
    }

    private Object refused(RelayRig.@Nullable Host host, PeerTrust trust, String protocol) throws Exception {
        var heard = heard();
        TelemetryGrpc.newStub(rig.channel(host, trust, protocol)).send(heard).onNext(batch(1, "x"));
        return heard.next();
    }

    @Test
    void batchesOfAnEndpointAreTakenInOrderUntilItIsRevoked() throws Exception {
        var host = rig.host(rig.acme, "acme");
        var heard = heard();
        var batches = TelemetryGrpc.newStub(rig.channel(host, rig.trust(rig.acme), "TLSv1.3"))
                .send(heard);
        batches.onNext(batch(1, "a", "b"));
        assertThat(heard.next()).isEqualTo(2L);
        batches.onNext(batch(3, "c"));
        assertThat(heard.next()).isEqualTo(3L);
        assertThat(rig.kept)
                .containsExactly(
                        host.id().id() + " a", host.id().id() + " b", host.id().id() + " c");
        rig.revoked.add(host.certificate().getSerialNumber());
        batches.onNext(batch(4, "d"));
        assertThat(heard.next()).as("in the middle of a call").isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(refused(host, rig.trust(rig.acme), "TLSv1.3"))
                .as("and no new one")
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(rig.kept).hasSize(3);
    }

    @Test
    void whatCannotBeKeptIsNotSaidToBe() throws Exception {
        rig.full = true;
        assertThat(refused(rig.host(rig.acme, "acme"), rig.trust(rig.acme), "TLSv1.3"))
                .isEqualTo(Status.Code.UNAVAILABLE);
        rig.full = false;
        var heard = heard();
        var batches = TelemetryGrpc.newStub(rig.channel(rig.host(rig.acme, "acme"), rig.trust(rig.acme), "TLSv1.3"))
                .send(heard);
        batches.onNext(batch(0, "x"));
        assertThat(heard.next()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        heard = heard();
        batches = TelemetryGrpc.newStub(rig.channel(rig.host(rig.acme, "acme"), rig.trust(rig.acme), "TLSv1.3"))
                .send(heard);
        batches.onNext(batch(1, "x").toBuilder()
                .setEndpointId(UUID.randomUUID().toString())
                .build());
        assertThat(heard.next()).as("of another endpoint").isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(rig.kept).isEmpty();
    }

    @Test
    void nobodyElseIsLetIn() throws Exception {
        assertThat(refused(null, rig.trust(rig.acme), "TLSv1.3"))
                .as("no certificate")
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(refused(rig.host(rig.other, "other"), rig.trust(rig.acme), "TLSv1.3"))
                .as("another tenant's")
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(refused(rig.host(rig.acme, "acme"), rig.trust(rig.acme), "TLSv1.2"))
                .as("an older TLS")
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(refused(rig.host(rig.acme, "acme"), rig.trust(rig.other), "TLSv1.3"))
                .as("and a relay that its authority did not sign for is not spoken with")
                .isEqualTo(Status.Code.UNAVAILABLE);
        var host = rig.host(rig.acme, "acme");
        rig.clock.advance(Authority.CERTIFICATE_LIFE.plus(Duration.ofSeconds(1)));
        var anyTime = new PeerTrust(
                "acme",
                List.of(rig.acme.certificate()),
                one -> false,
                () -> host.certificate().getNotBefore().toInstant().plusSeconds(1));
        assertThat(refused(host, anyTime, "TLSv1.3")).as("its time is over").isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(rig.kept).isEmpty();
    }
}
