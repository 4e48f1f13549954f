package io.marsad.api;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.TestNode.Tenant;
import io.marsad.api.contract.Operation;
import io.marsad.api.http.Json;
import io.marsad.soc.identity.Role;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What the isolation test needs of operations on one's own account: somebody who has sessions and passkeys. */
final class OwnAccount {
    private static final Set<String> KNOWN = Set.of(
            "logout",
            "endSession",
            "addPasskey",
            "renamePasskey",
            "deletePasskey",
            "passkeySignIn",
            "confirmAuthenticator",
            "removeAuthenticator",
            "renewRecoveryCodes",
            "setView",
            "endView",
            "actInTenant");

    private OwnAccount() {}

    /** Ids of a person's session and passkey. */
    static Map<String, List<String>> things(TestNode node, Tenant tenant, String word) throws Exception {
        var owner = person(node, tenant, "owner");
        var admin = person(node, tenant, "looker", Role.TENANT_ADMIN);
        node.send(admin, "PUT", "/v1/auth/view", "{\"role\":\"" + word + "0\"}");
        var passkey = passkey(node, owner, word);
        var sessions =
                Json.tree(node.send(owner, "GET", "/v1/auth/sessions", "").body());
        return Map.of(
                "sessions",
                List.of(sessions.get("sessions").get(0).get("id").stringValue()),
                "passkeys",
                List.of(passkey.id()));
    }

    /** What is sent where the operation is not what is looked at. */
    static String body(Operation operation) {
        return switch (operation.id()) {
            case "changePassword" -> "{\"old\":\"" + TestNode.PASSWORD + "\",\"new\":\"" + TestNode.PASSWORD + "\"}";
            case "renamePasskey" -> "{\"name\":\"other\"}";
            case "confirmAuthenticator", "removeAuthenticator", "renewRecoveryCodes" -> "{\"code\":\"000000\"}";
            case "setSecondFactorRoles" -> "{\"roles\":[]}";
            default -> "{}";
        };
    }

    /** Whether it takes a person of its own to bring the operation to succeed. */
    static boolean knows(Operation operation) {
        return KNOWN.contains(operation.id());
    }

    static boolean succeeds(TestNode node, Tenant tenant, Operation operation) throws Exception {
        var one = person(node, tenant, operation.id());
        var made = passkey(node, one, "key");
        var status = switch (operation.id()) {
            case "addPasskey" -> 201; // above
            case "passkeySignIn" -> {
                var asked = json(node, Identity.NOBODY, "/v1/auth/passkey-sign-in/begin", "");
                var answer = made.authenticator().get(asked);
                yield status(node, Identity.NOBODY, operation, operation.path(), answer);
            }
            case "confirmAuthenticator" -> {
                app(node, one);
                yield 201; // above
            }
            case "removeAuthenticator", "renewRecoveryCodes" ->
                status(node, one, operation, operation.path(), "{\"code\":\"" + app(node, one) + "\"}");
            case "endSession" -> {
                var all =
                        Json.tree(node.send(one, "GET", "/v1/auth/sessions", "").body());
                var id = all.get("sessions").get(0).get("id").stringValue();
                yield status(node, one, operation, operation.path().replace("{id}", id), "");
            }
            case "actInTenant" -> {
                var provider = Belongings.provider(tenant);
                node.accounts.create(provider, "acting", TestNode.PASSWORD, Role.AUDITOR, "system:test");
                var acting = node.signIn(provider, "acting", "acting");
                yield status(node, acting, operation, operation.path(), "{\"tenant\":\"" + tenant.id() + "\"}");
            }
            case "setView" -> {
                var admin = person(node, tenant, "viewer", Role.TENANT_ADMIN);
                yield status(node, admin, operation, operation.path(), "{\"role\":\"auditor\"}");
            }
            default ->
                status(
                        node,
                        one,
                        operation,
                        operation.path().replace("{id}", made.id()),
                        operation.body() == null ? "" : body(operation));
        };
        return status / 100 == 2;
    }

    private record Made(String id, SoftAuthenticator authenticator) {}

    private static Identity person(TestNode node, Tenant tenant, String name) throws Exception {
        return person(node, tenant, name, Role.AUDITOR);
    }

    private static Identity person(TestNode node, Tenant tenant, String name, Role role) throws Exception {
        node.accounts.create(tenant.id(), name, TestNode.PASSWORD, role, "system:test");
        return node.signIn(tenant.id(), name, name);
    }

    private static Made passkey(TestNode node, Identity owner, String name) throws Exception {
        var authenticator = new SoftAuthenticator("http://localhost:" + node.server.port());
        var asked = json(node, owner, "/v1/auth/passkeys/begin", "");
        var body = "{\"name\":\"" + name + "\",\"credential\":" + authenticator.create(asked) + "}";
        return new Made(json(node, owner, "/v1/auth/passkeys", body).get("id").stringValue(), authenticator);
    }

    /** An authenticator app that is asked for; returns a recovery code. */
    private static String app(TestNode node, Identity owner) throws Exception {
        var secret = json(node, owner, "/v1/auth/authenticator/begin", "")
                .get("secret")
                .stringValue();
        var body = "{\"code\":\"" + new SoftApp(secret).next() + "\"}";
        return json(node, owner, "/v1/auth/authenticator", body)
                .get("recovery_codes")
                .get(0)
                .stringValue();
    }

    private static JsonNode json(TestNode node, Identity as, String path, String body) throws Exception {
        return Json.tree(node.send(as, "POST", path, body).body());
    }

    private static int status(TestNode node, Identity as, Operation operation, String path, String body)
            throws Exception {
        return node.send(as, operation.method(), path, body).statusCode();
    }
}
