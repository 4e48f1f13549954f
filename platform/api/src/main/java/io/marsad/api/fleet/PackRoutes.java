package io.marsad.api.fleet;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.fleet.osquery.Assignment;
import io.marsad.fleet.osquery.KeptPack;
import io.marsad.fleet.osquery.PackFinding;
import io.marsad.fleet.osquery.PackReader;
import io.marsad.fleet.osquery.QueryPack;
import io.marsad.fleet.osquery.QueryPacks;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Packs of osquery, and which of them the groups of hosts are given. */
final class PackRoutes {
    private static final int MAX_BODY = 1 << 20;

    private final QueryPacks packs;

    PackRoutes(QueryPacks packs) {
        this.packs = packs;
    }

    List<Route> routes() {
        return List.of(
                new Route("listOsqueryPacks", this::list),
                new Route("getOsqueryPack", this::find),
                new Route("putOsqueryPack", this::put),
                new Route("deleteOsqueryPack", this::delete),
                new Route("checkOsqueryPack", this::check),
                new Route("listOsqueryGroups", this::groups),
                new Route("assignOsqueryPacks", this::assign),
                new Route("getOsqueryConfig", this::config));
    }

    private void list(Exchange exchange) {
        var found = packs.list();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("packs");
            for (var one : found) {
                write(to, one, false);
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void find(Exchange exchange) {
        var versions = packs.versions(exchange.path("pack"));
        var wanted = exchange.query("version");
        var one = wanted == null
                ? versions.getFirst()
                : versions.stream()
                        .filter(each -> Long.toString(each.version()).equals(wanted))
                        .findFirst()
                        .orElseThrow(() -> Problem.notFound("There is no such version of this pack.")
                                .asException());
        exchange.json(200, to -> write(to, one, true));
    }

    private void put(Exchange exchange) {
        var body = exchange.json(MAX_BODY);
        var made = packs.put(
                exchange.path("pack"),
                body.get("base").longValue(),
                body.get("text").stringValue(),
                Objects.requireNonNullElse(Json.text(body, "note"), ""));
        exchange.json(200, to -> write(to, made, true));
    }

    private void delete(Exchange exchange) {
        packs.delete(exchange.path("pack"));
        exchange.noContent();
    }

    private void check(Exchange exchange) {
        var body = exchange.json(MAX_BODY);
        var read = PackReader.read(
                Objects.requireNonNullElse(Json.text(body, "name"), "pack"),
                body.get("text").stringValue());
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeBooleanProperty("good", read.pack() != null);
            findings(to, read.findings());
            var pack = read.pack();
            if (pack != null) {
                to.writeName("pack");
                to.writeStartObject();
                facts(to, pack);
                to.writeEndObject();
            }
            to.writeEndObject();
        });
    }

    private void groups(Exchange exchange) {
        var found = packs.assignments();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("groups");
            for (var one : found) {
                write(to, one);
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void assign(Exchange exchange) {
        var body = exchange.json();
        var names = new ArrayList<String>();
        for (JsonNode one : body.get("packs")) {
            names.add(one.stringValue());
        }
        var made = packs.assign(
                body.get("group").stringValue(),
                body.get("base").longValue(),
                names,
                Objects.requireNonNullElse(Json.text(body, "note"), ""));
        exchange.json(200, to -> write(to, made));
    }

    private void config(Exchange exchange) {
        var group = Objects.requireNonNullElse(exchange.query("group"), "");
        exchange.send(200, "application/json", packs.config(CallerScope.tenant(), group));
    }

    private static void write(JsonGenerator to, KeptPack one, boolean whole) {
        to.writeStartObject();
        facts(to, one.pack());
        to.writeNumberProperty("version", one.version());
        to.writeBooleanProperty("shipped", one.shipped());
        to.writeStringProperty("note", one.note());
        Json.text(to, "made_by", one.madeBy());
        Json.time(to, "made_at", one.madeAt());
        if (whole) {
            to.writeStringProperty("text", one.text());
            findings(to, PackReader.read(one.pack().name(), one.text()).findings());
        }
        to.writeEndObject();
    }

    private static void facts(JsonGenerator to, QueryPack pack) {
        to.writeStringProperty("name", pack.name());
        to.writeStringProperty("title", pack.title());
        to.writeStringProperty("description", pack.description());
        to.writeBooleanProperty("usual", pack.usual());
        Json.texts(to, "attack", pack.attack());
        to.writeStringProperty("platform", pack.limits().platform());
        to.writeArrayPropertyStart("queries");
        for (var query : pack.queries()) {
            to.writeStartObject();
            to.writeStringProperty("name", query.name());
            to.writeStringProperty("query", query.sql());
            to.writeNumberProperty("interval", query.interval());
            to.writeStringProperty("platform", query.limits().platform());
            to.writeStringProperty("description", query.description());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeNumberProperty(
                "watched_paths",
                pack.filePaths().values().stream().mapToInt(List::size).sum());
    }

    private static void findings(JsonGenerator to, List<PackFinding> findings) {
        to.writeArrayPropertyStart("findings");
        for (var one : findings) {
            to.writeStartObject();
            to.writeStringProperty("severity", one.severity());
            to.writeNumberProperty("line", one.problem().line());
            to.writeStringProperty("reason", one.problem().reason());
            to.writeEndObject();
        }
        to.writeEndArray();
    }

    private static void write(JsonGenerator to, Assignment one) {
        to.writeStartObject();
        to.writeStringProperty("group", one.group());
        to.writeNumberProperty("version", one.version());
        Json.texts(to, "packs", one.packs());
        to.writeNumberProperty("hosts", one.hosts());
        to.writeStringProperty("note", one.note());
        Json.text(to, "made_by", one.madeBy());
        Json.time(to, "made_at", one.madeAt());
        to.writeEndObject();
    }
}
