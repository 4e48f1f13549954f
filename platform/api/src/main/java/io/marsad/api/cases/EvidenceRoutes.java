package io.marsad.api.cases;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.cases.CaseEvidence;
import java.util.Base64;
import java.util.List;

/** What proves a case, and its chain of custody. */
final class EvidenceRoutes {
    /** Base64 of the largest piece, and the rest of the body. */
    private static final int MAX_BODY = 3 << 20;

    private final CaseEvidence evidence;

    EvidenceRoutes(CaseServices services) {
        this.evidence = services.evidence();
    }

    List<Route> routes() {
        return List.of(
                new Route("listCaseEvidence", this::list),
                new Route("addCaseEvidence", this::add),
                new Route("verifyCaseEvidence", this::verify),
                new Route("exportCaseEvidence", this::export));
    }

    private void list(Exchange exchange) {
        var entries = evidence.list(exchange.id());
        exchange.json(200, to -> {
            to.writeStartObject();
            CaseOut.evidence(to, entries, false);
            to.writeEndObject();
        });
    }

    private void add(Exchange exchange) {
        var body = exchange.json(MAX_BODY);
        byte[] content;
        try {
            content = Base64.getDecoder().decode(body.get("content").stringValue());
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("invalid-content", "The content is base64.")
                    .asException();
        }
        var type = Json.text(body, "media_type");
        var note = Json.text(body, "note");
        var item = new CaseEvidence.Item(
                body.get("name").stringValue(),
                type == null ? "application/octet-stream" : type,
                note == null ? "" : note,
                content);
        var kept = evidence.add(exchange.id(), item);
        exchange.json(201, to -> CaseOut.entry(to, kept, false));
    }

    private void verify(Exchange exchange) {
        var found = evidence.verify(exchange.id());
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeBooleanProperty("ok", found.ok());
            to.writeNumberProperty("entries", found.entries());
            to.writeNumberProperty("first_bad", found.firstBad());
            Json.text(to, "reason", found.reason());
            to.writeEndObject();
        });
    }

    private void export(Exchange exchange) {
        var reason = Json.text(exchange.json(), "reason");
        var id = exchange.id();
        var entries = evidence.export(id, reason == null ? "" : reason);
        exchange.header("Content-Disposition", "attachment; filename=\"evidence-" + id + ".json\"");
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeStringProperty("tenant", CallerScope.tenant().value());
            to.writeStringProperty("case", id.toString());
            CaseOut.evidence(to, entries, true);
            to.writeEndObject();
        });
    }
}
