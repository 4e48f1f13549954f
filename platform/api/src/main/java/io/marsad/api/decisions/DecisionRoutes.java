package io.marsad.api.decisions;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.problem.Problem;
import io.marsad.soc.alert.Verdict;
import io.marsad.soc.decision.Ruling;
import io.marsad.soc.decision.Thresholds;
import io.marsad.soc.record.Rate;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What is decided about alerts, by what, and what people say of it; always of the caller's tenant. */
public final class DecisionRoutes {
    private final DecisionServices services;

    public DecisionRoutes(DecisionServices services) {
        this.services = services;
    }

    public List<Route> routes() {
        return List.of(
                new Route("submitAlert", this::submit),
                new Route("getResult", this::result),
                new Route("getDecision", this::one),
                new Route("overrideDecision", this::override),
                new Route("listDecisions", this::list),
                new Route("getThresholds", this::thresholds),
                new Route("setThresholds", this::change),
                new Route("previewThresholds", this::preview),
                new Route("stopClosing", this::stop),
                new Route("resumeClosing", this::resume),
                new Route("listDeadDecisions", this::dead),
                new Route("replayDecisions", this::replay),
                new Route("getRuleRecord", this::record));
    }

    private void submit(Exchange exchange) {
        var id = services.submissions().take(exchange.json(), exchange.header("Idempotency-Key"));
        exchange.json(202, to -> DecisionJsons.queued(to, id.toString()));
    }

    private void result(Exchange exchange) {
        var result = services.decisions().result(exchange.id());
        var decision = result.decision();
        if (decision == null) {
            exchange.json(202, to -> DecisionJsons.queued(to, result.alert().toString()));
        } else {
            exchange.json(200, to -> DecisionJsons.result(to, decision));
        }
    }

    private void one(Exchange exchange) {
        var decision = services.decisions().result(exchange.id()).decision();
        if (decision == null) {
            throw Problem.notFound("Nothing has been decided about this alert yet.")
                    .asException();
        }
        var record = services.records().ofAlert(exchange.id());
        exchange.json(200, to -> DecisionJsons.detail(to, decision, record));
    }

    private void override(Exchange exchange) {
        var body = exchange.json();
        var verdict = Json.text(body, "verdict");
        var decision = services.decisions()
                .override(
                        exchange.id(),
                        Ruling.ofWord(body.get("decision").stringValue()),
                        verdict == null ? null : Verdict.ofWord(verdict),
                        body.get("reason").stringValue());
        var record = services.records().ofAlert(exchange.id());
        exchange.json(200, to -> DecisionJsons.detail(to, decision, record));
    }

    private void list(Exchange exchange) {
        var ruling = exchange.query("decision");
        var overview = services.decisions()
                .list(ruling == null ? null : Ruling.ofWord(ruling), "true".equals(exchange.query("sampled")));
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("decisions");
            for (var one : overview.newest()) {
                to.writeStartObject();
                DecisionJsons.properties(to, one);
                to.writeEndObject();
            }
            to.writeEndArray();
            DecisionJsons.counts(to, "counts", overview.counts());
            to.writeObjectPropertyStart("sampled");
            var sampled = overview.sampled();
            to.writeNumberProperty("all", sampled.all());
            to.writeNumberProperty("judged", sampled.judged());
            to.writeNumberProperty("attacks", sampled.attacks());
            DecisionJsons.rate(to, "missed", Rate.of(sampled.attacks(), sampled.judged()));
            to.writeEndObject();
            to.writeNumberProperty("dead", overview.dead());
            to.writeEndObject();
        });
    }

    private void thresholds(Exchange exchange) {
        var shown = services.settings().shown();
        exchange.json(200, to -> DecisionJsons.thresholds(to, shown));
    }

    private void change(Exchange exchange) {
        var body = exchange.json();
        services.settings()
                .change(
                        wanted(body),
                        body.get("sample_percent").intValue(),
                        body.get("reason").stringValue(),
                        body.get("version").intValue());
        thresholds(exchange);
    }

    private void preview(Exchange exchange) {
        var preview = services.settings().preview(wanted(exchange.json()));
        exchange.json(200, to -> DecisionJsons.preview(to, preview));
    }

    /** Exactly as they were typed. */
    private static Thresholds wanted(JsonNode body) {
        try {
            return new Thresholds(
                    number(body, "escalate"),
                    number(body, "close"),
                    number(body, "model"),
                    body.get("auto_close").booleanValue());
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("invalid-threshold", "This cannot be: " + e.getMessage() + ".")
                    .asException();
        }
    }

    private static BigDecimal number(JsonNode body, String name) {
        return new BigDecimal(body.get(name).toString());
    }

    private void stop(Exchange exchange) {
        services.settings().stop(exchange.json().get("reason").stringValue());
        thresholds(exchange);
    }

    private void resume(Exchange exchange) {
        services.settings().resume(exchange.json().get("reason").stringValue());
        thresholds(exchange);
    }

    private void dead(Exchange exchange) {
        var dead = services.decisions().dead();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("dead");
            for (var one : dead) {
                to.writeStartObject();
                to.writeNumberProperty("item", one.id());
                to.writeStringProperty("alert_id", one.subject().toString());
                Json.time(to, "put_at", one.putAt());
                Json.time(to, "failed_at", one.failedAt());
                to.writeNumberProperty("failures", one.failures());
                to.writeStringProperty("reason", one.reason());
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void replay(Exchange exchange) {
        var named = exchange.json().get("items");
        List<Long> items = null;
        if (named != null) {
            items = new ArrayList<>();
            for (JsonNode item : named) {
                items.add(item.longValue());
            }
        }
        int replayed = services.decisions().replay(items);
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeNumberProperty("replayed", replayed);
            to.writeEndObject();
        });
    }

    private void record(Exchange exchange) {
        var days = exchange.query("days");
        var rule = exchange.path("rule");
        var versions = services.records().of(rule, days == null ? null : Integer.valueOf(days));
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeStringProperty("rule_id", rule);
            if (days != null) {
                to.writeNumberProperty("days", Integer.parseInt(days));
            }
            to.writeArrayPropertyStart("versions");
            versions.forEach(one -> DecisionJsons.record(to, one));
            to.writeEndArray();
            to.writeEndObject();
        });
    }
}
