package io.marsad.api.risk;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.problem.Problem;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.entity.Entities;
import io.marsad.soc.risk.EntityKey;
import io.marsad.soc.risk.Risk;
import io.marsad.soc.risk.RiskQueue;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The queue of entities, one entity, and what is connected with it; always of the caller's tenant. */
public final class RiskRoutes {
    private static final int MAX_VALUE = 512;

    private final RiskQueue risk;
    private final Entities entities;

    public RiskRoutes(RiskQueue risk, Entities entities) {
        this.risk = risk;
        this.entities = entities;
    }

    public List<Route> routes() {
        return List.of(
                new Route("listRisk", this::list),
                new Route("getEntity", this::entity),
                new Route("getEntityGraph", this::graph));
    }

    private void list(Exchange exchange) {
        var filter = new RiskQueue.Filter(
                exchange.queryList("type").stream().map(Entity.Kind::ofWord).collect(Collectors.toUnmodifiableSet()),
                exchange.queryList("band").stream().map(Risk.Band::ofWord).collect(Collectors.toUnmodifiableSet()));
        var page = risk.list(filter, exchange.queryNumber("limit"), exchange.query("cursor"));
        exchange.json(200, to -> {
            to.writeStartObject();
            Json.time(to, "at", page.at());
            to.writeArrayPropertyStart("entities");
            page.rows().forEach(row -> RiskJson.row(to, row));
            to.writeEndArray();
            Json.text(to, "next", page.next());
            to.writeNumberProperty("total", page.total());
            to.writeObjectPropertyStart("bands");
            page.byBand().forEach((band, count) -> to.writeNumberProperty(band.word(), count));
            to.writeEndObject();
            to.writeEndObject();
        });
    }

    private void entity(Exchange exchange) {
        var span = exchange.query("span");
        var page = entities.page(key(exchange), Entities.Span.ofWord(span == null ? "7d" : span));
        exchange.json(200, to -> EntityJson.page(to, page));
    }

    private void graph(Exchange exchange) {
        var graph = entities.graph(key(exchange), exchange.queryNumber("hops"));
        exchange.json(200, to -> EntityJson.graph(to, graph));
    }

    private static EntityKey key(Exchange exchange) {
        var value = exchange.path("value");
        if (value.length() > MAX_VALUE || value.indexOf('\0') >= 0) {
            throw unknown();
        }
        var kind = kind(exchange.path("type"));
        if (kind == null) {
            throw unknown();
        }
        return new EntityKey(kind, value);
    }

    private static Entity.@Nullable Kind kind(String word) {
        for (var kind : Entity.Kind.values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        return null;
    }

    private static RuntimeException unknown() {
        return Problem.notFound("No alert names it.").asException();
    }
}
