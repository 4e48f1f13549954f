package io.marsad.api.fleet;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.fleet.control.AgentPackages;
import io.marsad.fleet.control.KeptPackage;
import io.marsad.wire.AgentPackage;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Everything below {@code /v1/agent-packages}. */
final class AgentPackageRoutes {
    private final AgentPackages packages;

    AgentPackageRoutes(AgentPackages packages) {
        this.packages = packages;
    }

    List<Route> routes() {
        return List.of(
                new Route("listAgentPackages", this::list),
                new Route("beginAgentPackage", this::begin),
                new Route("sendAgentPackageBlock", this::block),
                new Route("deleteAgentPackage", this::delete));
    }

    private void list(Exchange exchange) {
        var all = packages.list();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("packages");
            all.forEach(one -> write(to, one));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void begin(Exchange exchange) {
        var made = packages.begin(exchange.json().get("size").longValue());
        exchange.json(201, to -> write(to, made));
    }

    private void block(Exchange exchange) {
        int block = exchange.queryNumber("number");
        var now = packages.block(exchange.id().uuid(), block, exchange.body(AgentPackage.BLOCK));
        exchange.json(200, to -> write(to, now));
    }

    private void delete(Exchange exchange) {
        packages.delete(exchange.id().uuid());
        exchange.noContent();
    }

    private static void write(JsonGenerator to, KeptPackage one) {
        to.writeStartObject();
        to.writeStringProperty("id", one.id().toString());
        to.writeStringProperty("version", one.version());
        to.writeStringProperty("platform", one.platform());
        to.writeNumberProperty("size", one.size());
        to.writeNumberProperty("block_size", AgentPackage.BLOCK);
        to.writeNumberProperty("received", one.received());
        Json.text(to, "sha256", one.sha256());
        to.writeArrayPropertyStart("groups");
        one.groups().forEach(to::writeString);
        to.writeEndArray();
        to.writeStringProperty("made_by", one.madeBy());
        Json.time(to, "made_at", one.madeAt());
        to.writeEndObject();
    }
}
