package io.marsad.api.fleet;

import io.marsad.api.http.Route;
import io.marsad.api.live.LiveStreams;
import io.marsad.db.Database;
import io.marsad.db.vault.Vault;
import io.marsad.fleet.Endpoints;
import io.marsad.fleet.EnrollSecrets;
import io.marsad.fleet.Enrollment;
import io.marsad.fleet.control.AgentPackages;
import io.marsad.fleet.control.AgentPolicies;
import io.marsad.fleet.control.OwnAuthority;
import io.marsad.fleet.control.Relays;
import io.marsad.fleet.identity.Authorities;
import io.marsad.fleet.osquery.QueryPacks;
import io.marsad.fleet.osquery.ShippedPacks;
import io.marsad.ingest.intake.Intake;
import io.marsad.respond.sign.ActionKeys;
import io.marsad.respond.sign.PolicySeal;
import io.marsad.soc.tenant.Standings;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Who is enrolled, and by what. */
public record FleetServices(
        Enrollment enrollment,
        EnrollSecrets secrets,
        Endpoints endpoints,
        OwnAuthority authority,
        AskedServices asking,
        AgentPolicies policies,
        AgentPackages packages,
        QueryPacks packs,
        Relays relays,
        InstantSource clock) {
    public static FleetServices of(
            Database database, Vault vault, ShippedPacks shipped, InstantSource clock, SecureRandom random) {
        return new FleetServices(
                new Enrollment(database, clock, random),
                new EnrollSecrets(database, clock, random),
                new Endpoints(database, clock),
                new OwnAuthority(database, new Authorities(vault, random), clock),
                AskedServices.of(database, clock, random),
                policies(database, vault, clock, random),
                new AgentPackages(database, clock, random),
                new QueryPacks(database, shipped, clock),
                new Relays(database, clock),
                clock);
    }

    /** The policies of agents, signed as actions are. */
    public static AgentPolicies policies(Database database, Vault vault, InstantSource clock, RandomGenerator random) {
        var seal = new PolicySeal(new ActionKeys(vault));
        return new AgentPolicies(
                database,
                (connection, tenant, policy, now) -> {
                    var sealed = seal.sign(connection, tenant, policy, now);
                    return new AgentPolicies.Signed(sealed.envelope(), sealed.goodUntil());
                },
                clock,
                random);
    }

    public List<Route> routes(Intake intake, Standings standings, LiveStreams streams, MeterRegistry meters) {
        var door = new OsqueryDoor(enrollment, intake, standings);
        var routes = new ArrayList<>(new OsqueryRoutes(door, packs, meters).routes());
        routes.addAll(asking.routes(door, streams, meters));
        routes.addAll(new EndpointRoutes(endpoints).routes());
        routes.addAll(new PackRoutes(packs).routes());
        routes.addAll(new RelayRoutes(relays).routes());
        routes.addAll(new AgentPolicyRoutes(policies).routes());
        routes.addAll(new AgentPackageRoutes(packages).routes());
        routes.addAll(new EnrollSecretRoutes(secrets, authority, clock).routes());
        return routes;
    }
}
