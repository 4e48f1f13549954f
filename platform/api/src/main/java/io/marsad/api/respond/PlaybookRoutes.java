package io.marsad.api.respond;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.problem.Problem;
import io.marsad.respond.service.PlaybookRuns;
import io.marsad.respond.service.Playbooks;
import io.marsad.respond.service.RunView;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Playbooks and their runs; always of the caller's tenant. */
public final class PlaybookRoutes {
    /** With what JSON adds to a text of 1 MB. */
    private static final int MOST_SOURCE = 4 << 20;

    private final Playbooks playbooks;
    private final PlaybookRuns runs;

    private PlaybookRoutes(RespondServices services) {
        this.playbooks = services.playbooks();
        this.runs = services.runs();
    }

    /** These, and those of actions. */
    public static List<Route> all(RespondServices services) {
        var all = new ArrayList<>(new PlaybookRoutes(services).routes());
        all.addAll(new DryRunRoutes(services.dryRuns()).routes());
        all.addAll(new WebhookRoutes(services.webhooks()).routes());
        all.addAll(new ActionRoutes(services).routes());
        all.addAll(new ConnectorRoutes(services.connections()).routes());
        return all;
    }

    List<Route> routes() {
        return List.of(
                new Route("listPlaybooks", this::list),
                new Route("createPlaybook", this::create),
                new Route("checkPlaybook", this::check),
                new Route("getPlaybook", this::one),
                new Route("updatePlaybook", this::update),
                new Route("deletePlaybook", this::delete),
                new Route("enablePlaybook", this::enable),
                new Route("listPlaybookVersions", this::versions),
                new Route("getPlaybookVersion", this::version),
                new Route("beginPlaybookRun", this::begin),
                new Route("listPlaybookRuns", this::runs),
                new Route("getPlaybookRun", this::run),
                new Route("cancelPlaybookRun", this::cancel),
                new Route("retryPlaybookRun", this::retry));
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

    private void create(Exchange exchange) {
        var made = playbooks.create(source(exchange.json(MOST_SOURCE)));
        exchange.json(201, to -> PlaybookOut.detail(to, made));
    }

    private void check(Exchange exchange) {
        var source = source(exchange.json(MOST_SOURCE));
        try {
            var reading = playbooks.check(source);
            exchange.json(200, to -> PlaybookOut.checked(to, reading));
        } catch (ContentException e) {
            exchange.json(200, to -> PlaybookOut.unreadable(to, e));
        }
    }

    private void update(Exchange exchange) {
        var body = exchange.json(MOST_SOURCE);
        var kept = playbooks.put(id(exchange), source(body), body.get("base").stringValue());
        exchange.json(200, to -> PlaybookOut.detail(to, kept));
    }

    private void delete(Exchange exchange) {
        playbooks.delete(id(exchange));
        exchange.noContent();
    }

    private void enable(Exchange exchange) {
        var enabled = exchange.json().get("enabled").booleanValue();
        var playbook = playbooks.enable(id(exchange), enabled);
        exchange.json(200, to -> PlaybookOut.summary(to, playbook));
    }

    private void versions(Exchange exchange) {
        var all = playbooks.versions(id(exchange));
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("versions");
            all.forEach(one -> PlaybookOut.version(to, one, null));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void version(Exchange exchange) {
        var text = playbooks.version(id(exchange), exchange.path("version"));
        exchange.json(200, to -> PlaybookOut.version(to, text.kept(), text.source()));
    }

    private void begin(Exchange exchange) {
        var body = exchange.json(MOST_SOURCE);
        var key = uuid(Json.text(body, "key"));
        var begun = runs.begin(id(exchange), Json.text(body, "about"), values(body.path("given")), key);
        exchange.json(begun.fresh() ? 201 : 200, to -> PlaybookOut.run(to, begun.run()));
    }

    private void cancel(Exchange exchange) {
        var run = runs.cancel(id(exchange), exchange.json().get("reason").stringValue());
        exchange.json(202, to -> PlaybookOut.run(to, run));
    }

    private void retry(Exchange exchange) {
        var run = runs.retry(id(exchange), exchange.json().get("step").stringValue());
        exchange.json(201, to -> PlaybookOut.run(to, run));
    }

    private static String source(JsonNode body) {
        return body.get("source").stringValue();
    }

    /** @throws io.marsad.kernel.problem.ProblemException 400 when one is neither a text nor null */
    static Map<String, @Nullable String> values(JsonNode given) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        given.forEachEntry((name, value) -> {
            if (!value.isNull() && !value.isString()) {
                throw Problem.badRequest("invalid-values", "Values are texts, as playbooks write them.")
                        .asException();
            }
            values.put(name, value.isNull() ? null : value.stringValue());
        });
        return values;
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
