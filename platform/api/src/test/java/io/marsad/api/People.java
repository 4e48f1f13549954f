package io.marsad.api;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.TestNode.Tenant;
import io.marsad.api.http.Json;
import java.net.http.HttpResponse;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The users and roles of a tenant, administered over HTTP with a token that may do everything. */
record People(TestNode node, Tenant tenant, Calls admin) {
    static People of(TestNode node, String name) {
        var tenant = node.tenant(name);
        return new People(node, tenant, new Calls(node, tenant.byToken()));
    }

    /** Makes a user and signs them in. */
    Person person(String name, String role) throws Exception {
        var made = admin.tree("createUser", "/v1/users", user(name, role), 201);
        var password = made.get("password").stringValue();
        return new Person(made.get("id").stringValue(), name, password, new Calls(node, signedIn(name, password)));
    }

    record Person(String id, String name, String password, Calls calls) {
        String path() {
            return "/v1/users/" + id;
        }
    }

    /** Makes a role; gives its path. */
    String role(String name, String... permissions) throws Exception {
        var made = admin.tree("createRole", "/v1/roles", roleBody(name, permissions), 201);
        return "/v1/roles/" + made.get("id").stringValue();
    }

    static String user(String name, String role) {
        return "{\"username\":\"" + name + "\",\"role\":\"" + role + "\"}";
    }

    static String roleBody(String name, String... permissions) {
        return "{\"name\":\"" + name + "\"," + permissions(permissions).substring(1);
    }

    static String permissions(String... permissions) {
        return "{\"permissions\":["
                + String.join(
                        ",",
                        List.of(permissions).stream().map(p -> "\"" + p + "\"").toList()) + "]}";
    }

    HttpResponse<byte[]> signIn(String name, String password) throws Exception {
        return node.send(
                Identity.NOBODY,
                "POST",
                "/v1/auth/login",
                "{\"tenant\":\"" + tenant.id() + "\",\"username\":\"" + name + "\",\"password\":\"" + password + "\"}");
    }

    Identity signedIn(String name, String password) throws Exception {
        var answer = signIn(name, password);
        var cookie = answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
        return new Identity(
                name, "Cookie", cookie, Json.tree(answer.body()).get("csrf").stringValue());
    }

    /** A user as the list has them. */
    JsonNode listed(String name) throws Exception {
        for (var user : admin.json("listUsers", "/v1/users", "").get("users")) {
            if (user.get("username").stringValue().equals(name)) {
                return user;
            }
        }
        throw new AssertionError("no user " + name);
    }

    /** The audit's entries on a thing, oldest first. */
    List<JsonNode> audit(String object) throws Exception {
        var entries = new java.util.ArrayList<JsonNode>();
        admin.json("listAudit", "/v1/audit?object=" + object, "").get("entries").forEach(entries::addFirst);
        return entries;
    }
}
