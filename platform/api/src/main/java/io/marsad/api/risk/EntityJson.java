package io.marsad.api.risk;

import io.marsad.api.http.Json;
import io.marsad.soc.alert.AlertJson;
import io.marsad.soc.entity.EntityGraph;
import io.marsad.soc.entity.EntityPage;
import io.marsad.soc.risk.RiskModel;
import io.marsad.soc.risk.RiskQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Entities as the API has them. */
final class EntityJson {
    private EntityJson() {}

    static void page(JsonGenerator to, EntityPage page) {
        to.writeStartObject();
        RiskJson.key(to, page.entity(), page.value());
        facts(to, page.facts());
        course(to, page.course());
        to.writeArrayPropertyStart("promotions");
        page.promotions().forEach(promotion -> RiskJson.promotion(to, promotion));
        to.writeEndArray();
        to.writeArrayPropertyStart("alerts");
        page.alerts().forEach(alert -> AlertJson.write(to, alert));
        to.writeEndArray();
        to.writeArrayPropertyStart("timeline");
        page.timeline().forEach(moment -> moment(to, moment));
        to.writeEndArray();
        to.writeArrayPropertyStart("neighbours");
        for (var one : page.neighbours()) {
            to.writeStartObject();
            RiskJson.key(to, one.entity(), one.value());
            to.writeNumberProperty("alerts", one.alerts());
            Json.time(to, "last", one.last());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeEndObject();
    }

    private static void facts(JsonGenerator to, EntityPage.Facts facts) {
        to.writeObjectPropertyStart("facts");
        Json.time(to, "first_seen", facts.firstSeen());
        Json.time(to, "last_seen", facts.lastSeen());
        to.writeNumberProperty("alerts", facts.alerts());
        to.writeNumberProperty("open", facts.open());
        to.writeNumberProperty("true_positives", facts.truePositives());
        to.writeNumberProperty("false_positives", facts.falsePositives());
        to.writeNumberProperty("rules", facts.rules());
        to.writeEndObject();
    }

    private static void course(JsonGenerator to, RiskQueue.@Nullable Course course) {
        if (course == null) {
            to.writeNullProperty("risk");
            return;
        }
        to.writeObjectPropertyStart("risk");
        Json.time(to, "at", course.now().at());
        RiskJson.score(to, course.now());
        to.writeNumberProperty("promote_at", RiskModel.STANDARD.promoteAt());
        to.writeArrayPropertyStart("contributors");
        course.now().shares().forEach(share -> RiskJson.share(to, share));
        to.writeEndArray();
        to.writeArrayPropertyStart("course");
        for (var point : course.scores()) {
            to.writeStartObject();
            Json.time(to, "at", point.at());
            to.writeNumberProperty("score", point.score());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeEndObject();
    }

    private static void moment(JsonGenerator to, EntityPage.Moment moment) {
        to.writeStartObject();
        Json.time(to, "at", moment.at());
        to.writeStringProperty("kind", moment.kind());
        var alert = moment.alert();
        Json.text(to, "alert_id", alert == null ? null : alert.toString());
        to.writeStringProperty("text", moment.text());
        Json.text(to, "actor", moment.actor());
        to.writeEndObject();
    }

    static void graph(JsonGenerator to, EntityGraph graph) {
        to.writeStartObject();
        to.writeNumberProperty("hops", graph.hops());
        to.writeBooleanProperty("cut", graph.cut());
        to.writeArrayPropertyStart("nodes");
        for (var node : graph.nodes()) {
            to.writeStartObject();
            to.writeStringProperty("id", node.id());
            RiskJson.key(to, node.entity(), node.value());
            to.writeNumberProperty("hop", node.hop());
            to.writeNumberProperty("alerts", node.alerts());
            to.writeStringProperty("band", node.band().word());
            to.writeBooleanProperty("passable", node.passable());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeArrayPropertyStart("edges");
        for (var edge : graph.edges()) {
            to.writeStartObject();
            to.writeStringProperty("a", EntityGraph.id(edge.a()));
            to.writeStringProperty("b", EntityGraph.id(edge.b()));
            to.writeNumberProperty("alerts", edge.alerts());
            Json.time(to, "first", edge.first());
            Json.time(to, "last", edge.last());
            Json.texts(
                    to,
                    "examples",
                    edge.examples().stream().map(Object::toString).toList());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeArrayPropertyStart("path");
        for (var leg : graph.path()) {
            to.writeStartObject();
            to.writeStringProperty("from", EntityGraph.id(leg.from()));
            to.writeStringProperty("to", EntityGraph.id(leg.to()));
            to.writeStringProperty("alert_id", leg.alert().toString());
            to.writeStringProperty("title", leg.title());
            Json.time(to, "time", leg.time());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeObjectPropertyStart("blast_radius");
        to.writeNumberProperty("count", graph.blast().count());
        to.writeObjectPropertyStart("by_type");
        graph.blast().byKind().forEach((kind, count) -> to.writeNumberProperty(kind.word(), count));
        to.writeEndObject();
        Json.texts(
                to,
                "entities",
                graph.blast().entities().stream().map(EntityGraph::id).toList());
        to.writeEndObject();
        to.writeEndObject();
    }
}
