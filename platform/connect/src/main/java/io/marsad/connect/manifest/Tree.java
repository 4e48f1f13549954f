package io.marsad.connect.manifest;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** JSON with places for values. */
public sealed interface Tree {
    record Fixed(JsonNode value) implements Tree {}

    /** A text; a value that stands alone keeps its type. */
    record Filled(Text text) implements Tree {}

    /** A key whose value has no value is left out. */
    record Fields(Map<String, Tree> fields) implements Tree {}

    record Items(List<Tree> items) implements Tree {}
}
