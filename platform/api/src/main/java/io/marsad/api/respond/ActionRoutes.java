package io.marsad.api.respond;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.respond.action.ActionPolicy;
import io.marsad.respond.service.ActionView;
import io.marsad.respond.service.Actions;
import io.marsad.respond.service.ResponsePolicies;
import java.util.Comparator;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Actions, the catalogue of them, and what the tenant has done without asking. */
final class ActionRoutes {
    private final Actions actions;
    private final ResponsePolicies policies;

    ActionRoutes(RespondServices services) {
        this.actions = services.actions();
        this.policies = services.policies();
    }

    List<Route> routes() {
        return List.of(
                new Route("listActions", this::list),
                new Route("getAction", this::one),
                new Route("actionCatalogue", this::catalogue),
                new Route("getResponsePolicy", this::policy));
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

    private void catalogue(Exchange exchange) {
        var all = actions.catalogue().all();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("actions");
            all.forEach(one -> ActionOut.kind(to, one));
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
