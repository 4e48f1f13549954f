package io.marsad.normalize.format;

import io.marsad.normalize.format.XmlElement.XmlValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The binary XML of Windows event log records (MS-EVEN6 2.2.12 and what is known of the file format): tokens, templates
 * inline or referred to, nested fragments. Work per record is bounded, whatever the offsets say.
 */
final class BinaryXml {
    private static final int MAX_NESTING = 16;
    private static final int MAX_ELEMENTS_DEEP = 64;
    private static final int MAX_TOKENS = 100_000;
    private static final int MAX_TEXT = 4 << 20;
    /** Real chunks have about 100,000. */
    private static final int MAX_TOKENS_A_CHUNK = 4_000_000;

    private static final int MAX_TEXT_A_CHUNK = 64 << 20;
    private static final int MORE = 0x40;
    private static final Substitutions NONE = new Substitutions(new int[0], new int[0], new byte[0]);

    private final EvtxBytes in;
    private final @Nullable String[] names;
    private int pos;
    private int nesting;
    private int elementsDeep;
    private int tokens;
    private int textLength;
    private int tokensOfChunk;
    private int textOfChunk;
    /** Not in a template: elements lack the dependency id, as in forwarded events, which come without templates. */
    private boolean bare;

    /** What a template's holes are filled with. */
    private record Substitutions(int[] offset, int[] size, byte[] type) {}

    BinaryXml(EvtxBytes chunk) {
        in = chunk;
        names = new @Nullable String[chunk.b.length];
    }

    /** The chunk's bytes are others now. */
    void newChunk() {
        Arrays.fill(names, null);
        tokensOfChunk = 0;
        textOfChunk = 0;
    }

    /** Reads a record's fragment; the result has no name, and what was there as children. */
    XmlElement read(int from, int end) throws MalformedRecordException {
        if (tokensOfChunk > MAX_TOKENS_A_CHUNK || textOfChunk > MAX_TEXT_A_CHUNK) {
            throw new MalformedRecordException("a chunk has too many parts");
        }
        pos = from;
        nesting = 0;
        elementsDeep = 0;
        tokens = 0;
        textLength = 0;
        bare = true;
        var document = new XmlElement("");
        try {
            content(document, NONE, end);
        } finally {
            tokensOfChunk += tokens;
            textOfChunk += textLength;
        }
        return document;
    }

    /** Reads up to an end token or the end. */
    private void content(XmlElement into, Substitutions holes, int end) throws MalformedRecordException {
        while (pos < end) {
            int token = token();
            switch (token & ~MORE) {
                case 0x00, 0x04 -> {
                    pos++;
                    return;
                }
                case 0x01 -> element(into, holes, token, end);
                case 0x0A -> {
                    pos++;
                    name();
                }
                case 0x0B -> {
                    characters();
                }
                case 0x0C -> template(into);
                case 0x0F -> pos += 4;
                default -> text(token, into.text, into, holes);
            }
        }
    }

    private int token() throws MalformedRecordException {
        if (++tokens > MAX_TOKENS) {
            throw new MalformedRecordException("a record has too many parts");
        }
        return in.u8(pos);
    }

    private void element(XmlElement parent, Substitutions holes, int token, int end) throws MalformedRecordException {
        if (++elementsDeep > MAX_ELEMENTS_DEEP) {
            throw new MalformedRecordException("elements are nested too deep");
        }
        pos += bare ? 5 : 7;
        var element = new XmlElement(name());
        if ((token & MORE) != 0) {
            pos += 4;
            attributes(element, holes, end);
        }
        int close = token();
        pos++;
        if (close == 0x02) {
            content(element, holes, end);
        } else if (close != 0x03) {
            throw new MalformedRecordException("an element does not start as it should");
        }
        parent.children.add(element);
        elementsDeep--;
    }

    private void attributes(XmlElement element, Substitutions holes, int end) throws MalformedRecordException {
        while (pos < end && (token() & ~MORE) == 0x06) {
            pos++;
            var name = name();
            var parts = new ArrayList<XmlValue>(1);
            for (int token = token() & ~MORE; pos < end && token >= 0x05 && token != 0x06; token = token() & ~MORE) {
                text(token, parts, null, holes);
            }
            var value = XmlValue.join(parts);
            if (value.kind() != XmlValue.Kind.NULL) {
                element.attributeNames.add(name);
                element.attributes.add(value);
            }
        }
    }

