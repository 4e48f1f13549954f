package io.marsad.api.auth;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.api.live.LiveStreams;
import io.marsad.soc.identity.sso.GroupRole;
import io.marsad.soc.identity.sso.Provider;
import io.marsad.soc.identity.sso.ProviderSettings;
import io.marsad.soc.identity.sso.ProviderTest;
import io.marsad.soc.identity.sso.Providers;
import io.marsad.soc.identity.sso.Providers.SecretChange;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** The OpenID providers that the tenant's people sign in with. */
public final class ProviderRoutes {
    private static final int MAX_BODY = 256 << 10;

    private final Providers providers;
    private final ProviderTest test;
    private final CallbackAddress callback;
    private final LiveStreams streams;

    public ProviderRoutes(Providers providers, ProviderTest test, CallbackAddress callback, LiveStreams streams) {
        this.providers = providers;
        this.test = test;
        this.callback = callback;
        this.streams = streams;
    }

    public List<Route> routes() {
        return List.of(
                new Route("listProviders", this::list),
                new Route("createProvider", this::create),
                new Route("getProvider", this::get),
                new Route("updateProvider", this::update),
                new Route("deleteProvider", this::delete),
                new Route("testProvider", this::test));
    }

    private void list(Exchange exchange) {
        var all = providers.list();
        var address = callback.find(exchange);
        exchange.json(200, to -> {
            to.writeStartObject();
            Json.text(to, "redirect_uri", address);
            to.writeArrayPropertyStart("providers");
            all.forEach(one -> write(to, one));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void create(Exchange exchange) {
        var body = exchange.json(MAX_BODY);
        var made = providers.create(settings(body), Json.text(body, "client_secret"));
        exchange.json(201, to -> write(to, made));
    }

    private void get(Exchange exchange) {
        var one = providers.find(exchange.id().uuid());
        exchange.json(200, to -> write(to, one));
    }

    private void update(Exchange exchange) {
        var body = exchange.json(MAX_BODY);
        var secret = Json.text(body, "client_secret");
        var change = secret != null
                ? new SecretChange.New(secret)
                : body.has("client_secret") ? new SecretChange.None() : new SecretChange.Keep();
        var changed = providers.update(exchange.id().uuid(), settings(body), change);
        end(changed.endedSessions());
        exchange.json(200, to -> write(to, changed.provider()));
    }

    private void delete(Exchange exchange) {
        end(providers.delete(exchange.id().uuid()).endedSessions());
        exchange.noContent();
    }

    private void end(List<UUID> sessions) {
        sessions.forEach(id -> streams.end(id.toString()));
    }

    private void test(Exchange exchange) {
        var steps = test.run(exchange.id().uuid(), callback.require(exchange));
        boolean ok = steps.stream()
                .allMatch(step ->
                        step.outcome() == ProviderTest.Outcome.OK || step.outcome() == ProviderTest.Outcome.UNCERTAIN);
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeBooleanProperty("ok", ok);
            to.writeArrayPropertyStart("steps");
            for (var step : steps) {
                to.writeStartObject();
                to.writeStringProperty("what", step.what().word());
                to.writeStringProperty("outcome", step.outcome().word());
                to.writeStringProperty("detail", step.detail());
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private static ProviderSettings settings(JsonNode body) {
        var groups = new ArrayList<GroupRole>();
        for (JsonNode one : body.path("groups")) {
            groups.add(new GroupRole(
                    one.get("group").stringValue(), one.get("role").stringValue()));
        }
        var scopes = new ArrayList<String>();
        if (body.has("scopes")) {
            body.get("scopes").forEach(scope -> scopes.add(scope.stringValue()));
        } else {
            scopes.addAll(List.of("profile", "email"));
        }
        var enabled = body.get("enabled");
        return new ProviderSettings(
                body.get("name").stringValue().strip(),
                body.get("issuer").stringValue().strip(),
                body.get("client_id").stringValue().strip(),
                scopes,
                or(Json.text(body, "groups_claim"), "groups"),
                Json.text(body, "default_role"),
                groups,
                enabled == null || enabled.booleanValue());
    }

    private static String or(@Nullable String text, String fallback) {
        return text == null ? fallback : text.strip();
    }

    private static void write(JsonGenerator to, Provider provider) {
        var settings = provider.settings();
        to.writeStartObject();
        to.writeStringProperty("id", provider.id().toString());
        to.writeStringProperty("name", settings.name());
        to.writeStringProperty("issuer", settings.issuer());
        to.writeStringProperty("client_id", settings.clientId());
        to.writeBooleanProperty("has_secret", provider.hasSecret());
        Json.texts(to, "scopes", settings.scopes());
        to.writeStringProperty("groups_claim", settings.groupsClaim());
        Json.text(to, "default_role", settings.defaultRole());
        to.writeArrayPropertyStart("groups");
        for (var one : settings.groups()) {
            to.writeStartObject();
            to.writeStringProperty("group", one.group());
            to.writeStringProperty("role", one.role());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeBooleanProperty("enabled", settings.enabled());
        to.writeStringProperty("created_at", Json.time(provider.createdAt()));
        to.writeStringProperty("updated_at", Json.time(provider.updatedAt()));
        to.writeEndObject();
    }
}
