package io.marsad.api.events;

import io.marsad.api.http.Route;
import io.marsad.kernel.ocsf.EventJson;
import io.marsad.kernel.store.EventStore;
import io.marsad.soc.rule.RuleCatalog;
import io.marsad.store.query.run.Lookups;
import io.marsad.store.query.run.QueryRun;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Everything below {@code /v1/events}. */
public final class EventApi {
    private final EventRoutes events;
    private final QueryRoutes queries;
    private final FieldRoutes fields;

    public EventApi(EventStore store, EventJson json, Lookups lookups, RuleCatalog rules, InstantSource clock) {
        var lines = new EventLines(json);
        events = new EventRoutes(store, lines, rules, clock);
        queries = new QueryRoutes(new QueryRun(store, lookups), lines, rules, clock);
        fields = new FieldRoutes(store, lookups, rules, clock);
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        routes.addAll(events.routes());
        routes.addAll(queries.routes());
        routes.addAll(fields.routes());
        return routes;
    }
}
