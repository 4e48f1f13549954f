package io.marsad.connect.manifest;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.content.YamlNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text with places for values: {@code /users/${parameters.user}}. There is nothing else in it: no expression, no script.
 *
 * @param quoting how values are kept from being more than values inside this text
 */
public record Text(List<Part> parts, Quoting quoting) {
    /** A piece as it stands, or a value. */
    public record Part(String literal, @Nullable Ref ref) {}

    /** What a value is written as, before the place where the whole stands encodes it. */
    public enum Quoting {
        /** As it is. */
        NONE,
        /** In a language with quotes: what has a quote, a backslash or another mark of such languages is refused. */
        QUOTED,
        /** In OData: a quote is doubled. */
        ODATA,
        /** In XML: the five entities. */
        XML,
        /** In chat text: {@code & < >} only. */
        ENTITIES
    }

    static final String KINDS =
            "${parameters.NAME}, ${config.NAME}, ${secrets.NAME}, ${steps.STEP.NAME}, ${outputs.NAME}"
                    + " or ${idempotency_key}";

    static Text literal(String text) {
        return new Text(List.of(new Part(text, null)), Quoting.NONE);
    }

    static Text of(YamlNode node, Quoting quoting) throws ContentException {
        var text = node.asText();
        var parts = new ArrayList<Part>();
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf("${", at);
            if (open < 0) {
                parts.add(new Part(text.substring(at), null));
                break;
            }
            if (open > at) {
                parts.add(new Part(text.substring(at, open), null));
            }
            int close = text.indexOf('}', open);
            if (close < 0) {
                throw node.fault("'${' has no end");
            }
            var inside = text.substring(open + 2, close);
            var ref = Ref.of(inside);
            if (ref == null) {
                throw node.fault("'${" + inside + "}' is none of " + KINDS
                        + Suggestion.among(
                                inside.replaceFirst("\\..*", ""),
                                "parameters",
                                "config",
                                "secrets",
                                "steps",
                                "outputs",
                                "idempotency_key"));
            }
            parts.add(new Part("", ref));
            at = close + 1;
        }
        var read = new Text(List.copyOf(parts), quoting);
        if (quoting == Quoting.NONE
                && read.alone() == null
                && read.refs().iterator().hasNext()
                && quotes(text)) {
            throw node.fault("a value stands beside quotes or markup: say which language it is in with $quoted, $odata,"
                    + " $xml or $entities, so that the value cannot end it");
        }
        return read;
    }

    private static boolean quotes(String text) {
        return text.indexOf('\'') >= 0 || text.indexOf('"') >= 0 || text.indexOf('<') >= 0 || text.indexOf('^') >= 0;
    }

    /** The value that is all of it; null when there is more or none. */
    public @Nullable Ref alone() {
        return parts.size() == 1 && quoting == Quoting.NONE ? parts.getFirst().ref : null;
    }

    public List<Ref> refs() {
        var refs = new ArrayList<Ref>();
        for (Part part : parts) {
            if (part.ref != null) {
                refs.add(part.ref);
            }
        }
        return refs;
    }
}
