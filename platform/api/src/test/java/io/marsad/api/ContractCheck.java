package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.marsad.api.contract.OpenApi;
import io.marsad.api.contract.Operation;
import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Holds answers to the contract: a documented status, the documented media type, and a body that its schema takes. */
final class ContractCheck {
    /** What the router itself answers, on any route. */
    private static final Set<Integer> ANYWHERE = Set.of(400, 405, 413);

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ObjectNode root;
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    ContractCheck() {
        try {
            root = (ObjectNode)
                    json(YamlReader.read("openapi.yaml", OpenApi.text()).getFirst());
        } catch (ContentException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Fails when the answer is not one that the contract has for the operation. */
    void check(Operation operation, HttpResponse<byte[]> response) {
        int status = response.statusCode();
        var what = operation.id() + " answered " + status;
        var type = response.headers().firstValue("Content-Type").orElse("").split(";", 2)[0];
        var documented = response(operation, status);
        if (documented == null) {
            assertThat(ANYWHERE).as(what + ", which the contract does not have").contains(status);
            documented = (ObjectNode) root.at("/components/responses/Problem");
        }
        var content = documented.get("content");
        if (content == null) {
            assertThat(response.body()).as(what).isEmpty();
            return;
        }
        var media = content.get(type);
        assertThat(media).as(what + " with " + type).isNotNull();
        if (!type.endsWith("json")) {
            return;
        }
        var schema = schemas.computeIfAbsent(
                operation.id() + " " + status, _ -> schema(java.util.Objects.requireNonNull(media)));
        var text = new String(response.body(), StandardCharsets.UTF_8);
        for (var value : type.endsWith("ndjson") ? text.lines().toList() : List.of(text)) {
            assertThat(schema.validate(MAPPER.readTree(value))).as(what).isEmpty();
        }
    }

    private @Nullable ObjectNode response(Operation operation, int status) {
        var at = root.get("paths")
                .get(operation.path())
                .get(operation.method().toLowerCase(Locale.ROOT))
                .get("responses")
                .get(Integer.toString(status));
        if (at != null && at.has("$ref")) {
            at = root.at(at.get("$ref").stringValue().substring(1));
        }
        return (ObjectNode) at;
    }

    /** References start at the root, so the components go with each schema. */
    private Schema schema(JsonNode media) {
        var schema = ((ObjectNode) media.get("schema")).deepCopy();
        schema.set("components", root.get("components"));
        return registry.getSchema(schema);
    }

    private static JsonNode json(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar scalar ->
                switch (scalar.kind()) {
                    case TEXT -> NODES.stringNode(scalar.text());
                    case INTEGER -> NODES.numberNode(Long.parseLong(scalar.text()));
                    case DECIMAL -> NODES.numberNode(Double.parseDouble(scalar.text()));
                    case BOOL -> NODES.booleanNode(scalar.text().equals("true"));
                    case NULL -> NODES.nullNode();
                };
            case YamlNode.Sequence sequence -> {
                var array = NODES.arrayNode();
                sequence.items().forEach(item -> array.add(json(item)));
                yield array;
            }
            case YamlNode.Mapping mapping -> {
                var object = NODES.objectNode();
                mapping.entries().forEach(entry -> object.set(entry.key(), json(entry.value())));
                yield object;
            }
        };
    }
}
