package io.marsad.api.rules;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.soc.rule.RuleCatalog;
import io.marsad.soc.stage.RuleStage;
import io.marsad.soc.stage.Shadow;
import io.marsad.soc.stage.Stage;
import io.marsad.soc.stage.Stages;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** How far the caller's tenant lets its rules go, and what those in the shadow found. */
public final class StageRoutes {
    private final Stages stages;
    private final RuleCatalog rules;

    public StageRoutes(Stages stages, RuleCatalog rules) {
        this.stages = stages;
        this.rules = rules;
    }

    public List<Route> routes() {
        return List.of(
                new Route("getRuleStage", this::one),
                new Route("setRuleStage", this::change),
                new Route("listRuleStages", this::list));
    }

    private void one(Exchange exchange) {
        var detail = stages.of(exchange.path("rule"));
        exchange.json(200, to -> detail(to, detail));
    }

    private void change(Exchange exchange) {
        var rule = exchange.path("rule");
        var body = exchange.json();
        var wanted = Stage.ofWord(body.get("stage").stringValue());
        if (wanted != Stage.ACTIVE) { // one that was taken out of use may still be let go
            rules.find(rule);
        }
        var after = stages.change(
                rule,
                wanted,
                body.get("reason").stringValue(),
                body.get("version").intValue());
        exchange.json(200, to -> detail(to, after));
    }

    private void list(Exchange exchange) {
        var all = stages.notActive();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("rules");
            for (var one : all) {
                to.writeStartObject();
                stage(to, one);
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private static void stage(JsonGenerator to, RuleStage one) {
        to.writeStringProperty("rule_id", one.ruleId());
        to.writeStringProperty("stage", one.stage().word());
        to.writeStringProperty("reason", one.reason());
        to.writeStringProperty("changed_by", one.changedByName());
        Json.time(to, "changed_at", one.changedAt());
        to.writeNumberProperty("version", one.version());
    }

    private static void detail(JsonGenerator to, Stages.Detail detail) {
        var shadow = detail.shadow();
        to.writeStartObject();
        stage(to, detail.stage());
        to.writeObjectPropertyStart("shadow");
        to.writeNumberProperty("firings", shadow.firings());
        to.writeNumberProperty("kept", shadow.kept());
        to.writeNumberProperty("alerts", shadow.alerts());
        to.writeArrayPropertyStart("days");
        for (var day : shadow.days()) {
            to.writeStartObject();
            to.writeStringProperty("day", day.day().toString());
            to.writeNumberProperty("firings", day.firings());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeArrayPropertyStart("entities");
        for (var entity : shadow.entities()) {
            to.writeStartObject();
            to.writeStringProperty("type", entity.type());
            to.writeStringProperty("value", entity.value());
            to.writeNumberProperty("firings", entity.firings());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeArrayPropertyStart("newest");
        shadow.newest().forEach(firing -> firing(to, firing));
        to.writeEndArray();
        to.writeEndObject();
        to.writeEndObject();
    }

    private static void firing(JsonGenerator to, Shadow.Firing firing) {
        to.writeStartObject();
        to.writeStringProperty("alert_id", firing.id().toString());
        Json.time(to, "time", firing.time());
        to.writeStringProperty("title", firing.title());
        to.writeStringProperty("level", firing.level());
        to.writeStringProperty("event_id", firing.event().toString());
        to.writeArrayPropertyStart("entities");
        for (var entity : firing.entities()) {
            to.writeStartObject();
            to.writeStringProperty("type", entity.type());
            to.writeStringProperty("value", entity.value());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeEndObject();
    }
}
