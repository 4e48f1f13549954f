package io.marsad.agent.link;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientResponseObserver;
import io.marsad.agent.Uplink;
import io.marsad.agent.act.Actions;
import io.marsad.agent.act.Evidence;
import io.marsad.agent.policy.Policy;
import io.marsad.agent.policy.PolicyRefused;
import io.marsad.agent.policy.PolicyStore;
import io.marsad.agent.spool.Spool;
import io.marsad.proto.agent.v1.KeysGrpc;
import io.marsad.proto.agent.v1.Lost;
import io.marsad.proto.agent.v1.PoliciesGrpc;
import io.marsad.proto.agent.v1.SignedKeys;
import io.marsad.proto.agent.v1.SignedPolicy;
import io.marsad.proto.agent.v1.WatchKeys;
import io.marsad.proto.agent.v1.WatchPolicy;
import io.marsad.uplink.Enrolling;
import io.marsad.uplink.Identity;
import io.marsad.uplink.RelayChannels;
import io.marsad.uplink.Watch;
import io.marsad.wire.EnvelopeRefused;
import io.marsad.wire.PolicyVerifier;
import io.marsad.wire.TrustedKeys;
import io.marsad.wire.Verifier;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All that an agent that was let in has to do with its relay: records go up; policies and lists of keys come down, are
 * verified and kept; the certificate is renewed. {@link #look} by one thread, the uplink by another.
 */
public final class Link implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Link.class.getName());
    private static final Duration RENEWAL_TRIED_EVERY = Duration.ofHours(1);

    private final Path folder;
    private final InstantSource clock;
    private final TrustedKeys keys;
    private final PolicyVerifier verifier;
    private final PolicyStore store;
    private final Consumer<Policy> applied;
    private final RelayChannels channels = new RelayChannels();
    private final GrpcUplink uplink;
    private final PolicyReports reports;
    private final PolicyWatch policies = new PolicyWatch();
    private final KeyWatch lists = new KeyWatch();
    private final CountDownLatch left = new CountDownLatch(1);
    private final Evidence evidence;
    private volatile @Nullable ActionWatch actions;
    private Identity identity;
    private volatile ManagedChannel channel;
    private Instant renewalTried = Instant.MIN;

    /**
     * @param folder where the identity is
     * @param store of policies; used by the link's threads only from now on
     * @param applied hears of each policy that comes into force; called by the link's threads
     * @param software that runs
     */
    public Link(
            Path folder,
            Spool spool,
            PolicyStore store,
            Consumer<Policy> applied,
            Software software,
            InstantSource clock)
            throws IOException {
        this.folder = folder;
        this.clock = clock;
        this.store = store;
        this.applied = applied;
        this.reports =
                new PolicyReports(software, store.current().map(Policy::version).orElse(0L));
        this.identity = Identity.read(folder);
        var tenant = identity.peer().tenant();
        this.keys = new TrustedKeys(tenant, identity.authorities(), clock);
        try {
            keys.accept(identity.keys());
        } catch (EnvelopeRefused e) {
            throw new IOException("the list of keys that was kept is not good; enroll again", e);
        }
        this.verifier = new PolicyVerifier(tenant, _ -> true, keys, clock);
        this.channel = channels.open(identity.server(), identity, clock);
        this.uplink = new GrpcUplink(() -> channel, SpoolId.of(folder.resolve("spool")), () -> lost(spool));
        this.evidence = new EvidenceUpload(() -> channel, left);
    }

    private static Lost lost(Spool spool) {
        var counters = spool.counters();
        return Lost.newBuilder()
                .setRecords(counters.droppedRecords() + counters.refusedRecords() + counters.lostRecords())
                .setBytes(counters.droppedBytes() + counters.cutBytes())
                .build();
    }

    /** To the relay, as it is now. */
    public Channel channel() {
        return channel;
    }

    /** Who the host is. */
    public synchronized Identity identity() {
        return identity;
    }

    public Uplink uplink() {
        return uplink;
    }

    /** Whose signatures count, as the newest list says. */
    public Iterable<Verifier.TrustedKey> keys() {
        return keys;
    }

    /** To where what is too large for a report is sent. */
    public Evidence evidence() {
        return evidence;
    }

    /** Orders go there from the next look on. */
    public void follow(Actions to) {
        actions = new ActionWatch(to);
    }

    /** Sees that calls are open and the certificate is young. Often; it may take a while when it is renewed. */
    public void look() {
        long now = clock.millis();
        policies.look(channel, now);
        reports.look(channel, now);
        lists.look(channel, now);
        var orders = actions;
        if (orders != null) {
            orders.look(channel, now);
        }
        renew(clock.instant());
    }

    private void renew(Instant now) {
        var due = identity().renewal();
        if (now.isBefore(due) || now.isBefore(renewalTried.plus(RENEWAL_TRIED_EVERY)) && renewalTried.isAfter(due)) {
            return;
        }
        renewalTried = now;
        try {
            var next = Enrolling.renew(identity(), channels, clock);
            synchronized (this) {
                next = next.with(currentKeys()); // another list may have come meanwhile
                next.write(folder); // first: with one that is not kept the host would be out after a crash
                identity = next;
            }
            var before = channel;
            channel = channels.open(next.server(), next, clock);
            before.shutdown();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the certificate could not be renewed; it is tried again", e);
        }
    }

    private String currentKeys() {
        var newest = keys.envelope();
        return newest == null ? "" : newest;
    }

    private final class KeyWatch extends Watch<WatchKeys, SignedKeys> {
        @Override
        protected void begin(Channel by, ClientResponseObserver<WatchKeys, SignedKeys> answers) {
            KeysGrpc.newStub(by)
                    .watch(WatchKeys.newBuilder().setVersion(keys.version()).build(), answers);
        }

        @Override
        protected void heard(SignedKeys message) {
            try {
                if (keys.accept(message.getEnvelope().toStringUtf8())) {
                    synchronized (Link.this) {
                        identity = identity.with(currentKeys());
                        identity.write(folder);
                    }
                }
            } catch (EnvelopeRefused e) {
                LOG.log(Level.WARNING, "a list of keys is refused: " + e.getMessage());
            } catch (IOException e) {
                LOG.log(Level.WARNING, "the newest list of keys could not be kept; it comes again", e);
            }
        }
    }

    private final class PolicyWatch extends Watch<WatchPolicy, SignedPolicy> {
        @Override
        protected void begin(Channel by, ClientResponseObserver<WatchPolicy, SignedPolicy> answers) {
            reports.again(); // who is at the other end may not have heard
            long version;
            synchronized (store) {
                version = store.current().map(Policy::version).orElse(0L);
            }
            PoliciesGrpc.newStub(by)
                    .watch(WatchPolicy.newBuilder().setVersion(version).build(), answers);
        }

        @Override
        protected void heard(SignedPolicy message) {
            long version = 0;
            @Nullable String refused = null;
            try {
                var policy = verifier.accept(message.getEnvelope().toStringUtf8(), null);
                version = policy.version();
                boolean isNew;
                synchronized (store) {
                    if (!store.concerns(policy, identity().peer().id())) {
                        return; // others try it first; what is in force here stays
                    }
                    isNew = store.apply(policy);
                }
                if (isNew) {
                    store.current().ifPresent(applied);
                }
            } catch (EnvelopeRefused | PolicyRefused e) {
                refused = String.valueOf(e.getMessage());
                LOG.log(Level.WARNING, "a policy is refused: " + refused);
            } catch (IOException e) {
                refused = "it could not be kept: " + e.getMessage();
                LOG.log(Level.WARNING, "a policy could not be kept", e);
            }
            reports.say(version, refused == null ? "" : refused);
        }
    }

    /** In words, for the status line. */
    public String status() {
        return "sent=" + uplink.sent();
    }

    /** Ends all calls: whoever waits for one does not any more. */
    public void leave() {
        left.countDown();
        policies.end();
        lists.end();
        var orders = actions;
        if (orders != null) {
            orders.end();
        }
        uplink.close();
        channel.shutdownNow();
    }

    @Override
    public void close() {
        leave();
        channels.close();
    }
}
