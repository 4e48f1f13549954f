package io.marsad.soc.json;

import java.io.Reader;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON that a stranger wrote: bounded in every direction, each name once in an object, nothing behind the value, numbers
 * as they are written.
 */
public final class UntrustedJson {
    private static final int MOST_DEPTH = 64;
    private static final int MOST_TOKENS = 400_000;
    private static final int MOST_DIGITS = 60;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_DEPTH)
                            .maxNameLength(1 << 10)
                            .maxNumberLength(100)
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** The same for values one by one, each of which is bounded by what is read of it as a text. */
    private static final JsonMapper STREAM = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_DEPTH)
                            .maxNameLength(1 << 10)
                            .maxNumberLength(100)
                            .maxStringLength(1 << 20)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private UntrustedJson() {}

    /**
     * The one value that the text is.
     *
     * @param most how many characters are read at most
     */
    public static JsonNode read(String text, int most) throws FaultyJsonException {
        if (text.length() > most) {
            throw new FaultyJsonException("longer than " + most + " characters");
        }
        try {
            var tree = MAPPER.readTree(text);
            if (tree == null || tree.isMissingNode()) {
                throw new FaultyJsonException("empty");
            }
            return tree;
        } catch (StreamConstraintsException e) {
            throw new FaultyJsonException("too deep or too large" + place(e));
        } catch (JacksonException e) {
            throw new FaultyJsonException("not JSON" + place(e));
        }
    }

    /** Takes a value of many. */
    @FunctionalInterface
    public interface Element {
        void take(JsonNode value, int line);
    }

    /**
     * Each element of the array that the text is, or of the array of this name in the object that it is; one by one, so that
     * there may be any number. What comes before a fault has been taken.
     *
     * @return how many there were
     */
    public static int elements(Reader text, String name, Element each) throws FaultyJsonException {
        try (var parser = STREAM.createParser(text)) {
            var first = parser.nextToken();
            if (first == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    boolean wanted = parser.currentName().equals(name);
                    var value = parser.nextToken();
                    if (wanted && value == JsonToken.START_ARRAY) {
                        return array(parser, each);
                    }
                    parser.skipChildren();
                }
            }
            if (first != JsonToken.START_ARRAY) {
                throw new FaultyJsonException("neither an array nor an object with " + name);
            }
            return array(parser, each);
        } catch (StreamConstraintsException e) {
            throw new FaultyJsonException("too deep or too large" + place(e));
        } catch (JacksonException e) {
            throw new FaultyJsonException("not JSON" + place(e));
        }
    }

    private static int array(JsonParser parser, Element each) {
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int line = parser.currentTokenLocation().getLineNr();
            JsonNode element = parser.readValueAsTree();
            each.take(element, line);
            count++;
        }
        return count;
    }

    private static String place(JacksonException e) {
        var at = e.getLocation();
        return at == null || at.getLineNr() < 1
                ? ""
                : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    /** The number, exactly as it is written; null for anything else, and for what no sum could hold ({@code 1e999999}). */
    public static @Nullable BigDecimal number(@Nullable JsonNode node) {
        if (node == null || !node.isNumber()) {
            return null;
        }
        var number = node.decimalValue();
        return Math.abs(number.scale()) > MOST_DIGITS || number.precision() > MOST_DIGITS ? null : number;
    }

    /** The text, or null for anything else. */
    public static @Nullable String text(@Nullable JsonNode node) {
        return node != null && node.isString() ? node.stringValue() : null;
    }
}
