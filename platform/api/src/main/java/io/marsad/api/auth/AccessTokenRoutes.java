package io.marsad.api.auth;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.problem.Problem;
import io.marsad.soc.identity.access.AccessTokens;
import io.marsad.soc.identity.access.SigningKey;
import io.marsad.soc.identity.jose.SignatureAlgorithm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Access tokens in exchange for a session or a token, and the keys that they are checked with. */
public final class AccessTokenRoutes {
    private static final long USUAL_SECONDS = 600;

    private final AccessTokens tokens;

    public AccessTokenRoutes(AccessTokens tokens) {
        this.tokens = tokens;
    }

    public List<Route> routes() {
        return List.of(
                new Route("issueAccessToken", this::issue),
                new Route("getKeySet", this::keySet),
                new Route("listSigningKeys", this::list),
                new Route("rotateSigningKeys", this::rotate));
    }

    private void issue(Exchange exchange) {
        var body = exchange.json();
        var credential = exchange.credential();
        var sent = exchange.header("Authorization");
        boolean session = credential.session() != null;
        if (!session
                && (sent == null || AccessTokens.looksLikeOne(sent.substring(7).strip()))) {
            throw Problem.forbidden(
                            "An access token gives no other one: use the session or token that it was given for.")
                    .asException();
        }
        var wanted = body.get("permissions");
        var permissions = new ArrayList<String>();
        if (wanted != null) {
            for (JsonNode one : wanted) {
                permissions.add(one.stringValue());
            }
        }
        var seconds = body.get("lifetime_seconds");
        var algorithm = Json.text(body, "algorithm");
        var issued = tokens.issue(
                credential.caller(),
                session ? AccessTokens.Parent.SESSION : AccessTokens.Parent.TOKEN,
                UUID.fromString(credential.id()),
                wanted == null ? null : permissions,
                Duration.ofSeconds(seconds == null ? USUAL_SECONDS : seconds.longValue()),
                "RS256".equals(algorithm) ? SignatureAlgorithm.RS256 : SignatureAlgorithm.EDDSA);
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeStringProperty("access_token", issued.text());
            to.writeStringProperty("token_type", "Bearer");
            to.writeNumberProperty("expires_in", issued.lifetime().toSeconds());
            Json.texts(to, "permissions", new TreeSet<>(issued.permissions()));
            to.writeEndObject();
        });
    }

    /** May be kept for a third of the time that a key is published before it signs. */
    private void keySet(Exchange exchange) {
        var keys = tokens.keys().published();
        exchange.header("Cache-Control", "public, max-age=300");
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("keys");
            for (var key : keys) {
                to.writeStartObject();
                key.jwk().json().forEach(to::writeStringProperty);
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void list(Exchange exchange) {
        answer(exchange, tokens.keys().published());
    }

    private void rotate(Exchange exchange) {
        var atOnce = exchange.json().get("at_once");
        var by = exchange.credential().caller().subject();
        answer(exchange, tokens.keys().rotate(atOnce != null && atOnce.booleanValue(), by));
    }

    private void answer(Exchange exchange, List<SigningKey> keys) {
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("keys");
            keys.forEach(key -> write(to, key));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void write(JsonGenerator to, SigningKey key) {
        to.writeStartObject();
        to.writeStringProperty("id", key.id());
        to.writeStringProperty("algorithm", key.algorithm().word());
        to.writeStringProperty("use", tokens.keys().use(key).word());
        to.writeStringProperty("created_at", Json.time(key.createdAt()));
        to.writeStringProperty("signs_from", Json.time(key.signsFrom()));
        to.writeEndObject();
    }
}
