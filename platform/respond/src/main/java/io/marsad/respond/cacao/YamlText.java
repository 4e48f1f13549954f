package io.marsad.respond.cacao;

import io.marsad.kernel.content.YamlNode;
import java.util.ArrayList;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.StreamDataWriter;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.NonPrintableStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Writes a document as YAML that people like to read: blocks, quotes only where they are needed, long texts in lines. */
final class YamlText {
    private static final DumpSettings SETTINGS = DumpSettings.builder()
            .setSchema(new CoreSchema())
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setNonPrintableStyle(NonPrintableStyle.ESCAPE)
            .setIndent(2)
            .setIndicatorIndent(2)
            .setIndentWithIndicator(true)
            .setWidth(1 << 20)
            .setSplitLines(false)
            .setMaxSimpleKeyLength(1024)
            .build();

    private YamlText() {}

    static String write(YamlNode document) {
        var text = new Text();
        new Dump(SETTINGS).dumpNode(node(document), text);
        return text.text.toString();
    }

    /** Collects what is written. */
    private static final class Text implements StreamDataWriter {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void write(String piece) {
            text.append(piece);
        }

        @Override
        public void write(String piece, int off, int len) {
            text.append(piece, off, off + len);
        }
    }

    private static Node node(YamlNode node) {
        return switch (node) {
            case YamlNode.Mapping mapping -> {
                var tuples = new ArrayList<NodeTuple>();
                for (var entry : mapping.entries()) {
                    var style = style(entry.key());
                    tuples.add(new NodeTuple(
                            scalar(
                                    Tag.STR,
                                    entry.key(),
                                    style == ScalarStyle.LITERAL ? ScalarStyle.DOUBLE_QUOTED : style),
                            node(entry.value())));
                }
                yield new MappingNode(Tag.MAP, tuples, tuples.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
            }
            case YamlNode.Sequence sequence -> {
                var items = new ArrayList<Node>();
                sequence.items().forEach(item -> items.add(node(item)));
                yield new SequenceNode(Tag.SEQ, items, items.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
            }
            case YamlNode.Scalar scalar ->
                switch (scalar.kind()) {
                    case TEXT -> scalar(Tag.STR, scalar.text(), style(scalar.text()));
                    case NULL -> scalar(Tag.NULL, "null", ScalarStyle.PLAIN);
                    case BOOL -> scalar(Tag.BOOL, scalar.text().toLowerCase(java.util.Locale.ROOT), ScalarStyle.PLAIN);
                    case INTEGER ->
                        scalar(Tag.INT, PlaybookText.integer(scalar.text()).toString(), ScalarStyle.PLAIN);
                    case DECIMAL -> scalar(Tag.FLOAT, scalar.text(), ScalarStyle.PLAIN);
                };
        };
    }

    private static ScalarNode scalar(Tag tag, String text, ScalarStyle style) {
        return new ScalarNode(tag, text, style);
    }

    /** Lines as lines when a reader of YAML gives them back exactly; where characters are odd, quotes. */
    private static ScalarStyle style(String text) {
        if (!text.chars().allMatch(YamlText::isUsual)) {
            return ScalarStyle.DOUBLE_QUOTED;
        }
        if (text.indexOf('\n') < 0) {
            return ScalarStyle.PLAIN;
        }
        boolean plainLines =
                text.lines().noneMatch(line -> line.isBlank() || line.startsWith(" ") || line.endsWith(" "));
        return plainLines ? ScalarStyle.LITERAL : ScalarStyle.DOUBLE_QUOTED;
    }

    private static boolean isUsual(int c) {
        return c == '\n' || c >= ' ' && c < 0x7f || c > 0xa0 && c < 0x2000 || c >= 0x3040 && c < 0xd800;
    }
}
