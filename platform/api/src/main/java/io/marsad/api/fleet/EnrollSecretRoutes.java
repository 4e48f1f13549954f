package io.marsad.api.fleet;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.fleet.EnrollSecret;
import io.marsad.fleet.EnrollSecret.Purpose;
import io.marsad.fleet.EnrollSecrets;
import io.marsad.fleet.control.OwnAuthority;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Everything below {@code /v1/enroll-secrets}. */
final class EnrollSecretRoutes {
    private final EnrollSecrets secrets;
    private final OwnAuthority authority;
    private final InstantSource clock;

    EnrollSecretRoutes(EnrollSecrets secrets, OwnAuthority authority, InstantSource clock) {
        this.secrets = secrets;
        this.authority = authority;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                new Route("listEnrollSecrets", this::list),
                new Route("createEnrollSecret", this::create),
                new Route("revokeEnrollSecret", this::revoke));
    }

    private void list(Exchange exchange) {
        var all = secrets.list();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("enroll_secrets");
            for (var one : all) {
                to.writeStartObject();
                properties(to, one);
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void create(Exchange exchange) {
        var body = exchange.json();
        var group = Json.text(body, "group");
        var oneTime = body.get("one_time");
        var expires = Json.text(body, "expires_at");
        var purpose = Json.text(body, "purpose");
        var created = secrets.create(new EnrollSecrets.Wanted(
                body.get("name").stringValue(),
                purpose == null ? Purpose.OSQUERY : Purpose.of(purpose),
                group == null ? "default" : group,
                oneTime != null && oneTime.booleanValue(),
                expires == null ? null : OffsetDateTime.parse(expires).toInstant()));
        var believed = created.about().purpose() == Purpose.OSQUERY ? null : authority.sha256();
        exchange.json(201, to -> {
            to.writeStartObject();
            properties(to, created.about());
            to.writeStringProperty("secret", created.secret());
            Json.text(to, "authority_sha256", believed);
            to.writeEndObject();
        });
    }

    private void revoke(Exchange exchange) {
        secrets.revoke(exchange.id().uuid());
        exchange.noContent();
    }

    private void properties(JsonGenerator to, EnrollSecret one) {
        to.writeStringProperty("id", one.id().toString());
        to.writeStringProperty("name", one.name());
        to.writeStringProperty("purpose", one.purpose().word());
        to.writeStringProperty("group", one.group());
        to.writeBooleanProperty("one_time", one.oneTime());
        to.writeStringProperty("state", one.state(clock.instant()));
        Json.time(to, "expires_at", one.expiresAt());
        to.writeNumberProperty("uses", one.uses());
        Json.time(to, "last_used_at", one.lastUsedAt());
        Json.text(to, "last_used_host", one.lastUsedHost());
        Json.time(to, "created_at", one.createdAt());
    }
}
