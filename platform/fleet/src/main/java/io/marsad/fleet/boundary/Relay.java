package io.marsad.fleet.boundary;

import io.marsad.fleet.control.KeyFeed;
import io.marsad.fleet.identity.KeyLists;
import io.marsad.fleet.relay.PassedOn;
import io.marsad.fleet.relay.PolicyDesk;
import io.marsad.fleet.relay.RelayListener;
import io.marsad.fleet.relay.Tenancy;
import io.marsad.proto.agent.v1.EnrollRequest;
import io.marsad.proto.agent.v1.EnrollResponse;
import io.marsad.proto.agent.v1.Lost;
import io.marsad.proto.agent.v1.PolicyReport;
import io.marsad.proto.agent.v1.RelayState;
import io.marsad.proto.agent.v1.RenewRequest;
import io.marsad.proto.agent.v1.RenewResponse;
import io.marsad.proto.agent.v1.Roster;
import io.marsad.uplink.DurableFile;
import io.marsad.uplink.Identity;
import io.marsad.wire.AgentPackage;
import io.marsad.wire.EnvelopeRefused;
import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import io.marsad.wire.PolicyVerifier;
import io.marsad.wire.SignedAction;
import io.marsad.wire.TrustedKeys;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A relay at work: listens for the hosts of its tenant, verifies what is passed on in both directions, keeps what they
 * report until the control plane has it, and goes on with what it knows while that is away. {@link #look} often, by one
 * thread; the rest by several.
 */
public final class Relay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    private final Path folder;
    private final RelaySpool spool;
    private final InstantSource clock;
    private final KnownEndpoints known;
    private final TrustedKeys keys;
    private final KeyFeed feed = new KeyFeed();
    private final PolicyVerifier verifier;
    private final PolicyDesk policies;
    private final RelayOrders orders;
    private final RelayLink link;
    private final Forwarder forwarder;
    private final RelayListener agents;
    private final RelayListener door;
    private final SetAside aside;
    private final PackageCache packages;
    private final AtomicLong refused = new AtomicLong();
    private volatile Tenancy.@Nullable Serving serving;

    /** Where hosts call. @param door those that are not let in yet */
    public record Addresses(InetSocketAddress agents, InetSocketAddress door) {}

    /**
     * Begins.
     *
     * @param folder with the relay's identity
     * @throws IOException when it was not let in yet, an address is taken, or what it kept cannot be read
     */
    public Relay(Path folder, RelaySpool spool, Addresses at, InstantSource clock) throws IOException {
        this.folder = folder;
        this.spool = spool;
        this.clock = clock;
        var identity = Identity.read(folder);
        var tenant = identity.peer().tenant();
        this.known = KnownEndpoints.open(folder.resolve("roster"));
        this.keys = new TrustedKeys(tenant, identity.authorities(), clock);
        this.verifier = new PolicyVerifier(tenant, _ -> true, keys, clock);
        this.policies =
                new PolicyDesk(new PolicyVerifier(tenant, _ -> true, keys, clock), known::group, this::policyReported);
        this.link = new RelayLink(folder, identity, new Down(), this::state, clock);
        if (!takeKeys(identity.keys())) {
            throw new IOException("the list of keys that was kept is not good; enroll again");
        }
        this.orders = RelayOrders.open(
                folder.resolve("actions"),
                new RelayOrders.With(
                        tenant,
                        known::isLetIn,
                        keys,
                        (endpoint, report) -> link.report(report.toBuilder()
                                .setEndpointId(endpoint.id().toString())
                                .build()),
                        link::connected),
                clock);
        this.packages = PackageCache.open(folder.resolve("packages"), link::channel, clock);
        readPolicies();
        serve(identity);
        Tenancy tenancy = name -> name.equals(tenant) ? serving : null;
        this.agents = RelayListener.forPeers(at.agents, tenancy, Set.of(PeerId.Kind.ENDPOINT));
        this.door = RelayListener.forHosts(at.door, tenancy, new Door());
        this.aside = SetAside.open(folder.resolve("rejected"));
        aside.takeBack(spool);
        this.forwarder = new Forwarder(spool, aside, link::channel);
        start();
    }

    private void start() throws IOException {
        try {
            agents.start();
            door.start();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void serve(Identity identity) throws IOException {
        var issuer = identity.authorities().stream()
                .filter(one -> one.getSubjectX500Principal()
                        .equals(identity.certificate().getIssuerX500Principal()))
                .filter(one -> isSignedBy(identity.certificate(), one))
                .findFirst()
                .orElseThrow(() -> new IOException("the relay's certificate is of none of its authorities"));
        var trust = new PeerTrust(identity.peer().tenant(), identity.authorities(), known::isOut, clock);
        var desks = new Tenancy.Desks(spool, policies, orders.desk(), feed, null, link.evidence(), packages);
        serving = new Tenancy.Serving(
                new Tenancy.Identity(List.of(identity.certificate(), issuer), identity.key()), trust, desks);
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false; // another one of the same name
        }
    }

    private boolean takeKeys(String envelope) {
        try {
            boolean isNew = keys.accept(envelope);
            if (isNew) {
                feed.take(new KeyLists.Newest(keys.version(), envelope));
            }
            return isNew;
        } catch (EnvelopeRefused e) {
            refused(e, "a list of keys");
            return false;
        }
    }

    private void refused(EnvelopeRefused why, String what) {
        if (why.reason() != EnvelopeRefused.Reason.REPLAYED) {
            refused.incrementAndGet();
            LOG.warn("{} is not passed on: {}", what, why.getMessage());
        }
    }

    private Path policyFile(String group) {
        return folder.resolve("policies").resolve(SignedAction.hash(group) + ".json");
    }

    private void readPolicies() throws IOException {
        Files.createDirectories(folder.resolve("policies"));
        try (var files = Files.newDirectoryStream(folder.resolve("policies"), "*.json")) {
            for (var file : files) {
                takePolicy(Files.readString(file));
            }
        }
    }

    private void takePolicy(String envelope) {
        try {
            var policy = verifier.accept(envelope, null);
            policies.offer(policy.group(), envelope);
            packages.want(policies.newest().stream()
                    .flatMap(one -> AgentPackage.of(one).stream())
                    .toList());
            DurableFile.replace(policyFile(policy.group()), envelope.getBytes(StandardCharsets.UTF_8));
        } catch (EnvelopeRefused e) {
            refused(e, "a policy");
        } catch (IOException e) {
            LOG.warn("a policy is passed on and could not be kept; it comes again", e);
        }
    }

    private void policyReported(PeerId endpoint, PolicyReport report) {
        link.report(report.toBuilder().setEndpointId(endpoint.id().toString()).build());
    }

    private RelayState state() {
        return RelayState.newBuilder()
                .setRelayVersion("0.1.0")
                .setWaitingRecords(spool.waiting())
                .setWaitingBytes(spool.waiting() == 0 ? 0 : spool.bytes())
                .setLost(Lost.newBuilder().setRecords(aside.records()))
                .build();
    }

    /** What comes from the control plane. */
    private final class Down implements RelayLink.Downward {
        @Override
        public void roster(Roster roster) throws IOException {
            known.take(roster);
            policies.regroup(); // who was let in through this relay is in a group only now
        }

        @Override
        public boolean keys(String envelope) {
            return takeKeys(envelope);
        }

        @Override
        public void policy(String envelope) {
            takePolicy(envelope);
        }

        @Override
        public void action(String envelope) {
            try {
                orders.offer(envelope);
            } catch (EnvelopeRefused e) {
                refused(e, "an action");
            } catch (IllegalStateException | java.io.UncheckedIOException e) {
                LOG.warn("an action is not passed on now; it comes again: {}", e.getMessage());
            }
        }

        @Override
        public void renewed(Identity identity) {
            try {
                serve(identity);
            } catch (IOException e) {
                LOG.error("the next certificate is not shown", e);
            }
        }
    }

    /** Hosts that are not let in yet. */
    private final class Door implements PassedOn.Way {
        @Override
        public EnrollResponse enroll(EnrollRequest request) {
            var answer = link.enroll(request);
            expect(answer.getEndpointId(), answer.getCertificates(0).toByteArray());
            return answer.toBuilder().setPort(agents.port()).build();
        }

        @Override
        public RenewResponse renew(RenewRequest request) {
            var answer = link.renew(request);
            known.renewed(UUID.fromString(request.getEndpointId()));
            return answer;
        }

        private void expect(String endpoint, byte[] certificate) {
            try {
                var read = CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(certificate));
                known.expect(UUID.fromString(endpoint), (X509Certificate) read);
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                LOG.warn("the control plane let somebody in with a certificate that is none", e);
            }
        }
    }

    /** Looks after the link to the control plane. Often. */
    public void look() {
        link.look();
        packages.look();
    }

    /** That endpoints call. */
    public int port() {
        return agents.port();
    }

    /** That hosts call that are not let in yet. */
    public int doorPort() {
        return door.port();
    }

    /** How it is. @param rejected records that the control plane did not take @param trouble why none is passed on */
    public record Status(
            int known,
            int connected,
            long taken,
            long sent,
            long waiting,
            long rejected,
            long refused,
            String trouble) {}

    /** How it is now: endpoints, records, and what was refused. */
    public Status status() {
        return new Status(
                known.size(),
                link.connected(),
                spool.taken(),
                forwarder.sent(),
                spool.waiting(),
                aside.records(),
                refused.get() + spool.refused(),
                forwarder.trouble());
    }

    @Override
    public void close() throws IOException {
        door.close();
        agents.close();
        forwarder.close();
        packages.close();
        link.close();
        spool.close();
    }
}
