package io.marsad.api.respond;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.connect.manifest.Input;
import io.marsad.connect.manifest.Manifest;
import io.marsad.connect.manifest.Operation;
import io.marsad.connect.run.Outcome;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.respond.connection.Connections;
import io.marsad.respond.connection.TenantConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Connectors that there are, and what a tenant has connected. */
final class ConnectorRoutes {
    private final Connections connections;

    ConnectorRoutes(Connections connections) {
        this.connections = connections;
    }

    List<Route> routes() {
        return List.of(
                new Route("listConnectors", this::connectors),
                new Route("getConnector", this::connector),
                new Route("testConnector", this::tryOut),
                new Route("executeConnector", this::execute),
                new Route("listConnections", this::list),
                new Route("createConnection", this::create),
                new Route("updateConnection", this::update),
                new Route("deleteConnection", this::delete),
                new Route("testConnection", this::test));
    }

    private void connectors(Exchange exchange) {
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("connectors");
            connections.connectors().all().forEach(one -> manifest(to, one));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void connector(Exchange exchange) {
        var manifest = manifest(exchange);
        exchange.json(200, to -> manifest(to, manifest));
    }

    private Manifest manifest(Exchange exchange) {
        var manifest = connections.connectors().find(exchange.path("name"));
        if (manifest == null) {
            throw Problem.notFound("There is no such connector.").asException();
        }
        return manifest;
    }

    private void list(Exchange exchange) {
        var all = connections.list();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("connections");
            all.forEach(one -> connection(to, one));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void create(Exchange exchange) {
        var body = exchange.json();
        var made = connections.create(content(body), secrets(body));
        exchange.json(201, to -> connection(to, made));
    }

    private void update(Exchange exchange) {
        var body = exchange.json();
        var changed = connections.update(exchange.id(), content(body), secrets(body));
        exchange.json(200, to -> connection(to, changed));
    }

    private void delete(Exchange exchange) {
        connections.delete(exchange.id());
        exchange.noContent();
    }

    private void test(Exchange exchange) {
        tested(exchange, connections.test(exchange.id()));
    }

    private void tryOut(Exchange exchange) {
        var body = exchange.json();
        var of = Json.text(body, "connection");
        var wanted = new TenantConnection.Content(manifest(exchange).name(), "test", config(body), false);
        tested(exchange, connections.tryOut(wanted, secrets(body), of == null ? null : id(of)));
    }

    private static void tested(Exchange exchange, Connections.Tested tested) {
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeBooleanProperty("ok", tested.problem() == null);
            Json.text(to, "problem", tested.problem());
            to.writeNumberProperty("took_ms", tested.took().toMillis());
            to.writeEndObject();
        });
    }

    private void execute(Exchange exchange) {
        var body = exchange.json();
        var id = id(body.get("connection").stringValue());
        var manifest = manifest(exchange);
        if (connections.list().stream()
                .noneMatch(
                        one -> one.id().equals(id) && one.content().connector().equals(manifest.name()))) {
            throw Problem.notFound("There is no such connection of this connector.")
                    .asException();
        }
        var outcome = connections.execute(
                id,
                body.get("operation").stringValue(),
                (ObjectNode) body.get("parameters"),
                body.get("simulate").booleanValue());
        exchange.json(200, to -> outcome(to, outcome));
    }

    private static EventId id(String text) {
        try {
            return EventId.parse(text);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("invalid-id", "'" + text + "' is no id.").asException();
        }
    }

    private static void outcome(JsonGenerator to, Outcome outcome) {
        to.writeStartObject();
        switch (outcome) {
            case Outcome.Succeeded succeeded -> {
                to.writeStringProperty("outcome", "succeeded");
                to.writeName("outputs");
                to.writeRawValue(succeeded.outputs().toString());
                Json.text(to, "reason", null);
            }
            case Outcome.Refused refused -> failed(to, "refused", refused.reason());
            case Outcome.Temporary temporary -> failed(to, "temporary", temporary.reason());
            case Outcome.Unknown unknown -> failed(to, "unknown", unknown.reason());
            case Outcome.Simulated _ -> {
                to.writeStringProperty("outcome", "simulated");
                to.writeNullProperty("outputs");
                Json.text(to, "reason", null);
            }
        }
        to.writeArrayPropertyStart("would");
        if (outcome instanceof Outcome.Simulated simulated) {
            for (var one : simulated.requests()) {
                to.writeString(one.method() + " " + one.url() + (one.body().isEmpty() ? "" : " " + one.body()));
            }
        }
        to.writeEndArray();
        to.writeEndObject();
    }

