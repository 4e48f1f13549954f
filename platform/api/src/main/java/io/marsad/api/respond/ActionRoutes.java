package io.marsad.api.respond;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.respond.action.ActionPolicy;
import io.marsad.respond.service.ActionView;
import io.marsad.respond.service.Actions;
import io.marsad.respond.service.DryRuns;
import io.marsad.respond.service.ResponsePolicies;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Actions, the catalogue of them, and what the tenant has done without asking. */
final class ActionRoutes {
    private final Actions actions;
    private final ResponsePolicies policies;
    private final DryRuns dryRuns;

    ActionRoutes(RespondServices services) {
        this.actions = services.actions();
        this.policies = services.policies();
        this.dryRuns = services.dryRuns();
    }

    List<Route> routes() {
        return List.of(
                new Route("listActions", this::list),
                new Route("requestAction", this::request),
                new Route("actionCatalogue", this::catalogue),
                new Route("getAction", this::one),
                new Route("approveAction", exchange -> say(exchange, true)),
                new Route("refuseAction", exchange -> say(exchange, false)),
                new Route("answerAction", this::answer),
                new Route("rollBackAction", this::rollBack),
                new Route("getResponsePolicy", this::policy),
                new Route("setResponsePolicy", this::setPolicy));
    }

    private void list(Exchange exchange) {
        var filter = new ActionView.Filter(
                exchange.query("status"),
                exchange.query("action"),
                PlaybookRoutes.uuid(exchange.query("run")),
                exchange.query("target"),
                PlaybookRoutes.time(exchange.query("since")),
                "true".equals(exchange.query("waiting")));
        var page = actions.list(filter, exchange.query("cursor"), exchange.queryNumber("limit"));
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("actions");
            page.actions().forEach(one -> ActionOut.action(to, one));
            to.writeEndArray();
            Json.text(to, "next", page.next());
            to.writeEndObject();
        });
    }

    private void one(Exchange exchange) {
        var action = actions.find(PlaybookRoutes.id(exchange));
        exchange.json(200, to -> ActionOut.action(to, action));
    }

    private void request(Exchange exchange) {
        var body = exchange.json();
        var key = PlaybookRoutes.uuid(Json.text(body, "key"));
        Map<String, JsonNode> parameters = new LinkedHashMap<>();
        body.get("parameters").forEachEntry(parameters::put);
        var asked = actions.ask(
                body.get("action").stringValue(),
                parameters,
                Json.text(body, "about"),
                key == null ? UUID.randomUUID() : key);
        exchange.json(asked.fresh() ? 201 : 200, to -> ActionOut.action(to, asked.action()));
    }

    private void say(Exchange exchange, boolean agrees) {
        var body = exchange.json();
        var hash = body.get("parameters_hash").stringValue();
        var action = actions.say(PlaybookRoutes.id(exchange), agrees, hash, Json.text(body, "comment"));
        exchange.json(200, to -> ActionOut.action(to, action));
    }

    private void answer(Exchange exchange) {
        var body = exchange.json();
        var action = actions.answer(
                PlaybookRoutes.id(exchange),
                body.get("done").booleanValue(),
                PlaybookRoutes.values(body.path("outputs")),
                body.get("comment").stringValue());
        exchange.json(200, to -> ActionOut.action(to, action));
    }

    private void rollBack(Exchange exchange) {
        var comment = exchange.json().get("comment").stringValue();
        var action = actions.rollBack(PlaybookRoutes.id(exchange), comment);
        exchange.json(201, to -> ActionOut.action(to, action));
    }

    private void setPolicy(Exchange exchange) {
        var body = exchange.json();
        Set<ActionPolicy.Trusted> trusted = new LinkedHashSet<>();
        body.get("trusted")
                .forEach(one -> trusted.add(new ActionPolicy.Trusted(
                        one.get("action").stringValue(), one.get("target").stringValue())));
        var kept = policies.put(new ActionPolicy(
                ActionPolicy.Maturity.valueOf(body.get("level").stringValue()),
                names(body.get("always_asked")),
                names(body.get("never")),
                trusted));
        exchange.json(200, to -> write(to, kept));
    }

    private static Set<String> names(JsonNode array) {
        Set<String> names = new LinkedHashSet<>();
        array.forEach(name -> names.add(name.stringValue()));
        return names;
    }

    private void catalogue(Exchange exchange) {
        var all = actions.catalogue().all();
        var carriedBy = dryRuns.carriedBy();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("actions");
            all.forEach(one -> ActionOut.kind(to, one, carriedBy.getOrDefault(one.name(), List.of())));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void policy(Exchange exchange) {
        var kept = policies.find();
        exchange.json(200, to -> write(to, kept));
    }

    private static void write(JsonGenerator to, ResponsePolicies.Kept kept) {
        var policy = kept.policy();
        to.writeStartObject();
        to.writeStringProperty("level", policy.maturity().name());
        Json.texts(to, "always_asked", policy.alwaysAsked().stream().sorted().toList());
        Json.texts(to, "never", policy.never().stream().sorted().toList());
        to.writeArrayPropertyStart("trusted");
        policy.trusted().stream()
                .sorted(Comparator.comparing(ActionPolicy.Trusted::action).thenComparing(ActionPolicy.Trusted::target))
                .forEach(one -> {
                    to.writeStartObject();
                    to.writeStringProperty("action", one.action());
                    to.writeStringProperty("target", one.target());
                    to.writeEndObject();
                });
        to.writeEndArray();
        Json.text(to, "updated_by", kept.updatedBy());
        Json.time(to, "updated_at", kept.updatedAt());
        to.writeEndObject();
    }
}
