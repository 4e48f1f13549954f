package io.marsad.api.audit;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.problem.Problem;
import io.marsad.soc.audit.AuditStream;
import io.marsad.soc.audit.AuditStreams;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the caller's tenant's audit log goes besides. */
public final class AuditStreamRoutes {
    private final AuditStreams streams;

    public AuditStreamRoutes(AuditStreams streams) {
        this.streams = streams;
    }

    public List<Route> routes() {
        return List.of(
                new Route("getAuditStream", exchange -> answer(exchange, streams.find())),
                new Route("setAuditStream", this::set),
                new Route("removeAuditStream", this::remove));
    }

    private void set(Exchange exchange) {
        var body = exchange.json();
        answer(
                exchange,
                streams.set(body.get("host").stringValue(), body.get("port").intValue(), Json.text(body, "authority")));
    }

    private void remove(Exchange exchange) {
        if (!streams.remove()) {
            throw Problem.notFound("The audit log goes nowhere.").asException();
        }
        exchange.noContent();
    }

    private static void answer(Exchange exchange, @Nullable AuditStream stream) {
        exchange.json(200, to -> {
            to.writeStartObject();
            if (stream == null) {
                to.writeNullProperty("receiver");
            } else {
                to.writeObjectPropertyStart("receiver");
                to.writeStringProperty("host", stream.host());
                to.writeNumberProperty("port", stream.port());
                Json.text(to, "authority", stream.authority());
                to.writeNumberProperty("sent", stream.sent());
                Json.time(to, "sent_at", stream.sentAt());
                Json.time(to, "failed_at", stream.failedAt());
                Json.text(to, "fault", stream.fault());
                to.writeEndObject();
            }
            to.writeEndObject();
        });
    }
}
