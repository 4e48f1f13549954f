package io.marsad.server.node;

import io.marsad.api.fleet.FleetServices;
import io.marsad.db.Database;
import io.marsad.db.vault.Vault;
import io.marsad.fleet.Enrollment;
import io.marsad.fleet.control.AdmissionDoor;
import io.marsad.fleet.control.Admissions;
import io.marsad.fleet.control.Rosters;
import io.marsad.fleet.control.Sightings;
import io.marsad.fleet.identity.Authorities;
import io.marsad.fleet.identity.KeyLists;
import io.marsad.fleet.relay.RelayListener;
import io.marsad.ingest.intake.Intake;
import io.marsad.respond.sign.ActionKeys;
import io.marsad.server.config.Config;
import io.marsad.wire.PeerId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where agents and relays call: one address for those that are let in, one for those that are not, for all tenants. */
final class AgentDoors implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentDoors.class);
    private static final Set<PeerId.Kind> KINDS = Set.of(PeerId.Kind.ENDPOINT, PeerId.Kind.RELAY);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final Duration LAST_WAIT = Duration.ofSeconds(10);

    private final Rosters rosters;
    private final Sightings sightings;
    private final AgentTenants tenants;
    private final RelayListener agents;
    private final RelayListener enrollment;
    private final ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("agents").factory());

    /** What of the node they work with. */
    record State(Database database, Vault vault, Intake intake, InstantSource clock, SecureRandom random) {}

    private AgentDoors(Config.Agents where, State state) throws IOException {
        var keys = new ActionKeys(state.vault);
        var authorities = new Authorities(state.vault, state.random);
        var lists = new KeyLists(authorities, keys::announced);
        var policies = FleetServices.policies(state.database, state.vault, state.clock, state.random);
        rosters = new Rosters(state.database, state.clock);
        sightings = new Sightings(state.database, state.clock);
        tenants = new AgentTenants(
                new AgentOrders.Shared(state, keys, lists, policies, rosters, sightings),
                authorities,
                new AgentRecords(state.intake, rosters, sightings));
        var letIn = new Enrollment(state.database, state.clock, state.random);
        agents = RelayListener.forPeers(new InetSocketAddress(where.address(), where.port()), tenants, KINDS);
        var door = new AdmissionDoor(new Admissions(letIn, authorities, lists, rosters), agents::port);
        enrollment = RelayListener.forHosts(
                new InetSocketAddress(where.address(), where.enrollPort()), tenants, KINDS, door);
    }

    /** @throws StartRefused when an address is taken */
    static AgentDoors open(Config.Agents where, State state, Consumer<String> say) {
        try {
            var doors = new AgentDoors(where, state);
            doors.start();
            say.accept("Agents on " + where.address() + ": port " + doors.agents.port() + ", enrollment "
                    + doors.enrollment.port() + ".");
            return doors;
        } catch (IOException e) {
            throw new StartRefused(
                    "the ports " + where.port() + " and " + where.enrollPort() + " of " + where.address()
                            + " for agents cannot be listened on (in use?): choose others with --set agents.port=PORT"
                            + " --set agents.enroll_port=PORT, or none with --set agents.port=-1",
                    e);
        }
    }

    private void start() throws IOException {
        agents.start();
        try {
            enrollment.start();
        } catch (IOException e) {
            agents.close();
            throw e;
        }
        long every = LOOK_EVERY.toMillis();
        schedule.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            rosters.refresh();
            sightings.flush();
            tenants.look();
        } catch (RuntimeException e) { // thrown on, it would end the schedule
            LOG.warn("agents cannot be looked after; tried again in {} s", LOOK_EVERY.toSeconds(), e);
        }
    }

    @Override
    public void close() {
        schedule.shutdownNow();
        try {
            if (!schedule.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("what looks after agents did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        enrollment.close();
        agents.close();
        sightings.flush();
    }
}
