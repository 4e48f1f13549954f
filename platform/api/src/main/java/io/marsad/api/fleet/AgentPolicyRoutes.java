package io.marsad.api.fleet;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.fleet.control.AgentPolicies;
import io.marsad.fleet.control.AgentPolicy;
import io.marsad.fleet.control.PolicyDifferences;
import io.marsad.fleet.control.PolicyReach;
import io.marsad.kernel.problem.Problem;
import io.marsad.wire.PolicyShare;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Everything below {@code /v1/agent-policies}. */
final class AgentPolicyRoutes {
    private static final int MOST = 200;

    private final AgentPolicies policies;

    AgentPolicyRoutes(AgentPolicies policies) {
        this.policies = policies;
    }

    List<Route> routes() {
        return List.of(
                new Route("listAgentPolicies", this::list),
                new Route("createAgentPolicy", this::create),
                new Route(
                        "getAgentPolicy",
                        exchange -> answer(
                                exchange, 200, policies.find(exchange.id().uuid()))),
                new Route("diffAgentPolicy", this::diff));
    }

    private void list(Exchange exchange) {
        var found = policies.list(Objects.requireNonNullElse(exchange.query("group"), ""), MOST);
        var reach = policies.reach(found);
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("policies");
            for (var one : found) {
                write(to, one, reach.get(one.id()));
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void create(Exchange exchange) {
        var body = exchange.json();
        var note = Json.text(body, "note");
        var made = policies.create(new AgentPolicies.Wanted(
                body.get("group").stringValue(),
                body.get("base").longValue(),
                body.get("collectors"),
                body.path("scripts"),
                texts(body.path("agent")),
                body.path("share").asInt(PolicyShare.ALL),
                note == null ? "" : note));
        answer(exchange, 201, made);
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::stringValue).toList();
    }

    private void diff(Exchange exchange) {
        var newer = policies.find(exchange.id().uuid());
        var named = exchange.query("base");
        var base = named == null ? policies.before(newer) : policies.find(id(named));
        var found = PolicyDifferences.between(base, newer);
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("differences");
            for (var one : found) {
                to.writeStartObject();
                to.writeStringProperty("path", one.path());
                if (one.before() != null) {
                    to.writeName("before");
                    to.writeRawValue(one.before().toString());
                }
                if (one.after() != null) {
                    to.writeName("after");
                    to.writeRawValue(one.after().toString());
                }
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("invalid-agent-policy", "The base is the id of an agent policy.")
                    .asException();
        }
    }

    private void answer(Exchange exchange, int status, AgentPolicy one) {
        var reach = policies.reach(List.of(one)).get(one.id());
        exchange.json(status, to -> write(to, one, reach));
    }

    private static void write(JsonGenerator to, AgentPolicy one, @Nullable PolicyReach reach) {
        to.writeStartObject();
        to.writeStringProperty("id", one.id().toString());
        to.writeStringProperty("group", one.group());
        to.writeNumberProperty("version", one.version());
        to.writeName("collectors");
        to.writeRawValue(one.collectors());
        to.writeName("scripts");
        to.writeRawValue(one.scripts());
        to.writeName("agent");
        to.writeRawValue(one.agent());
        var rules = one.falcoRulesSha256();
        if (!rules.isEmpty()) {
            to.writeStringProperty("falco_rules_sha256", rules);
        }
        to.writeNumberProperty("share", one.share());
        if (reach != null) {
            to.writeObjectPropertyStart("hosts");
            to.writeNumberProperty("of", reach.of());
            to.writeNumberProperty("chosen", reach.chosen());
            to.writeNumberProperty("in_force", reach.inForce());
            to.writeNumberProperty("refused", reach.refused());
            to.writeArrayPropertyStart("stages");
            for (var stage : reach.stages()) {
                to.writeStartObject();
                to.writeNumberProperty("share", stage.share());
                to.writeNumberProperty("hosts", stage.hosts());
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        }
        to.writeStringProperty("note", one.note());
        to.writeStringProperty("made_by", one.madeBy());
        Json.time(to, "made_at", one.madeAt());
        to.writeEndObject();
    }
}
