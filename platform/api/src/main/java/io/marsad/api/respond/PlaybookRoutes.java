package io.marsad.api.respond;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.respond.service.PlaybookRuns;
import io.marsad.respond.service.Playbooks;
import io.marsad.respond.service.RunView;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Playbooks and their runs; always of the caller's tenant. */
public final class PlaybookRoutes {
    private final Playbooks playbooks;
    private final PlaybookRuns runs;

    private PlaybookRoutes(RespondServices services) {
        this.playbooks = services.playbooks();
        this.runs = services.runs();
    }

    /** These, and those of actions. */
    public static List<Route> all(RespondServices services) {
        var all = new ArrayList<>(new PlaybookRoutes(services).routes());
        all.addAll(new ActionRoutes(services).routes());
        return all;
    }

    List<Route> routes() {
        return List.of(
                new Route("listPlaybooks", this::list),
                new Route("getPlaybook", this::one),
                new Route("listPlaybookRuns", this::runs),
                new Route("getPlaybookRun", this::run));
    }

    private void list(Exchange exchange) {
        var all = playbooks.list();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("playbooks");
            all.forEach(one -> PlaybookOut.summary(to, one));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void one(Exchange exchange) {
        var detail = playbooks.find(id(exchange));
        exchange.json(200, to -> PlaybookOut.detail(to, detail));
    }

    private void runs(Exchange exchange) {
        var filter = new RunView.Filter(
                uuid(exchange.query("playbook")),
                exchange.query("status"),
                exchange.query("about"),
                time(exchange.query("since")));
        var page = runs.list(filter, exchange.query("cursor"), exchange.queryNumber("limit"));
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("runs");
            page.runs().forEach(one -> PlaybookOut.run(to, one));
            to.writeEndArray();
            Json.text(to, "next", page.next());
            to.writeEndObject();
        });
    }

    private void run(Exchange exchange) {
        var detail = runs.find(id(exchange));
        exchange.json(200, to -> PlaybookOut.run(to, detail));
    }

    static UUID id(Exchange exchange) {
        return exchange.id().uuid();
    }

    static @Nullable UUID uuid(@Nullable String text) {
        return text == null ? null : UUID.fromString(text);
    }

    static @Nullable Instant time(@Nullable String text) {
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
    }
}
