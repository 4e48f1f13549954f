package io.marsad.api.events;

import io.marsad.api.http.Route;
import io.marsad.kernel.ocsf.EventJson;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.rule.RuleCatalog;
import io.marsad.soc.search.SearchHistory;
import io.marsad.store.query.run.Ask;
import io.marsad.store.query.run.Lookups;
import io.marsad.store.query.run.QueryRun;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything below {@code /v1/events}. */
public final class EventApi {
    private final EventRoutes events;
    private final QueryRoutes queries;
    private final FieldRoutes fields;
    private final QueryRun run;
    private final RuleCatalog rules;
    private final InstantSource clock;

    /** What questions are asked with, and where they are remembered. */
    public record Asking(Lookups lookups, RuleCatalog rules, SearchHistory history) {}

    public EventApi(EventStore store, EventJson json, Asking asking, QuerySlots slots, InstantSource clock) {
        var lookups = asking.lookups;
        var lines = new EventLines(json);
        rules = asking.rules;
        events = new EventRoutes(store, lines, rules, clock);
        run = new QueryRun(store, lookups);
        this.clock = clock;
        queries = new QueryRoutes(run, lines, rules, asking.history, clock, slots);
        fields = new FieldRoutes(store, lookups, rules, clock);
    }

    /**
     * Whether a query that is to be kept can be run by the caller.
     *
     * @param rule the id of a rule that it is asked of, or null
     * @throws io.marsad.kernel.problem.ProblemException 400, 404 or 409 when it cannot
     */
    public void check(String text, @Nullable String rule) {
        var query = Asked.parse(text);
        var asked = rule == null ? query : Asked.ofRule(query, rule, rules);
        long now = clock.millis();
        var range = asked.range(now);
        long from = range == null ? now - Duration.ofDays(1).toMillis() : range.from();
        long to = range == null ? now : range.to();
        run.kind(new Ask(CallerScope.tenant(), asked, from, to, now, 1, null, Duration.ofSeconds(1)));
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        routes.addAll(events.routes());
        routes.addAll(queries.routes());
        routes.addAll(fields.routes());
        return routes;
    }
}
