package io.marsad.connect.run;

import io.marsad.connect.OutboundRefused;
import io.marsad.connect.manifest.Auth;
import io.marsad.connect.manifest.Text;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/** Says to a vendor who asks. Of one call. */
final class Authentication {
    private static final Duration EARLIER = Duration.ofSeconds(30);
    private static final long MOST_SECONDS = 86_400;

    private final Transport transport;
    private final InstantSource clock;
    private final Connection connection;
    private final Account account;
    private final Scope scope;
    private final Rendering rendering;

    Authentication(Transport transport, InstantSource clock, Connection connection, Account account, Scope scope) {
        this.transport = transport;
        this.clock = clock;
        this.connection = connection;
        this.account = account;
        this.scope = scope;
        this.rendering = new Rendering(scope);
    }

    /** The message as the vendor takes it. */
    Message signed(Message message) throws Refusal, Later {
        return switch (connection.manifest().auth()) {
            case Auth.None none -> message;
            case Auth.Header header ->
                message.with(header.name(), header(header.name(), header.prefix() + secret(header.secret())));
            case Auth.Query query -> {
                var uri = message.uri().toString();
                yield message.to(URI.create(uri + (uri.indexOf('?') < 0 ? "?" : "&") + Rendering.encoded(query.name())
                        + "=" + Rendering.encoded(secret(query.secret()))));
            }
            case Auth.Basic basic -> message.with("Authorization", basic(text(basic.user()), basic.secret()));
            case Auth.ClientCredentials client ->
                message.with("Authorization", "Bearer " + token(() -> credentials(client)));
            case Auth.JwtBearer jwt -> message.with("Authorization", "Bearer " + token(() -> assertion(jwt)));
            case Auth.SigV4 aws ->
                scope.simulated()
                        ? message.with("Authorization", "AWS4-HMAC-SHA256 " + Rendering.placeholder("signature"))
                        : new SigV4(
                                        secret(aws.accessKey()),
                                        secret(aws.secretKey()),
                                        aws.sessionToken() == null
                                                ? null
                                                : scope.secrets().get(aws.sessionToken()),
                                        text(aws.region()),
                                        aws.service())
                                .signed(message, clock.instant());
            case Auth.Hmac hmac -> hmac(hmac, message);
        };
    }

    /** Whether a refused token can be replaced by a new one. */
    boolean renew() {
        var auth = connection.manifest().auth();
        account.forgetToken();
        return auth instanceof Auth.ClientCredentials || auth instanceof Auth.JwtBearer;
    }

    private String secret(String name) throws Refusal {
        if (scope.simulated()) {
            return Rendering.placeholder(name);
        }
        var value = scope.secrets().get(name);
        if (value == null) {
            throw new Refusal("the secret '" + name + "' is not set");
        }
        return value;
    }

    private String header(String name, String value) throws Refusal {
        if (!scope.simulated() && value.chars().anyMatch(c -> c < ' ' || c > 0x7e)) {
            throw new Refusal("the secret for the header " + name + " has characters that headers cannot have");
        }
        return value;
    }

    private String text(Text text) throws Refusal {
        var value = rendering.text(text);
        if (value == null) {
            throw new Refusal("a setting that the sign-in needs is missing");
        }
        return value;
    }

