package io.marsad.soc.alert;

import io.marsad.soc.intel.IntelJson;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Alerts as JSON: as the API has them (schema {@code Alert} and its parts), and as the database keeps their parts. */
public final class AlertJson {
    private static final JsonFactory FACTORY = JsonFactory.builder().build();
    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY).build();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private AlertJson() {}

    /** Writes JSON. */
    @FunctionalInterface
    interface Body {
        void write(JsonGenerator to);
    }

    static String build(Body body) {
        var out = new StringWriter(512);
        try (var generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            body.write(generator);
        }
        return out.toString();
    }

    /** The API's {@code Alert}. */
    public static String text(Alert alert) {
        return build(to -> write(to, alert));
    }

    /** The API's {@code Alert}, as one JSON object. */
    public static void write(JsonGenerator to, Alert alert) {
        to.writeStartObject();
        properties(to, alert);
        to.writeEndObject();
    }

    /** The properties of the API's {@code Alert}, into the open object. */
    public static void properties(JsonGenerator to, Alert alert) {
        to.writeStringProperty("id", alert.id().toString());
        to.writeStringProperty("title", alert.title());
        to.writeStringProperty("rule_id", alert.ruleId());
        to.writeStringProperty("severity", alert.severity().word());
        to.writeStringProperty("status", alert.status().word());
        var verdict = alert.verdict();
        optional(to, "verdict", verdict == null ? null : verdict.word());
        optional(to, "assignee", alert.assignee());
        to.writeStringProperty("time", time(alert.time()));
        to.writeStringProperty("first_time", time(alert.firstTime()));
        to.writeNumberProperty("count", alert.count());
        to.writeStringProperty("created_at", time(alert.createdAt()));
        to.writeStringProperty("updated_at", time(alert.updatedAt()));
        to.writeName("entities");
        entities(to, alert.entities());
        texts(to, "attack", alert.attack());
        to.writeNumberProperty("event_count", alert.eventCount());
        to.writeStringProperty("log_source", alert.logSource());
        to.writeBooleanProperty("synthetic", alert.synthetic());
        to.writeNumberProperty("version", alert.version());
        texts(to, "tags", alert.tags());
        var snoozed = alert.snoozedUntil();
        optional(to, "snoozed_until", snoozed == null ? null : time(snoozed));
        to.writeBooleanProperty("escalated", alert.escalated());
    }

    static void entities(JsonGenerator to, List<Entity> entities) {
        to.writeStartArray();
        for (Entity entity : entities) {
            to.writeStartObject();
            to.writeStringProperty("type", entity.kind().word());
            to.writeStringProperty("value", entity.value());
            to.writeStringProperty("field", entity.field());
            to.writeEndObject();
        }
        to.writeEndArray();
    }

    static List<Entity> entities(String json) {
        return list(
                MAPPER.readTree(json),
                node -> new Entity(
                        Entity.Kind.ofWord(string(node, "type")), string(node, "value"), string(node, "field")));
    }

    static void evidence(JsonGenerator to, List<Evidence> evidence) {
        to.writeStartArray();
        for (Evidence one : evidence) {
            to.writeStartObject();
            to.writeStringProperty("event_id", one.event().toString());
            to.writeStringProperty("time", time(one.time()));
            matches(to, one.matches());
            to.writeObjectPropertyStart("facts");
            one.facts().forEach(to::writeStringProperty);
            to.writeEndObject();
            to.writeEndObject();
        }
        to.writeEndArray();
    }

    /** The property {@code matches} of a piece of evidence, into the open object. */
    public static void matches(JsonGenerator to, List<Match> matches) {
        to.writeArrayPropertyStart("matches");
        for (Match match : matches) {
            to.writeStartObject();
            to.writeStringProperty("field", match.field());
            to.writeStringProperty("value", match.value());
            to.writeStringProperty("selection", match.selection());
            to.writeStringProperty("pattern", match.pattern());
            to.writeEndObject();
        }
        to.writeEndArray();
    }

    static List<Evidence> evidence(String json) {
        return list(MAPPER.readTree(json), node -> {
            var facts = new LinkedHashMap<String, String>();
            for (Map.Entry<String, JsonNode> fact : node.get("facts").properties()) {
                facts.put(fact.getKey(), fact.getValue().stringValue());
            }
            return new Evidence(
                    io.marsad.kernel.event.EventId.parse(string(node, "event_id")),
                    Instant.parse(string(node, "time")),
                    list(
                            node.get("matches"),
                            m -> new Match(
                                    string(m, "field"),
                                    string(m, "value"),
                                    string(m, "selection"),
                                    string(m, "pattern"))),
                    facts);
        });
    }

    /** The API's {@code Rule}, as one JSON object. */
    public static void rule(JsonGenerator to, RuleSnapshot rule) {
        to.writeStartObject();
        clean(to, "id", rule.id());
        clean(to, "title", rule.title());
        clean(to, "level", rule.level());
        clean(to, "status", rule.status());
        clean(to, "description", rule.description());
        clean(to, "author", rule.author());
        texts(to, "tags", rule.tags());
        texts(to, "references", rule.references());
        texts(to, "falsepositives", rule.falsePositives());
        clean(to, "source", rule.source());
        var origin = rule.origin();
        clean(to, "license", known(origin.licence()));
        clean(to, "set", known(origin.set()));
        clean(to, "set_address", known(origin.address()));
        clean(to, "set_revision", known(origin.revision()));
        to.writeEndObject();
    }

    /** The properties of the API's {@code Confidence}, into the open object. */
    public static void confidence(JsonGenerator to, Confidence confidence) {
        IntelJson.number(to, "score", confidence.score());
        to.writeStringProperty("label", confidence.label().word());
        to.writeNumberProperty("label_id", confidence.label().ocsfId());
        chain(to, confidence);
    }

    /** What a confidence rests on, as the property {@code evidence}, into the open object. */
    public static void chain(JsonGenerator to, Confidence confidence) {
        to.writeArrayPropertyStart("evidence");
        for (Confidence.Step step : confidence.chain()) {
            to.writeStartObject();
            to.writeStringProperty("kind", step.kind().word());
            to.writeStringProperty("source", step.source());
            to.writeStringProperty("claim", step.claim());
            IntelJson.number(to, "norm", step.norm());
            IntelJson.number(to, "weight", step.weight());
            IntelJson.number(to, "contribution", step.contribution());
            to.writeEndObject();
        }
        to.writeEndArray();
    }

    private static @Nullable String known(String text) {
        return text.isEmpty() ? null : text;
    }

    static RuleSnapshot rule(String json) {
        var node = MAPPER.readTree(json);
        return new RuleSnapshot(
                string(node, "id"),
                string(node, "title"),
                string(node, "level"),
                optional(node, "status"),
                optional(node, "description"),
                optional(node, "author"),
                list(node.get("tags"), JsonNode::stringValue),
                list(node.get("references"), JsonNode::stringValue),
                list(node.get("falsepositives"), JsonNode::stringValue),
                string(node, "source"),
                new RuleOrigin(
                        orEmpty(node, "set"),
                        orEmpty(node, "set_address"),
                        orEmpty(node, "set_revision"),
                        orEmpty(node, "license")));
    }

    private static String orEmpty(JsonNode node, String name) {
        var text = optional(node, name);
        return text == null ? "" : text;
    }

    static String time(Instant at) {
        return TIME.format(at);
    }

    private static void clean(JsonGenerator to, String name, @Nullable String text) {
        if (text != null) {
            to.writeStringProperty(name, Text.clean(text, 1 << 20));
        }
    }

    static void optional(JsonGenerator to, String name, @Nullable String text) {
        if (text == null) {
            to.writeNullProperty(name);
        } else {
            to.writeStringProperty(name, text);
        }
    }

    static void texts(JsonGenerator to, String name, List<String> texts) {
        to.writeArrayPropertyStart(name);
        for (String text : texts) {
            to.writeString(Text.clean(text, 1 << 16));
        }
        to.writeEndArray();
    }

    private static String string(JsonNode node, String name) {
        return node.get(name).stringValue();
    }

    private static @Nullable String optional(JsonNode node, String name) {
        var value = node.get(name);
        return value == null || value.isNull() ? null : value.stringValue();
    }

    private static <T> List<T> list(JsonNode array, Function<JsonNode, T> of) {
        var list = new ArrayList<T>();
        for (JsonNode node : array) {
            list.add(of.apply(node));
        }
        return list;
    }
}
