package io.marsad.fleet.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.marsad.fleet.relay.RelayRig.Heard;
import io.marsad.proto.agent.v1.ActionReport;
import io.marsad.proto.agent.v1.ActionsGrpc;
import io.marsad.proto.agent.v1.PoliciesGrpc;
import io.marsad.proto.agent.v1.PolicyReport;
import io.marsad.proto.agent.v1.WatchPolicy;
import io.marsad.testkit.Seed;
import io.marsad.wire.EnvelopeRefused;
import io.marsad.wire.SignedAction;
import io.marsad.wire.SignedPolicy;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a relay passes on to endpoints: nothing that is not signed for them, now, and for the first time. */
class RelayOrdersTest {
    private final RelayRig rig = RelayRig.open();

    @AfterEach
    void end() {
        rig.close();
    }

    private SignedAction action(RelayRig.Host host) {
        return new SignedAction(
                UUID.randomUUID(),
                "acme",
                host.id().id().toString(),
                "isolate_host",
                "{\"host\":\"ws-7\"}",
                "dana",
                List.of("kim"),
                1,
                rig.clock.instant(),
                rig.clock.instant().plus(Duration.ofMinutes(10)),
                UUID.randomUUID());
    }

    private SignedPolicy policy(String group, long version) {
        return new SignedPolicy(
                "acme",
                group,
                version,
                "{\"processes\":{\"on\":true}}",
                "dana",
                rig.clock.instant(),
                rig.clock.instant().plus(Duration.ofDays(1)));
    }

    private static Heard<io.marsad.proto.agent.v1.SignedAction> orders() {
        return new Heard<>(order -> order.getEnvelope().toStringUtf8());
    }

    private static Heard<io.marsad.proto.agent.v1.SignedPolicy> bundles() {
        return new Heard<>(bundle -> bundle.getEnvelope().toStringUtf8());
    }