    private String basic(String user, String secret) throws Refusal {
        if (scope.simulated()) {
            return "Basic " + Rendering.placeholder(secret);
        }
        var pair = user + ":" + secret(secret);
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private Message hmac(Auth.Hmac hmac, Message message) throws Refusal {
        if (scope.simulated()) {
            return message.with(hmac.header(), hmac.prefix() + Rendering.placeholder("signature"));
        }
        var second = Long.toString(clock.instant().getEpochSecond());
        var over = hmac.timestamp() == null ? message.text() : second + "." + message.text();
        var key = secret(hmac.secret()).getBytes(StandardCharsets.UTF_8);
        var signature = HexFormat.of().formatHex(Signatures.hmac(key, over));
        var signed = message.with(hmac.header(), hmac.prefix() + signature);
        return hmac.timestamp() == null ? signed : signed.with(hmac.timestamp(), second);
    }

    /** Makes the request for a token. */
    private interface Asking {
        Message make() throws Refusal;
    }

    private String token(Asking asking) throws Refusal, Later {
        if (scope.simulated()) {
            return Rendering.placeholder("access token");
        }
        var of = scope.secrets().fingerprint() + connection.config();
        var known = account.token(of, clock.instant());
        if (known != null) {
            return known;
        }
        var given = ask(asking.make(), of);
        account.keep(given);
        return given.value();
    }

    private Account.Token ask(Message message, String of) throws Refusal, Later {
        try {
            var answer = transport.send(message);
            if (answer.status() == 429 || answer.status() >= 500) {
                throw new Later(
                        "signing in failed for now (HTTP " + answer.status() + ")",
                        Duration.ofSeconds(Run.retryAfter(answer, clock.instant(), 30)));
            }
            var tree = Answers.json(answer.text());
            var token = tree == null ? null : tree.get("access_token");
            if (answer.status() >= 300 || tree == null || token == null || !token.isString()) {
                throw new Refusal("signing in was refused (HTTP " + answer.status() + "): check the credentials");
            }
            var value = header("Authorization", token.stringValue());
            var expires = tree.get("expires_in");
            long seconds = expires == null ? 300 : Math.clamp(expires.asLong(300), 0, MOST_SECONDS);
            return new Account.Token(value, clock.instant().plusSeconds(seconds).minus(EARLIER), of);
        } catch (OutboundRefused e) {
            throw new Refusal(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new Later("signing in failed for now: " + e.getMessage(), Duration.ofSeconds(30));
        }
    }

    private Message credentials(Auth.ClientCredentials client) throws Refusal {
        var headers = form();
        var fields = new LinkedHashMap<String, Text>();
        var text = new StringBuilder("grant_type=client_credentials");
        fields.putAll(client.form());
        if (client.inBody()) {
            text.append("&client_id=").append(Rendering.encoded(text(client.client())));
            text.append("&client_secret=").append(Rendering.encoded(secret(client.secret())));
        } else {
            headers.put("Authorization", basic(text(client.client()), client.secret()));
        }
        return asked(client.tokenUrl(), headers, text.toString(), rendering.form(fields));
    }

    private Message assertion(Auth.JwtBearer jwt) throws Refusal {
        Instant now = clock.instant();
        var header = JsonNodeFactory.instance
                .objectNode()
                .put("alg", jwt.algorithm().name())
                .put("typ", "JWT");
        if (jwt.keyId() != null) {
            header.put("kid", text(jwt.keyId()));
        }
        var claims = JsonNodeFactory.instance.objectNode();
        for (var claim : jwt.claims().entrySet()) {
            claims.put(claim.getKey(), text(claim.getValue()));
        }
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.getEpochSecond() + jwt.seconds());
        if (!jwt.grant()) {
            claims.put(
                    "jti",
                    UUID.nameUUIDFromBytes((claims + scope.secrets().fingerprint()).getBytes(StandardCharsets.UTF_8))
                            .toString());
        }
        var assertion = Signatures.jwt(jwt.algorithm(), secret(jwt.secret()), header, claims);
        var text = jwt.grant()
                ? "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + assertion
                : "grant_type=client_credentials&client_assertion_type="
                        + "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion="
                        + assertion;
        return asked(jwt.tokenUrl(), form(), text, rendering.form(jwt.form()));
    }

    private static Map<String, String> form() {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Accept", "application/json");
        headers.put("Content-Type", "application/x-www-form-urlencoded");
        return headers;
    }

    private Message asked(Text url, Map<String, String> headers, String text, @Nullable String more) throws Refusal {
        var body = more == null || more.isEmpty() ? text : text + "&" + more;
        return new Message("POST", rendering.url(url), headers, body.getBytes(StandardCharsets.UTF_8));
    }
}
