package io.marsad.connect.run;

import io.marsad.connect.manifest.Input;
import io.marsad.connect.manifest.Operation;
import io.marsad.connect.manifest.Ref;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The values that a call's templates have. Of one thread. */
final class Scope {
    private final ObjectNode config;
    private final ObjectNode parameters;
    private final Secrets secrets;
    private final String key;
    private final boolean simulated;
    private final Map<String, ObjectNode> steps = new HashMap<>();
    private @Nullable ObjectNode outputs;

    Scope(ObjectNode config, ObjectNode parameters, Secrets secrets, String key, boolean simulated) {
        this.config = config;
        this.parameters = parameters;
        this.secrets = secrets;
        this.key = key;
        this.simulated = simulated;
    }

    void step(String name, ObjectNode values) {
        steps.put(name, values);
    }

    void outputs(ObjectNode values) {
        outputs = values;
    }

    boolean simulated() {
        return simulated;
    }

    Secrets secrets() {
        return secrets;
    }

    /** @return null when there is none */
    @Nullable
    JsonNode value(Ref ref) {
        return switch (ref.source()) {
            case CONFIG -> config.get(ref.name());
            case PARAMETERS -> parameters.get(ref.name());
            case SECRETS -> {
                var secret = simulated ? Rendering.placeholder(ref.name()) : secrets.get(ref.name());
                yield secret == null ? null : JsonNodeFactory.instance.stringNode(secret);
            }
            case STEPS -> {
                if (simulated) {
                    yield JsonNodeFactory.instance.stringNode(Rendering.placeholder(ref.step() + "." + ref.name()));
                }
                var step = steps.get(ref.step());
                yield step == null ? null : step.get(ref.name());
            }
            case OUTPUTS -> outputs == null ? null : outputs.get(ref.name());
            case IDEMPOTENCY_KEY -> JsonNodeFactory.instance.stringNode(key);
        };
    }

    String key() {
        return key;
    }

    /** Values of parameters that are not shown. */
    List<String> sensitive(Operation operation) {
        var values = new ArrayList<String>();
        for (Input input : operation.parameters().values()) {
            var value = parameters.get(input.name());
            if (input.sensitive() && value != null && !value.asString().isEmpty()) {
                values.add(value.asString());
                var json = value.toString();
                values.add(json.substring(1, Math.max(1, json.length() - 1)));
            }
        }
        values.removeIf(String::isEmpty);
        return values;
    }
}
