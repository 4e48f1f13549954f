package io.marsad.soc.cases;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.cases.CaseAct.Apart;
import io.marsad.soc.cases.CaseAct.Kind;
import io.marsad.soc.cases.CaseAct.Move;
import io.marsad.soc.cases.CaseAct.Shift;
import io.marsad.soc.cases.CaseAct.Standing;
import io.marsad.soc.correlate.Edge;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the database keeps as JSON. */
final class CaseJson {
    private static final JsonFactory FACTORY = JsonFactory.builder().build();
    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY).build();

    private CaseJson() {}

    static String build(Consumer<JsonGenerator> body) {
        var out = new StringWriter(256);
        try (var generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            body.accept(generator);
        }
        return out.toString();
    }

    static JsonNode tree(String json) {
        return MAPPER.readTree(json);
    }

    /** An act but for its id, which has a column. */
    static String act(CaseAct act) {
        return build(to -> {
            to.writeStartObject();
            to.writeStringProperty("kind", act.kind().word());
            to.writeStringProperty("case", act.kase().toString());
            to.writeArrayPropertyStart("moves");
            for (Move move : act.moves()) {
                to.writeStartArray();
                to.writeString(move.alert().toString());
                id(to, move.from());
                id(to, move.to());
                to.writeEndArray();
            }
            to.writeEndArray();
            to.writeArrayPropertyStart("shifts");
            for (Shift shift : act.shifts()) {
                to.writeStartArray();
                to.writeString(shift.kase().toString());
                standing(to, shift.before());
                standing(to, shift.after());
                to.writeEndArray();
            }
            to.writeEndArray();
            pairs(to, "parted", act.parted());
            pairs(to, "joined", act.joined());
            to.writeName("undoes");
            id(to, act.undoes());
            to.writeEndObject();
        });
    }

    static CaseAct act(EventId id, String json) {
        var node = tree(json);
        return new CaseAct(
                id,
                Kind.valueOf(node.get("kind").stringValue().toUpperCase(Locale.ROOT)),
                EventId.parse(node.get("case").stringValue()),
                list(node.get("moves"), move -> new Move(known(move.get(0)), id(move.get(1)), id(move.get(2)))),
                list(
                        node.get("shifts"),
                        shift -> new Shift(known(shift.get(0)), standing(shift.get(1)), knownStanding(shift.get(2)))),
                list(node.get("parted"), pair -> new Apart(known(pair.get(0)), known(pair.get(1)))),
                list(node.get("joined"), pair -> new Apart(known(pair.get(0)), known(pair.get(1)))),
                id(node.get("undoes")));
    }

    /** What both alerts name, the weightiest first. */
    static String shared(Edge edge) {
        return build(to -> {
            to.writeStartArray();
            for (var shared : edge.shared()) {
                to.writeStartObject();
                to.writeStringProperty("type", shared.kind().word());
                to.writeStringProperty("name", shared.name());
                to.writeEndObject();
            }
            to.writeEndArray();
        });
    }

    static void text(JsonGenerator to, String name, @Nullable String text) {
        to.writeName(name);
        if (text == null) {
            to.writeNull();
        } else {
            to.writeString(text);
        }
    }

    private static void pairs(JsonGenerator to, String name, List<Apart> pairs) {
        to.writeArrayPropertyStart(name);
        for (Apart pair : pairs) {
            to.writeStartArray();
            to.writeString(pair.one().toString());
            to.writeString(pair.other().toString());
            to.writeEndArray();
        }
        to.writeEndArray();
    }

    private static void id(JsonGenerator to, @Nullable EventId id) {
        if (id == null) {
            to.writeNull();
        } else {
            to.writeString(id.toString());
        }
    }

    private static void standing(JsonGenerator to, @Nullable Standing standing) {
        if (standing == null) {
            to.writeNull();
            return;
        }
        to.writeStartArray();
        to.writeString(standing.status().word());
        id(to, standing.mergedInto());
        to.writeEndArray();
    }

    private static EventId known(JsonNode node) {
        return EventId.parse(node.stringValue());
    }

    private static @Nullable EventId id(JsonNode node) {
        return node.isNull() ? null : known(node);
    }

    private static @Nullable Standing standing(JsonNode node) {
        return node.isNull() ? null : knownStanding(node);
    }

    private static Standing knownStanding(JsonNode node) {
        return new Standing(CaseStatus.ofWord(node.get(0).stringValue()), id(node.get(1)));
    }

    private static <T> List<T> list(JsonNode array, Function<JsonNode, T> read) {
        var all = new ArrayList<T>();
        array.forEach(node -> all.add(read.apply(node)));
        return all;
    }
}
