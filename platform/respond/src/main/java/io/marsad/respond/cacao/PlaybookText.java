package io.marsad.respond.cacao;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import io.marsad.wire.CanonicalJson;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The document of a playbook as a tree in the order of its author, from JSON or YAML, and written as either. Nothing is
 * lost on any way: extensions and properties that nobody knows included.
 *
 * @param document an object
 */
public record PlaybookText(YamlNode document) {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final DefaultPrettyPrinter PRETTY = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                    .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                    .withObjectEmptySeparator("")
                    .withArrayEmptySeparator(""))
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n"));

    /**
     * Reads the one playbook of a file; what begins with a brace is JSON, everything else YAML.
     *
     * @param file for messages
     * @throws ContentException with file and line
     */
    public static PlaybookText read(String file, String text) throws ContentException {
        if (text.length() > YamlReader.MAX_BYTES) {
            throw YamlReader.tooLarge(file);
        }
        var documents = text.stripLeading().startsWith("{")
                ? List.of(JsonSource.read(file, text))
                : YamlReader.read(file, text);
        if (documents.size() != 1) {
            throw new ContentException(file, 0, "one playbook is expected, and here are " + documents.size());
        }
        if (!(documents.getFirst() instanceof YamlNode.Mapping)) {
            throw new ContentException(file, 1, "a playbook is an object");
        }
        return new PlaybookText(documents.getFirst());
    }

    public JsonNode tree() {
        return tree(document);
    }

    /** JSON with two spaces, ends with a line break; the same for the same document however it was written before. */
    public String json() {
        return MAPPER.writer().with(PRETTY).writeValueAsString(tree()) + "\n";
    }

    /** The same as YAML 1.2. */
    public String yaml() {
        return YamlText.write(document);
    }

    /** Without spaces and in one order (RFC 8785): what is signed and what a version is known by. */
    public String canonical() {
        return CanonicalJson.write(tree());
    }

    static JsonNode tree(YamlNode node) {
        return switch (node) {
            case YamlNode.Mapping mapping -> {
                var object = NODES.objectNode();
                mapping.entries().forEach(entry -> object.set(entry.key(), tree(entry.value())));
                yield object;
            }
            case YamlNode.Sequence sequence -> {
                var array = NODES.arrayNode();
                sequence.items().forEach(item -> array.add(tree(item)));
                yield array;
            }
            case YamlNode.Scalar scalar ->
                switch (scalar.kind()) {
                    case TEXT -> NODES.stringNode(scalar.text());
                    case NULL -> NODES.nullNode();
                    case BOOL -> NODES.booleanNode("true".equalsIgnoreCase(scalar.text()));
                    case INTEGER -> NODES.numberNode(integer(scalar.text()));
                    case DECIMAL -> decimal(scalar.text());
                };
        };
    }

    static BigInteger integer(String text) {
        return text.startsWith("0x")
                ? new BigInteger(text.substring(2), 16)
                : text.startsWith("0o") ? new BigInteger(text.substring(2), 8) : new BigInteger(text);
    }

    /** JSON knows no infinity: what YAML has of these stays a text. */
    private static JsonNode decimal(String text) {
        try {
            return NODES.numberNode(new BigDecimal(text));
        } catch (NumberFormatException e) {
            return NODES.stringNode(text);
        }
    }
}
