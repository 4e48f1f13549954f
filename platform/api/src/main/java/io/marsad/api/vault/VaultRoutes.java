package io.marsad.api.vault;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.db.vault.VaultRotation.Keys;
import io.marsad.soc.vault.VaultCare;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Which keys secrets are encrypted by, new ones, and whether every secret opens. No secret comes out here. */
public final class VaultRoutes {
    private final VaultCare vault;

    public VaultRoutes(VaultCare vault) {
        this.vault = vault;
    }

    public List<Route> routes() {
        return List.of(
                new Route("getVault", exchange -> status(exchange, 200)),
                new Route("rotateVault", this::rotate),
                new Route("verifyVault", this::verify));
    }

    private void status(Exchange exchange, int code) {
        var progress = vault.progress(); // before what there is: who sees none running sees its end
        var status = vault.status();
        exchange.json(code, to -> {
            to.writeStartObject();
            to.writeStringProperty("keys", status.keys());
            to.writeStringProperty("master_key", status.master());
            to.writeStringProperty("master_key_since", Json.time(status.since()));
            to.writeArrayPropertyStart("leaving");
            status.leaving().forEach(to::writeString);
            to.writeEndArray();
            to.writeNumberProperty("tenants", status.tenants());
            to.writeNumberProperty("data_keys", status.dataKeys());
            to.writeNumberProperty("secrets", status.secrets());
            to.writeNumberProperty("old_data_keys", status.oldDataKeys());
            to.writeNumberProperty("old_secrets", status.oldSecrets());
            to.writeObjectPropertyStart("rotation");
            to.writeBooleanProperty("running", progress.running());
            to.writeNumberProperty("done", progress.done());
            to.writeNumberProperty("total", progress.total());
            to.writeNumberProperty("failed", progress.failed());
            Json.text(to, "fault", progress.fault().isEmpty() ? null : progress.fault());
            to.writeEndObject();
            to.writeEndObject();
        });
    }

    private void rotate(Exchange exchange) throws IOException {
        vault.rotate(Keys.valueOf(exchange.json().get("keys").stringValue().toUpperCase(Locale.ROOT)));
        status(exchange, 202);
    }

    private void verify(Exchange exchange) {
        var found = vault.verify();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeBooleanProperty("ok", found.ok());
            to.writeNumberProperty("secrets", found.secrets());
            to.writeNumberProperty("failed", found.failed());
            to.writeArrayPropertyStart("bad");
            found.bad().forEach(bad -> {
                to.writeStartObject();
                to.writeStringProperty("tenant", bad.tenant().value());
                to.writeStringProperty("kind", bad.name().kind());
                to.writeStringProperty("name", bad.name().name());
                to.writeStringProperty("reason", bad.reason());
                to.writeEndObject();
            });
            to.writeEndArray();
            to.writeEndObject();
        });
    }
}
