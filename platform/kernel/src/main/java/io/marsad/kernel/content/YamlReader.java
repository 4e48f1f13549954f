package io.marsad.kernel.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Reads YAML 1.2 into {@link YamlNode}s: no objects, no tags, bounded in size, depth and values. Thread-safe. */
public final class YamlReader {
    /** The largest content file that is read. */
    public static final int MAX_BYTES = 4 << 20;

    /** The most values of one file, those that aliases repeat counted each time. */
    public static final int MAX_NODES = 500_000;

    private static final int MAX_DEPTH = 64;

    private final String file;
    private int nodes;

    private YamlReader(String file) {
        this.file = file;
    }

    public static List<YamlNode> read(Path file) throws ContentException, IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw tooLarge(file.toString());
        }
        return read(file.toString(), Files.readAllBytes(file));
    }

    /** The documents of a file's bytes, which have to be UTF-8. */
    public static List<YamlNode> read(String file, byte[] bytes) throws ContentException {
        if (bytes.length > MAX_BYTES) {
            throw tooLarge(file);
        }
        try {
            return read(
                    file,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException e) {
            throw new ContentException(file, 0, "not UTF-8 text");
        }
    }

    /** What a file with more than {@link #MAX_BYTES} is refused with. */
    public static ContentException tooLarge(String file) {
        return new ContentException(file, 0, "larger than " + (MAX_BYTES >> 20) + " MiB");
    }

    /** The documents of a text; empty documents are left out. */
    public static List<YamlNode> read(String file, String text) throws ContentException {
        var settings = LoadSettings.builder()
                .setLabel(file)
                .setSchema(new CoreSchema())
                .setCodePointLimit(MAX_BYTES)
                .setMaxAliasesForCollections(32)
                .setAllowDuplicateKeys(false)
                // All in one piece: the reader trips over a surrogate pair that two pieces share.
                .setBufferSize(text.length() + 16)
                .build();
        var reader = new YamlReader(file);
        try {
            var documents = new ArrayList<YamlNode>();
            for (Node node : new Compose(settings).composeAllFromString(text)) {
                var document = reader.node(node, 0);
                if (!(document instanceof YamlNode.Scalar scalar && scalar.isNull())) {
                    documents.add(document);
                }
            }
            return documents;
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            var problem = e.getProblem();
            throw new ContentException(file, line, "not YAML: " + (problem == null ? "unreadable" : problem));
        } catch (YamlEngineException e) {
            throw new ContentException(file, 0, "not YAML: " + e.getMessage());
        }
    }

    private YamlNode node(Node node, int depth) throws ContentException {
        int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
        if (++nodes > MAX_NODES) { // an alias is written out where it stands: a few lines could become billions
            throw new ContentException(file, line, "more than " + MAX_NODES + " values, aliases written out");
        }
        if (depth > MAX_DEPTH) {
            throw new ContentException(file, line, "nested deeper than " + MAX_DEPTH);
        }
        return switch (node) {
            case ScalarNode scalar -> new YamlNode.Scalar(file, line, scalar.getValue(), kind(scalar.getTag()));
            case SequenceNode sequence -> {
                var items = new ArrayList<YamlNode>();
                for (Node item : sequence.getValue()) {
                    items.add(node(item, depth + 1));
                }
                yield new YamlNode.Sequence(file, line, items);
            }
            case MappingNode mapping -> mapping(line, mapping, depth);
            default -> throw new ContentException(file, line, "aliases to a node around them are not allowed");
        };
    }

    private YamlNode mapping(int line, MappingNode mapping, int depth) throws ContentException {
        var entries = new ArrayList<YamlNode.Entry>();
        var seen = new HashSet<String>();
        for (var tuple : mapping.getValue()) {
            int keyLine = tuple.getKeyNode()
                    .getStartMark()
                    .map(mark -> mark.getLine() + 1)
                    .orElse(line);
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new ContentException(file, keyLine, "a key has to be a single value");
            }
            if (!seen.add(key.getValue())) {
                throw new ContentException(file, keyLine, "the key '" + key.getValue() + "' is there twice");
            }
            entries.add(new YamlNode.Entry(key.getValue(), keyLine, node(tuple.getValueNode(), depth + 1)));
        }
        return new YamlNode.Mapping(file, line, entries);
    }

    private static YamlNode.Kind kind(Tag tag) {
        if (tag.equals(Tag.INT)) {
            return YamlNode.Kind.INTEGER;
        }
        if (tag.equals(Tag.FLOAT)) {
            return YamlNode.Kind.DECIMAL;
        }
        if (tag.equals(Tag.BOOL)) {
            return YamlNode.Kind.BOOL;
        }
        return tag.equals(Tag.NULL) ? YamlNode.Kind.NULL : YamlNode.Kind.TEXT;
    }
}
