package io.marsad.api.audit;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.db.audit.AuditCheck.Verification;
import io.marsad.db.audit.AuditQuery;
import io.marsad.kernel.problem.Problem;
import io.marsad.soc.audit.Audit;
import io.marsad.soc.identity.Accounts;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** What was done at the caller's tenant, and whether the record of it is whole. */
public final class AuditRoutes {
    private static final String NDJSON = "application/x-ndjson";

    private final Audit audit;
    private final Accounts accounts;

    public AuditRoutes(Audit audit, Accounts accounts) {
        this.audit = audit;
        this.accounts = accounts;
    }

    public List<Route> routes() {
        return List.of(
                new Route("listAudit", this::list),
                new Route("exportAudit", this::export),
                new Route("verifyAudit", this::verify));
    }

    private static AuditQuery query(Exchange exchange) {
        return new AuditQuery(
                exchange.query("actor"),
                exchange.query("action"),
                exchange.query("object"),
                time(exchange.query("from")),
                time(exchange.query("to")));
    }

    private static @Nullable Instant time(@Nullable String text) {
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
    }

    private void list(Exchange exchange) {
        int limit = exchange.queryNumber("limit");
        var page = audit.newest(query(exchange), cursor(exchange.query("cursor")), limit);
        var names = accounts.names(page.stream().map(AuditQuery.Found::actor).toList());
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("entries");
            page.forEach(entry -> write(to, entry, names));
            to.writeEndArray();
            // A full page may be the last: then the next one is empty.
            Json.text(
                    to,
                    "next",
                    page.size() < limit ? null : Long.toString(page.getLast().seq()));
            to.writeEndObject();
        });
    }

    private static long cursor(@Nullable String text) {
        try {
            return text == null ? Long.MAX_VALUE : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Problem.badRequest("invalid-cursor", "The cursor is none that this API gave.")
                    .asException();
        }
    }

    private static void write(JsonGenerator to, AuditQuery.Found entry, Map<String, String> names) {
        to.writeStartObject();
        to.writeNumberProperty("seq", entry.seq());
        to.writeStringProperty("at", Json.time(entry.at()));
        to.writeStringProperty("actor", entry.actor());
        to.writeStringProperty("actor_name", names.getOrDefault(entry.actor(), entry.actor()));
        to.writeStringProperty("action", entry.action());
        to.writeStringProperty("object", entry.object());
        to.writeName("detail");
        to.writeRawValue(entry.detail());
        to.writeStringProperty("request_id", entry.requestId());
        to.writeStringProperty("address", entry.address());
        to.writeStringProperty("hash", HexFormat.of().formatHex(entry.hash()));
        to.writeEndObject();
    }

    private void export(Exchange exchange) throws IOException {
        exchange.header("Content-Disposition", "attachment; filename=\"audit.ndjson\"");
        var query = query(exchange);
        try (var out = exchange.stream(NDJSON)) {
            audit.export(query, entries -> {
                var names = accounts.names(
                        entries.stream().map(AuditQuery.Found::actor).toList());
                for (var entry : entries) {
                    out.write(Json.bytes(to -> write(to, entry, names)));
                    out.write('\n');
                }
            });
        }
    }

    private void verify(Exchange exchange) throws IOException {
        var verification = audit.verify();
        var checkpoint = audit.checkpoint();
        exchange.json(200, to -> {
            to.writeStartObject();
            write(to, verification);
            Json.text(to, "checkpoint", checkpoint);
            to.writeEndObject();
        });
    }

    private static void write(JsonGenerator to, Verification verification) {
        to.writeBooleanProperty("ok", verification.ok());
        to.writeNumberProperty("entries", verification.entries());
        if (verification.ok()) {
            to.writeNullProperty("first_bad");
        } else {
            to.writeNumberProperty("first_bad", verification.firstBad());
        }
        Json.text(to, "reason", verification.ok() ? null : verification.reason());
        to.writeNumberProperty("sealed", verification.sealed());
    }
}
