package io.marsad.sigma;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.content.YamlNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** YAML nodes as bytes and back; the file's name is not among them. Numbers are unsigned, seven bits a byte. */
final class NodeCodec {
    private static final int NODES = 0;
    private static final int PROBLEMS = 1;
    /** After the kinds of scalars. */
    private static final int SEQUENCE = 5;

    private static final int MAPPING = 6;
    private static final YamlNode.Kind[] KINDS = YamlNode.Kind.values();

    private NodeCodec() {}

    // ---- writing

    static byte[] nodes(List<YamlNode> nodes) {
        var out = new ByteArrayOutputStream();
        out.write(NODES);
        number(nodes.size(), out);
        nodes.forEach(node -> node(node, out));
        return out.toByteArray();
    }

    static byte[] problems(List<ContentProblem> problems) {
        var out = new ByteArrayOutputStream();
        out.write(PROBLEMS);
        number(problems.size(), out);
        for (ContentProblem problem : problems) {
            number(problem.line(), out);
            text(problem.reason(), out);
        }
        return out.toByteArray();
    }

    private static void node(YamlNode node, ByteArrayOutputStream out) {
        switch (node) {
            case YamlNode.Scalar scalar -> {
                out.write(scalar.kind().ordinal());
                number(scalar.line(), out);
                text(scalar.text(), out);
            }
            case YamlNode.Sequence sequence -> {
                out.write(SEQUENCE);
                number(sequence.line(), out);
                number(sequence.items().size(), out);
                sequence.items().forEach(item -> node(item, out));
            }
            case YamlNode.Mapping mapping -> {
                out.write(MAPPING);
                number(mapping.line(), out);
                number(mapping.entries().size(), out);
                for (YamlNode.Entry entry : mapping.entries()) {
                    number(entry.line(), out);
                    text(entry.key(), out);
                    node(entry.value(), out);
                }
            }
        }
    }

    private static void number(int number, ByteArrayOutputStream out) {
        int rest = number;
        while (rest >>> 7 != 0) {
            out.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    private static void text(String text, ByteArrayOutputStream out) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        number(bytes.length, out);
        out.writeBytes(bytes);
    }

    // ---- reading

    /**
     * What was written, as of a file of that name.
     *
     * @throws ContentException when problems were written
     */
    static List<YamlNode> read(String file, byte[] bytes, int offset) throws ContentException {
        return new Reading(file, bytes, offset).all();
    }

    private static final class Reading {
        private final String file;
        private final byte[] bytes;
        private int at;

        Reading(String file, byte[] bytes, int offset) {
            this.file = file;
            this.bytes = bytes;
            at = offset;
        }

        List<YamlNode> all() throws ContentException {
            int what = bytes[at++];
            int count = number();
            if (what == PROBLEMS) {
                var problems = new ArrayList<ContentProblem>(count);
                for (int i = 0; i < count; i++) {
                    int line = number();
                    problems.add(new ContentProblem(file, line, text()));
                }
                throw new ContentException(problems);
            }
            return nodes(count);
        }

        private List<YamlNode> nodes(int count) {
            var nodes = new ArrayList<YamlNode>(count);
            for (int i = 0; i < count; i++) {
                nodes.add(node());
            }
            return nodes;
        }

        private YamlNode node() {
            int kind = bytes[at++];
            int line = number();
            if (kind < SEQUENCE) {
                return new YamlNode.Scalar(file, line, text(), KINDS[kind]);
            }
            int count = number();
            if (kind == SEQUENCE) {
                return new YamlNode.Sequence(file, line, nodes(count));
            }
            var entries = new ArrayList<YamlNode.Entry>(count);
            for (int i = 0; i < count; i++) {
                int keyLine = number();
                var key = text();
                entries.add(new YamlNode.Entry(key, keyLine, node()));
            }
            return new YamlNode.Mapping(file, line, entries);
        }

        private int number() {
            int number = 0;
            for (int shift = 0; ; shift += 7) {
                int b = bytes[at++];
                number |= (b & 0x7f) << shift;
                if (b >= 0) {
                    return number;
                }
            }
        }

        private String text() {
            int length = number();
            at += length;
            return new String(bytes, at - length, length, StandardCharsets.UTF_8);
        }
    }
}
