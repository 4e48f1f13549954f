package io.marsad.respond.durable;

import io.marsad.respond.run.RunEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** What has happened to a run, as it is kept until the run takes it. */
final class EventJson {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private EventJson() {}

    static String write(RunEvent event) {
        var node = JsonNodeFactory.instance.objectNode();
        switch (event) {
            case RunEvent.Done done -> {
                node.put("kind", "done").put("visit", done.visit()).put("attempt", done.attempt());
                node.set("outputs", outputs(done.outputs()));
            }
            case RunEvent.Failed failed ->
                node.put("kind", "failed")
                        .put("visit", failed.visit())
                        .put("attempt", failed.attempt())
                        .put("reason", failed.reason())
                        .put("again", failed.again());
            case RunEvent.Cancelled cancelled -> node.put("kind", "cancelled").put("reason", cancelled.reason());
        }
        return node.toString();
    }

    static RunEvent read(String json) {
        var node = MAPPER.readTree(json);
        return switch (node.path("kind").asString("")) {
            case "done" ->
                new RunEvent.Done(
                        node.path("visit").intValue(), node.path("attempt").intValue(), outputs(node.path("outputs")));
            case "failed" ->
                new RunEvent.Failed(
                        node.path("visit").intValue(),
                        node.path("attempt").intValue(),
                        node.path("reason").asString(""),
                        node.path("again").booleanValue());
            case "cancelled" -> new RunEvent.Cancelled(node.path("reason").asString(""));
            default -> throw new IllegalStateException("an event of a run is of no kind that there is");
        };
    }

    static JsonNode outputs(Map<String, @Nullable String> outputs) {
        var node = JsonNodeFactory.instance.objectNode();
        outputs.forEach(node::put);
        return node;
    }

    static Map<String, @Nullable String> outputs(JsonNode node) {
        Map<String, @Nullable String> outputs = new LinkedHashMap<>();
        node.forEachEntry((name, value) -> outputs.put(name, value.isNull() ? null : value.asString("")));
        return outputs;
    }
}
