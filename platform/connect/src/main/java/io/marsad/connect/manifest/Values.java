package io.marsad.connect.manifest;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Fixed values that YAML has, as JSON. Stateless. */
public final class Values {
    private Values() {}

    public static JsonNode json(YamlNode node) throws ContentException {
        return Pieces.json(node);
    }

    /** Nothing is an empty object. */
    public static ObjectNode object(@Nullable YamlNode node) throws ContentException {
        return node != null && Pieces.json(node.asMapping()) instanceof ObjectNode object
                ? object
                : Pieces.JSON.objectNode();
    }
}
