package io.marsad.respond.durable;

import io.marsad.respond.run.RunEffect;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A command over HTTP as the action {@code http_call}. */
public final class HttpCommand {
    private HttpCommand() {}

    /** Null when nobody of the step has an address. */
    public static @Nullable Map<String, JsonNode> parameters(RunEffect.Carry carry) {
        var base = base(carry);
        if (base == null) {
            return null;
        }
        var nodes = JsonNodeFactory.instance;
        var line = carry.text().split(" ", 3);
        Map<String, JsonNode> parameters = new LinkedHashMap<>();
        parameters.put("method", nodes.stringNode(line[0]));
        parameters.put("url", nodes.stringNode(base + line[1]));
        if (!carry.headers().isEmpty()) {
            var headers = nodes.objectNode();
            carry.headers().forEach((name, values) -> headers.put(name, String.join(", ", values)));
            parameters.put("headers", headers);
        }
        if (carry.content() != null) {
            parameters.put("body", nodes.stringNode(carry.content()));
        }
        return parameters;
    }

    private static @Nullable String base(RunEffect.Carry carry) {
        for (var who : carry.whom()) {
            for (var kind : List.of("url", "dname", "ipv4")) {
                var addresses = who.address().getOrDefault(kind, List.of());
                if (!addresses.isEmpty()) {
                    var address = addresses.getFirst().replaceFirst("/+$", "");
                    return kind.equals("url")
                            ? address
                            : "https://" + address + (who.port() == null ? "" : ":" + who.port());
                }
            }
        }
        return null;
    }
}
