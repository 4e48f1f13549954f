package io.marsad.api.auth;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.problem.Problem;
import io.marsad.soc.identity.Session;
import io.marsad.soc.identity.SignIn;
import io.marsad.soc.identity.passkey.Passkey;
import io.marsad.soc.identity.passkey.Passkeys;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** One's own passkeys, and signing in with one. What browsers are told and say is as WebAuthn level 3 writes it in JSON. */
public final class PasskeyRoutes {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final long TIMEOUT_MS = 300_000;
    private static final int MAX_BODY = 32 << 10;
    private static final int CHECKS_AT_ONCE = 8;

    private final Passkeys passkeys;
    private final Origins origins;
    private final AuthRoutes auth;
    private final Semaphore checks = new Semaphore(CHECKS_AT_ONCE, true);

    /**
     * @param origin that browsers use, or null where only those on this machine may have passkeys
     * @param auth gives sessions to who may have one
     */
    public PasskeyRoutes(Passkeys passkeys, @Nullable URI origin, AuthRoutes auth) {
        this.passkeys = passkeys;
        this.origins = new Origins(origin);
        this.auth = auth;
    }

    public List<Route> routes() {
        return List.of(
                new Route("listPasskeys", this::list),
                new Route("beginPasskey", this::begin),
                new Route("addPasskey", this::add),
                new Route("renamePasskey", this::rename),
                new Route("deletePasskey", this::delete),
                new Route("beginPasskeySignIn", this::beginSignIn),
                new Route("passkeySignIn", this::signIn));
    }

    private void list(Exchange exchange) {
        var all = passkeys.list(AuthRoutes.session(exchange));
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("passkeys");
            all.forEach(one -> write(to, one));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void begin(Exchange exchange) {
        var own = AuthRoutes.session(exchange);
        var party = origins.of(exchange);
        var asked = passkeys.begin(own, AuthRoutes.device(exchange).address());
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeObjectPropertyStart("rp");
            to.writeStringProperty("id", party.id());
            to.writeStringProperty("name", "Marsad");
            to.writeEndObject();
            user(to, own, asked.userHandle());
            to.writeStringProperty("challenge", BASE64.encodeToString(asked.challenge()));
            to.writeNumberProperty("timeout", TIMEOUT_MS);
            to.writeArrayPropertyStart("pubKeyCredParams");
            for (int algorithm : Passkeys.algorithms()) {
                to.writeStartObject();
                to.writeStringProperty("type", "public-key");
                to.writeNumberProperty("alg", algorithm);
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeArrayPropertyStart("excludeCredentials");
            for (var one : asked.existing()) {
                to.writeStartObject();
                to.writeStringProperty("type", "public-key");
                to.writeStringProperty("id", BASE64.encodeToString(one.credentialId()));
                Json.texts(to, "transports", one.transports());
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeObjectPropertyStart("authenticatorSelection");
            to.writeStringProperty("residentKey", "required");
            to.writeBooleanProperty("requireResidentKey", true);
            to.writeStringProperty("userVerification", "required");
            to.writeEndObject();
            to.writeStringProperty("attestation", "none");
            to.writeEndObject();
        });
    }

    private static void user(JsonGenerator to, Session own, byte[] handle) {
        to.writeObjectPropertyStart("user");
        to.writeStringProperty("id", BASE64.encodeToString(handle));
        to.writeStringProperty("name", own.username() + " (" + own.tenantName() + ")");
        to.writeStringProperty("displayName", own.username());
        to.writeEndObject();
    }

    private void add(Exchange exchange) {
        var body = exchange.json(MAX_BODY);
        var made = passkeys.add(
                AuthRoutes.session(exchange),
                origins.of(exchange),
                body.get("name").stringValue(),
                body.get("credential").toString());
        exchange.json(201, to -> write(to, made));
    }

    private void rename(Exchange exchange) {
        var body = exchange.json(MAX_BODY);
        if (!passkeys.rename(
                AuthRoutes.session(exchange),
                exchange.id().uuid(),
                body.get("name").stringValue())) {
            throw unknown();
        }
        exchange.noContent();
    }

    private void delete(Exchange exchange) {
        if (!passkeys.remove(AuthRoutes.session(exchange), exchange.id().uuid())) {
            throw unknown();
        }
        exchange.noContent();
    }

    private static RuntimeException unknown() {
        return Problem.notFound("You have no passkey with this id.").asException();
    }

    private void beginSignIn(Exchange exchange) {
        var party = origins.of(exchange);
        var challenge = passkeys.beginSignIn(AuthRoutes.device(exchange).address());
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeStringProperty("challenge", BASE64.encodeToString(challenge));
            to.writeStringProperty("rpId", party.id());
            to.writeNumberProperty("timeout", TIMEOUT_MS);
            to.writeStringProperty("userVerification", "required");
            to.writeEndObject();
        });
    }

    private void signIn(Exchange exchange) {
        var party = origins.of(exchange);
        var body = exchange.json(MAX_BODY);
        if (!checks.tryAcquire()) {
            throw Problem.overloaded("Too many people sign in at this moment; try again.")
                    .asException();
        }
        SignIn result;
        try {
            result = passkeys.signIn(party, body.toString(), AuthRoutes.device(exchange));
        } finally {
            checks.release();
        }
        switch (result) {
            case SignIn.Success success -> auth.signedIn(exchange, success);
            case SignIn.Refused _, SignIn.NeedsCode _ ->
                throw Problem.unauthorized("This passkey does not sign in here.")
                        .asException();
            case SignIn.TooMany(var wait) -> throw AuthRoutes.tooMany(exchange, wait);
        }
    }

    private static void write(JsonGenerator to, Passkey passkey) {
        to.writeStartObject();
        to.writeStringProperty("id", passkey.id().toString());
        to.writeStringProperty("name", passkey.name());
        to.writeStringProperty("aaguid", passkey.aaguid().toString());
        Json.texts(to, "transports", passkey.transports());
        to.writeBooleanProperty("synced", passkey.synced());
        to.writeStringProperty("created_at", Json.time(passkey.createdAt()));
        Json.time(to, "last_used_at", passkey.lastUsedAt());
        to.writeEndObject();
    }
}
