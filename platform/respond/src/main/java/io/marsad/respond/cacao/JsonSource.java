package io.marsad.respond.cacao;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlNode.Kind;
import io.marsad.kernel.content.YamlReader;
import java.util.ArrayList;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Reads JSON into nodes that know their lines, so that it is told what is wrong with it as with YAML. */
final class JsonSource {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxNameLength(1 << 10)
                    .maxNumberLength(100)
                    .maxTokenCount(YamlReader.MAX_NODES)
                    .build())
            .build();

    private final String file;
    private final JsonParser parser;

    private JsonSource(String file, JsonParser parser) {
        this.file = file;
        this.parser = parser;
    }

    static YamlNode read(String file, String text) throws ContentException {
        try (var parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            var node = new JsonSource(file, parser).node();
            if (parser.nextToken() != null) {
                throw new ContentException(
                        file, parser.currentTokenLocation().getLineNr(), "not JSON: something stands behind its end");
            }
            return node;
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getLineNr());
            throw new ContentException(file, line, "not JSON: " + e.getOriginalMessage());
        }
    }

    private YamlNode node() throws ContentException {
        int line = parser.currentTokenLocation().getLineNr();
        var token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> {
                var entries = new ArrayList<YamlNode.Entry>();
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    var key = parser.currentName();
                    int keyLine = parser.currentTokenLocation().getLineNr();
                    parser.nextToken();
                    entries.add(new YamlNode.Entry(key, keyLine, node()));
                }
                yield new YamlNode.Mapping(file, line, entries);
            }
            case START_ARRAY -> {
                var items = new ArrayList<YamlNode>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(node());
                }
                yield new YamlNode.Sequence(file, line, items);
            }
            case VALUE_STRING -> scalar(line, Kind.TEXT);
            case VALUE_NUMBER_INT -> scalar(line, Kind.INTEGER);
            case VALUE_NUMBER_FLOAT -> scalar(line, Kind.DECIMAL);
            case VALUE_TRUE, VALUE_FALSE -> scalar(line, Kind.BOOL);
            case VALUE_NULL -> scalar(line, Kind.NULL);
            case null -> throw new ContentException(file, line, "not JSON: it ends too early");
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new ContentException(file, line, "not JSON: a value is expected");
        };
    }

    private YamlNode.Scalar scalar(int line, Kind kind) {
        return new YamlNode.Scalar(file, line, parser.getString(), kind);
    }
}
