package io.marsad.soc.identity.sso;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.identity.ExternalUsers;
import io.marsad.soc.identity.Sessions;
import io.marsad.soc.identity.jose.InvalidTokenException;
import io.marsad.soc.identity.jose.Jwt;
import io.marsad.soc.identity.sso.Arrival.Reason;
import io.marsad.soc.identity.sso.PendingSignIns.Pending;
import io.marsad.soc.identity.sso.PendingSignIns.State;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Signs people in whom an OpenID provider of their tenant knows: authorization code with PKCE (OpenID Connect Core 1.0,
 * RFC 7636, RFC 9207). The first time makes a user; the role follows the provider's groups each time.
 *
 * <p>Thread-safe.
 */
public final class SingleSignOn {
    private static final JsonMapper JSON = new JsonMapper();

    /** Strangers can have providers asked: not more of them at once, however slow those are. */
    private static final int AT_ONCE = 16;

    private final Database database;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Sessions sessions;
    private final ExternalUsers users;
    private final ClientSecrets secrets;
    private final ProviderHttp http;
    private final KnownProviders known;
    private final Semaphore room = new Semaphore(AT_ONCE, true);

    SingleSignOn(Providers providers, Sessions sessions, Outside outside, SecureRandom random) {
        this.database = outside.database();
        this.clock = outside.clock();
        this.random = random;
        this.sessions = sessions;
        this.users = new ExternalUsers(random);
        this.secrets = providers.secrets();
        this.http = outside.http();
        this.known = outside.known();
    }

    /** One that the sign-in page offers. */
    public record Offer(UUID id, String name) {}

    /** The providers that the tenant's people may sign in with, by name; none for a tenant that there is not. */
    public List<Offer> offers(TenantId tenant) {
        return database.inTenant(
                tenant,
                connection -> ProviderRows.all(connection, tenant).stream()
                        .filter(one -> one.settings().enabled())
                        .map(one -> new Offer(one.id(), one.settings().name()))
                        .toList());
    }

    /**
     * Where a browser has to go.
     *
     * @param cookie for the browser to keep and show with the answer
     */
    public record Begun(String address, String cookie) {
        /** Without the cookie. */
        @Override
        public String toString() {
            return "Begun";
        }
    }