    /** Tokens that may stand in an element as well as in an attribute. */
    private void text(int token, List<XmlValue> to, @Nullable XmlElement element, Substitutions holes)
            throws MalformedRecordException {
        switch (token & ~MORE) {
            case 0x05 -> {
                pos++;
                if (in.u8(pos) != 0x01) {
                    throw new MalformedRecordException("a value in the markup is not text");
                }
                to.add(XmlValue.of(characters()));
            }
            case 0x07 -> to.add(XmlValue.of(characters()));
            case 0x08 -> {
                to.add(XmlValue.of(String.valueOf((char) in.u16(pos + 1))));
                pos += 3;
            }
            case 0x09 -> {
                pos++;
                to.add(XmlValue.of(entity(name())));
            }
            case 0x0D, 0x0E -> {
                int hole = in.u16(pos + 1);
                pos += 4;
                if (hole < holes.offset.length) {
                    substitute(hole, to, element, holes);
                }
            }
            default -> throw new MalformedRecordException("unknown token " + token);
        }
    }

    private void substitute(int hole, List<XmlValue> to, @Nullable XmlElement element, Substitutions holes)
            throws MalformedRecordException {
        int type = holes.type[hole] & 0xFF;
        int size = holes.size[hole];
        textLength += size;
        if (textLength > MAX_TEXT) {
            throw new MalformedRecordException("a record is too long");
        }
        if (type == EvtxValue.BINARY_XML) {
            if (element != null && size > 0) {
                nested(holes.offset[hole], size, element);
            }
        } else if (EvtxValue.isArray(type)) {
            int before = to.size();
            EvtxValue.readArray(in, type, holes.offset[hole], size, to);
            tokens += to.size() - before;
            if (element != null) {
                element.array = true;
            }
        } else {
            to.add(EvtxValue.read(in, type, holes.offset[hole], size));
        }
    }

    private void nested(int at, int size, XmlElement into) throws MalformedRecordException {
        in.need(at, size);
        deeper();
        int before = pos;
        boolean bareBefore = bare;
        pos = at;
        bare = true;
        content(into, NONE, at + size);
        pos = before;
        bare = bareBefore;
        nesting--;
    }

    private void deeper() throws MalformedRecordException {
        if (++nesting > MAX_NESTING) {
            throw new MalformedRecordException("fragments are nested too deep");
        }
    }

    private void template(XmlElement into) throws MalformedRecordException {
        int definition = in.size(pos + 6);
        pos += 10;
        int body = definition + 24;
        int bodySize = in.size(definition + 20);
        in.need(body, bodySize);
        if (definition == pos) {
            pos = body + bodySize;
        }
        int count = in.size(pos);
        pos += 4;
        in.need(pos, count * 4);
        var holes = new Substitutions(new int[count], new int[count], new byte[count]);
        int at = pos + 4 * count;
        for (int i = 0; i < count; i++) {
            holes.offset[i] = at;
            holes.size[i] = in.u16(pos + 4 * i);
            holes.type[i] = in.b[pos + 4 * i + 2];
            at += holes.size[i];
        }
        in.need(pos, at - pos);
        deeper();
        boolean bareBefore = bare;
        bare = false;
        pos = body;
        content(into, holes, body + bodySize);
        bare = bareBefore;
        pos = at;
        nesting--;
    }

    /** Passes a token's byte and its counted characters. */
    private String characters() throws MalformedRecordException {
        int count = in.u16(pos + 1);
        var text = in.utf16(pos + 3, count);
        pos += 3 + 2 * count;
        textLength += 2 * count;
        if (textLength > MAX_TEXT) {
            throw new MalformedRecordException("a record is too long");
        }
        return text;
    }

    /** Passes a name's offset, and the name itself when it stands right behind. */
    private String name() throws MalformedRecordException {
        int at = in.size(pos);
        pos += 4;
        int count = in.u16(at + 6);
        if (at == pos) {
            pos += 10 + 2 * count;
        }
        var name = names[at];
        if (name == null) {
            name = in.utf16(at + 8, count);
            names[at] = name;
        }
        return name;
    }

    private static String entity(String name) {
        return switch (name) {
            case "amp" -> "&";
            case "lt" -> "<";
            case "gt" -> ">";
            case "quot" -> "\"";
            case "apos" -> "'";
            default -> '&' + name + ';';
        };
    }
}