    @Test
    void anActionReachesItsEndpointOnceAndItsReportComesBack() throws Exception {
        var host = rig.host(rig.acme, "acme");
        var waits = rig.signer.sign(action(host));
        rig.actions.offer(waits);
        assertThat(rig.actions.waiting(host.id().id())).isEqualTo(1);
        var heard = orders();
        var reports = ActionsGrpc.newStub(rig.channel(host)).follow(heard);
        reports.onNext(ActionReport.getDefaultInstance());
        assertThat(heard.next()).as("it waited for it").isEqualTo(waits);
        var action = action(host);
        var envelope = rig.signer.sign(action);
        rig.actions.offer(envelope);
        assertThat(heard.next()).isEqualTo(envelope);
        assertThatThrownBy(() -> rig.actions.offer(envelope)).isInstanceOf(EnvelopeRefused.class);
        reports.onNext(ActionReport.newBuilder()
                .setActionId(action.id().toString())
                .setState(ActionReport.State.STATE_COMPLETED)
                .build());
        Awaitility.await().until(() -> rig.reports.size() == 1);
        assertThat(rig.reports.getFirst().getActionId()).isEqualTo(action.id().toString());
        rig.revoked.add(host.certificate().getSerialNumber());
        rig.actions.offer(rig.signer.sign(action(host)));
        assertThat(heard.next()).as("nothing for who is revoked").isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void whatWaitedTooLongIsNotPassedOn() throws Exception {
        var host = rig.host(rig.acme, "acme");
        rig.actions.offer(rig.signer.sign(action(host)));
        rig.clock.advance(Duration.ofMinutes(11));
        var heard = orders();
        var reports = ActionsGrpc.newStub(rig.channel(host)).follow(heard);
        reports.onNext(ActionReport.getDefaultInstance());
        var fresh = rig.signer.sign(action(host));
        Awaitility.await().until(() -> rig.actions.waiting(host.id().id()) == 0);
        rig.actions.offer(fresh);
        assertThat(heard.next()).isEqualTo(fresh);
    }

    @Test
    void thousandsOfMutationsNeverReachAnEndpoint() throws Exception {
        var random = Seed.of("RelayOrdersTest").random();
        var host = rig.host(rig.acme, "acme");
        var heard = orders();
        var reports = ActionsGrpc.newStub(rig.channel(host)).follow(heard);
        reports.onNext(ActionReport.getDefaultInstance());
        var good = rig.signer.sign(action(host));
        rig.actions.offer(good);
        assertThat(heard.next()).isEqualTo(good);
        for (int i = 0; i < 2_000; i++) {
            int at = random.nextInt(good.length());
            var mutated = switch (random.nextInt(3)) {
                case 0 -> good; // once more
                case 1 -> good.substring(0, at);
                default ->
                    good.substring(0, at) + (char) (good.charAt(at) ^ 1 << random.nextInt(7)) + good.substring(at + 1);
            };
            assertThatThrownBy(() -> rig.actions.offer(mutated)).isInstanceOf(EnvelopeRefused.class);
        }
        var stranger = RelayRig.open();
        stranger.close();
        assertThatThrownBy(() -> rig.actions.offer(stranger.signer.sign(action(host))))
                .isInstanceOf(EnvelopeRefused.class);
        var last = rig.signer.sign(action(host));
        rig.actions.offer(last);
        assertThat(heard.next()).as("nothing came between").isEqualTo(last);
        assertThat(heard.left()).isZero();
    }

    @Test
    void anEndpointHasTheNewestPolicyOfItsGroupAndNoneGoesBack() throws Exception {
        var host = rig.host(rig.acme, "acme");
        var first = rig.signer.sign(policy("servers", 1));
        rig.policies.offer("servers", first);
        rig.policies.offer("desktops", rig.signer.sign(policy("desktops", 7)));
        var stub = PoliciesGrpc.newStub(rig.channel(host));
        var heard = bundles();
        stub.watch(WatchPolicy.getDefaultInstance(), heard);
        assertThat(heard.next()).isEqualTo(first);
        var second = rig.signer.sign(policy("servers", 2));
        rig.policies.offer("servers", second);
        assertThat(heard.next()).isEqualTo(second);
        assertThatThrownBy(() -> rig.policies.offer("servers", first)).isInstanceOf(EnvelopeRefused.class);
        assertThatThrownBy(() -> rig.policies.offer("servers", rig.signer.sign(policy("desktops", 9))))
                .as("of another group")
                .isInstanceOf(EnvelopeRefused.class);
        var again = bundles();
        stub.watch(WatchPolicy.newBuilder().setVersion(2).build(), again);
        var third = rig.signer.sign(policy("servers", 3));
        rig.policies.offer("servers", third);
        assertThat(heard.next()).isEqualTo(third);
        assertThat(again.next()).as("it had the second").isEqualTo(third);
        PoliciesGrpc.newBlockingStub(rig.channel(host))
                .report(PolicyReport.newBuilder().setVersion(3).setApplied(true).build());
        assertThat(rig.policyReports).containsExactly(host.id().id() + " 3 null");
    }

    @Test
    void anEndpointThatComesIntoAGroupWhileItListensHearsOfThatGroupsPolicy() throws Exception {
        var host = rig.host(rig.acme, "acme");
        rig.groups.put(host.id().id(), "desktops");
        var desktops = rig.signer.sign(policy("desktops", 1));
        rig.policies.offer("desktops", desktops);
        var heard = bundles();
        PoliciesGrpc.newStub(rig.channel(host)).watch(WatchPolicy.getDefaultInstance(), heard);
        assertThat(heard.next()).as("it listens").isEqualTo(desktops);
        var servers = rig.signer.sign(policy("servers", 1));
        rig.policies.offer("servers", servers);
        rig.groups.remove(host.id().id()); // it is one of the servers from now on
        rig.policies.regroup();
        rig.policies.regroup();
        assertThat(heard.next()).isEqualTo(servers);
        var second = rig.signer.sign(policy("servers", 2));
        rig.policies.offer("servers", second);
        assertThat(heard.next()).as("and is told once").isEqualTo(second);
    }
}
