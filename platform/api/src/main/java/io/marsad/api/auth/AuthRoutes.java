package io.marsad.api.auth;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.api.http.SessionCookie;
import io.marsad.api.live.LiveStreams;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.identity.Accounts;
import io.marsad.soc.identity.Permission;
import io.marsad.soc.identity.Session;
import io.marsad.soc.identity.Sessions;
import io.marsad.soc.identity.SignIn;
import io.marsad.soc.tenant.Standings;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Signing in and out with a local account. */
public final class AuthRoutes {
    /** Checking a password takes tens of milliseconds and megabytes: strangers may not have more of them at once. */
    private static final int CHECKS_AT_ONCE = 4;

    /** Bytes; anybody may send it. */
    private static final int MAX_BODY = 16 << 10;

    private final Accounts accounts;
    private final Standings standings;
    private final LiveStreams streams;
    private final Semaphore checks = new Semaphore(CHECKS_AT_ONCE, true);

    /** @param standings also say whom people belong to who name no tenant when they sign in */
    public AuthRoutes(Accounts accounts, Standings standings, LiveStreams streams) {
        this.accounts = accounts;
        this.standings = standings;
        this.streams = streams;
    }

    public List<Route> routes() {
        return List.of(
                new Route("login", this::login),
                new Route("logout", this::logout),
                new Route("getSession", exchange -> answer(exchange, anySession(exchange))),
                new Route("listActingTenants", this::choices),
                new Route("actInTenant", this::act),
                new Route("leaveTenant", this::leave));
    }

    private void login(Exchange exchange) {
        var body = exchange.json(MAX_BODY);
        var tenant = tenant(Json.text(body, "tenant"));
        if (!checks.tryAcquire()) {
            throw Problem.overloaded("Too many people sign in at this moment; try again.")
                    .asException();
        }
        SignIn result;
        try {
            result = tenant == null
                    ? new SignIn.Refused()
                    : accounts.signIn(
                            tenant,
                            new Accounts.Typed(
                                    body.get("username").stringValue(),
                                    body.get("password").stringValue(),
                                    Json.text(body, "code")),
                            device(exchange));
        } finally {
            checks.release();
        }
        switch (result) {
            case SignIn.Success success -> signedIn(exchange, success);
            case SignIn.Refused() ->
                throw Problem.unauthorized("The name, the password or the tenant is wrong.")
                        .asException();
            case SignIn.NeedsCode(boolean wrong) -> throw needsCode(wrong);
            case SignIn.TooMany(var wait) -> throw tooMany(exchange, wait);
        }
    }

    private static ProblemException needsCode(boolean wrong) {
        var asked = "Send the code that the authenticator app shows, or a recovery code.";
        return new Problem(
                        wrong ? "wrong-code" : "code-required",
                        401,
                        "Unauthorized",
                        wrong ? "The code is wrong, or was used already. " + asked : asked,
                        List.of())
                .asException();
    }

    /** Gives the browser its session; of a tenant that is suspended nobody gets one, and only who could sign in is told. */
    void signedIn(Exchange exchange, SignIn.Success success) {
        var session = success.session();
        if (!standings.isActive(session.tenant())) {
            accounts.sessions().end(session, session.id());
            standings.requireActive(session.tenant());
        }
        exchange.header("Set-Cookie", SessionCookie.set(success.cookie(), exchange.secure()));
        answer(exchange, session);
    }

    static ProblemException tooMany(Exchange exchange, Duration wait) {
        long seconds = Math.max(1, wait.toSeconds());
        exchange.header("Retry-After", Long.toString(seconds));
        return Problem.overloaded("Too many tries with this name; wait " + seconds + " s.")
                .asException();
    }

    static Sessions.Device device(Exchange exchange) {
        var remote = exchange.remote();
        var agent = exchange.header("User-Agent");
        return new Sessions.Device(remote == null ? "" : remote.getHostAddress(), agent == null ? "" : agent);
    }

