package io.marsad.api.tenants;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.tenant.Delegation;
import io.marsad.soc.tenant.Delegations;
import java.util.List;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;

/** Tenants' providers, and who of them may act in which tenant. */
public final class DelegationRoutes {
    private final Delegations delegations;

    public DelegationRoutes(Delegations delegations) {
        this.delegations = delegations;
    }

    public List<Route> routes() {
        return List.of(
                new Route("setTenantParent", this::setParent),
                new Route(
                        "listTenantDelegations",
                        exchange -> answer(exchange, delegations.of(TenantRoutes.id(exchange)))),
                new Route("delegateTenant", this::create),
                new Route("undelegateTenant", this::revoke),
                new Route("listDelegations", exchange -> answer(exchange, delegations.ofCaller())),
                new Route("deleteDelegation", this::revokeOwn));
    }

    private void setParent(Exchange exchange) {
        var parent = Json.text(exchange.json(), "parent");
        TenantId provider;
        try {
            provider = parent == null ? null : new TenantId(parent);
        } catch (IllegalArgumentException e) {
            throw Problem.notFound("There is no tenant with the parent's id.").asException();
        }
        delegations.setParent(TenantRoutes.id(exchange), provider);
        exchange.noContent();
    }

    private void create(Exchange exchange) {
        var body = exchange.json();
        var made = delegations.create(
                TenantRoutes.id(exchange),
                Json.text(body, "provider_user"),
                Json.text(body, "provider_role"),
                body.get("role").stringValue());
        exchange.json(201, to -> write(to, made));
    }

    private void revoke(Exchange exchange) {
        delegations.revoke(
                TenantRoutes.id(exchange),
                UUID.fromString(exchange.json().get("id").stringValue()));
        exchange.noContent();
    }

    private void revokeOwn(Exchange exchange) {
        delegations.revoke(exchange.id().uuid());
        exchange.noContent();
    }

    private static void answer(Exchange exchange, List<Delegation> some) {
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("delegations");
            some.forEach(one -> write(to, one));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private static void write(JsonGenerator to, Delegation one) {
        to.writeStartObject();
        to.writeStringProperty("id", one.id().toString());
        to.writeStringProperty("provider", one.provider().value());
        var user = one.user();
        Json.text(to, "provider_user", user == null ? null : user.toString());
        Json.text(to, "provider_username", one.username());
        Json.text(to, "provider_role", one.providerRole());
        to.writeStringProperty("role", one.role());
        to.writeStringProperty("created_by", one.createdBy());
        to.writeStringProperty("created_at", Json.time(one.createdAt()));
        to.writeEndObject();
    }
}
