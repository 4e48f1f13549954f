package io.marsad.api.fleet;

import io.marsad.api.http.Route;
import io.marsad.api.live.LiveStreams;
import io.marsad.db.Database;
import io.marsad.db.vault.Vault;
import io.marsad.fleet.Endpoints;
import io.marsad.fleet.EnrollSecrets;
import io.marsad.fleet.Enrollment;
import io.marsad.fleet.control.OwnAuthority;
import io.marsad.fleet.identity.Authorities;
import io.marsad.ingest.intake.Intake;
import io.marsad.soc.tenant.Standings;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Who is enrolled, and by what. */
public record FleetServices(
        Enrollment enrollment,
        EnrollSecrets secrets,
        Endpoints endpoints,
        OwnAuthority authority,
        AskedServices asking,
        InstantSource clock) {
    public static FleetServices of(Database database, Vault vault, InstantSource clock, SecureRandom random) {
        return new FleetServices(
                new Enrollment(database, clock, random),
                new EnrollSecrets(database, clock, random),
                new Endpoints(database, clock),
                new OwnAuthority(database, new Authorities(vault, random), clock),
                AskedServices.of(database, clock, random),
                clock);
    }

    public List<Route> routes(Intake intake, Standings standings, LiveStreams streams, MeterRegistry meters) {
        var door = new OsqueryDoor(enrollment, intake, standings);
        var routes = new ArrayList<>(new OsqueryRoutes(door, meters).routes());
        routes.addAll(asking.routes(door, streams, meters));
        routes.addAll(new EndpointRoutes(endpoints).routes());
        routes.addAll(new EnrollSecretRoutes(secrets, authority, clock).routes());
        return routes;
    }
}
