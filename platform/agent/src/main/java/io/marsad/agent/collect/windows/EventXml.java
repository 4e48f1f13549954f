package io.marsad.agent.collect.windows;

import io.marsad.agent.collect.Found;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events as {@code wevtutil … /f:xml} writes them, made into the JSON that the platform makes of event log files: data by
 * name, attributes as {@code #attributes}.
 */
final class EventXml {
    private static final int DEPTH = 32;
    private static final int EVENT = 1 << 20;
    private static final int TEXT = 64 << 10;
    private static final XMLInputFactory XML = factory();

    /**
     * One event.
     *
     * @param id its number in its channel; -1: not known
     * @param found null when it makes no sense
     */
    record Event(long id, @Nullable ObjectNode found) {}

    private EventXml() {}

    private static XMLInputFactory factory() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
        return factory;
    }

    /** All whole events, each read alone: one that is damaged takes no other with it. */
    static List<Event> parse(byte[] said) {
        var text = text(said);
        var events = new ArrayList<Event>();
        int from = text.indexOf("<Event ");
        while (from >= 0) {
            int end = text.indexOf("</Event>", from);
            if (end < 0) {
                break; // the rest was cut off
            }
            events.add(event(text.substring(from, end + 8)));
            from = text.indexOf("<Event ", end);
        }
        return events;
    }

    /** UTF-16 as {@code /uni:true} has it, or UTF-8. */
    private static String text(byte[] said) {
        boolean wide = said.length > 1 && (said[1] == 0 || (said[0] & 255) == 0xff && (said[1] & 255) == 0xfe);
        return new String(said, wide ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8);
    }

    private static Event event(String text) {
        long id = id(text);
        if (text.length() > EVENT) {
            return new Event(id, null);
        }
        // wevtutil writes characters of data as they are, also those that XML does not have.
        var clean = text.replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]", "\ufffd");
        try {
            var reader = XML.createXMLStreamReader(new StringReader(clean));
            reader.nextTag();
            var found = JsonNodeFactory.instance.objectNode();
            children(reader, found.putObject("Event"), 0);
            boolean whole = found.path("Event").path("System").isObject();
            return new Event(id, whole ? found : null);
        } catch (XMLStreamException e) {
            return new Event(id, null);
        }
    }

    private static long id(String text) {
        int from = text.indexOf("<EventRecordID>");
        int to = from < 0 ? -1 : text.indexOf("</EventRecordID>", from);
        return to < 0 ? -1 : Found.number(text.substring(from + 15, to).strip(), 10);
    }

    /** Reads up to the end of the element that the reader is in. */
    private static void children(XMLStreamReader reader, ObjectNode to, int depth) throws XMLStreamException {
        if (depth > DEPTH) {
            throw new XMLStreamException("nested too deep");
        }
        var text = new StringBuilder();
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> child(reader, to, depth);
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(reader.getText());
                case XMLStreamConstants.END_ELEMENT -> {
                    if (!text.toString().isBlank()) {
                        to.put("#text", Found.cut(text.toString(), TEXT));
                    }
                    return;
                }
                default -> {}
            }
        }
    }

    private static void child(XMLStreamReader reader, ObjectNode to, int depth) throws XMLStreamException {
        var name = reader.getLocalName();
        var attributes = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            attributes.put(reader.getAttributeLocalName(i), Found.cut(reader.getAttributeValue(i), TEXT));
        }
        var content = JsonNodeFactory.instance.objectNode();
        children(reader, content, depth + 1);
        if (name.equals("Data")) {
            var named = attributes.path("Name").asString("");
            var text = content.path("#text").asString("");
            if (named.isEmpty()) {
                list(to).add(text);
            } else {
                to.put(named, text);
            }
        } else if (attributes.isEmpty() && (content.isEmpty() || content.has("#text") && content.size() == 1)) {
            to.put(name, content.path("#text").asString(""));
        } else {
            if (!attributes.isEmpty()) {
                content.set("#attributes", attributes);
            }
            to.set(name, content);
        }
    }

    private static ArrayNode list(ObjectNode to) {
        return to.get("Data") instanceof ArrayNode list ? list : to.putArray("Data");
    }
}
