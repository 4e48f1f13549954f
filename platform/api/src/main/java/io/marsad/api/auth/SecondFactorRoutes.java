package io.marsad.api.auth;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.problem.Problem;
import io.marsad.soc.identity.SecondFactorPolicy;
import io.marsad.soc.identity.SecondFactors;
import io.marsad.soc.identity.SecondFactors.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One's own authenticator app and recovery codes, and which roles need a second factor. */
public final class SecondFactorRoutes {
    private final SecondFactors factors;
    private final SecondFactorPolicy policy;

    public SecondFactorRoutes(SecondFactors factors, SecondFactorPolicy policy) {
        this.factors = factors;
        this.policy = policy;
    }

    public List<Route> routes() {
        return List.of(
                new Route("getAuthenticator", this::state),
                new Route("beginAuthenticator", this::begin),
                new Route("confirmAuthenticator", this::confirm),
                new Route("removeAuthenticator", this::remove),
                new Route("renewRecoveryCodes", this::renew),
                new Route("getSecondFactorRoles", exchange -> answer(exchange, policy.roles())),
                new Route("setSecondFactorRoles", this::setRoles));
    }

    private void state(Exchange exchange) {
        var state = factors.state(AuthRoutes.session(exchange));
        exchange.json(200, to -> {
            to.writeStartObject();
            Json.time(to, "since", state.since());
            to.writeNumberProperty("recovery_codes", state.recoveryCodes());
            to.writeBooleanProperty("required", state.required());
            to.writeEndObject();
        });
    }

    private void begin(Exchange exchange) {
        var asked = factors.begin(AuthRoutes.session(exchange));
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeStringProperty("secret", asked.secret());
            to.writeStringProperty("uri", asked.uri());
            to.writeEndObject();
        });
    }

    private void confirm(Exchange exchange) {
        codes(exchange, 201, factors.confirm(AuthRoutes.session(exchange), code(exchange)));
    }

    private void remove(Exchange exchange) {
        done(exchange, factors.remove(AuthRoutes.session(exchange), code(exchange)));
        exchange.noContent();
    }

    private void renew(Exchange exchange) {
        codes(exchange, 201, done(exchange, factors.renewRecoveryCodes(AuthRoutes.session(exchange), code(exchange))));
    }

    private void setRoles(Exchange exchange) {
        var roles = new ArrayList<String>();
        exchange.json().get("roles").forEach(role -> roles.add(role.stringValue()));
        answer(exchange, policy.setRoles(roles));
    }

    private static String code(Exchange exchange) {
        return exchange.json().get("code").stringValue();
    }

    private static List<String> done(Exchange exchange, Change change) {
        return switch (change) {
            case Change.Done(var codes) -> codes;
            case Change.Wrong() ->
                throw new Problem("wrong-code", 403, "Forbidden", "The code is wrong, or was used already.", List.of())
                        .asException();
            case Change.TooMany(var wait) -> throw AuthRoutes.tooMany(exchange, wait);
        };
    }

    private static void codes(Exchange exchange, int status, List<String> codes) {
        exchange.json(status, to -> {
            to.writeStartObject();
            Json.texts(to, "recovery_codes", codes);
            to.writeEndObject();
        });
    }

    private static void answer(Exchange exchange, Set<String> roles) {
        exchange.json(200, to -> {
            to.writeStartObject();
            Json.texts(to, "roles", roles);
            to.writeEndObject();
        });
    }
}