    /** Null for what cannot be a tenant's name: nobody is there, as with any other wrong name. */
    private @Nullable TenantId tenant(@Nullable String name) {
        try {
            return name == null || name.isEmpty() ? standings.own() : new TenantId(name);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private void choices(Exchange exchange) {
        var choices = accounts.sessions().acting().choices(anySession(exchange));
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("tenants");
            for (var choice : choices) {
                to.writeStartObject();
                to.writeStringProperty("id", choice.tenant().value());
                to.writeStringProperty("name", choice.name());
                to.writeBooleanProperty("active", choice.active());
                Json.texts(to, "roles", choice.roles());
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void act(Exchange exchange) {
        var session = anySession(exchange);
        accounts.sessions()
                .acting()
                .begin(session, exchange.json().get("tenant").stringValue());
        streams.end(session.id().toString());
        exchange.noContent();
    }

    private void leave(Exchange exchange) {
        var session = anySession(exchange);
        accounts.sessions().acting().end(session);
        streams.end(session.id().toString());
        exchange.noContent();
    }

    private void logout(Exchange exchange) {
        var session = anySession(exchange);
        accounts.sessions().end(session, session.id());
        streams.end(session.id().toString());
        exchange.header("Set-Cookie", SessionCookie.clear(exchange.secure()));
        exchange.noContent();
    }

    /**
     * For what is about somebody's own account.
     *
     * @throws ProblemException 403 while they act in another tenant
     */
    static Session session(Exchange exchange) {
        var session = anySession(exchange);
        if (session.acting() != null) {
            throw Problem.forbidden("Your own account is seen and changed in your own tenant: go back to it first.")
                    .asException();
        }
        return session;
    }

    private static Session anySession(Exchange exchange) {
        var session = exchange.credential().session();
        if (session == null) {
            throw new IllegalStateException("the contract lets only sessions in here");
        }
        return session;
    }

    private void answer(Exchange exchange, Session session) {
        exchange.json(200, to -> write(to, session));
    }

    private void write(JsonGenerator to, Session session) {
        to.writeStartObject();
        to.writeObjectPropertyStart("user");
        to.writeStringProperty("id", session.userId().toString());
        to.writeStringProperty("username", session.username());
        to.writeStringProperty("role", session.role().word());
        to.writeEndObject();
        to.writeObjectPropertyStart("tenant");
        var acting = session.acting();
        to.writeStringProperty("id", (acting == null ? session.tenant() : acting.tenant()).value());
        to.writeStringProperty("name", acting == null ? session.tenantName() : acting.name());
        to.writeEndObject();
        if (acting == null) {
            to.writeNullProperty("acting");
        } else {
            to.writeObjectPropertyStart("acting");
            to.writeStringProperty("provider", session.tenant().value());
            to.writeStringProperty("provider_name", session.tenantName());
            to.writeBooleanProperty("ended", acting.ended());
            to.writeEndObject();
        }
        var permissions = new TreeSet<>(session.permissions());
        if (!session.caller().tenant().equals(standings.own())) {
            permissions.removeAll(Permission.OF_INSTALLATION); // no use to anybody else: see the gate
        }
        Json.texts(to, "permissions", permissions);
        to.writeBooleanProperty("second_factor_due", session.secondFactorDue());
        to.writeStringProperty("csrf", session.csrf());
        to.writeStringProperty("expires_at", Json.time(session.expiresAt()));
        var view = session.view();
        if (view == null) {
            to.writeNullProperty("view");
        } else {
            to.writeObjectPropertyStart("view");
            to.writeStringProperty("role", view.role());
            Json.text(to, "user", view.user() == null ? null : view.user().toString());
            Json.text(to, "username", view.username());
            to.writeStringProperty("since", Json.time(view.since()));
            to.writeEndObject();
        }
        to.writeEndObject();
    }
}
