package io.marsad.api.fleet;

import io.marsad.api.http.Route;
import io.marsad.api.live.LiveStreams;
import io.marsad.db.Database;
import io.marsad.fleet.CarveDoor;
import io.marsad.fleet.Carves;
import io.marsad.fleet.live.HostQueries;
import io.marsad.fleet.live.LiveQueries;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** What hosts with osquery are asked by people, and what they answer. */
public record AskedServices(
        HostQueries asked, LiveQueries queries, CarveDoor carving, Carves carves, InstantSource clock) {
    static AskedServices of(Database database, InstantSource clock, SecureRandom random) {
        var asked = new HostQueries(database, clock);
        return new AskedServices(
                asked,
                new LiveQueries(database, asked, clock, random),
                new CarveDoor(database, clock, random),
                new Carves(database, clock),
                clock);
    }

    List<Route> routes(OsqueryDoor door, LiveStreams streams, MeterRegistry meters) {
        var routes = new ArrayList<>(new DistributedRoutes(door, asked, meters).routes());
        routes.addAll(new LiveQueryRoutes(queries, streams, clock).routes());
        routes.addAll(new CarveRoutes(door, carving, carves).routes());
        return routes;
    }
}
