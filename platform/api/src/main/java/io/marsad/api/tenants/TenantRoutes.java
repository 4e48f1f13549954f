package io.marsad.api.tenants;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.api.live.LiveStreams;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.tenant.NewTenant;
import io.marsad.soc.tenant.Tenant;
import io.marsad.soc.tenant.TenantQuota;
import io.marsad.soc.tenant.Tenants;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Administering tenants. */
public final class TenantRoutes {
    private final Tenants tenants;
    private final LiveStreams streams;

    public TenantRoutes(Tenants tenants, LiveStreams streams) {
        this.tenants = tenants;
        this.streams = streams;
    }

    public List<Route> routes() {
        return List.of(
                new Route("listTenants", this::list),
                new Route("createTenant", this::create),
                new Route("getTenant", exchange -> answer(exchange, 200, tenants.find(id(exchange)))),
                new Route("updateTenant", this::update),
                new Route("suspendTenant", this::suspend),
                new Route("resumeTenant", exchange -> answer(exchange, 200, tenants.resume(id(exchange)))),
                new Route("deleteTenant", this::delete),
                new Route("getQuota", this::quota));
    }

    /** What can be no tenant's id is none's. */
    static TenantId id(Exchange exchange) {
        try {
            return new TenantId(exchange.path("tenant"));
        } catch (IllegalArgumentException e) {
            throw Problem.notFound("There is no tenant with this id.").asException();
        }
    }

    private void list(Exchange exchange) {
        int limit = exchange.queryNumber("limit");
        var after = exchange.query("cursor");
        var page = tenants.list(after == null ? "" : after, limit);
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("tenants");
            for (var tenant : page) {
                to.writeStartObject();
                properties(to, tenant);
                to.writeEndObject();
            }
            to.writeEndArray();
            // A full page may be the last: then the next one is empty.
            Json.text(
                    to, "next", page.size() < limit ? null : page.getLast().id().value());
            to.writeEndObject();
        });
    }

    private void create(Exchange exchange) {
        var body = exchange.json();
        var admin = body.get("admin");
        var created = tenants.create(new NewTenant(
                body.get("id").stringValue(),
                Json.text(body, "name"),
                Json.text(body, "template"),
                admin == null || admin.booleanValue()));
        exchange.json(201, to -> {
            to.writeStartObject();
            properties(to, created.tenant());
            var password = created.password();
            if (password == null) {
                to.writeNullProperty("first_admin");
            } else {
                to.writeObjectPropertyStart("first_admin");
                Json.text(to, "username", created.username());
                to.writeStringProperty("password", password);
                to.writeEndObject();
            }
            to.writeEndObject();
        });
    }

    private void update(Exchange exchange) {
        var id = id(exchange);
        var body = exchange.json();
        var name = Json.text(body, "name");
        var quota = body.get("quota");
        var tenant = name == null ? tenants.find(id) : tenants.rename(id, name);
        if (quota != null) {
            tenant = tenants.limit(id, quota(quota));
        }
        answer(exchange, 200, tenant);
    }

    private static TenantQuota quota(JsonNode quota) {
        var queries = number(quota, "queries");
        return new TenantQuota(
                number(quota, "events_per_second"),
                number(quota, "storage_bytes"),
                queries == null ? null : Math.toIntExact(queries));
    }

    private static @Nullable Long number(JsonNode quota, String name) {
        var value = quota.get(name);
        return value == null || value.isNull() ? null : value.longValue();
    }

    private void suspend(Exchange exchange) {
        var tenant = tenants.suspend(id(exchange));
        streams.end(tenant.id());
        answer(exchange, 200, tenant);
    }

    private void delete(Exchange exchange) throws IOException {
        var deleted =
                tenants.delete(id(exchange), exchange.json().get("confirm").stringValue());
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeBooleanProperty("verified", deleted.verified());
            to.writeNumberProperty("events", deleted.events());
            to.writeNumberProperty("bytes", deleted.bytes());
            to.writeObjectPropertyStart("rows");
            deleted.rows().forEach(to::writeNumberProperty);
            to.writeEndObject();
            Json.texts(to, "kept", deleted.kept());
            Json.texts(to, "left", deleted.left());
            to.writeEndObject();
        });
    }

    private void quota(Exchange exchange) {
        var tenant = tenants.ofCaller();
        exchange.json(200, to -> {
            to.writeStartObject();
            write(to, tenant);
            to.writeEndObject();
        });
    }

    private static void answer(Exchange exchange, int status, Tenant tenant) {
        exchange.json(status, to -> {
            to.writeStartObject();
            properties(to, tenant);
            to.writeEndObject();
        });
    }

    private static void properties(JsonGenerator to, Tenant tenant) {
        to.writeStringProperty("id", tenant.id().value());
        to.writeStringProperty("name", tenant.name());
        to.writeStringProperty("state", tenant.state().word());
        to.writeBooleanProperty("own", tenant.own());
        Json.text(to, "parent", tenant.parent());
        to.writeStringProperty("created_at", Json.time(tenant.createdAt()));
        to.writeNumberProperty("users", tenant.use().users());
        write(to, tenant);
    }

    /** What it uses, and may. */
    private static void write(JsonGenerator to, Tenant tenant) {
        var use = tenant.use();
        to.writeNumberProperty("events", use.events());
        to.writeNumberProperty("storage_bytes", use.storageBytes());
        to.writeNumberProperty("events_per_second", Math.round(use.eventsPerSecond() * 10) / 10.0);
        to.writeNumberProperty("refused", use.refused());
        write(to, tenant.quota());
    }

    static void write(JsonGenerator to, TenantQuota quota) {
        to.writeObjectPropertyStart("quota");
        limit(to, "events_per_second", quota.eventsPerSecond());
        limit(to, "storage_bytes", quota.storageBytes());
        var queries = quota.queries();
        limit(to, "queries", queries == null ? null : queries.longValue());
        to.writeEndObject();
    }

    private static void limit(JsonGenerator to, String name, @Nullable Long value) {
        if (value == null) {
            to.writeNullProperty(name);
        } else {
            to.writeNumberProperty(name, value);
        }
    }
}
