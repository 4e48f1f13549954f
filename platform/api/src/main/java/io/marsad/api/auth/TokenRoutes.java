package io.marsad.api.auth;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.api.live.LiveStreams;
import io.marsad.soc.identity.ApiToken;
import io.marsad.soc.identity.Permission;
import io.marsad.soc.identity.Tokens;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/** The tenant's tokens. */
public final class TokenRoutes {
    private final Tokens tokens;
    private final LiveStreams streams;

    public TokenRoutes(Tokens tokens, LiveStreams streams) {
        this.tokens = tokens;
        this.streams = streams;
    }

    public List<Route> routes() {
        return List.of(
                new Route("listTokens", this::list),
                new Route("createToken", this::create),
                new Route("rotateToken", this::rotate),
                new Route("revokeToken", this::revoke));
    }

    private void list(Exchange exchange) {
        var all = tokens.list();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("tokens");
            for (var token : all) {
                to.writeStartObject();
                properties(to, token);
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void create(Exchange exchange) {
        var body = exchange.json();
        var wanted = body.get("permissions");
        Set<String> permissions = new LinkedHashSet<>();
        if (wanted == null) {
            permissions.add(Permission.INGEST_WRITE);
        } else {
            wanted.forEach(permission -> permissions.add(permission.stringValue()));
        }
        var expires = Json.text(body, "expires_at");
        var created = tokens.create(
                body.get("name").stringValue(),
                permissions,
                expires == null ? null : OffsetDateTime.parse(expires).toInstant());
        exchange.json(201, to -> withSecret(to, created));
    }

    private void rotate(Exchange exchange) {
        var id = exchange.id().uuid();
        var grace = exchange.json().get("grace_seconds");
        var created = tokens.rotate(id, Duration.ofSeconds(grace == null ? 0 : grace.longValue()));
        if (grace == null || grace.longValue() == 0) {
            streams.end(id.toString());
        }
        exchange.json(200, to -> withSecret(to, created));
    }

    private static void withSecret(JsonGenerator to, Tokens.Created created) {
        to.writeStartObject();
        properties(to, created.token());
        to.writeStringProperty("secret", created.secret());
        to.writeEndObject();
    }

    private void revoke(Exchange exchange) {
        var id = exchange.id().uuid();
        tokens.revoke(id);
        streams.end(id.toString());
        exchange.noContent();
    }

    private static void properties(JsonGenerator to, ApiToken token) {
        to.writeStringProperty("id", token.id().toString());
        to.writeStringProperty("name", token.name());
        Json.texts(to, "permissions", token.permissions());
        to.writeStringProperty("created_at", Json.time(token.createdAt()));
        Json.time(to, "expires_at", token.expiresAt());
        Json.time(to, "last_used_at", token.lastUsedAt());
    }
}
