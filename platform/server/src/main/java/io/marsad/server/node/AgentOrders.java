package io.marsad.server.node;

import io.marsad.fleet.CarveDoor;
import io.marsad.fleet.EnrollSecret.Purpose;
import io.marsad.fleet.control.AgentPackages;
import io.marsad.fleet.control.AgentPolicies;
import io.marsad.fleet.control.EvidenceRoom;
import io.marsad.fleet.control.KeyFeed;
import io.marsad.fleet.control.PolicyReports;
import io.marsad.fleet.control.RelayRoster;
import io.marsad.fleet.control.Roster.Entry;
import io.marsad.fleet.control.Rosters;
import io.marsad.fleet.control.Sightings;
import io.marsad.fleet.identity.KeyLists;
import io.marsad.fleet.relay.ActionDesk;
import io.marsad.fleet.relay.PackageDesk;
import io.marsad.fleet.relay.PolicyDesk;
import io.marsad.fleet.relay.TelemetrySink;
import io.marsad.fleet.relay.Tenancy;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.proto.agent.v1.ActionReport;
import io.marsad.proto.agent.v1.PolicyReport;
import io.marsad.respond.host.HostOrders;
import io.marsad.respond.sign.ActionKeys;
import io.marsad.wire.EnvelopeRefused;
import io.marsad.wire.PeerId;
import io.marsad.wire.PolicyVerifier;
import io.marsad.wire.Verifier;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What agents are told: policies and actions, on their way from the tables to who listens. Thread-safe. */
final class AgentOrders {
    private static final Logger LOG = LoggerFactory.getLogger(AgentOrders.class);

    private static final Duration OFFERED_EVERY = Duration.ofSeconds(30);

    private final TenantId tenant;
    private final AgentDoors.State state;
    private final ActionKeys keys;
    private final KeyLists lists;
    private final AgentPolicies inForce;
    private final Rosters rosters;
    private final KeyFeed feed = new KeyFeed();
    private final RelayRoster relays;
    private final PolicyDesk policies;
    private final ActionDesk actions;
    private final HostOrders orders;
    private final EvidenceRoom evidence;
    private final PackageDesk packages;
    private final PolicyReports reports;
    private final Map<String, Long> offered = new HashMap<>();
    private final Map<UUID, Instant> told = new HashMap<>();
    private volatile List<Verifier.TrustedKey> trusted = List.of();

    /** What all tenants have together. */
    record Shared(
            AgentDoors.State state,
            ActionKeys keys,
            KeyLists lists,
            AgentPolicies inForce,
            Rosters rosters,
            Sightings sightings) {}

    AgentOrders(TenantId tenant, Shared shared) {
        this.tenant = tenant;
        state = shared.state;
        keys = shared.keys;
        lists = shared.lists;
        rosters = shared.rosters;
        inForce = shared.inForce;
        orders = new HostOrders(state.database(), state.clock());
        var carving = new CarveDoor(state.database(), state.clock(), state.random());
        evidence = new EvidenceRoom(carving, orders::isDoing);
        reports = new PolicyReports(state.database());
        packages = new AgentPackages(state.database(), state.clock(), state.random()).desk(tenant);
        relays = new RelayRoster(tenant, rosters, shared.sightings, state.clock());
        Iterable<Verifier.TrustedKey> now = () -> trusted.iterator();
        policies = new PolicyDesk(
                new PolicyVerifier(tenant.value(), _ -> true, now, state.clock()), this::group, this::applied);
        actions = new ActionDesk(
                new Verifier(tenant.value(), this::isOurs, now, (_, _) -> true, state.clock()),
                this::reported,
                state.clock());
        look();
    }

    Tenancy.Desks desks(TelemetrySink records) {
        return new Tenancy.Desks(records, policies, actions, feed, relays, evidence, packages);
    }

    private String group(PeerId endpoint) {
        var entry = rosters.of(tenant).entries().get(endpoint.id());
        return entry == null ? "" : entry.group();
    }

    private boolean isOurs(String target) {
        var entry = rosters.of(tenant).entries().get(UUID.fromString(target));
        return entry != null && !entry.revoked();
    }

    private void applied(PeerId endpoint, PolicyReport report) {
        var refused = report.getApplied() ? "" : report.getRefused();
        var said = new PolicyReports.Reported(
                report.getVersion(), refused, report.getAgentVersion(), report.getUpdateRefused());
        reports.keep(tenant, endpoint.id(), said);
    }

    private void reported(PeerId endpoint, ActionReport report) {
        try {
            var said = new HostOrders.Report(
                    UUID.fromString(report.getActionId()),
                    said(report.getState()),
                    report.getReason(),
                    report.getOutputsMap(),
                    report.getProof().toStringUtf8());
            if (!orders.reported(tenant, endpoint.id(), said)) {
                LOG.debug("{} says again what came of action {}", endpoint.uri(), said.action());
            }
        } catch (IllegalArgumentException e) {
            LOG.warn("{} reports what is no action", endpoint.uri(), e);
        }
    }

    private static HostOrders.State said(ActionReport.State state) {
        return switch (state) {
            case STATE_BEGUN -> HostOrders.State.BEGUN;
            case STATE_COMPLETED -> HostOrders.State.COMPLETED;
            case STATE_FAILED -> HostOrders.State.FAILED;
            case STATE_REFUSED -> HostOrders.State.REFUSED;
            case STATE_UNKNOWN -> HostOrders.State.UNKNOWN;
            case STATE_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalArgumentException("no state of an action");
        };
    }

    /** Until its agent has said what came of it each is offered again: it may not have come there, or the word not here. */
    private void offerActions(List<HostOrders.Order> open) {
        var now = state.clock().instant();
        told.keySet().retainAll(open.stream().map(HostOrders.Order::action).collect(Collectors.toSet()));
        for (var order : open) {
            var last = told.get(order.action());
            if (last != null && now.isBefore(last.plus(OFFERED_EVERY))) {
                continue;
            }
            try {
                actions.offer(order.envelope());
                told.put(order.action(), now);
            } catch (EnvelopeRefused e) {
                LOG.error("action {} of {} is not given out", order.action(), order.hostname(), e);
            } catch (IllegalStateException e) {
                LOG.warn("action {} waits: {}", order.action(), e.getMessage());
            }
        }
    }

    /** The newest of each group that somebody is in; one that begins gets what every group begins with. */
    private void offerPolicies() {
        var groups = rosters.of(tenant).entries().values().stream()
                .filter(entry -> entry.kind() == Purpose.AGENT && !entry.revoked())
                .map(Entry::group)
                .collect(Collectors.toSet());
        for (var group : groups) {
            var policy = state.database().inTenant(tenant, connection -> inForce.inForce(connection, tenant, group));
            if (policy.version() > offered.getOrDefault(group, 0L)) {
                trusted = state.database().inTenant(tenant, connection -> keys.trusted(connection, tenant));
                try {
                    policies.offer(group, policy.envelope());
                    offered.put(group, policy.version());
                } catch (EnvelopeRefused e) {
                    LOG.error("version {} of the policy of {} is not given out", policy.version(), group, e);
                }
            }
        }
    }

    /** Looks for what is new. */
    synchronized void look() {
        var database = state.database();
        var open = orders.open(tenant); // before the keys: what signed them is among those
        feed.take(database.inTenant(
                tenant,
                connection -> lists.newest(connection, tenant, state.clock().instant())));
        trusted = database.inTenant(tenant, connection -> keys.trusted(connection, tenant));
        offerPolicies();
        policies.regroup();
        offerActions(open);
        relays.look();
    }
}
