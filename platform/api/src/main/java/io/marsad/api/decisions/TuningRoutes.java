package io.marsad.api.decisions;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.PreviewJson;
import io.marsad.api.http.Route;
import io.marsad.soc.rule.RuleCatalog;
import io.marsad.soc.tuning.TuningAct;
import io.marsad.soc.tuning.TuningAct.Kind;
import io.marsad.soc.tuning.TuningActs;
import io.marsad.soc.tuning.TuningActs.Wanted;
import io.marsad.soc.tuning.TuningPreview;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** What is done about the rules of the caller's tenant, and undone. */
public final class TuningRoutes {
    private final TuningActs acts;
    private final DecisionServices services;
    private final RuleCatalog rules;

    public TuningRoutes(DecisionServices services, RuleCatalog rules) {
        this.services = services;
        this.acts = services.tuning();
        this.rules = rules;
    }

    public List<Route> routes() {
        return List.of(
                new Route("listTuning", this::lanes),
                new Route("previewTuning", this::preview),
                new Route("tuneRule", this::act),
                new Route("listTuningActs", this::list),
                new Route("undoTuning", this::undo));
    }

    private void lanes(Exchange exchange) {
        int days = exchange.queryNumber("days");
        var lanes = services.records().tuning(days);
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeNumberProperty("days", days);
            to.writeArrayPropertyStart("rules");
            for (var one : lanes) {
                to.writeStartObject();
                to.writeStringProperty("lane", one.tuning().lane().word());
                to.writeStringProperty("why", one.tuning().why());
                Json.text(to, "title", rules.title(one.done().version().ruleId()));
                to.writeName("record");
                DecisionJsons.record(to, one.done());
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void preview(Exchange exchange) {
        var preview = acts.preview(wanted(exchange.json()));
        exchange.json(200, to -> write(to, preview));
    }

    private void act(Exchange exchange) {
        var body = exchange.json();
        var wanted = wanted(body);
        if (wanted.kind() != Kind.SUPPRESS) { // what other products hand in has no stage
            rules.find(wanted.ruleId());
        }
        var done = acts.act(wanted, body.get("reason").stringValue());
        exchange.json(201, to -> write(to, done));
    }

    private void list(Exchange exchange) {
        var all = acts.newest();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("acts");
            all.forEach(act -> write(to, act));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void undo(Exchange exchange) {
        var undone = acts.undo(exchange.id());
        exchange.json(200, to -> write(to, undone));
    }

    private static Wanted wanted(JsonNode body) {
        return new Wanted(
                body.get("rule_id").stringValue(),
                Kind.ofWord(body.get("act").stringValue()),
                Json.text(body, "entity"));
    }

    private static void write(JsonGenerator to, TuningAct act) {
        to.writeStartObject();
        to.writeStringProperty("id", act.id().toString());
        to.writeStringProperty("rule_id", act.ruleId());
        to.writeStringProperty("lane", act.lane());
        to.writeStringProperty("act", act.does().kind().word());
        switch (act.does()) {
            case TuningAct.Suppressed one -> {
                to.writeStringProperty("entity", one.entity());
                to.writeStringProperty("suppression_id", one.suppression().toString());
            }
            case TuningAct.Staged one ->
                to.writeStringProperty("stage_before", one.before().word());
        }
        to.writeStringProperty("reason", act.reason());
        to.writeNumberProperty("lost", act.lost());
        to.writeNumberProperty("lost_attacks", act.lostAttacks());
        to.writeStringProperty("made_by", act.madeByName());
        Json.time(to, "made_at", act.madeAt());
        var undone = act.undone();
        if (undone != null) {
            to.writeStringProperty("undone_by", undone.byName());
            Json.time(to, "undone_at", undone.at());
        }
        to.writeEndObject();
    }

    private static void write(JsonGenerator to, TuningPreview preview) {
        var lost = preview.lost();
        to.writeStartObject();
        to.writeNumberProperty("days", TuningPreview.DAYS);
        Json.text(to, "entity", preview.entity());
        to.writeNumberProperty("alerts", lost.alerts());
        to.writeNumberProperty("firings", lost.firings());
        to.writeNumberProperty("true_positives", lost.truePositives());
        to.writeNumberProperty("benign", lost.benign());
        to.writeNumberProperty("false_positives", lost.falsePositives());
        to.writeNumberProperty("not_judged", lost.open());
        to.writeArrayPropertyStart("entities");
        for (var one : preview.entities()) {
            to.writeStartObject();
            to.writeStringProperty("type", one.type());
            to.writeStringProperty("value", one.value());
            to.writeNumberProperty("alerts", one.alerts());
            to.writeNumberProperty("false_positives", one.falsePositives());
            to.writeNumberProperty("true_positives", one.truePositives());
            to.writeEndObject();
        }
        to.writeEndArray();
        PreviewJson.alerts(
                to,
                "attacks",
                preview.attacks(),
                one -> new PreviewJson.Of(one.id(), one.time(), one.title()),
                (_, _) -> {});
        to.writeEndObject();
    }
}
