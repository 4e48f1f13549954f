package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.TestNode.Tenant;
import io.marsad.api.http.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A browser that signs in with a provider, step by step; it follows no redirect and keeps no cookie by itself. */
final class SignOnBrowser {
    static final String SECRET = "s3cret & so+on";

    private final TestNode node;
    private final TestProvider provider;
    private final Tenant tenant;
    private String id = "";

    SignOnBrowser(TestNode node, TestProvider provider, Tenant tenant) {
        this.node = node;
        this.provider = provider;
        this.tenant = tenant;
    }

    /** Has the tenant know the provider, and the provider know us. @param more of the body */
    String register(String name, String more) throws Exception {
        return register(name, SECRET, more);
    }

    String register(String name, String secret, String more) throws Exception {
        provider.client("marsad client", secret, callback());
        var made = admin().tree("createProvider", "/v1/identity-providers", body(name, secret, more), 201);
        id = made.get("id").stringValue();
        return id;
    }

    String body(String name, String secret, String more) {
        return "{\"name\":\"" + name + "\",\"issuer\":\"" + provider.issuer() + "\",\"client_id\":\"marsad client\""
                + (secret.isEmpty() ? "" : ",\"client_secret\":\"" + secret + "\"") + "," + more + "}";
    }

    String callback() {
        return "http://localhost:" + node.server.port() + "/v1/auth/callback";
    }

    Calls admin() {
        return new Calls(node, tenant.byToken());
    }

    /** A sign-in that has begun. @param cookie as the browser sends it */
    record Begun(URI location, String cookie) {}

    Begun begin() throws Exception {
        return begin("/alerts?status=open");
    }

    Begun begin(String to) throws Exception {
        var body = "{\"tenant\":\"" + tenant.id() + "\",\"provider\":\"" + id + "\",\"to\":\"" + to + "\"}";
        var answer =
                new Calls(node, Identity.NOBODY).send("beginProviderSignIn", "/v1/auth/providers/sign-in", body, 200);
        var cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).contains("HttpOnly", "SameSite=Lax", "Path=/v1/auth/callback");
        var location = Json.tree(answer.body()).get("location").stringValue();
        return new Begun(URI.create(location), cookie.split(";", 2)[0]);
    }

    /** The provider lets the person in and sends the browser back here. */
    URI back(Begun begun) throws Exception {
        var request = HttpRequest.newBuilder(begun.location()).build();
        var answer = node.client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
        var location = URI.create(answer.headers().firstValue("Location").orElseThrow());
        assertThat(location.toString()).startsWith(callback() + "?");
        return location;
    }

    /** @param identity NOBODY when not signed in @param to where the browser is sent */
    record Arrived(Identity identity, String to) {}

    /** Comes back with this address and cookie. */
    Arrived arrive(URI back, String cookie) throws Exception {
        var path = back.getRawPath() + "?" + back.getRawQuery();
        var answer =
                new Calls(node, new Identity("browser", "Cookie", cookie, "")).send("endProviderSignIn", path, "", 303);
        var to = answer.headers().firstValue("Location").orElseThrow();
        var cookies = answer.headers().allValues("Set-Cookie");
        assertThat(cookies).anyMatch(one -> one.startsWith("marsad_sign_on=;"));
        var session = cookies.stream()
                .filter(one -> one.startsWith("marsad_session="))
                .findFirst();
        return session.isEmpty()
                ? new Arrived(Identity.NOBODY, to)
                : new Arrived(identity(session.get().split(";", 2)[0]), to);
    }

    private Identity identity(String cookie) throws Exception {
        var without = new Identity("sso", "Cookie", cookie, "");
        var session =
                Json.tree(node.send(without, "GET", "/v1/auth/session", "").body());
        return new Identity("sso", "Cookie", cookie, session.get("csrf").stringValue());
    }

    Arrived signIn() throws Exception {
        var begun = begin();
        return arrive(back(begun), begun.cookie());
    }

    /** The session of who arrived. */
    JsonNode session(Arrived arrived) throws Exception {
        return new Calls(node, arrived.identity()).json("getSession", "/v1/auth/session", "");
    }

    /** Why the last sign-in was refused, as the tenant's audit log has it. */
    String refusal() throws Exception {
        var found = admin().json("listAudit", "/v1/audit?action=session.refuse&limit=1", "");
        return found.get("entries").get(0).get("detail").get("reason").stringValue();
    }

    List<String> actions() throws Exception {
        return admin().json("listAudit", "/v1/audit?limit=100", "")
                .get("entries")
                .valueStream()
                .map(entry -> entry.get("action").stringValue())
                .toList();
    }
}