    /**
     * Begins a sign-in.
     *
     * @param redirectUri where the provider is to send the browser back to
     * @param returnTo a path of the console
     * @param address of the browser
     * @throws io.marsad.kernel.problem.ProblemException 404; 429; 503 {@code provider-unavailable}
     */
    public Begun begin(TenantId tenant, UUID id, String redirectUri, String returnTo, String address) {
        var provider = database.inTenant(tenant, connection -> ProviderRows.find(connection, tenant, id));
        if (provider == null || !provider.settings().enabled()) {
            throw Problem.notFound("There is no such sign-in provider.").asException();
        }
        Discovery discovery;
        enter();
        try {
            discovery = known.of(tenant, provider).discovery(clock.instant());
        } catch (ProviderFault e) {
            throw unavailable(e);
        } finally {
            room.release();
        }
        var now = clock.instant();
        var state = new State(
                tenant,
                EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong())
                        .uuid(),
                PendingSignIns.secret(random));
        var browser = PendingSignIns.secret(random);
        var pending = new Pending(
                id,
                provider.settings().issuer(),
                PendingSignIns.secret(random),
                PendingSignIns.secret(random),
                redirectUri,
                returnTo);
        var from = new PendingSignIns.From(address, now);
        database.inTenant(tenant, connection -> {
            PendingSignIns.add(connection, state, browser, pending, from);
            return true;
        });
        return new Begun(authorization(discovery, provider.settings(), state.text(), pending), browser);
    }

    private static RuntimeException unavailable(ProviderFault fault) {
        var problem = new Problem(
                        "provider-unavailable",
                        503,
                        "Service unavailable",
                        "The sign-in provider does not answer as it should. Try again, or ask an administrator to test it.",
                        List.of())
                .asException();
        problem.initCause(fault);
        return problem;
    }

    private void enter() {
        if (!room.tryAcquire()) {
            throw Problem.overloaded("Too many people sign in at this moment; try again.")
                    .asException();
        }
    }

    static String authorization(Discovery discovery, ProviderSettings settings, String state, Pending pending) {
        var scopes = new StringJoiner(" ").add("openid");
        settings.scopes().stream().filter(scope -> !scope.equals("openid")).forEach(scopes::add);
        var query = new LinkedHashMap<String, String>();
        query.put("response_type", "code");
        query.put("client_id", settings.clientId());
        query.put("redirect_uri", pending.redirectUri());
        query.put("scope", scopes.toString());
        query.put("state", state);
        query.put("nonce", pending.nonce());
        query.put(
                "code_challenge",
                Base64.getUrlEncoder().withoutPadding().encodeToString(PendingSignIns.sha256(pending.verifier())));
        query.put("code_challenge_method", "S256");
        var joined = new StringJoiner("&");
        query.forEach((name, value) -> joined.add(name + "=" + ProviderHttp.encoded(value)));
        var endpoint = discovery.authorization().toString();
        return endpoint + (discovery.authorization().getRawQuery() == null ? "?" : "&") + joined;
    }

    /**
     * What a browser brought back.
     *
     * @param error instead of a code
     * @param issuer who says that it sent it (RFC 9207)
     */
    public record Returned(
            String state,
            @Nullable String code,
            @Nullable String error,
            @Nullable String issuer) {
        /** Without the code. */
        @Override
        public String toString() {
            return error == null ? "Returned" : "Returned[" + Discovery.shown(error) + "]";
        }
    }

    private record Waiting(Pending pending, Providers.Known known) {}

    /**
     * Ends a sign-in.
     *
     * @param cookie that the browser was given; null when it has none
     * @throws io.marsad.kernel.problem.ProblemException 429
     */
    public Arrival complete(Returned returned, @Nullable String cookie, Sessions.Device device) {
        var state = State.parse(returned.state());
        if (state == null || cookie == null || cookie.length() > 100) {
            return refused(Reason.STALE);
        }
        enter();
        try {
            var waiting = database.inTenant(state.tenant(), connection -> take(connection, state, cookie));
            if (waiting == null) {
                return refused(Reason.STALE);
            }
            return complete(returned, state.tenant(), waiting, device);
        } finally {
            room.release();
        }
    }

    private @Nullable Waiting take(Connection connection, State state, String cookie) throws SQLException {
        var pending = PendingSignIns.take(connection, state, cookie, clock.instant());
        var provider = pending == null ? null : ProviderRows.find(connection, state.tenant(), pending.provider());
        if (pending == null
                || provider == null
                || !provider.settings().enabled()
                || !provider.settings().issuer().equals(pending.issuer())) {
            return null;
        }
        return new Waiting(
                pending, new Providers.Known(provider, secrets.read(connection, state.tenant(), provider.id())));
    }

    private Arrival complete(Returned returned, TenantId tenant, Waiting waiting, Sessions.Device device) {
        var provider = waiting.known().provider();
        try {
            var discovery = known.of(tenant, provider).discovery(clock.instant());
            var from = returned.issuer();
            if (from == null
                    ? discovery.namesItself()
                    : !from.equals(provider.settings().issuer())) {
                return refuse(tenant, provider, Reason.INVALID, "the answer is not the provider's (iss)");
            }
            var code = returned.code();
            if (returned.error() != null || code == null || code.length() > 4_000) {
                var error = returned.error() == null ? "no code" : Discovery.shown(returned.error());
                return refuse(tenant, provider, Reason.DECLINED, "the provider says: " + error);
            }
            var token = redeem(discovery, waiting, code);
            known.of(tenant, provider).verify(token, clock.instant());
            var settings = provider.settings();
            var wanted = new IdToken.Wanted(
                    settings.issuer(), settings.clientId(), waiting.pending().nonce(), settings.groupsClaim());
            var who = IdToken.read(token, wanted, clock.instant());
            return database.inTenant(
                    tenant,
                    connection -> admit(connection, tenant, provider, new Arriving(who, waiting.pending(), device)));
        } catch (ProviderFault e) {
            return refuse(tenant, provider, Reason.UNAVAILABLE, e.reason());
        } catch (InvalidTokenException e) {
            return refuse(tenant, provider, Reason.INVALID, "the ID token is not taken: " + e.reason());
        }
    }

    private Jwt redeem(Discovery discovery, Waiting waiting, String code) throws ProviderFault, InvalidTokenException {
        var form = Map.of(
                "grant_type",
                "authorization_code",
                "code",
                code,
                "redirect_uri",
                waiting.pending().redirectUri(),
                "code_verifier",
                waiting.pending().verifier());
        var answer = http.post(discovery.token(), form, waiting.known().client());
        var json = answer.json();
        if (answer.status() != 200 || json == null) {
            var error = json == null ? null : json.get("error");
            throw new ProviderFault("Its token endpoint answers " + answer.status()
                    + (error != null && error.isString() ? ": " + Discovery.shown(error.stringValue()) : "") + ".");
        }
        JsonNode token = json.get("id_token");
        if (token == null || !token.isString()) {
            throw new ProviderFault("Its token endpoint gives no ID token: is openid among the client's scopes?");
        }
        return Jwt.parse(token.stringValue());
    }

    private record Arriving(IdToken who, Pending pending, Sessions.Device device) {}

    private Arrival admit(Connection connection, TenantId tenant, Provider provider, Arriving arriving)
            throws SQLException {
        var who = arriving.who();
        var voucher = new ExternalUsers.Voucher(
                provider.subject(), provider.settings().name(), clock.instant());
        var bound = ProviderRows.user(connection, tenant, provider.id(), who.subject());
        var standing =
                bound == null ? ExternalUsers.Standing.DELETED : ExternalUsers.standing(connection, tenant, bound);
        var user = standing == ExternalUsers.Standing.DELETED ? null : bound;
        var word = role(provider.settings(), who);
        var role = word == null ? null : ExternalUsers.givable(connection, tenant, word);
        if (role == null) {
            var ended = user == null ? List.<UUID>of() : ExternalUsers.endSessions(connection, tenant, user, voucher);
            var why = word == null
                    ? "none of the person's groups gives a role"
                    : "the role " + word + " is gone, or no provider may give it";
            audit(connection, tenant, provider, why);
            return new Arrival.Refused(Reason.NO_ACCESS, ended);
        }
        if (standing == ExternalUsers.Standing.DISABLED) {
            audit(connection, tenant, provider, "user:" + user + " is disabled");
            return refused(Reason.NO_ACCESS);
        }
        if (user == null) {
            user = users.create(connection, tenant, who.name(), role, voucher);
            if (user == null) {
                audit(connection, tenant, provider, "the tenant has too many users");
                return refused(Reason.NO_ACCESS);
            }
            ProviderRows.bind(connection, tenant, provider.id(), who.subject(), user, voucher.at());
        } else {
            ExternalUsers.follow(connection, tenant, user, role, voucher);
        }
        var success = sessions.begin(connection, tenant, user, Sessions.Method.OIDC, arriving.device());
        if (success == null) {
            throw new IllegalStateException("a user who may sign in could not");
        }
        return new Arrival.SignedIn(success, arriving.pending().returnTo());
    }

    /** The first of the provider's groups that the person is in decides. */
    private static @Nullable String role(ProviderSettings settings, IdToken who) {
        for (GroupRole one : settings.groups()) {
            if (who.groups().contains(one.group())) {
                return one.role();
            }
        }
        return settings.defaultRole();
    }

    private static Arrival refused(Reason reason) {
        return new Arrival.Refused(reason, List.of());
    }

    private Arrival refuse(TenantId tenant, Provider provider, Reason reason, String why) {
        database.inTenant(tenant, connection -> {
            audit(connection, tenant, provider, why);
            return true;
        });
        return refused(reason);
    }

    private void audit(Connection connection, TenantId tenant, Provider provider, String why) throws SQLException {
        var detail = JSON.writeValueAsString(Map.of("method", "oidc", "reason", why));
        AuditLog.append(
                connection,
                tenant,
                new AuditLog.Entry(clock.instant(), provider.subject(), "session.refuse", provider.subject(), detail));
    }
}
