package io.marsad.api.risk;

import io.marsad.api.http.Json;
import io.marsad.soc.risk.EntityKey;
import io.marsad.soc.risk.Promotion;
import io.marsad.soc.risk.Risk;
import io.marsad.soc.risk.RiskModel;
import io.marsad.soc.risk.RiskQueue;
import tools.jackson.core.JsonGenerator;

/** Risk as the API has it. */
final class RiskJson {
    private static final int CONTRIBUTORS_OF_ROW = 3;

    private RiskJson() {}

    static void row(JsonGenerator to, RiskQueue.Row row) {
        to.writeStartObject();
        key(to, row.entity(), row.value());
        score(to, row.risk());
        to.writeNumberProperty("alerts", row.alerts());
        to.writeArrayPropertyStart("trend");
        row.trend().forEach(to::writeNumber);
        to.writeEndArray();
        to.writeArrayPropertyStart("contributors");
        row.risk().shares().stream()
                .filter(share -> !share.contribution().withdrawn())
                .limit(CONTRIBUTORS_OF_ROW)
                .forEach(share -> share(to, share));
        to.writeEndArray();
        to.writeEndObject();
    }

    /** What names an entity, into the open object. */
    static void key(JsonGenerator to, EntityKey entity, String value) {
        to.writeStringProperty("type", entity.kind().word());
        to.writeStringProperty("value", value);
    }

    static void score(JsonGenerator to, Risk risk) {
        to.writeNumberProperty("score", risk.score());
        to.writeNumberProperty("points", risk.points());
        to.writeStringProperty("band", risk.band().word());
    }

    static void share(JsonGenerator to, Risk.Share share) {
        var one = share.contribution();
        to.writeStartObject();
        to.writeStringProperty("alert_id", one.alert().toString());
        to.writeStringProperty("rule_id", one.ruleId());
        to.writeStringProperty("title", one.title());
        to.writeStringProperty("severity", one.severity().word());
        Json.time(to, "at", one.at());
        to.writeNumberProperty("weight", RiskModel.weight(one.severity()));
        to.writeNumberProperty("context", one.context());
        Json.texts(to, "facts", one.facts());
        to.writeNumberProperty("points", one.points());
        to.writeNumberProperty("decayed", share.decayed());
        to.writeNumberProperty("halvings", share.halvings());
        to.writeNumberProperty("counted", share.counted());
        to.writeBooleanProperty("withdrawn", one.withdrawn());
        to.writeEndObject();
    }

    static void promotion(JsonGenerator to, Promotion promotion) {
        to.writeStartObject();
        Json.time(to, "at", promotion.at());
        to.writeNumberProperty("score", promotion.score());
        to.writeNumberProperty("points", promotion.points());
        to.writeNumberProperty("alerts", promotion.alerts().size());
        var kase = promotion.kase();
        Json.text(to, "case_id", kase == null ? null : kase.toString());
        to.writeEndObject();
    }
}
