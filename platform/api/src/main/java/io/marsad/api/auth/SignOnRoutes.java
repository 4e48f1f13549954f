package io.marsad.api.auth;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.api.http.SessionCookie;
import io.marsad.api.http.SignOnCookie;
import io.marsad.api.live.LiveStreams;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.identity.Sessions;
import io.marsad.soc.identity.sso.Arrival;
import io.marsad.soc.identity.sso.SingleSignOn;
import io.marsad.soc.tenant.Standings;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Signing in with an OpenID provider of one's tenant: which there are, the way there and the way back. */
public final class SignOnRoutes {
    private static final int MAX_BODY = 8 << 10;

    private final SingleSignOn signing;
    private final Sessions sessions;
    private final Standings standings;
    private final CallbackAddress callback;
    private final LiveStreams streams;

    /** @param callback where providers send browsers back to */
    public SignOnRoutes(
            SingleSignOn signing,
            Sessions sessions,
            Standings standings,
            CallbackAddress callback,
            LiveStreams streams) {
        this.signing = signing;
        this.sessions = sessions;
        this.standings = standings;
        this.callback = callback;
        this.streams = streams;
    }

    public List<Route> routes() {
        return List.of(
                new Route("listSignInProviders", this::list),
                new Route("beginProviderSignIn", this::begin),
                new Route("endProviderSignIn", this::end));
    }

    /** The same for a tenant that has none, is suspended, or is not there. */
    private void list(Exchange exchange) {
        var tenant = tenant(exchange.query("tenant"));
        var offers = tenant == null ? List.<SingleSignOn.Offer>of() : signing.offers(tenant);
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("providers");
            for (var one : offers) {
                to.writeStartObject();
                to.writeStringProperty("id", one.id().toString());
                to.writeStringProperty("name", one.name());
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void begin(Exchange exchange) {
        var body = exchange.json(MAX_BODY);
        var tenant = tenant(Json.text(body, "tenant"));
        if (tenant == null) {
            throw Problem.notFound("There is no such sign-in provider.").asException();
        }
        var begun = signing.begin(
                tenant,
                UUID.fromString(body.get("provider").stringValue()),
                callback.require(exchange),
                path(Json.text(body, "to")),
                AuthRoutes.device(exchange).address());
        exchange.header("Set-Cookie", SignOnCookie.set(begun.cookie(), exchange.secure()));
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeStringProperty("location", begun.address());
            to.writeEndObject();
        });
    }

    private void end(Exchange exchange) {
        var state = exchange.query("state");
        var returned = new SingleSignOn.Returned(
                state == null ? "" : state, exchange.query("code"), exchange.query("error"), exchange.query("iss"));
        var arrival = signing.complete(returned, SignOnCookie.of(exchange), AuthRoutes.device(exchange));
        var forget = SignOnCookie.clear(exchange.secure());
        switch (arrival) {
            case Arrival.SignedIn(var success, var to) -> {
                var session = success.session();
                if (standings.isActive(session.tenant())) {
                    exchange.cookies(SessionCookie.set(success.cookie(), exchange.secure()), forget);
                    exchange.redirect(to);
                } else {
                    sessions.end(session, session.id());
                    refuse(exchange, "suspended", forget);
                }
            }
            case Arrival.Refused(var reason, var ended) -> {
                ended.forEach(id -> streams.end(id.toString()));
                refuse(exchange, reason.word(), forget);
            }
        }
    }

    /** Back to the sign-in page, which knows the words. */
    private static void refuse(Exchange exchange, String word, String forget) {
        exchange.cookies(forget);
        exchange.redirect("/?sign_in=" + word);
    }

    /** Null for a name that no active tenant has the form of. */
    private @Nullable TenantId tenant(@Nullable String name) {
        try {
            var tenant = name == null || name.isEmpty() ? standings.own() : new TenantId(name);
            return standings.isActive(tenant) ? tenant : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** A path of this console: nothing that a browser could take for another host. */
    private static String path(@Nullable String wanted) {
        return wanted != null
                        && wanted.length() <= 2_000
                        && wanted.startsWith("/")
                        && !wanted.startsWith("//")
                        && !wanted.startsWith("/v1/")
                        && wanted.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\')
                ? wanted
                : "/";
    }
}
