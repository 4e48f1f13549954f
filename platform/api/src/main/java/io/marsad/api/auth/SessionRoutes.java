package io.marsad.api.auth;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.api.http.SessionCookie;
import io.marsad.api.live.LiveStreams;
import io.marsad.kernel.problem.Problem;
import io.marsad.soc.identity.Accounts;
import io.marsad.soc.identity.PasswordChange;
import java.util.List;
import java.util.UUID;

/** One's own sessions and password, and looking at the platform as somebody else sees it. */
public final class SessionRoutes {
    private final Accounts accounts;
    private final LiveStreams streams;

    public SessionRoutes(Accounts accounts, LiveStreams streams) {
        this.accounts = accounts;
        this.streams = streams;
    }

    public List<Route> routes() {
        return List.of(
                new Route("listSessions", this::list),
                new Route("endSession", this::end),
                new Route("endOtherSessions", this::endOthers),
                new Route("setView", this::look),
                new Route("endView", this::endLook),
                new Route("changePassword", this::changePassword));
    }

    private void list(Exchange exchange) {
        var own = AuthRoutes.session(exchange);
        var all = accounts.sessions().list(own);
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("sessions");
            for (var one : all) {
                to.writeStartObject();
                to.writeStringProperty("id", one.id().toString());
                to.writeBooleanProperty("current", one.id().equals(own.id()));
                to.writeStringProperty("method", one.method().word());
                to.writeStringProperty("address", one.device().address());
                to.writeStringProperty("agent", one.device().agent());
                to.writeStringProperty("created_at", Json.time(one.createdAt()));
                to.writeStringProperty("last_seen_at", Json.time(one.lastSeenAt()));
                to.writeStringProperty("expires_at", Json.time(one.expiresAt()));
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void end(Exchange exchange) {
        var own = AuthRoutes.session(exchange);
        var id = exchange.id().uuid();
        if (!accounts.sessions().end(own, id)) {
            throw Problem.notFound("You have no session with this id.").asException();
        }
        streams.end(id.toString());
        if (id.equals(own.id())) {
            exchange.header("Set-Cookie", SessionCookie.clear(exchange.secure()));
        }
        exchange.noContent();
    }

    private void endOthers(Exchange exchange) {
        answer(exchange, accounts.sessions().endOthers(AuthRoutes.session(exchange)));
    }

    private void look(Exchange exchange) {
        var own = AuthRoutes.session(exchange);
        var body = exchange.json();
        var role = Json.text(body, "role");
        var user = Json.text(body, "user");
        if (role != null && user == null) {
            accounts.sessions().views().asRole(own, role);
        } else if (user != null && role == null) {
            accounts.sessions().views().asUser(own, UUID.fromString(user));
        } else {
            throw Problem.badRequest("invalid-body", "Give a `role` or a `user`.")
                    .asException();
        }
        streams.end(own.id().toString());
        exchange.noContent();
    }

    private void endLook(Exchange exchange) {
        var own = AuthRoutes.session(exchange);
        accounts.sessions().views().end(own);
        streams.end(own.id().toString());
        exchange.noContent();
    }

    private void changePassword(Exchange exchange) {
        var body = exchange.json();
        var result = accounts.changePassword(
                AuthRoutes.session(exchange),
                body.get("old").stringValue(),
                body.get("new").stringValue());
        switch (result) {
            case PasswordChange.Done(var others) -> answer(exchange, others);
            case PasswordChange.Wrong() ->
                throw new Problem("wrong-password", 403, "Forbidden", "The old password is not right.", List.of())
                        .asException();
            case PasswordChange.TooMany(var wait) -> throw AuthRoutes.tooMany(exchange, wait);
        }
    }

    private void answer(Exchange exchange, List<UUID> others) {
        others.forEach(one -> streams.end(one.toString()));
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeNumberProperty("ended", others.size());
            to.writeEndObject();
        });
    }
}
