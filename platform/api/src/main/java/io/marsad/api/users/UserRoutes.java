package io.marsad.api.users;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.api.live.LiveStreams;
import io.marsad.soc.identity.User;
import io.marsad.soc.identity.Users;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** The tenant's users, for who administers them. */
public final class UserRoutes {
    private final Users users;
    private final LiveStreams streams;

    public UserRoutes(Users users, LiveStreams streams) {
        this.users = users;
        this.streams = streams;
    }

    public List<Route> routes() {
        return List.of(
                new Route("listUsers", this::list),
                new Route("createUser", this::create),
                new Route("updateUser", this::update),
                new Route("deleteUser", this::delete),
                new Route("resetUserPassword", this::resetPassword),
                new Route("endUserSessions", this::endSessions));
    }

    private void list(Exchange exchange) {
        var all = users.list();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("users");
            for (var user : all) {
                to.writeStartObject();
                properties(to, user);
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void create(Exchange exchange) {
        var body = exchange.json();
        var password = Json.text(body, "password");
        var made = users.create(
                body.get("username").stringValue(),
                body.get("role").stringValue(),
                password == null || password.equals("random"));
        exchange.json(201, to -> withPassword(to, made));
    }

    private void update(Exchange exchange) {
        var body = exchange.json();
        var disabled = body.get("disabled");
        var changed = users.change(
                exchange.id().uuid(), Json.text(body, "role"), disabled == null ? null : disabled.booleanValue());
        end(changed);
        exchange.json(200, to -> {
            to.writeStartObject();
            properties(to, changed.user());
            to.writeEndObject();
        });
    }

    private void delete(Exchange exchange) {
        end(users.delete(exchange.id().uuid()));
        exchange.noContent();
    }

    private void resetPassword(Exchange exchange) {
        var changed = users.resetPassword(exchange.id().uuid());
        end(changed);
        exchange.json(200, to -> withPassword(to, changed));
    }

    private void endSessions(Exchange exchange) {
        end(users.endSessions(exchange.id().uuid()));
        exchange.noContent();
    }

    private void end(Users.Changed changed) {
        changed.endedSessions().forEach(session -> streams.end(session.toString()));
    }

    private static void withPassword(JsonGenerator to, Users.Changed changed) {
        to.writeStartObject();
        properties(to, changed.user());
        Json.text(to, "password", changed.password());
        to.writeEndObject();
    }

    private static void properties(JsonGenerator to, User user) {
        to.writeStringProperty("id", user.id().toString());
        to.writeStringProperty("username", user.username());
        to.writeStringProperty("role", user.role().word());
        to.writeBooleanProperty("disabled", user.disabled());
        to.writeBooleanProperty("has_password", user.by().password());
        to.writeNumberProperty("passkeys", user.by().passkeys());
        to.writeBooleanProperty("authenticator", user.by().authenticator());
        to.writeStringProperty("created_at", Json.time(user.createdAt()));
        Json.time(to, "last_seen_at", user.lastSeenAt());
        to.writeNumberProperty("sessions", user.sessions());
    }
}