    private static void failed(JsonGenerator to, String word, String reason) {
        to.writeStringProperty("outcome", word);
        to.writeNullProperty("outputs");
        to.writeStringProperty("reason", reason);
    }

    private static TenantConnection.Content content(JsonNode body) {
        return new TenantConnection.Content(
                body.get("connector").stringValue(),
                body.get("name").stringValue(),
                config(body),
                body.get("enabled").booleanValue());
    }

    private static ObjectNode config(JsonNode body) {
        return (ObjectNode) body.get("config");
    }

    private static Map<String, String> secrets(JsonNode body) {
        var secrets = new HashMap<String, String>();
        body.get("secrets").forEachEntry((name, value) -> secrets.put(name, value.stringValue()));
        return secrets;
    }

    private void connection(JsonGenerator to, TenantConnection one) {
        var content = one.content();
        var manifest = connections.connectors().find(content.connector());
        to.writeStartObject();
        to.writeStringProperty("id", one.id().toString());
        to.writeStringProperty("connector", content.connector());
        to.writeStringProperty("title", manifest == null ? content.connector() : manifest.title());
        to.writeStringProperty("name", content.name());
        to.writeName("config");
        to.writeRawValue(content.config().toString());
        texts(to, "secrets", one.secrets());
        to.writeBooleanProperty("enabled", content.enabled());
        texts(to, "actions", connections.actions(one));
        to.writeStringProperty("state", one.state().word());
        Json.text(to, "problem", one.problem());
        Json.time(to, "failing_since", one.failingSince());
        Json.time(to, "tested_at", one.testedAt());
        Json.time(to, "updated_at", one.updatedAt());
        to.writeEndObject();
    }

    private static void manifest(JsonGenerator to, Manifest one) {
        to.writeStartObject();
        to.writeStringProperty("name", one.name());
        to.writeStringProperty("title", one.title());
        to.writeNumberProperty("version", one.version());
        to.writeStringProperty("description", one.description());
        to.writeStringProperty("documentation", one.documentation());
        to.writeArrayPropertyStart("config");
        one.config().values().forEach(input -> input(to, input));
        to.writeEndArray();
        to.writeArrayPropertyStart("secrets");
        for (var secret : one.secrets().values()) {
            to.writeStartObject();
            to.writeStringProperty("name", secret.name());
            to.writeStringProperty("description", secret.description());
            to.writeStringProperty("find", secret.find());
            to.writeBooleanProperty("required", secret.required());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeArrayPropertyStart("operations");
        one.operations().values().forEach(operation -> operation(to, operation));
        to.writeEndArray();
        to.writeEndObject();
    }

    private static void operation(JsonGenerator to, Operation one) {
        to.writeStartObject();
        to.writeStringProperty("name", one.name());
        to.writeStringProperty("title", one.title());
        to.writeStringProperty("kind", one.writes() ? "write" : "read");
        Json.text(to, "action", one.action());
        to.writeArrayPropertyStart("parameters");
        one.parameters().values().forEach(input -> input(to, input));
        to.writeEndArray();
        to.writeEndObject();
    }

    private static void input(JsonGenerator to, Input one) {
        to.writeStartObject();
        to.writeStringProperty("name", one.name());
        to.writeStringProperty("type", one.type().word());
        to.writeBooleanProperty("list", one.list());
        to.writeStringProperty("description", one.description());
        to.writeBooleanProperty("required", one.required());
        Json.text(to, "default", word(one.fallback()));
        texts(to, "allowed", one.allowed());
        var pattern = one.pattern();
        Json.text(to, "pattern", pattern == null ? null : pattern.pattern());
        to.writeEndObject();
    }

    private static @Nullable String word(@Nullable JsonNode value) {
        return value == null ? null : value.isString() ? value.stringValue() : value.toString();
    }

    private static void texts(JsonGenerator to, String name, Iterable<String> texts) {
        to.writeArrayPropertyStart(name);
        texts.forEach(to::writeString);
        to.writeEndArray();
    }
}
