package io.marsad.connect.run;

import io.marsad.connect.OutboundHttp;
import io.marsad.connect.manifest.Operation;
import java.io.StringReader;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads answers as trees, bounded in depth and elements. Thread-safe. */
final class Answers {
    private static final int DEEPEST = 64;
    private static final int MOST_ELEMENTS = 50_000;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(100)
                            .build())
                    .build())
            .build();

    private Answers() {}

    /** @return null when the body is not what it should be; an empty one is an empty tree */
    static @Nullable JsonNode tree(OutboundHttp.Answer answer, Operation.Format format) {
        var text = answer.text().strip();
        if (text.isEmpty()) {
            return JsonNodeFactory.instance.objectNode();
        }
        return switch (format) {
            case TEXT -> JsonNodeFactory.instance.objectNode().put("text", text);
            case JSON -> json(text);
            case XML -> xml(text);
        };
    }

    static @Nullable JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            return null; // the caller says so, with the beginning of the answer
        }
    }

    /** Elements are keys, repeated ones lists, attributes keys with an {@code @}; text beside either is {@code #}. */
    static @Nullable JsonNode xml(String text) {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        try {
            var reader = factory.createXMLStreamReader(new StringReader(text));
            try {
                while (reader.next() != XMLStreamConstants.START_ELEMENT) {
                    if (reader.getEventType() == XMLStreamConstants.DTD) {
                        return null;
                    }
                }
                var root = JsonNodeFactory.instance.objectNode();
                root.set(reader.getLocalName(), element(reader, 0, new int[1]));
                return root;
            } finally {
                reader.close();
            }
        } catch (XMLStreamException e) {
            return null; // as with JSON
        }
    }

    private static JsonNode element(XMLStreamReader reader, int depth, int[] count) throws XMLStreamException {
        if (depth > DEEPEST || ++count[0] > MOST_ELEMENTS) {
            throw new XMLStreamException("deeper or more than is read");
        }
        var object = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            object.put("@" + reader.getAttributeLocalName(i), reader.getAttributeValue(i));
        }
        var text = new StringBuilder();
        while (true) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    var name = reader.getLocalName();
                    add(object, name, element(reader, depth + 1, count));
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(reader.getText());
                case XMLStreamConstants.ENTITY_REFERENCE -> throw new XMLStreamException("an entity of its own");
                case XMLStreamConstants.END_ELEMENT -> {
                    var said = text.toString().strip();
                    if (object.isEmpty()) {
                        return JsonNodeFactory.instance.stringNode(said);
                    }
                    if (!said.isEmpty()) {
                        object.put("#", said);
                    }
                    return object;
                }
                default -> {} // comments and processing instructions say nothing
            }
        }
    }

    private static void add(ObjectNode object, String name, JsonNode child) {
        var before = object.get(name);
        if (before == null) {
            object.set(name, child);
        } else if (before instanceof ArrayNode array) {
            array.add(child);
        } else {
            object.set(name, JsonNodeFactory.instance.arrayNode().add(before).add(child));
        }
    }
}
