package io.marsad.fleet.boundary;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.marsad.fleet.relay.EvidenceDesk;
import io.marsad.fleet.relay.PassedOn;
import io.marsad.proto.agent.v1.ActionReport;
import io.marsad.proto.agent.v1.ActionsGrpc;
import io.marsad.proto.agent.v1.EnrollRequest;
import io.marsad.proto.agent.v1.EnrollResponse;
import io.marsad.proto.agent.v1.EnrollmentGrpc;
import io.marsad.proto.agent.v1.KeysGrpc;
import io.marsad.proto.agent.v1.PoliciesGrpc;
import io.marsad.proto.agent.v1.PolicyReport;
import io.marsad.proto.agent.v1.RelayState;
import io.marsad.proto.agent.v1.RelaysGrpc;
import io.marsad.proto.agent.v1.RenewRequest;
import io.marsad.proto.agent.v1.RenewResponse;
import io.marsad.proto.agent.v1.Roster;
import io.marsad.proto.agent.v1.SignedAction;
import io.marsad.proto.agent.v1.SignedKeys;
import io.marsad.proto.agent.v1.SignedPolicy;
import io.marsad.proto.agent.v1.WatchKeys;
import io.marsad.proto.agent.v1.WatchPolicy;
import io.marsad.uplink.Enrolling;
import io.marsad.uplink.Identity;
import io.marsad.uplink.RelayChannels;
import io.marsad.uplink.Watch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A relay's calls to the control plane: whom it may speak with, whose signatures count, policies and actions come down; how
 * it is, and what endpoints say, goes up. {@link #look} by one thread; the rest by several.
 */
final class RelayLink implements PassedOn.Way, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RelayLink.class);
    private static final Duration RENEWAL_TRIED_EVERY = Duration.ofHours(1);
    private static final long STATE_EVERY = 5_000;
    private static final int MOST_REPORTS = 10_000;
    private static final int SECONDS = 20;
    private static final int MOST_AT_THE_DOOR = 16;

    private final Path folder;
    private final Downward downward;
    private final Supplier<RelayState> state;
    private final InstantSource clock;
    private final RelayChannels channels = new RelayChannels();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicBoolean saying = new AtomicBoolean();
    private final Semaphore asked = new Semaphore(MOST_AT_THE_DOOR);
    private final Watch<RelayState, Roster> rosters = new RosterWatch();
    private final Watch<WatchKeys, SignedKeys> keys = new KeyWatch();
    private final Watch<WatchPolicy, SignedPolicy> policies = new PolicyWatch();
    private final Watch<ActionReport, SignedAction> actions = new ActionWatch();
    private final Map<String, ActionReport> reports = new LinkedHashMap<>();
    private final Map<String, PolicyReport> policyReports = new ConcurrentHashMap<>();
    private final Map<UUID, Boolean> connections = new ConcurrentHashMap<>();
    private Identity identity;
    private volatile ManagedChannel channel;
    private volatile ManagedChannel door;
    private @Nullable StreamObserver<RelayState> stateUp;
    private @Nullable StreamObserver<ActionReport> reportsUp;
    private Instant renewalTried = Instant.MIN;
    private long toldAt;

    /** What comes from the control plane. Called by threads of the link. */
    interface Downward {
        void roster(Roster roster) throws IOException;

        /** @return whether it is newer, and good */
        boolean keys(String envelope);

        void policy(String envelope);

        void action(String envelope);

        /** Who the relay is from now on. */
        void renewed(Identity identity);
    }

    /** @param state how the relay is, but for who is connected */
    RelayLink(Path folder, Identity identity, Downward downward, Supplier<RelayState> state, InstantSource clock)
            throws IOException {
        this.folder = folder;
        this.identity = identity;
        this.downward = downward;
        this.state = state;
        this.clock = clock;
        this.channel = channels.open(identity.server(), identity, clock);
        this.door = channels.open(identity.door(), identity, clock);
    }

    ManagedChannel channel() {
        return channel;
    }

    /** Sees that calls are open, what is to be said is said, and the certificate is young. Often. */
    void look() {
        long now = clock.millis();
        rosters.look(channel, now);
        keys.look(channel, now);
        policies.look(channel, now);
        actions.look(channel, now);
        if (now - toldAt >= STATE_EVERY) {
            toldAt = now;
            tell(RelayState.newBuilder(state.get()));
        }
        if (!policyReports.isEmpty() && saying.compareAndSet(false, true)) {
            threads.execute(this::sayOfPolicies);
        }
        renew(clock.instant());
    }

    private void renew(Instant now) {
        var due = identity.renewal();
        if (now.isBefore(due) || now.isBefore(renewalTried.plus(RENEWAL_TRIED_EVERY)) && renewalTried.isAfter(due)) {
            return;
        }
        renewalTried = now;
        try {
            var next = Enrolling.renew(identity, channels, clock);
            synchronized (this) {
                next = next.with(identity.keys()); // another list may have come meanwhile
                next.write(folder); // first: with one that is not kept the relay would be out after a crash
                identity = next;
            }
            var before = List.of(channel, door);
            channel = channels.open(next.server(), next, clock);
            door = channels.open(next.door(), next, clock);
            before.forEach(ManagedChannel::shutdown);
            downward.renewed(next);
        } catch (IOException e) {
            LOG.warn("the certificate could not be renewed; it is tried again", e);
        }
    }

    /** Who listens here from now on, or does no more. */
    void connected(UUID endpoint, boolean there) {
        if (there) {
            connections.put(endpoint, true);
        } else {
            connections.remove(endpoint);
        }
        var change = RelayState.newBuilder(state.get());
        if (there) {
            change.addConnected(endpoint.toString());
        } else {
            change.addDisconnected(endpoint.toString());
        }
        tell(change);
    }

    int connected() {
        return connections.size();
    }

    private synchronized void tell(RelayState.Builder what) {
        var up = stateUp;
        if (up != null) {
            try {
                up.onNext(what.build());
            } catch (IllegalStateException e) {
                LOG.debug("the call has ended; all is said again with the next", e);
            }
        }
    }

    /** Passes on what an endpoint says of an action; when the control plane is away, later. */
    synchronized void report(ActionReport report) {
        var up = reportsUp;
        if (up != null) {
            try {
                up.onNext(report);
                return;
            } catch (IllegalStateException e) {
                LOG.debug("the call has ended; it is said with the next", e);
                reportsUp = null;
            }
        }
        if (reports.size() < MOST_REPORTS) { // beyond that the control plane asks again
            reports.put(report.getActionId(), report);
        }
    }

    /** Passes on what became of a policy. */
    void report(PolicyReport report) {
        policyReports.put(report.getEndpointId(), report);
    }

    private void sayOfPolicies() {
        try {
            for (var one : Map.copyOf(policyReports).entrySet()) {
                if (!say(one.getValue())) {
                    break; // it is not there now
                }
                policyReports.remove(one.getKey(), one.getValue());
            }
        } finally {
            saying.set(false);
        }
    }

    private boolean say(PolicyReport report) {
        try {
            PoliciesGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                    .report(report);
            return true;
        } catch (StatusRuntimeException e) {
            LOG.debug("the control plane could not be told of a policy", e);
            return false;
        }
    }

    @Override
    public EnrollResponse enroll(EnrollRequest request) {
        return atTheDoor(stub -> stub.enroll(request));
    }

    @Override
    public RenewResponse renew(RenewRequest request) {
        return atTheDoor(stub -> stub.renew(request));
    }

    private interface Asking<T> {
        T ask(EnrollmentGrpc.EnrollmentBlockingStub stub);
    }

    /** Whoever is not let in yet may ask: only so many at once are passed on. */
    private <T> T atTheDoor(Asking<T> asking) {
        if (!asked.tryAcquire()) {
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription("too many ask at once; try again")
                    .asRuntimeException();
        }
        try {
            return asking.ask(EnrollmentGrpc.newBlockingStub(door).withDeadlineAfter(SECONDS, TimeUnit.SECONDS));
        } finally {
            asked.release();
        }
    }

    /** Passes blocks on as they come. */
    EvidenceDesk evidence() {
        return announced -> new EvidenceWay(channel, announced);
    }

    private final class RosterWatch extends Watch<RelayState, Roster> {
        @Override
        protected void begin(Channel by, ClientResponseObserver<RelayState, Roster> answers) {
            var up = RelaysGrpc.newStub(by).attend(answers);
            synchronized (RelayLink.this) {
                stateUp = up;
            }
            var all = RelayState.newBuilder(state.get());
            connections.keySet().forEach(one -> all.addConnected(one.toString()));
            tell(all);
        }

        @Override
        protected void heard(Roster roster) {
            try {
                downward.roster(roster);
            } catch (IOException | IllegalArgumentException e) {
                LOG.error("whom this relay may speak with could not be kept", e);
            }
        }
    }

    private final class KeyWatch extends Watch<WatchKeys, SignedKeys> {
        @Override
        protected void begin(Channel by, ClientResponseObserver<WatchKeys, SignedKeys> answers) {
            KeysGrpc.newStub(by).watch(WatchKeys.getDefaultInstance(), answers);
        }

        @Override
        protected void heard(SignedKeys message) {
            var envelope = message.getEnvelope().toStringUtf8();
            if (downward.keys(envelope)) {
                synchronized (RelayLink.this) {
                    identity = identity.with(envelope);
                    try {
                        identity.write(folder);
                    } catch (IOException e) {
                        LOG.warn("the newest list of keys could not be kept; it comes again", e);
                    }
                }
            }
        }
    }

    private final class PolicyWatch extends Watch<WatchPolicy, SignedPolicy> {
        @Override
        protected void begin(Channel by, ClientResponseObserver<WatchPolicy, SignedPolicy> answers) {
            PoliciesGrpc.newStub(by).watch(WatchPolicy.getDefaultInstance(), answers);
        }

        @Override
        protected void heard(SignedPolicy message) {
            downward.policy(message.getEnvelope().toStringUtf8());
        }
    }

    private final class ActionWatch extends Watch<ActionReport, SignedAction> {
        @Override
        protected void begin(Channel by, ClientResponseObserver<ActionReport, SignedAction> answers) {
            var up = ActionsGrpc.newStub(by).follow(answers);
            synchronized (RelayLink.this) {
                reportsUp = up;
                up.onNext(ActionReport.getDefaultInstance()); // that somebody listens
                var waiting = Map.copyOf(reports);
                reports.clear();
                waiting.values().forEach(RelayLink.this::report);
            }
        }

        @Override
        protected void heard(SignedAction message) {
            downward.action(message.getEnvelope().toStringUtf8());
        }
    }

    @Override
    public void close() {
        rosters.end();
        keys.end();
        policies.end();
        actions.end();
        channel.shutdownNow();
        door.shutdownNow();
        threads.shutdownNow();
        channels.close();
    }
}
