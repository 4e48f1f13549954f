package io.marsad.api.users;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.soc.identity.Permission;
import io.marsad.soc.identity.Roles;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** What the tenant's roles may do. */
public final class RoleRoutes {
    private final Roles roles;

    public RoleRoutes(Roles roles) {
        this.roles = roles;
    }

    public List<Route> routes() {
        return List.of(
                new Route("listRoles", this::list),
                new Route("createRole", this::create),
                new Route("updateRole", this::update),
                new Route("deleteRole", this::delete));
    }

    private void list(Exchange exchange) {
        var all = roles.list();
        exchange.json(200, to -> {
            to.writeStartObject();
            Json.texts(to, "permissions", new TreeSet<>(Permission.ALL));
            to.writeArrayPropertyStart("roles");
            all.forEach(role -> write(to, role));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void create(Exchange exchange) {
        var body = exchange.json();
        var made = roles.create(body.get("name").stringValue(), description(body), permissions(body));
        exchange.json(201, to -> write(to, made));
    }

    private void update(Exchange exchange) {
        var body = exchange.json();
        var changed = roles.update(exchange.id().uuid(), description(body), permissions(body));
        exchange.json(200, to -> write(to, changed));
    }

    private void delete(Exchange exchange) {
        roles.delete(exchange.id().uuid());
        exchange.noContent();
    }

    private static String description(JsonNode body) {
        var text = Json.text(body, "description");
        return text == null ? "" : text;
    }

    private static Set<String> permissions(JsonNode body) {
        var permissions = new LinkedHashSet<String>();
        body.get("permissions").forEach(permission -> permissions.add(permission.stringValue()));
        return permissions;
    }

    private static void write(JsonGenerator to, Roles.Listed role) {
        var id = role.id();
        to.writeStartObject();
        Json.text(to, "id", id == null ? null : id.toString());
        to.writeStringProperty("name", role.role().word());
        to.writeStringProperty("description", role.description());
        Json.texts(to, "permissions", new TreeSet<>(role.role().permissions()));
        to.writeNumberProperty("users", role.users());
        to.writeEndObject();
    }
}
