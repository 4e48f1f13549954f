package io.marsad.api.tenants;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.soc.identity.RoleDraft;
import io.marsad.soc.tenant.TenantQuota;
import io.marsad.soc.tenant.TenantTemplates;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JsonGenerator;

/** What tenants can be made from. */
public final class TemplateRoutes {
    private final TenantTemplates templates;

    public TemplateRoutes(TenantTemplates templates) {
        this.templates = templates;
    }

    public List<Route> routes() {
        return List.of(new Route("listTenantTemplates", this::list));
    }

    private void list(Exchange exchange) {
        var found = templates.read();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("templates");
            found.templates().forEach(template -> write(to, template));
            to.writeEndArray();
            write(to, found.faults());
            to.writeEndObject();
        });
    }

    private static void write(JsonGenerator to, TenantTemplates.Listed listed) {
        var template = listed.template();
        to.writeStartObject();
        to.writeStringProperty("name", listed.name());
        to.writeBooleanProperty("shipped", listed.shipped());
        to.writeStringProperty("description", template == null ? "" : template.description());
        TenantRoutes.write(to, template == null ? TenantQuota.NONE : template.quota());
        to.writeArrayPropertyStart("roles");
        for (var role : template == null ? List.<RoleDraft>of() : template.roles()) {
            to.writeStartObject();
            to.writeStringProperty("name", role.name());
            to.writeStringProperty("description", role.description());
            Json.texts(to, "permissions", new TreeSet<>(role.permissions()));
            to.writeEndObject();
        }
        to.writeEndArray();
        Json.texts(to, "second_factor", new TreeSet<>(template == null ? Set.of() : template.secondFactor()));
        write(to, listed.faults());
        to.writeEndObject();
    }

    private static void write(JsonGenerator to, List<ContentProblem> faults) {
        to.writeArrayPropertyStart("faults");
        for (ContentProblem fault : faults) {
            to.writeStartObject();
            to.writeStringProperty("where", TenantTemplates.where(fault));
            to.writeStringProperty("reason", fault.reason());
            to.writeEndObject();
        }
        to.writeEndArray();
    }
}
